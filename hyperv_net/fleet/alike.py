"""One plan for all machines whose inputs differ in names and addresses alone, where that is sure.

`inputs` tells which those are.  Their rows are the same, but for what an ordinal stands for.
Whatever has no key there, and each result in which such an address is left or a new one appears,
has its plan made for itself.
"""

from __future__ import annotations

import dataclasses
import re
from types import MappingProxyType

from hyperv_net.fleet.inputs import VF_NAME, inputs_of, inputs_of_line
from hyperv_net.fleet.model import LONGEST_RECORD
from hyperv_net.fleet.reading import NoRecordError, line_of, name_of, record_of_line
from hyperv_net.fleet.reviewing import as_told, plan_of, reviewed
from hyperv_net.fleet.rows import row_of_error
from hyperv_net.fleet.shapes import ADDRESSES, exact_digest
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from hyperv_net.fleet.inputs import Inputs, NamedInputs
    from hyperv_net.fleet.model import Record, Row
    from hyperv_net.fleet.shapes import Shaped
    from hyperv_net.plan.flow import Plan
    from hyperv_net.rules.allowing import Allow

#: So many kinds of machines are kept; of the next the plans are made again.
_MOST = 4096
NO_SETTINGS: Mapping[str, Any] = MappingProxyType({})


class _Kept(NamedTuple):
    """A row with what its names and addresses are: a text, or the token of that number."""

    row: Row
    values: tuple[tuple[str | int, ...], ...]


class Reviewer:
    """Reviews one machine after another; the rows are those of `reviewing.review`, sooner.

    `target` and `settings` are for machines whose records do not say them.
    """

    def __init__(
        self,
        allows: Sequence[Allow] = (),
        target: str | None = None,
        settings: Mapping[str, Any] = NO_SETTINGS,
    ) -> None:
        self._allows, self._target, self._settings = allows, target, settings
        # A place that is allowed may be of one machine among those that are alike, as a pair is.
        self._is_told_apart = any(one.path for one in allows) or "pairs" in settings
        self._kept: dict[tuple[object, ...], _Kept | None] = {}

    def review_line(self, line: bytes) -> Row:
        """The row of a machine whose record a line is (`reading.line_of`), or should be."""
        try:
            named = self._inputs_of(line)
            if named is None:
                return self.review(record_of_line(line))
            row = self._alike(named.inputs, named.machine)
            if row is not None:
                return row
            record = self._completed(record_of_line(line))
            return self._made(record, named.inputs if record.id == named.machine else None)
        except NoRecordError as error:
            return row_of_error(error.machine or name_of(line), as_told(error))
        except Exception as error:
            return row_of_error(name_of(line), as_told(error))

    def review(self, record: Record) -> Row:
        """The row of a machine."""
        record = self._completed(record)
        inputs = None if self._is_told_apart else inputs_of(record)
        row = None if inputs is None else self._alike(inputs, record.id)
        return row if row is not None else self._made(record, inputs)

    def _inputs_of(self, line: bytes) -> NamedInputs | None:
        if self._is_told_apart or len(line) > LONGEST_RECORD:
            return None
        try:
            return inputs_of_line(line.decode("utf-8"))
        except UnicodeDecodeError:
            return None

    def _alike(self, inputs: Inputs, machine: str) -> Row | None:
        """The row of a machine by that of one that is alike, if there was one."""
        kept = self._kept.get(inputs.key)
        if kept is None:
            return None
        tokens = inputs.tokens
        values = [
            "".join([tokens[part] if isinstance(part, int) else part for part in value])
            for value in kept.values
        ]
        return kept.row.of_another(machine, exact_digest(kept.row.shape, values))

    def _made(self, record: Record, inputs: Inputs | None) -> Row:
        """The row of a machine by its own plan, which is kept for those that are alike."""
        row, whole = reviewed(record, self._allows)
        if inputs is not None and inputs.key not in self._kept:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[inputs.key] = _kept(row, whole, inputs.tokens)
        return row

    def plan(self, record: Record) -> Plan:
        """The plan that the row of a machine is of.  Raises HypervNetError."""
        return plan_of(self._completed(record), self._allows)

    def _completed(self, record: Record) -> Record:
        return dataclasses.replace(
            record,
            target=record.target or self._target,
            settings={**self._settings, **record.settings},
        )


def review_all(records: Iterable[Record]) -> Iterator[Row]:
    """The row of each machine, in order."""
    return map(Reviewer().review, records)


def review_lines(
    lines: Iterable[str | bytes],
    target: str | None = None,
    settings: Mapping[str, Any] = NO_SETTINGS,
) -> Iterator[Row]:
    """The same of records as lines of JSON; a line that is none has a row too, a blank one not."""
    reviewer = Reviewer((), target, settings)
    return map(reviewer.review_line, filter(None, map(line_of, lines)))


def _kept(row: Row, whole: Shaped | None, tokens: tuple[str, ...]) -> _Kept | None:
    """What to keep of a row; None where its text says more of the tokens than ordinals do."""
    if whole is None:
        return None
    numbers = {token: number for number, token in enumerate(tokens)}
    values = tuple(_parts(value, numbers) for value in whole.values)
    literal = "\n".join(part for value in values for part in value if isinstance(part, str))
    rest = "\n".join((whole.text, literal, *row.aggregates, *(one.where for one in row.found)))
    forms = {form for token in tokens for form in _forms(token)}
    if ADDRESSES.search(rest) or any(form in rest for form in forms):
        return None
    return _Kept(row, values)


def _parts(value: str, numbers: dict[str, int]) -> tuple[str | int, ...]:
    """A value, with the numbers of the tokens in it."""
    if value in numbers:
        return (numbers[value],)
    named = VF_NAME.match(value)
    if named and named[1] in numbers:
        return numbers[named[1]], named[2]
    return (value,)


def _forms(token: str) -> Iterator[str]:
    """A token as it is, and as it stands in names that are made of it."""
    yield token
    for separator in ("", "-", "_"):
        yield re.sub("[:.]", separator, token)
