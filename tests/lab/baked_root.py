"""A whole root as mmdebstrap makes it, baked as a user bakes it, on a disk."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.bake.laid import bake_step
from tests.bake.roots import debian_root
from tests.lab.disk import Image, make_image


class BakedRoot(NamedTuple):
    """What boots, and the paths that bake has made in it, folders among them.

    That unbaking leaves every other byte is shown by tests/bake/test_debian_roots.py.
    """

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
    touched = [path.relative_to(own) for path in own.rglob("*")]
    made = tuple(str(path) for path in touched if not (root / path).exists())
    changed = [path for path in touched if (root / path).exists() and not (root / path).is_dir()]
    if changed:
        raise RuntimeError(f"bake has changed {', '.join(map(str, changed))}")
    return BakedRoot(image, made)
