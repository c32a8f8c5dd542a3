"""The wanted state: which pairs a machine has, and what each was configured to be.

It is written together with the network configuration and read at every event,
when there is no time for the network config itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from hyperv_net.facts import Mode, System
from hyperv_net.inventory import identifiers
from hyperv_net.inventory.checked_json import Value, parse

if TYPE_CHECKING:
    # The hook reads what was written, and does without all that it was made from.
    from hyperv_net.model import Aggregate, Decision, RenderedFile, Rewritten
    from hyperv_net.tree import Node

SCHEMA = "hyperv-net/wanted/1"

#: Where the file is, below the root: each system's place for what a program keeps (hier(7)).
PATHS: Mapping[System, str] = {
    System.LINUX: "var/lib/hyperv-net/wanted.json",
    System.FREEBSD: "var/db/hyperv-net/wanted.json",
}

#: What is known of this boot alone: tmpfs on Linux, emptied by /etc/rc.d/cleanvar on FreeBSD.
RUN_DIRECTORY = {System.LINUX: "/run/hyperv-net", System.FREEBSD: "/var/run/hyperv-net"}

TARGETS = ("freebsd", "netplan", "ifupdown", "networkd", "network-manager", "sysconfig")

_LARGEST_PAIR_COUNT = 4096
_OPTION_VALUE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}\Z")

# Netplan's names of bond parameters → those of /sys/class/net/<bond>/bonding, in the
# order in which they are written: the mode first, since others depend on it, and
# miimon before the delays, which the kernel counts in its intervals.
_OPTIONS = {
    "mode": "mode",
    "mii-monitor-interval": "miimon",
    "up-delay": "updelay",
    "down-delay": "downdelay",
    "primary-reselect-policy": "primary_reselect",
    "all-slaves-active": "all_slaves_active",
    "fail-over-mac-policy": "fail_over_mac",
}
_NEEDED_OPTIONS = {"mode": "active-backup", "miimon": "100"}


class WantedPair(NamedTuple):
    """One pair.  `mode` is AGGREGATE or TRANSPARENT; the rest is for an AGGREGATE.

    `synthetic` is the synthetic NIC's configured name, for messages: the NICs
    are told by `mac` and by `synthetic_drivers`.  `mtu` is the aggregate's
    where the configuration sets one, in bytes.  `primary` is true where the
    VF, whatever its name, is to be the bond's primary member.  `options` are
    files of the bond's `bonding` directory with what they are to hold.
    """

    mac: str
    mode: Mode
    synthetic: str
    synthetic_drivers: tuple[str, ...]
    aggregate: str = ""
    mtu: int | None = None
    primary: bool = False
    options: tuple[tuple[str, str], ...] = ()


class Wanted(NamedTuple):
    """What is wanted of a machine whose network `target` configures."""

    system: System
    target: str
    pairs: tuple[WantedPair, ...] = ()


def wanted_from(rewritten: Rewritten, decisions: Iterable[Decision], target: str) -> Wanted:
    """The wanted state of a plan: its aggregates, and the pairs that the kernel drives."""
    aggregates = [_aggregate(one, rewritten) for one in rewritten.aggregates]
    transparent = [
        WantedPair(
            mac=one.pair.mac,
            mode=Mode.TRANSPARENT,
            synthetic=one.pair.synthetic.name,
            synthetic_drivers=_drivers(one.pair.synthetic.driver, rewritten),
        )
        for one in decisions
        if one.mode is Mode.TRANSPARENT and one.pair.synthetic is not None
    ]
    pairs = sorted((*aggregates, *transparent), key=lambda pair: (pair.mac, pair.aggregate))
    return Wanted(rewritten.inventory.system, target, tuple(pairs))


def _aggregate(aggregate: Aggregate, rewritten: Rewritten) -> WantedPair:
    from hyperv_net.tree import Node, at

    synthetic = aggregate.pair.synthetic
    bond = at(rewritten.tree, ("bonds", aggregate.name)) or Node({})
    parameters = bond.get("parameters") or Node({})
    mtu, primary = bond.get("mtu"), parameters.get("primary")
    is_linux = rewritten.inventory.system is System.LINUX
    return WantedPair(
        mac=aggregate.pair.mac,
        mode=Mode.AGGREGATE,
        synthetic=rewritten.interfaces.get(aggregate.synthetic_id, aggregate.synthetic_id),
        synthetic_drivers=_drivers(synthetic.driver if synthetic else None, rewritten),
        aggregate=aggregate.name,
        mtu=mtu.value if mtu is not None and isinstance(mtu.value, int) else None,
        primary=is_linux and primary is not None and primary.value == aggregate.vf_id,
        options=_options(parameters) if is_linux else (),
    )


def _drivers(own: str | None, rewritten: Rewritten) -> tuple[str, ...]:
    if rewritten.inventory.system is System.FREEBSD:
        return ("hn",)
    return tuple(sorted({*rewritten.settings.synthetic_drivers, *([own] if own else [])}))


def _options(parameters: Node) -> tuple[tuple[str, str], ...]:
    """The parameters that a bond made anew is to have; what is not a plain word is left out."""
    options = {}
    for key, name in _OPTIONS.items():
        parameter = parameters.get(key)
        value = parameter.value if parameter is not None else None
        text = str(int(value)) if isinstance(value, bool) else str(value)
        if value is not None and _OPTION_VALUE.match(text):
            options[name] = text
    # Without a monitor a bond never notices that a link is gone.
    if options.get("miimon", "0") == "0":
        options["miimon"] = _NEEDED_OPTIONS["miimon"]
    merged = {**_NEEDED_OPTIONS, **options}
    return tuple((name, merged[name]) for name in _OPTIONS.values() if name in merged)


def wanted_file(wanted: Wanted) -> RenderedFile:
    """The file to be written beside the configuration."""
    from hyperv_net.model import RenderedFile

    return RenderedFile(PATHS[wanted.system], to_json(wanted))


def to_json(wanted: Wanted) -> str:
    """The text of the file; the same for the same state."""
    fields = {"schema": SCHEMA, "system": wanted.system.value, "target": wanted.target}
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in fields.items()]
    # A line a pair, since people read it in diffs.
    pairs = [f"    {json.dumps(_pair_document(pair))}" for pair in wanted.pairs]
    return "\n".join(["{", *lines, '  "pairs": [', ",\n".join(pairs), "  ]", "}\n"])


def _pair_document(pair: WantedPair) -> dict[str, object]:
    document: dict[str, object] = {
        "mac": pair.mac,
        "mode": pair.mode.value,
        "synthetic": pair.synthetic,
        "synthetic_drivers": list(pair.synthetic_drivers),
    }
    if pair.mode is Mode.AGGREGATE:
        document["aggregate"] = pair.aggregate
        document["primary"] = pair.primary
        document["mtu"] = pair.mtu
        document["options"] = dict(pair.options)
    return document


def from_json(text: str, source: str) -> Wanted:
    """The state that the file `source` holds.

    Raises HypervNetError where it is not such a file: its names end up in
    commands, so all of it is checked, and an unknown key is an error.
    """
    fields = _fields(parse(text, source), {"schema", "system", "target"}, {"pairs"})
    if fields["schema"].plain != SCHEMA:
        raise fields["schema"].error(
            f"not {SCHEMA}", "write it again with the version that is installed"
        )
    target = fields["target"].checked(
        lambda name: name if name in TARGETS else None, f"one of {', '.join(TARGETS)}"
    )
    system = fields["system"].one_of(System)
    if (target == "freebsd") != (system is System.FREEBSD):
        raise fields["target"].error(f"no target of {system.value}: {target}")
    elements = fields["pairs"].elements() if "pairs" in fields else []
    if len(elements) > _LARGEST_PAIR_COUNT:
        raise fields["pairs"].error(f"more than {_LARGEST_PAIR_COUNT} pairs")
    return Wanted(system, target, tuple(_pair(element) for element in elements))


def _fields(value: Value, required: set[str], optional: set[str]) -> dict[str, Value]:
    fields = value.fields()
    for key in sorted(required - fields.keys()):
        raise value.error(f"has no {key!r}")
    for key in sorted(fields.keys() - required - optional):
        raise fields[key].error("unknown key")
    return fields


def _pair(value: Value) -> WantedPair:
    required = {"mac", "mode", "synthetic", "synthetic_drivers"}
    mode = value.fields()["mode"].one_of(Mode) if "mode" in value.fields() else None
    if mode is Mode.AGGREGATE:
        fields = _fields(value, required | {"aggregate"}, {"primary", "mtu", "options"})
    elif mode in (None, Mode.TRANSPARENT):
        fields = _fields(value, required, set())
    else:
        raise value.fields()["mode"].error("neither aggregate nor transparent")
    drivers = tuple(
        one.checked(identifiers.driver, "a driver's name")
        for one in fields["synthetic_drivers"].elements()
    )
    return WantedPair(
        mac=fields["mac"].checked(identifiers.mac, "a MAC address"),
        mode=fields["mode"].one_of(Mode),
        synthetic=_name(fields["synthetic"]),
        synthetic_drivers=drivers,
        aggregate=_name(fields["aggregate"]) if "aggregate" in fields else "",
        mtu=_mtu(fields["mtu"]) if "mtu" in fields else None,
        primary=fields["primary"].boolean() if "primary" in fields else False,
        options=_checked_options(fields["options"]) if "options" in fields else (),
    )


def _name(value: Value) -> str:
    return value.checked(
        lambda text: text if identifiers.is_nic_name(text) else None,
        f"an interface name ({identifiers.NAME_RULE})",
    )


def _mtu(value: Value) -> int:
    plain = value.plain
    if isinstance(plain, bool) or not isinstance(plain, int) or not 68 <= plain <= 65535:
        raise value.error("not an MTU in bytes, from 68 to 65535")
    return plain


def _checked_options(value: Value) -> tuple[tuple[str, str], ...]:
    fields = _fields(value, set(), set(_OPTIONS.values()))
    return tuple(
        (
            name,
            fields[name].checked(
                lambda text: text if _OPTION_VALUE.match(text) else None, "a bond option's value"
            ),
        )
        for name in _OPTIONS.values()
        if name in fields
    )
