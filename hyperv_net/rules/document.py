"""The document hyperv-net/rules/1 (docs/json.md)."""

from dataclasses import dataclass
from typing import Annotated

from hyperv_net.facts import Severity

SCHEMA = "hyperv-net/rules/1"


@dataclass(frozen=True)
class RuleDocument:
    """A rule of findings."""

    id: str
    stage: Annotated[str, "what tells it"]
    severity: Annotated[Severity, "the most severe that it can have"]
    severities: tuple[Severity, ...]
    title: Annotated[str, "a sentence without its full stop"]
    why: str
    mend: str
    example: Annotated[str, "a finding as it is printed"]


@dataclass(frozen=True)
class RulesDocument:
    """Rules of findings."""

    schema: str
    rules: tuple[RuleDocument, ...]
