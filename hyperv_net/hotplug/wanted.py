"""The wanted state: which pairs a machine has, and what each was configured to be.

It is written together with the network configuration and read at every event,
when there is no time for the network config itself.
"""

from __future__ import annotations

import re
from functools import partial

from hyperv_net.facts import Mode, System
from hyperv_net.inventory import identifiers
from hyperv_net.inventory.checked_json import parse
from hyperv_net.inventory.told import told
from hyperv_net.names import NAME_RULE, is_interface_name
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import TARGETS, load
from hyperv_net.tuning import SETTINGS, SYNTHETIC, VF, checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.inventory.checked_json import Value
    from hyperv_net.tuning import Tuning

SCHEMA = "hyperv-net/wanted/1"

#: Where hyperv-net keeps what has to outlive a boot, below the root (hier(7)).
KEPT_IN: Mapping[System, str] = {
    System.LINUX: "var/lib/hyperv-net",
    System.FREEBSD: "var/db/hyperv-net",
}

#: Where the file is, below the root.
PATHS: Mapping[System, str] = {
    system: f"{folder}/wanted.json" for system, folder in KEPT_IN.items()
}

#: What is known of this boot alone: tmpfs on Linux, emptied by /etc/rc.d/cleanvar on FreeBSD.
RUN_DIRECTORY = {System.LINUX: "/run/hyperv-net", System.FREEBSD: "/var/run/hyperv-net"}

_LARGEST_PAIR_COUNT = 4096
OPTION_VALUE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")

# Netplan's names of bond parameters → those of /sys/class/net/<bond>/bonding, in the
# order in which they are written: the mode first, since others depend on it, and
# miimon before the delays, which the kernel counts in its intervals.
OPTIONS = {
    "mode": "mode",
    "mii-monitor-interval": "miimon",
    "up-delay": "updelay",
    "down-delay": "downdelay",
    "primary-reselect-policy": "primary_reselect",
    "all-slaves-active": "all_slaves_active",
    "fail-over-mac-policy": "fail_over_mac",
}


class WantedPair(NamedTuple):
    """One pair.  `mode` is AGGREGATE or TRANSPARENT; the rest is for an AGGREGATE.

    `synthetic` is the synthetic NIC's configured name, for messages and to be kept free for it: the
    NICs are known by `mac` and by `synthetic_drivers`.  It is empty where another program
    has that NIC.  `mtu` is the aggregate's where the configuration sets one, in bytes.
    `primary` is true where the VF, whatever its name, is to be the aggregate's primary
    member.  `options` are files of the bond's `bonding` directory with what they are to hold.
    `vf` is how its VF was told (`told`), where that has another MAC than the synthetic NIC.
    Either mode may have tuning, of its VF and of its synthetic NIC (`hyperv_net.tuning`).
    """

    mac: str
    mode: Mode
    synthetic: str
    synthetic_drivers: tuple[str, ...]
    aggregate: str = ""
    mtu: int | None = None
    primary: bool = False
    options: tuple[tuple[str, str], ...] = ()
    vf: str = ""
    vf_tuning: Tuning = ()
    synthetic_tuning: Tuning = ()


class Wanted(NamedTuple):
    """What is wanted of a machine whose network `target` configures ('': nobody knows what)."""

    system: System
    target: str
    pairs: tuple[WantedPair, ...] = ()


def from_json(text: str, source: str) -> Wanted:
    """The state that the file `source` holds.

    Raises HypervNetError where it is not such a file: its names end up in
    commands, so all of it is checked, and an unknown key is an error.
    """
    fields = parse(text, source).only({"schema", "system", "target"}, {"pairs"})
    if fields["schema"].plain != SCHEMA:
        raise fields["schema"].error(
            f"not {SCHEMA}", "write it again with the version that is installed"
        )
    target = fields["target"].checked(
        lambda name: name if name in TARGETS else None, f"one of {', '.join(TARGETS)}"
    )
    system = fields["system"].one_of(System)
    if load(target).system is not system:
        raise fields["target"].error(f"no target of {system.value}: {target}")
    elements = fields["pairs"].elements() if "pairs" in fields else []
    if len(elements) > _LARGEST_PAIR_COUNT:
        raise fields["pairs"].error(f"more than {_LARGEST_PAIR_COUNT} pairs")
    return Wanted(system, target, tuple(_pair(element) for element in elements))


def _pair(value: Value) -> WantedPair:
    required, tuned = {"mac", "mode", "synthetic", "synthetic_drivers"}, {"tuning"}
    mode = value.fields()["mode"].one_of(Mode) if "mode" in value.fields() else None
    if mode is Mode.AGGREGATE:
        fields = value.only(required | {"aggregate"}, {"primary", "mtu", "options", "vf", *tuned})
    elif mode in (None, Mode.TRANSPARENT):
        fields = value.only(required, tuned)
    else:
        raise value.fields()["mode"].error("neither aggregate nor transparent")
    drivers = tuple(
        one.checked(identifiers.driver, "a driver's name")
        for one in fields["synthetic_drivers"].elements()
    )
    tuning = fields["tuning"].only(set(), {VF, SYNTHETIC}) if "tuning" in fields else {}
    return WantedPair(
        mac=fields["mac"].checked(identifiers.mac, "a MAC address"),
        mode=fields["mode"].one_of(Mode),
        synthetic="" if _is_taken(fields, mode) else _name(fields["synthetic"]),
        synthetic_drivers=drivers,
        aggregate=_name(fields["aggregate"]) if "aggregate" in fields else "",
        mtu=_mtu(fields["mtu"]) if "mtu" in fields else None,
        primary=fields["primary"].boolean() if "primary" in fields else False,
        options=_checked_options(fields["options"]) if "options" in fields else (),
        vf=fields["vf"].checked(told, "how a VF is told") if "vf" in fields else "",
        vf_tuning=_tuning(tuning[VF]) if VF in tuning else (),
        synthetic_tuning=_tuning(tuning[SYNTHETIC]) if SYNTHETIC in tuning else (),
    )


def _tuning(value: Value) -> Tuning:
    fields = value.only(set(), set(SETTINGS))
    return tuple(
        (one, fields[one].checked(partial(checked, one), f"a value of {one}"))
        for one in SETTINGS
        if one in fields
    )


def _is_taken(fields: Mapping[str, Value], mode: Mode | None) -> bool:
    """Whether the synthetic NIC is another program's, and has no name here."""
    return mode is Mode.TRANSPARENT and fields["synthetic"].plain == ""


def _name(value: Value) -> str:
    return value.checked(
        lambda text: text if is_interface_name(text) else None,
        f"an interface name ({NAME_RULE})",
    )


def _mtu(value: Value) -> int:
    plain = value.plain
    if isinstance(plain, bool) or not isinstance(plain, int) or not 68 <= plain <= 65535:
        raise value.error("not an MTU in bytes, from 68 to 65535")
    return plain


def _checked_options(value: Value) -> tuple[tuple[str, str], ...]:
    fields = value.only(set(), set(OPTIONS.values()))
    return tuple(
        (
            name,
            fields[name].checked(
                lambda text: text if OPTION_VALUE.match(text) else None, "a bond option's value"
            ),
        )
        for name in OPTIONS.values()
        if name in fields
    )
