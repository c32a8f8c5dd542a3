"""Findings as all documents have them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Union

from hyperv_net.facts import Finding
from hyperv_net.review.document import LEFT_OUT, LeftOut


@dataclass(frozen=True)
class PlainFinding:
    """Something a person should know; where it stands is there as far as it is known."""

    rule: Annotated[str, "constant id; 'hyperv-net explain RULE' tells more"]
    severity: Annotated[str, "error, warning or note"]
    message: str
    where: Annotated[str, "the place as a text: file, line, column and key, or what else it is of"]
    hint: str
    file: Union[str, LeftOut] = LEFT_OUT
    key: Annotated[
        Union[tuple[Union[str, int], ...], LeftOut], "the way to a value from the top of the file"
    ] = LEFT_OUT
    line: Annotated[Union[int, LeftOut], "counted from 1, as are columns"] = LEFT_OUT
    column: Union[int, LeftOut] = LEFT_OUT
    end_line: Union[int, LeftOut] = LEFT_OUT
    end_column: Annotated[Union[int, LeftOut], "the first one behind"] = LEFT_OUT


def plain_findings(findings: Iterable[Finding]) -> tuple[PlainFinding, ...]:
    """The findings, as documents have them."""
    return tuple(PlainFinding(**one.document()) for one in findings)
