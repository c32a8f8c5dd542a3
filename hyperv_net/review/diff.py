"""A plan's changes as a unified diff that patch(1) takes."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hyperv_net.model import Change


def unified_diff(changes: Iterable[Change]) -> str:
    """The diff of every file that differs, in the order given; empty where none does."""
    return "".join(line for change in changes if change.differs for line in _one_file(change))


def _one_file(change: Change) -> Iterator[str]:
    return file_diff(change.file.path, change.before, change.file.text)


def file_diff(path: str, before: str | None, after: str | None) -> Iterator[str]:
    """The lines of one file's diff; None where there is no such file."""
    import difflib

    lines = difflib.unified_diff(
        (before or "").splitlines(keepends=True),
        (after or "").splitlines(keepends=True),
        f"a/{path}" if before is not None else "/dev/null",
        f"b/{path}" if after is not None else "/dev/null",
    )
    for line in lines:
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n\\ No newline at end of file\n"
