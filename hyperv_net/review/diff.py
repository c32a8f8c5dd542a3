"""A plan's changes as a unified diff that patch(1) takes, with what is secret hidden."""

from __future__ import annotations

import re

from hyperv_net.errors import printable
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets.masking import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hyperv_net.model import Change

#: Only a line feed ends a line for patch(1); str.splitlines() has a dozen others.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_HUNK = re.compile(r"@@ -([0-9]+)(?:,[0-9]+)? \+([0-9]+)(?:,[0-9]+)? @@")


def unified_diff(changes: Iterable[Change], *, show_secrets: bool = False) -> str:
    """The diff of every file that differs, in the order given; empty where none does."""
    return "".join(
        line
        for change in changes
        if change.differs
        for line in file_diff(
            change.file.path, change.before, change.file.text, show_secrets=show_secrets
        )
    )


def file_diff(
    path: str, before: str | None, after: str | None, *, show_secrets: bool = False
) -> Iterator[str]:
    """The lines of one file's diff; None where there is no such file.

    A secret is hidden after the texts have been compared, so that a new one is a change.
    """
    import difflib

    texts = (before or "", after or "")
    lines = difflib.unified_diff(
        _LINE.findall(texts[0]),
        _LINE.findall(texts[1]),
        printable(f"a/{path}") if before is not None else "/dev/null",
        printable(f"b/{path}") if after is not None else "/dev/null",
    )
    found = list(lines) if show_secrets else _hidden(list(lines), texts)
    for line in found:
        if line.endswith("\n"):
            yield line
        else:
            yield f"{line}\n\\ No newline at end of file\n"


def _hidden(diff: list[str], texts: tuple[str, str]) -> list[str]:
    """The diff with the lines of the masked texts: of the old one, or of the new."""
    old, new = (masked(text) for text in texts)
    if (old, new) == texts:
        return diff
    old_lines, new_lines = _LINE.findall(old), _LINE.findall(new)
    shown, old_at, new_at = diff[:2], 0, 0
    for line in diff[2:]:
        hunk = _HUNK.match(line)
        if hunk is not None:
            # The number of an empty range is that of the line ahead of it.
            old_at, new_at = max(int(hunk[1]) - 1, 0), max(int(hunk[2]) - 1, 0)
            shown.append(line)
        elif line.startswith("+"):
            shown.append(f"+{new_lines[new_at]}")
            new_at += 1
        else:
            shown.append(f"{line[0]}{old_lines[old_at]}")
            old_at += 1
            new_at += line.startswith(" ")
    return shown
