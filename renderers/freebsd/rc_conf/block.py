"""The lines of rc.conf that are ours: those from one marker to the other."""

from __future__ import annotations

import re

from hyperv_net.marks import BEGIN, END
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_END = re.compile(rf"{re.escape(END)}(\n|\Z)")


def find_block(text: str, comments: Iterable[int]) -> tuple[int, int] | None:
    """Where the begin marker is, and where the end marker's line ends; None without a block.

    `comments` are where the script's own comments begin: a marker in a string or a
    here-document is text, and what was written behind it would set nothing.
    """
    lines = [at for at in comments if text[at - 1 : at] in ("", "\n")]
    begins = (at for at in lines if text.startswith(f"{BEGIN}\n", at))
    if (begin := next(begins, None)) is None:
        return None
    ends = (_END.match(text, at) for at in lines if at > begin)
    return next(((begin, end.end()) for end in ends if end), None)
