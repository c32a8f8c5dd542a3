"""The devices before and after as a flowchart of Mermaid, which GitHub and GitLab draw.

A label is in quotes and every other character in it is an entity code, `#35;` (mermaid's
docs/syntax/flowchart.md, "Entity codes to escape characters"); an arrow leads from a device to
what it stands on.

Some words are searched for in whole lines, be they in quotes or not: `direction TB` by the lexer
(flow.jison), `style` and `classDef` ahead of it (encodeEntities() in utils.ts).  And a label is
read as Markdown (rendering-util/handle-markdown-text.ts), in which an address is a link.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.visible import in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hyperv_net.review.model import Device, Review

#: More devices than this are no picture any more.
MOST_DEVICES = 60

#: Characters of a name or a setting in a label.
_LONGEST = 60

#: What is written as entity codes, by what would take it for more than a part of a label.
_ACTED_ON = re.compile(
    r"[^\w ./:()-]"
    # An item of a list, an emphasis, or a link of Markdown.
    r"|\A[^\w(]|\A\d+[.)](?=\s)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)|(?<=www)\."
    # The begin of a word that is searched for in whole lines.
    r"|d(?=irection\s)|s(?=tyle)|c(?=lassDef)",
    re.ASCII | re.IGNORECASE,
)


def flowchart(review: Review) -> str | None:
    """The text of the chart; None where there is nothing to draw, or too much."""
    number = len(review.before) + len(review.after)
    if not review.after or number > MOST_DEVICES:
        return None
    return "\n".join(
        ("flowchart TB", *_part("before", review.before), *_part("after", review.after))
    )


def _part(name: str, devices: Sequence[Device]) -> Iterator[str]:
    ids = {one.name: f"{name}{number}" for number, one in enumerate(devices)}
    yield f'  subgraph {name}["{name}"]'
    for number, one in enumerate(devices):
        away = "" if one.is_there else " (away)"
        kind = "VF" if one.kind == "vf" else one.kind
        words = [_label(one.name), _label(f"{kind}{away}"), *map(_label, one.settings)]
        yield f'    {name}{number}["{"<br/>".join(words)}"]'
    for one in devices:
        for low in one.lowers:
            if low.name in ids:
                arrow = "-.->" if low.role == "backup" else "-->"
                yield f'    {ids[one.name]} {arrow}|"{_label(low.role)}"| {ids[low.name]}'
    yield "  end"


def _label(text: str) -> str:
    line = in_one_line(text).strip()
    line = line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
    return _ACTED_ON.sub(_entities, line)


def _entities(found: re.Match[str]) -> str:
    return "".join(f"#{ord(one)};" for one in found[0])
