"""A plan's changes as a unified diff that patch(1) takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hyperv_net.plan import Change


def unified_diff(changes: Iterable[Change]) -> str:
    """The diff of every file that differs, in the order given; empty where none does."""
    return "".join(line for change in changes if change.differs for line in _one_file(change))


def _one_file(change: Change) -> Iterator[str]:
    import difflib

    path = change.file.path
    lines = difflib.unified_diff(
        (change.before or "").splitlines(keepends=True),
        change.file.text.splitlines(keepends=True),
        f"a/{path}" if change.before is not None else "/dev/null",
        f"b/{path}",
    )
    for line in lines:
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n\\ No newline at end of file\n"
