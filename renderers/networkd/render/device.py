"""One device as the files of networkd: .network, .netdev for software, .link for a NIC."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.networkd.paths import OPEN, PAIRS
from hyperv_net.renderers.networkd.render import values
from hyperv_net.renderers.networkd.render.dhcp import add_dynamic
from hyperv_net.renderers.networkd.render.match import match_nic
from hyperv_net.renderers.networkd.render.netdev import add_netdev
from hyperv_net.renderers.networkd.render.routes import add_addresses, add_nameservers, add_routes
from hyperv_net.renderers.networkd.render.unit import Made
from hyperv_net.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkd.render.values import Check
    from hyperv_net.tree import Node

#: The types that networkd makes or finds; those of radio, of modems and of others it does not.
KINDS = (
    *("ethernets", "bonds", "bridges", "vlans", "vrfs", "tunnels"),
    *("dummy-devices", "virtual-ethernets"),
)
_OFFLOADS: Mapping[str, tuple[str, Check]] = {
    f"{what}-offload": (f"{line}Offload", values.boolean)
    for what, line in {
        "receive-checksum": "ReceiveChecksum",
        "transmit-checksum": "TransmitChecksum",
        "tcp-segmentation": "TCPSegmentation",
        "tcp6-segmentation": "TCP6Segmentation",
        "generic-segmentation": "GenericSegmentation",
        "generic-receive": "GenericReceive",
        "large-receive": "LargeReceive",
    }.items()
}
_AS_A_PORT: Mapping[str, tuple[str, Check]] = {
    "hairpin": ("HairPin", values.boolean),
    "port-mac-learning": ("Learning", values.boolean),
    "neigh-suppress": ("NeighborSuppression", values.boolean),
}
_MTU: tuple[str, str, Check] = ("mtu", "MTUBytes", values.number)
_MAC: tuple[str, str, Check] = ("macaddress", "MACAddress", values.mac)
_BROUGHT_UP = "cloud-init ignores it for networkd as well, and the device comes up at boot"
_WAITS = "networkd waits for no address in particular: RequiredForOnline= is of the whole device"
_NOT_HERE = {
    "auth": "networkd leaves it to wpa_supplicant, which hyperv-net does not configure",
    "networkmanager": "it is of a profile of NetworkManager's",
    "openvswitch": "networkd makes nothing of Open vSwitch's",
}
#: 99-default.link of systemd: a file of ours takes its place, and must not take the name away.
OWN_NAME = (
    ("NamePolicy", "keep kernel database onboard slot path"),
    ("AlternativeNamesPolicy", "database onboard slot path"),
)
# An empty one of these says nothing, and is not lost.
_MAY_BE_EMPTY = frozenset(
    (
        *("addresses", "dhcp4-overrides", "dhcp6-overrides", "interfaces", "nameservers"),
        *("optional-addresses", "parameters", "ra-overrides", "routes", "routing-policy"),
    )
)


class Above(NamedTuple):
    """What stands on a device: the lines of [Network] that tie them, and its sections as a port.

    `lines` are key and value; `cost` and `priority` are those of its bridge's port.
    """

    lines: tuple[tuple[str, str], ...] = ()
    cost: str | None = None
    priority: str | None = None

    @property
    def is_enslaved(self) -> bool:
        """Whether it is below a bond or a bridge, and has no addresses of its own."""
        return any(key in ("Bond", "Bridge") for key, _ in self.lines)


def make(
    kind: str,
    device_id: str,
    device: Node,
    above: Above,
    *,
    is_members: bool,
    paths: tuple[str, ...] = (),
) -> Made:
    """The files of a device.  Raises RefusedError where there can be none of it.

    `paths` are patterns of the ID_PATH of a NIC that is told by its place.
    """
    made = Made(device)
    made.prefix = PAIRS
    if kind == "ethernets":
        prefix = match_nic(made, device_id, paths)
        made.prefix = PAIRS if is_members else prefix
        if prefix == OPEN and made.value("set-name") is not None:
            made.refused["set-name",] = "it would be the name of every NIC that fits"
        _link(made)
    else:
        made.network.section("Match").add("Name", values.name(device_id))
        made.has_netdev = add_netdev(made, kind, device_id)
    # In the order in which people write them.
    made.network.section("Link")
    made.network.section("Network")
    _network(made, kind, above)
    for path, leaf in leaves(device):
        if isinstance(leaf.value, (tuple, dict)) and (not path or path[0] in _MAY_BE_EMPTY):
            made.placed.setdefault(path, "(empty)")
    return made


def _link(made: Made) -> None:
    """What is the NIC's own, whatever stands on it; no file where there is nothing."""
    section = made.link.section("Link")
    wakes = made.take(("wakeonlan",), values.is_true, "[Link] WakeOnLan=")
    made.put_all((), section, _OFFLOADS)
    name = None
    if ("set-name",) not in made.refused:
        name = made.take(("set-name",), values.name, "[Link] Name=")
    if wakes is not None and (wakes or section.lines or name):
        section.add("WakeOnLan", "magic" if wakes else "off")
    if name is not None:
        section.add("Name", name)
    elif section.lines:
        for key, value in OWN_NAME:
            section.add(key, value)


def _network(made: Made, kind: str, above: Above) -> None:
    link, network = made.network.section("Link"), made.network.section("Network")
    _activation(made)
    if made.take(("optional",), values.is_true, "[Link] RequiredForOnline="):
        link.add("RequiredForOnline", "no")
    if kind == "ethernets":
        for key, line, check in (_MTU, _MAC):
            made.put((key,), check, link, line)
    else:
        for key, line, check in (_MTU, _MAC):
            if (key,) in made.placed:
                link.add(line, check(made.value(key)))
    made.put(("emit-lldp",), values.boolean, network, "EmitLLDP")
    add_dynamic(made, is_enslaved=above.is_enslaved)
    add_addresses(made)
    add_nameservers(made)
    made.put(("ipv6-mtu",), values.number, network, "IPv6MTUBytes")
    ignores = made.take(("ignore-carrier",), values.is_true, "[Network] ConfigureWithoutCarrier=")
    if ignores or kind != "ethernets":
        network.add("ConfigureWithoutCarrier", "yes")
    if made.take(("critical",), values.is_true, "[Network] KeepConfiguration="):
        network.add("KeepConfiguration", "yes")
    for key, value in above.lines:
        network.add(key, value)
    _port(made, above)
    add_routes(made, kind)
    for key, reason in _NOT_HERE.items():
        if made.device.get(key) is not None:
            made.refused[key,] = reason


def _activation(made: Made) -> None:
    """`ActivationPolicy=` is there since systemd 248."""
    link = made.network.section("Link")
    policies = {"manual": "manual", "off": "always-down"}
    mode = made.take(("activation-mode",), values.one_of(*policies), "[Link] ActivationPolicy=")
    if mode is not None:
        link.add("ActivationPolicy", policies[mode])
    control = made.value("control")
    if control in ("manual", "off"):
        made.refused["control",] = _BROUGHT_UP
    elif control == "hotplug" and made.value("optional") is None:
        link.add("RequiredForOnline", "no")
        made.placed["control",] = "[Link] RequiredForOnline="
    elif control is not None:
        made.placed["control",] = "networkd's own way"
    if made.device.get("optional-addresses") is not None:
        made.refused["optional-addresses",] = _WAITS


def _port(made: Made, above: Above) -> None:
    section = made.network.section("Bridge")
    if above.cost is not None:
        section.add("Cost", above.cost)
    if above.priority is not None:
        section.add("Priority", above.priority)
    if any(key == "Bridge" for key, _ in above.lines):
        made.put_all((), section, _AS_A_PORT)
