"""What a profile says of its device: how it is made, what it stands on, which NIC it fits."""

from __future__ import annotations

from hyperv_net.names import is_name_pattern
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import values
from hyperv_net.renderers.networkmanager.identity import uuid_of
from hyperv_net.renderers.networkmanager.keyfile import listed
from hyperv_net.renderers.networkmanager.render.bond import make_bond
from hyperv_net.renderers.networkmanager.render.bridge import make_bridge
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkmanager.render.profile import Profile

#: Device type → NetworkManager's.
TYPES: Mapping[str, str] = {
    "ethernets": "ethernet",
    "bonds": "bond",
    "bridges": "bridge",
    "vlans": "vlan",
    "vrfs": "vrf",
    "dummy-devices": "dummy",
}


class Surroundings(NamedTuple):
    """What a profile depends on besides its device.

    `names` gives the interface of an id, which is a guess where it is not in `known`, and `above`
    the device over it: its type and id.  `vfs` are the ids of VFs, and `bridges`
    the devices that speak of their ports.  `held` are the ids of devices that start by hand, and
    `pulling` those of devices whose ports all start with them.  `paths` has patterns of the ID_PATH
    of NICs that are told by their place.
    """

    names: Mapping[str, str]
    above: Mapping[str, tuple[str, str]]
    vfs: frozenset[str]
    known: Mapping[str, str]
    bridges: Mapping[str, Node]
    held: frozenset[str] = frozenset()
    pulling: frozenset[str] = frozenset()
    paths: Mapping[str, tuple[str, ...]] = {}


def make_link(
    made: Profile, kind: str, one: str, rest: dict[str, Node], around: Surroundings
) -> None:
    """The type, the name or the match, and the members.  RefusedError where there can be none."""
    if kind not in TYPES:
        raise RefusedError("hyperv-net writes no profile of NetworkManager for such a device")
    # Since 1.42: older ones load no such profile.
    made.set("connection", "type", "loopback" if made.name == "lo" else TYPES[kind])
    if kind == "ethernets":
        _match(made, rest, around.paths.get(one, ()))
    else:
        made.set("connection", "interface-name", values.name(made.name))
    master = around.above.get(one)
    if master is not None:
        made.set("connection", "master", values.name(around.names[master[1]]))
        made.set("connection", "slave-type", TYPES[master[0]])
    if kind in ("bonds", "bridges", "vrfs"):
        _members(made, kind, one, rest, around)
    if kind == "bonds":
        make_bond(made, rest, around.vfs, around.known)
    elif kind == "bridges":
        make_bridge(made, rest, around.bridges[one])
    elif kind == "vlans":
        _vlan(made, rest, around)
    elif kind == "vrfs":
        made.take(rest, "table", values.number, "vrf", "table")
        if made.get("vrf", "table") is None:
            raise RefusedError("a vrf needs a table")


def _members(
    made: Profile, kind: str, one: str, rest: dict[str, Node], around: Surroundings
) -> None:
    made.set("connection", "autoconnect-slaves", int(one in around.pulling))
    node = rest.pop("interfaces", Node(()))
    made.placed["interfaces",] = "connection.interface-name"
    for index, element in enumerate(node.elements()):
        if around.above.get(str(element.value)) != (kind, one):
            made.refused["interfaces", index] = "no profile of NetworkManager is for it"


def _match(made: Profile, rest: dict[str, Node], paths: tuple[str, ...]) -> None:
    """Which NICs the profile is for: by the permanent address, by name, by driver, by place.

    `[match] driver=` compares with ethtool's name of the driver, and `!` says any other
    (nm_wildcard_match_check() in src/core/nm-core-utils.c, since 1.26).
    """
    match = rest.pop("match", None)
    if match is None:
        made.set("connection", "interface-name", values.name(made.name))
        return
    if paths:
        # The name is what a network config can say of it, and the NIC need not bear it.
        made.put("match", "path", listed(paths), ("match",))
        return
    given = dict(match.items())
    if not given:
        raise RefusedError("it would be for every NIC, those of pairs too")
    made.placed["match",] = "match"
    address, name = given.pop("macaddress", None), given.pop("name", None)
    if address is not None:
        made.set("ethernet", "mac-address", values.mac(address.value), ("match", "macaddress"))
    if name is not None:
        pattern = _pattern(name.value)
        if any(one in pattern for one in "*?[!"):
            made.put("match", "interface-name", listed([pattern]), ("match", "name"))
        else:
            made.set("connection", "interface-name", values.name(pattern), ("match", "name"))
    driver = given.pop("driver", None)
    if driver is not None:
        drivers = [each.value for each in driver.elements()] or [driver.value]
        made.put("match", "driver", listed(map(_pattern, drivers)), ("match", "driver"))
    for key in given:
        made.refused["match", key] = NO_WAY
    if address is None and made.get("connection", "interface-name") is None:
        # More than one NIC may fit (NMConnectionMultiConnect, since 1.14).
        made.set("connection", "multi-connect", 3)


def _pattern(value: object) -> str:
    if not isinstance(value, str) or not is_name_pattern(value):
        raise RefusedError("not a pattern for names or drivers")
    return value


def _vlan(made: Profile, rest: dict[str, Node], around: Surroundings) -> None:
    made.take(rest, "id", values.number, "vlan", "id")
    link = rest.pop("link", None)
    if link is None or made.get("vlan", "id") is None:
        raise RefusedError("a vlan needs an id and a link")
    below = str(link.value)
    if below in around.known or below not in around.names:
        parent = values.name(around.known.get(below, below))
    else:
        # No NIC of the machine is known by this id.
        parent = uuid_of(around.names[below])
    made.set("vlan", "parent", parent, ("link",))
