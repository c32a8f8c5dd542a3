"""Taking away at a first boot what an earlier one has left behind."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from hyperv_net.renderers.target import Target


def remove_left_behind(root: Path, target: Target, made: Collection[str]) -> tuple[str, ...]:
    """Remove it, and tell what; `made` are the paths of what this boot writes.

    What `apply` has recorded stays: somebody wanted that on this machine, and `apply --rollback`
    takes it back.  Raises HypervNetError for a record that is not believed, with nothing removed.
    """
    from hyperv_net.plan.left_behind import left_behind
    from hyperv_net.root import files

    paths = left_behind(files.read_matching(root, target.reads), target, made)
    if not paths:
        return ()
    from hyperv_net.applying import writing

    kept: frozenset[str] = frozenset()
    if writing.is_recorded(root, target.system):
        kept = writing.recorded(root, target.system)
    gone = tuple(path for path in paths if path not in kept)
    for path in gone:
        with suppress(FileNotFoundError):
            Path(files.resolve_below(root, path)).unlink()
    return gone
