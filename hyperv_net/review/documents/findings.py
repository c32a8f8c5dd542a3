"""Findings in documents other than a plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from hyperv_net.facts import Finding, Severity


@dataclass(frozen=True)
class PlainFinding:
    """Something a person should know."""

    rule: Annotated[str, "constant id"]
    severity: Severity
    message: str
    where: str
    hint: str


def plain_findings(findings: Iterable[Finding]) -> tuple[PlainFinding, ...]:
    """The findings, as documents have them."""
    return tuple(PlainFinding(**one._asdict()) for one in findings)
