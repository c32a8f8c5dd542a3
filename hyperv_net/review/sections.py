"""The sections of a text for people, drawn from a review: `plan` and `review` look alike."""

from __future__ import annotations

from collections import Counter

from hyperv_net.errors import printable
from hyperv_net.excerpt import excerpt
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import count, indent, table
from hyperv_net.review.pairs import becomes
from hyperv_net.review.verdict import worst_first
from hyperv_net.visible import BOLD, GREEN, RED, YELLOW, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hyperv_net.review.layout import Look
    from hyperv_net.review.model import Finding, Input, Pair, Review, Setting, Span

#: What stands before the line that a finding is about.
_BELOW = " " * 6
#: What is folded is told of, with the way to see it.
_ALL = "--show all"
_OF_SEVERITY = {"error": RED, "warning": YELLOW}
_OF_ACTION = {"dropped": RED, "rewritten": YELLOW}
_OF_LEVEL = {"fine": GREEN, "look": YELLOW, "settings": YELLOW, "network": RED}
_OF_LINE = {"+": GREEN, "-": RED, "@": BOLD}


def verdict(review: Review, look: Look) -> list[str]:
    """What it comes to, and why."""
    first, *others = look.fitted(f"{review.network_config}: {review.verdict.sentence}", 2)
    colour = _OF_LEVEL.get(review.verdict.level, "")
    lines = [look.paint(one, colour) for one in (first, *others)]
    for reason in review.verdict.reasons:
        lines += look.fitted(f"  {reason}", 4)
    return lines


def pairs(pairs: Sequence[Pair], look: Look, *, is_planned: bool = True) -> list[str]:
    """Each pair with what becomes of it, or its mode alone, the reason and the evidence."""
    if not pairs:
        return ["No pairs: no synthetic NIC was found"]
    lines = [look.heading("Pairs")]
    for one in pairs:
        names = " + ".join(name for name in (one.synthetic, one.vf) if name is not None)
        told = becomes(one) if is_planned else one.mode
        lines += look.fitted(f"  {names}  {one.mac}  {told}", 4)
        lines += look.fitted(f"    because  {one.reason}", 13)
        for number, evidence in enumerate(one.evidence):
            lines += look.fitted(f"    {'evidence' if number == 0 else '':8} {evidence}", 13)
    return lines


def settings(review: Review, look: Look) -> list[str]:
    """What became of each setting; files go by their last name where that is clear."""
    there = [one.path for one in review.files]
    holding = {place.partition(": ")[0] for one in review.ledger for place in one.places}
    files = [path for path in there if path in holding]
    names = Counter(path.rpartition("/")[2] for path in files)
    short = {path: path.rpartition("/")[2] for path in files if names[path.rpartition("/")[2]] == 1}
    if len(files) == 1:
        short = {files[0]: ""}
    shown = [one for one in review.ledger if not look.folds or one.action != "kept" or one.reason]
    rows = [
        (one.action, f"{one.source}: {_shown(one.value)}", _destination(one), _places(one, short))
        for one in shown
    ]
    into = f", now in {', '.join(files)}" if files else ""
    lines = [
        look.heading(one) for one in look.fitted(f"Settings of {review.network_config}{into}", 2)
    ]
    for line in indent(table(rows, look, taken=2)) if rows else ():
        word = line.split()[0]
        colour = _OF_ACTION.get(word, "") if line.startswith(f"  {word}") else ""
        lines.append(line.replace(word, look.paint(word, colour), 1) if colour else line)
    kept = len(review.ledger) - len(shown)
    if kept:
        lines += look.fitted(f"  {count(kept, 'setting')} kept as in the file ({_ALL})", 4)
    return lines


def findings(findings: Iterable[Finding], look: Look, inputs: Iterable[Input] = ()) -> list[str]:
    """A line each, the worst first; on a terminal with what is meant of the `inputs`."""
    lines, texts = [look.heading("Findings")], {one.name: one.text for one in inputs}
    for one in worst_first(findings):
        lines += _finding(one, look)
        if look.width is not None and one.span is not None and one.file in texts:
            lines += _meant(texts[one.file], one.span, look.width)
    return lines


def _meant(text: str, span: Span, width: int) -> Iterator[str]:
    """The line at a place, and carets below what is meant of it."""
    place = Place("", (), span.line, span.column, span.end_line, span.end_column)
    for line in excerpt(text, place, max(width - len(_BELOW), 1)) or ():
        yield f"{_BELOW}{line}"


def changes(review: Review, look: Look) -> list[str]:
    """The heading of the diffs, and what of them is not shown."""
    lines = [look.heading(f"Changes for {review.target}")]
    folded = [one for one in review.files if one.differs and one.purpose == "machine"]
    if look.folds and folded:
        what = f"{count(len(folded), 'file')} for the running machine, without settings in it"
        if len(folded) > 1:
            what = f"{what[:-2]}them"
        lines += look.fitted(f"  {what} ({_ALL})", 4)
    return lines


def diffs(review: Review, look: Look) -> str:
    """The diffs of the files that change."""
    return "".join(
        fitted_diff(one.diff, look)
        for one in review.files
        if one.differs and not (look.folds and one.purpose == "machine")
    )


def fitted_diff(diff: str, look: Look) -> str:
    """A diff, of which nothing is left out: what is too long goes on below, further in."""
    return "".join(f"{line}\n" for text in diff.splitlines() for line in _broken(text, look))


def painted(diff: str, look: Look) -> Iterator[str]:
    """The lines of a diff, in colours that say what their first characters say."""
    for line in diff.splitlines():
        yield look.paint(line, _OF_LINE.get(line[:1], "")) if look.coloured else line


def _broken(line: str, look: Look) -> Iterator[str]:
    width = look.width
    if width is None or len(line := visible(line).expandtabs()) <= width:
        yield line
        return
    yield line[:width]
    room = max(width - 4, 1)
    for at in range(width, len(line), room):
        yield f"    {line[at : at + room]}"


def _finding(one: Finding, look: Look) -> list[str]:
    where = f"{one.where}: " if one.where else ""
    hint = f" ({one.hint})" if one.hint else ""
    allowed = ", allowed" if one.allowed else ""
    rest = " ".join(f"{where}{one.message}{hint} [{one.rule}]".split())
    first, *others = look.fitted(f"  {one.severity}{allowed}: {rest}", 4)
    colour = _OF_SEVERITY.get(one.severity, "")
    return [first.replace(one.severity, look.paint(one.severity, colour), 1), *others]


def _places(one: Setting, short: Mapping[str, str]) -> str:
    """Where the text has it, without what the line says already."""
    shown = []
    for place in one.places:
        file, colon, inside = place.partition(": ")
        if colon and inside not in one.to:
            name = short.get(file, file)
            shown.append(f"{name}: {inside}" if name else inside)
    return "; ".join(shown)


def _destination(one: Setting) -> str:
    if one.action == "dropped":
        return f"({one.reason})"
    if one.action == "kept":
        return f"(in part: {one.reason})" if one.reason else ""
    partly = f" (in part: {one.reason})" if one.reason else ""
    paths = [path or "(top level)" for path in one.to]
    if one.results:
        each = zip(paths, one.results)
        return f"-> {', '.join(f'{path}: {_shown(value)}' for path, value in each)}{partly}"
    to = ", ".join(paths)
    return (f"-> {to}: {_shown(one.result)}" if one.result != one.value else f"-> {to}") + partly


def _shown(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (tuple, list)):
        return "[]"
    if isinstance(value, dict):
        return "{}"
    return printable(str(value))
