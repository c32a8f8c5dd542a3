"""Which commands devd(8) runs for an event, after sbin/devd/devd.cc of freebsd/freebsd-src."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from tests.devd.grammar import Match, Rule

#: What devd of 2019 and later knows of a guest of Hyper-V (sysctl kern.vm_guest).
HYPERV = {"vm_guest": "hv"}

_VARIABLE = re.compile(r"\$(\$|[A-Za-z_*-][A-Za-z0-9_-]*)")
_ASSIGNMENT = re.compile(r'([A-Za-z0-9_-]+)=(?:"((?:\\"|[^"])*)"|(\S*))\s*')


def variables_of(event: str) -> dict[str, str]:
    """The variables of a notify event: `!system=IFNET subsystem=hn0 type=LINK_UP`."""
    found: dict[str, str] = {}
    position = 1
    while match := _ASSIGNMENT.match(event, position):
        quoted, plain = match[2], match[3]
        found[match[1]] = (quoted if quoted is not None else plain).replace('\\"', '"')
        position = match.end()
    return found


def commands(
    rules: Iterable[Rule],
    event: str,
    media: Callable[[str], str] = lambda name: "ethernet",
    *,
    constants: Mapping[str, str] = HYPERV,
    quotes: bool = True,
) -> tuple[str, ...]:
    """What devd hands to sh(1) for the event: the actions of the first rule that fits.

    The rules stand in the order in which devd reads them.  `media` gives an
    interface's media type.  `constants` are the variables that devd sets for
    itself.  `quotes` is false for a devd before 2016, which put a variable's
    value into the command as it was.
    """
    variables = {**constants, **variables_of(event)}
    # stable_sort(): of two rules with one priority the first is tried first.
    for rule in sorted(rules, key=lambda rule: -rule.priority):
        if rule.kind == "notify" and _fits(rule, variables, media):
            return tuple(_expanded(action, variables, quotes=quotes) for action in rule.actions)
    return ()


def _fits(rule: Rule, variables: Mapping[str, str], media: Callable[[str], str]) -> bool:
    name = variables.get("device-name") or variables.get("subsystem", "")
    return all(_matches(match, variables) for match in rule.matches) and all(
        media(name) == wanted for wanted in rule.media
    )


def _matches(match: Match, variables: Mapping[str, str]) -> bool:
    """`^` and `$` are put around the text, not around the expression: `a|b` is `^a` or `b$`."""
    inverted = match.expression.startswith("!")
    # `$` of regexec(3) is the very end, which is \\Z here.
    pattern = rf"^{match.expression[1:] if inverted else match.expression}\Z"
    # A variable that is not there is the empty string.
    fits = re.search(pattern, variables.get(match.variable, ""), re.IGNORECASE) is not None
    return fits is not inverted


def _expanded(action: str, variables: Mapping[str, str], *, quotes: bool) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1] == "$":
            return "$"
        text = variables.get(match[1], "")
        if not quotes:
            return text
        escaped = re.sub(r"(['\\])", r"\\\1", text)
        return f"$'{escaped}'"

    return _VARIABLE.sub(value, action)
