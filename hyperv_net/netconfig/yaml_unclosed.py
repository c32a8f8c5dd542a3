"""Where a quote or a bracket was opened that nothing closes.

A parser notices it at the end of the text, or where the next key stands, and that is not where
it has to be mended.
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.netconfig.yaml_open import Open

_CLOSING = {"[": "]", "{": "}"}
_QUOTES = ("'", '"')


class Opening(NamedTuple):
    """What is wrong with a quote or a bracket, what to do, and its line and column from 0."""

    what: str
    hint: str
    line: int
    column: int

    def error(self, source: str) -> HypervNetError:
        """What tells so of the one character, in the file that is called so."""
        line, column = self.line + 1, self.column + 1
        where = Place(source, (), line, column, line, column + 1)
        return HypervNetError(f"not YAML: {self.what}", where=where, hint=self.hint)


def opening(text: str, error: Any, opened: Sequence[Open], last: Any) -> Opening | None:
    """What was opened and not closed, where that is why `text` is not YAML; else None.

    `opened` are the mappings and lists that are open where the `error` is, and `last` is the event
    before it.
    """
    problem, context = (getattr(error, name, None) for name in ("problem_mark", "context_mark"))
    if problem is None:
        return None
    is_quoted = context is not None and "quoted scalar" in str(error.context)
    if is_quoted and "unexpected" in str(error.problem):
        return _quote(text, context, "is never closed")
    if last is not None and getattr(last, "style", None) in _QUOTES:
        begin, end = last.start_mark, last.end_mark
        if begin.line < end.line == problem.line and not text[end.index : problem.index].strip():
            return _quote(text, begin, f"is closed in line {end.line + 1} only")
    return _bracket(text, problem, opened)


def _quote(text: str, mark: Any, what: str) -> Opening:
    # The mark is ahead of a tag or an anchor.
    at = min(found for found in (text.find(one, mark.index) for one in _QUOTES) if found >= 0)
    return Opening(
        f"the quote that opens here {what}",
        f"close it with {text[at]}",
        mark.line + text.count("\n", mark.index, at),
        at - text.rfind("\n", 0, at) - 1,
    )


def _bracket(text: str, problem: Any, opened: Sequence[Open]) -> Opening | None:
    """The innermost one, where the text ends in it or the next key of what is around it comes."""
    begin = next((one.begin for one in reversed(opened) if _is_bracket(text, one.begin)), None)
    if begin is None:
        return None
    mark = begin.start_mark
    is_at_end = not text[problem.index :].strip()
    is_in_block = any(not one.begin.flow_style for one in opened)
    if not is_at_end and not (
        is_in_block
        and problem.line > mark.line
        and _indentation(text, problem) <= _indentation(text, mark)
    ):
        return None
    end = begin.end_mark
    bracket = text[end.index - 1]
    return Opening(
        f"the {bracket!r} that opens here is never closed",
        f"close it with {_CLOSING[bracket]!r}",
        end.line,
        end.column - 1,
    )


def _is_bracket(text: str, begin: Any) -> bool:
    """Whether one opens it, behind a tag or an anchor: `a` in `[a: 1]` is a mapping without one."""
    start, end = begin.start_mark.index, begin.end_mark.index
    return begin.flow_style and start < end and text[end - 1] in _CLOSING


def _indentation(text: str, mark: Any) -> int:
    line = text[text.rfind("\n", 0, mark.index) + 1 :].partition("\n")[0]
    return len(line) - len(line.lstrip())
