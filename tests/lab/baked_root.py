"""A whole root as mmdebstrap makes it, baked as a user bakes it, on a disk."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.bake.laid import bake_step
from tests.bake.roots import debian_root
from tests.lab.disk import Image, make_image


class BakedRoot(NamedTuple):
    """What boots, and the paths that bake has made in it."""

    image: Image
    made: tuple[str, ...]


def baked_root(suite: str, folder: Path, *options: str) -> BakedRoot:
    """Bake the root of this suite with these options, as an image below `folder`.

    Raises RuntimeError where bake fails, or has changed what was there.
    """
    own, out = folder / "own", folder / "out"
    own.mkdir()
    out.mkdir()
    root = debian_root(suite)
    image = make_image(root, [bake_step(*options)], out, own)
    written = [path for path in own.rglob("*") if path.is_symlink() or not path.is_dir()]
    made = tuple(str(path.relative_to(own)) for path in written)
    if changed := [path for path in made if (root / path).exists()]:
        raise RuntimeError(f"bake has changed {', '.join(changed)}")
    return BakedRoot(image, made)
