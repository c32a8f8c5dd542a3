"""Texts of others in GitHub's and GitLab's Markdown: shown, and never acted on.

A character that Markdown or HTML would act on is a numeric reference, which is a character and
no structure (CommonMark 0.31, "Entity and numeric character references"), in a cell of a table
too.  Beyond that, GitHub makes links of addresses, of @names (whom it writes a mail) and of #1
in what it has rendered, but not in code; there a space of no width comes between.
"""

from __future__ import annotations

import html
import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.visible import in_one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Characters of one cell; more is cut.
LONGEST = 300

_STRUCTURE = re.compile(
    # An index such as `[0]` is no link, as long as nothing follows that would make it one.
    r"[\\`*<>&|~$#@]|\[(?!\d+\](?![\[(:]))|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|:(?=//)|(?<=www)\.|\A(?:[-+]|\d+[.)])",
    re.IGNORECASE,
)
_NO_WIDTH = "&#8203;"


def code(text: str) -> str:
    """A name or a value."""
    return f"<code>{_escaped(_short(text)) or '&nbsp;'}</code>"


def prose(text: str) -> str:
    """A sentence with names of others in it."""
    return re.sub(
        r"&#(?:64|35|58);|(?<=www)&#46;",
        lambda found: found[0] + _NO_WIDTH,
        _escaped(_short(text)),
        flags=re.IGNORECASE,
    )


def details(summary: str, inside: str, *, is_open: bool = False) -> str:
    """A part that is folded away; `inside` is Markdown."""
    head = re.sub("[@#]", rf"\g<0>{_NO_WIDTH}", html.escape(_short(summary), quote=False))
    opening = "<details open>" if is_open else "<details>"
    return f"{opening}<summary>{head}</summary>\n\n{inside}\n\n</details>"


def fenced(text: str, language: str) -> str:
    """Lines as they are, behind a fence that none of them ends."""
    shown = visible(text.rstrip("\n"))
    longest = max(map(len, re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], room: int) -> tuple[str, int]:
    """A table of cells that are Markdown, and how many rows had no room in so many characters."""
    lines = [_row(header), _row(["---"] * len(header))]
    used, left_out = sum(map(len, lines)), 0
    for row in rows:
        line = _row(row)
        used += len(line) + 1
        if used > room:
            left_out += 1
        else:
            lines.append(line)
    return "\n".join(lines), left_out


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _STRUCTURE.sub(lambda found: "".join(f"&#{ord(one)};" for one in found[0]), text)


def _short(text: str) -> str:
    # A no-break space or a tab would be a space at an edge as well, which is taken off.
    line = in_one_line(text).strip()
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
