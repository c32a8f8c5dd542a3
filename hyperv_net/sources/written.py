"""Writing a plan's files on the booting machine, and undoing it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path

from hyperv_net.model import RenderedFile
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def written(root: Path, rendered: Sequence[RenderedFile]) -> Iterator[None]:
    """The files are below `root`; where the block, or the writing, fails they are as before.

    Each is replaced as a whole, with the SELinux context that cloud-init's own
    writing restores (cloudinit/util.py, write_file).  Raises HypervNetError,
    and what the block raises.
    """
    before = {file.path: _as_it_is(root, file.path) for file in rendered}
    try:
        for file in rendered:
            _write(root, file)
        yield
    except BaseException:
        for path, former in before.items():
            with suppress(Exception):
                if former is None:
                    Path(files.resolve_below(root, path)).unlink(missing_ok=True)
                else:
                    _write(root, former)
        raise


def _as_it_is(root: Path, path: str) -> RenderedFile | None:
    texts = files.read_matching(root, [path])
    if path not in texts:
        return None
    mode = Path(files.resolve_below(root, path)).stat().st_mode & 0o7777
    return RenderedFile(path, texts[path], mode)


def _write(root: Path, file: RenderedFile) -> None:
    from cloudinit import util

    from hyperv_net.applying.tree import write_tree

    with util.SeLinuxGuard(files.resolve_below(root, file.path)):
        write_tree(root, [file])
