"""What udev's rules do to the NICs that they fit."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hyperv_net.decision.claims import (
    DRIVER,
    EVERY_NIC,
    KERNEL_NAME,
    MAC,
    NETWORK_FILES,
    PROFILES,
    Claim,
    Patterns,
    names_it,
)
from hyperv_net.marks import MARKS
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.udev import RULES, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.decision.claims import Selector
    from hyperv_net.root.udev import Rule, Token

READS = RULES

_PICKS = {
    ("KERNEL", ""): KERNEL_NAME,
    ("ENV", "INTERFACE"): KERNEL_NAME,
    ("DRIVERS", ""): DRIVER,
    ("ENV", "ID_NET_DRIVER"): DRIVER,
    ("ATTR", "address"): MAC,
    ("ATTRS", "address"): MAC,
}
#: What every NIC of a card answers alike, and what comes true once a VF is a slave.
_ALIKE = {
    *(("ATTR", one) for one in ("type", "dev_id", "dev_port", "flags", "addr_assign_type")),
    *(("SUBSYSTEM", ""), ("NAME", ""), ("ENV", "DEVTYPE")),
}
#: Programs that bring a NIC up.  The first is of the images that Ubuntu made for Azure, and is
#: removed by cloud-init where that configures the network (UBUNTU_EXTENDED_NETWORK_SCRIPTS of
#: cloudinit/sources/DataSourceAzure.py; canonical/cloud-init issues 2887 and 3254).
_BRINGS_UP = re.compile(
    r"(?:^|[/\s'\"`;&|(])(ephemeral_eth\.sh|ifup|dhclient|dhcpcd|udhcpc)(?=[\s'\"`;&|)@]|$)"
)
#: Mark of a rule → the group of claims that it ends.
_ENDS = {"NM_UNMANAGED": PROFILES, "ID_NET_MANAGED_BY": NETWORK_FILES}


def claims(texts: Mapping[str, str], paths: frozenset[str]) -> Iterator[Claim]:
    """Names and programs for NICs, and marks that keep managers off them."""
    ours = {path for path, text in texts.items() if any(mark in text for mark in MARKS)}
    for rule in rules_of(texts):
        if rule.where.file in ours:
            yield from _of_ours(rule)
        else:
            yield from _of_others(rule)


def _of_ours(rule: Rule) -> Iterator[Claim]:
    """The line of our rules that takes a VF by its card's address (companions/udev_rules)."""
    mac = rule.value_of("ATTR", "address")
    if mac and rule.value_of("ENV", "HYPERV_NET_VF"):
        for group in dict.fromkeys(_ENDS.values()):
            yield Claim(rule.where, ({MAC: Patterns((mac,))},), group=group)
    elif rule.value_of("ENV", "HYPERV_NET_KEPT_OFF") and rule.value_of("ENV", "HYPERV_NET_VF"):
        # Any VF, by companions/keep_off, which finds out by itself what is one.
        for group in dict.fromkeys(_ENDS.values()):
            yield Claim(rule.where, (EVERY_NIC,), group=group)
    elif rule.value_of("NAME"):
        yield from _of_others(rule)


def _of_others(rule: Rule) -> Iterator[Claim]:
    selector = _selector(rule)
    if selector is None or not _is_of_new_nics(rule):
        return
    name = next((one.value for one in rule.tokens if one.key == "NAME" and not one.asks), "")
    if name and not set(name) & set("$%"):
        hint = 'say DRIVERS=="{driver}" in it as well'
        yield Claim(rule.where, (selector,), names_it(name), hint)
    for one in rule.tokens:
        program = _BRINGS_UP.search(one.value)
        if program and _runs(one):
            does = f"{program[1]} brings the VF up by itself"
            hint = 'remove it, or say DRIVERS=="{driver}" in it as well'
            yield Claim(rule.where, (selector,), does, hint, harms_alone=True)
        if one.key == "ENV" and not one.asks and one.attribute in _ENDS and one.value != "0":
            yield Claim(rule.where, (selector,), group=_ENDS[one.attribute])


def _runs(token: Token) -> bool:
    """Whether udev runs its value, or systemd starts the units in it (systemd.device(5))."""
    is_run = token.key == "RUN" or (token.key, token.attribute) == ("ENV", "SYSTEMD_WANTS")
    return is_run and not token.asks


def _is_of_new_nics(rule: Rule) -> bool:
    action = [one for one in rule.tokens if one.key == "ACTION" and one.asks]
    return all(
        any(fnmatchcase("add", glob) for glob in one.value.split("|")) is (one.operator == "==")
        for one in action
    )


def _selector(rule: Rule) -> Selector | None:
    """What it asks of a NIC; None where it asks nothing by itself, or what is not known here."""
    found: Selector = {}
    asked = [one for one in rule.tokens if one.asks and one.key != "ACTION"]
    for one in asked:
        kind = _PICKS.get((one.key, one.attribute))
        if kind is not None:
            found[kind] = Patterns(_globs(one, kind), one.operator == "!=")
        elif (one.key, one.attribute) not in _ALIKE:
            return None
    of_other_devices = any(
        one.key == "SUBSYSTEM" and (one.value == "net") is (one.operator == "!=") for one in asked
    )
    return found if found and not of_other_devices else None


def _globs(token: Token, kind: str) -> tuple[str, ...]:
    globs = token.value.split("|")
    return tuple(one.lower() for one in globs) if kind == MAC else tuple(globs)
