"""The texts that a plan was made from as they are shown, and where in those something stands.

Who reads a config, and who plans from it, knows its lines and columns; in the text that is
shown what stands behind a secret is elsewhere, since that is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import model
from hyperv_net.secrets.masking import masked, moving

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hyperv_net.places import Place

_MARK = "\ufeff"


@dataclass(frozen=True)
class ShownInputs:
    """Texts by name as they are shown; `span_of` a place in one of them, or in another file."""

    inputs: tuple[model.Input, ...]
    _moving: Mapping[str, Callable[[int, int, bool], int]]

    def span_of(self, place: Place) -> model.Span | None:
        """Where it is; a line of which no more is known is meant as a whole.

        None where no line is known.
        """
        if not place.line:
            return None
        line, column = place.line, place.column or 1
        moved = self._moving.get(place.file, _not_moved)
        start = moved(line, column, False)
        if not place.end_line:
            return model.Span(line, start, *self._end_of_line(place.file, line, start))
        end_line, end_column = place.end_line, place.end_column
        return model.Span(line, start, end_line, moved(end_line, end_column, True))

    def _end_of_line(self, file: str, line: int, start: int) -> tuple[int, int]:
        """Where a line ends; the beginning of the next one where its text is not known."""
        text = next((one.text for one in self.inputs if one.name == file), "")
        lines = text.split("\n")
        if line > len(lines) or start > len(lines[line - 1]):
            return line + 1, 1
        return line, len(lines[line - 1].rstrip("\r")) + 1


def _not_moved(line: int, column: int, is_end: bool) -> int:
    return column


#: Where nothing is shown that something could stand in.
NOTHING = ShownInputs((), {})


def shown_inputs(texts: Mapping[str, str], *, show_secrets: bool = False) -> ShownInputs:
    """The texts without what is secret in them; each line stays one."""
    plain = {name: text.removeprefix(_MARK) for name, text in texts.items()}
    if show_secrets:
        return ShownInputs(tuple(model.Input(*one) for one in plain.items()), {})
    return ShownInputs(
        tuple(model.Input(name, masked(text)) for name, text in plain.items()),
        {name: moving(text) for name, text in plain.items()},
    )
