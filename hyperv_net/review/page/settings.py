"""Where every setting went: rows by device, and the texts on both sides with linked lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.page.code import lines_of
from hyperv_net.tree import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from hyperv_net.review.model import Review, Setting

#: The worst first: what a line with several settings is marked as.
_WORST = ("dropped", "rewritten", "moved", "kept")
#: `network.ethernets.eth0`, `config[0]`, `bonds['a.b']`: what the settings are of.
_OWNER = re.compile(r"(network\.)?[\w-]+(\[\d+\]|\.[^.\[]+|\['[^']*'\])")
_WORD = re.compile(r"[\w.:-]+")


@dataclass(frozen=True)
class Row:
    """One setting.

    `of` and `rest` are its path, split behind what it is of.  `to` are its new paths where they
    are others, split in the same way, each with its value where that differs from path to path;
    `result` is the value in all of them where that is another.
    """

    number: int
    setting: Setting
    of: str
    rest: str
    value: str
    to: tuple[tuple[str, str, str], ...]
    result: str
    places: tuple[str, ...]
    devices: str


@dataclass
class Line:
    """A line of a text; `settings` are the numbers of those that it has, `to` where they went.

    `is_caused` says that what leads there turns something on.
    """

    number: int
    html: Markup
    settings: list[int] = field(default_factory=list)
    action: str = ""
    to: str = ""
    of: str = ""
    is_caused: bool = False


@dataclass(frozen=True)
class Pane:
    """A text whose lines lead to those of another."""

    id: str
    name: str
    lines: tuple[Line, ...]


def rows_of(review: Review, devices: Sequence[str]) -> list[Row]:
    """A row for each setting; `devices` are the names that a row is found by, by their places."""
    return [_row(number, one, devices) for number, one in enumerate(review.ledger)]


def _row(number: int, one: Setting, devices: Sequence[str]) -> Row:
    of, rest = _split(one.source)
    plain = one.source.removeprefix("network.")
    values = [f": {value_shown(value)}" for value in one.results or ()] or [""] * len(one.to)
    to = tuple(
        (*_split(path), value)
        for path, value in zip(one.to, values)
        if value or path not in (one.source, plain)
    )
    return Row(
        number=number,
        setting=one,
        of=of,
        rest=rest,
        value=value_shown(one.value),
        to=to if one.action != "dropped" else (),
        result=value_shown(one.result) if _is_another(one) else "",
        places=tuple(_places(one)),
        devices=" ".join(_devices(one, devices)),
    )


def _is_another(one: Setting) -> bool:
    return one.result != one.value and not one.masked and not one.results


def value_shown(value: object) -> str:
    """A value as it is read: text without quotes, where there is any."""
    return value if isinstance(value, str) and value else as_written(value)


def _split(path: str) -> tuple[str, str]:
    match = _OWNER.match(path)
    if match is None or match.end() == len(path):
        return "", path or "(top level)"
    return match[0], path[match.end() :].removeprefix(".")


def _places(one: Setting) -> Iterable[str]:
    """Where the text has it, without what its path says already."""
    for place in one.places:
        _, colon, inside = place.partition(": ")
        if not colon or inside not in one.to:
            yield place


def _devices(one: Setting, devices: Sequence[str]) -> Iterable[str]:
    """The devices that a setting has to do with, as far as its words tell."""
    texts = (one.source, *one.to, *one.places, str(one.value), str(one.result))
    words = {
        part
        for text in texts
        for word in _WORD.findall(text)
        for part in (word, *word.split("."), *word.split("_"))
    }
    return [str(place) for place, name in enumerate(devices) if name in words]


def panes_of(review: Review) -> tuple[tuple[Pane, ...], tuple[Pane, ...]]:
    """The inputs and the rendered files whose lines are known; empty where none is."""
    inputs = {
        one.name: _pane(f"i{number}", one.name, one.text)
        for number, one in enumerate(review.inputs)
    }
    files = {
        one.path: _pane(f"o{number}", one.path, one.text)
        for number, one in enumerate(review.files)
        if any(place.file == one.path and place.line for s in review.ledger for place in s.lines)
    }
    known = False
    for number, one in enumerate(review.ledger):
        if one.span is None or one.file not in inputs:
            continue
        known = True
        source = inputs[one.file]
        line = source.lines[min(one.span.line, len(source.lines)) - 1]
        _note(line, number, one)
        for place in one.lines:
            if place.file in files and place.line and place.line <= len(files[place.file].lines):
                target = files[place.file].lines[place.line - 1]
                _note(target, number, one)
                is_cause = place.value not in (None, False)
                _lead(line, f"{files[place.file].id}-{target.number}", is_cause)
                _lead(target, f"{source.id}-{line.number}", is_cause)
    return (tuple(inputs.values()), tuple(files.values())) if known else ((), ())


def _pane(id_: str, name: str, text: str) -> Pane:
    numbered = enumerate(lines_of(text, name), 1)
    return Pane(id_, name, tuple(Line(number, html) for number, html in numbered))


def _lead(line: Line, to: str, is_cause: bool) -> None:
    """Have a line lead to the first that caused it, and else to one of what it does not do."""
    if not line.to or (is_cause and not line.is_caused):
        line.to, line.is_caused = to, is_cause


def _note(line: Line, number: int, setting: Setting) -> None:
    line.settings.append(number)
    actions = [one for one in (line.action, setting.action) if one]
    line.action = min(actions, key=_WORST.index)
    if setting.action == line.action:
        line.of = setting.reason or ", ".join(setting.to)
