"""The catalogue: every rule that a finding can have, by the stage that tells it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import MappingProxyType

from hyperv_net.errors import UsageError
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import targets

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hyperv_net.rules.rule import Rule

_HERE = "hyperv_net.rules"

#: What tells them → the modules that have them.
OWN = (
    ("The machine's NICs", ("machine",)),
    ("Pairs and modes", ("pairs",)),
    ("The network config", ("config",)),
    ("The plan", ("plan",)),
    ("An image or a root", ("image",)),
    ("A running machine", ("running", "serving")),
    ("A simulation", ("simulation",)),
)

#: How alike a word has to be to be meant (difflib's ratio, 0 to 1).
_ALIKE = 0.6


class Stage(NamedTuple):
    """A heading, and the rules below it by their ids in order."""

    title: str
    rules: tuple[Rule, ...]


@cache
def stages() -> tuple[Stage, ...]:
    """All rules, those of the targets behind the others."""
    own = [(title, [f"{_HERE}.{one}" for one in names]) for title, names in OWN]
    of_targets = [(f"Files of {one.files}", [one.rules]) for one in targets() if one.rules]
    return tuple(
        Stage(title, tuple(sorted(rule for one in names for rule in import_module(one).RULES)))
        for title, names in (*own, *of_targets)
    )


@cache
def catalogue() -> Mapping[str, Rule]:
    """Each rule by its id, in the order of `stages`."""
    return MappingProxyType({rule.id: rule for stage in stages() for rule in stage.rules})


def find(rule_id: str) -> Rule:
    """The rule of this id.  Raises UsageError where there is none, with what may be meant."""
    rule = catalogue().get(rule_id)
    if rule is None:
        raise UsageError(_unknown(rule_id), hint=_meant(rule_id, catalogue()))
    return rule


def check_known(rule_id: str, where: str) -> None:
    """Raise UsageError where an option names no rule."""
    if rule_id not in catalogue():
        raise UsageError(_unknown(rule_id), where=where, hint=_meant(rule_id, catalogue()))


def _unknown(rule_id: str) -> str:
    return f"there is no rule {rule_id!a}" if rule_id else "no rule is named"


def _meant(word: str, known: Collection[str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, known, n=3, cutoff=_ALIKE)
    return f"did you mean {' or '.join(found)}?" if found else "'hyperv-net explain' lists all"
