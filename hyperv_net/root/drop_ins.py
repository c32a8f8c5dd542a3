"""Files of one program in several folders, where one hides another of its name."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def in_order(paths: Iterable[str], folders: Sequence[str]) -> list[str]:
    """Those of `paths` in one of `folders`, by name whatever the folder.

    Of files with one name that in the first of `folders` counts.  Paths are below the root.
    """
    chosen: dict[str, str] = {}
    given = sorted(paths)
    for folder in folders:
        for path in given:
            if path.rpartition("/")[0] == folder:
                chosen.setdefault(path.rpartition("/")[2], path)
    return [chosen[name] for name in sorted(chosen)]
