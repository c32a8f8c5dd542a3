"""A tree of files written as it is, without a record, by the layer that a record is kept with."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hyperv_net.applying import below
from hyperv_net.applying.blaming import blaming
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.masking import mode_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from hyperv_net.applying.below import Root
    from hyperv_net.model import RenderedFile


def write_tree(directory: str | os.PathLike[str], files: Iterable[RenderedFile]) -> None:
    """Write `files` below `directory`, each whole or not at all, and never outside of it.

    Links are resolved inside it.  A file that is edited in place keeps the mode of the one
    that is there, but for one with a secret in it, which is its owner's alone.  Raises
    HypervNetError naming the file that could not be written.
    """
    path = Path(directory)
    with blaming(path, "made"):
        path.mkdir(parents=True, exist_ok=True)
    with below.opened(path, alone=False) as root:
        for file in files:
            _write(root, file)


def _write(root: Root, file: RenderedFile) -> None:
    path = below.real_path(root, file.path, is_link=file.is_link)
    for folder in below.missing_folders(root, path.rpartition("/")[0]):
        below.make_folder(root, folder)
    data = file.text.encode()
    try:
        if file.is_link:
            below.stage_link(root, path, data, None)
        else:
            there = below.read(root, path) if file.in_place else None
            below.stage(
                root, path, data, _mode(file, there.state.mode if there else None), None, path
            )
        below.put(root, path)
    except BaseException:
        with suppress(HypervNetError):
            below.remove(root, below.staged_name(path))
        raise


def _mode(file: RenderedFile, there: int | None) -> int:
    mode = mode_of(file)
    return mode if there is None or not mode & 0o077 else there
