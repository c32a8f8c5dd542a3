"""Devices of software, as systemd.netdev(5) makes them."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.bridges import speaks_stp
from hyperv_net.renderers.networkd.render import tunnels, values
from hyperv_net.renderers.networkd.render.values import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkd.render.unit import Made
    from hyperv_net.renderers.networkd.render.values import Check

_KINDS = {
    "bonds": "bond",
    "bridges": "bridge",
    "vlans": "vlan",
    "vrfs": "vrf",
    "dummy-devices": "dummy",
    "virtual-ethernets": "veth",
}
#: The kernel takes a mode by its number too, and networkd does not (bond-util.c).
_MODES = (
    *("balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad"),
    *("balance-tlb", "balance-alb"),
)
_BY_NUMBER = {str(number): mode for number, mode in enumerate(_MODES)}
BOND: Mapping[str, tuple[str, Check]] = {
    "mode": ("Mode", values.one_of(*_MODES, called=_BY_NUMBER)),
    "lacp-rate": (
        "LACPTransmitRate",
        values.one_of("slow", "fast", called={"0": "slow", "1": "fast"}),
    ),
    "mii-monitor-interval": ("MIIMonitorSec", values.milliseconds),
    "min-links": ("MinLinks", values.number),
    "transmit-hash-policy": (
        "TransmitHashPolicy",
        values.one_of("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4", "vlan+srcmac"),
    ),
    "ad-select": ("AdSelect", values.one_of("stable", "bandwidth", "count")),
    "all-slaves-active": ("AllSlavesActive", values.boolean),
    "all-members-active": ("AllSlavesActive", values.boolean),
    "arp-interval": ("ARPIntervalSec", values.milliseconds),
    "arp-validate": ("ARPValidate", values.one_of("none", "active", "backup", "all")),
    "arp-all-targets": ("ARPAllTargets", values.one_of("any", "all")),
    "up-delay": ("UpDelaySec", values.milliseconds),
    "down-delay": ("DownDelaySec", values.milliseconds),
    "fail-over-mac-policy": ("FailOverMACPolicy", values.one_of("none", "active", "follow")),
    "gratuitous-arp": ("GratuitousARP", values.number),
    "gratuitious-arp": ("GratuitousARP", values.number),
    "packets-per-slave": ("PacketsPerSlave", values.number),
    "packets-per-member": ("PacketsPerSlave", values.number),
    "primary-reselect-policy": (
        "PrimaryReselectPolicy",
        values.one_of("always", "better", "failure"),
    ),
    "resend-igmp": ("ResendIGMP", values.number),
    "learn-packet-interval": ("LearnPacketIntervalSec", values.seconds),
}
_BRIDGE: Mapping[str, tuple[str, Check]] = {
    "ageing-time": ("AgeingTimeSec", values.hundredths),
    "aging-time": ("AgeingTimeSec", values.hundredths),
    "forward-delay": ("ForwardDelaySec", values.hundredths),
    "hello-time": ("HelloTimeSec", values.hundredths),
    "max-age": ("MaxAgeSec", values.hundredths),
    "priority": ("Priority", values.number),
    "stp": ("STP", values.boolean),
}
_PARAMETERS = ("parameters",)


def add_netdev(made: Made, kind: str, name: str) -> bool:
    """Fill the .netdev; False where another device's makes this one too.

    Raises RefusedError where the device cannot be made.
    """
    top = made.netdev.section("NetDev")
    top.add("Name", name)
    top.add("Kind", tunnels.kind_of(made) if kind == "tunnels" else _KINDS[kind])
    address = made.take(("macaddress",), values.mac, "[NetDev] MACAddress=")
    if address is not None:
        top.add("MACAddress", address)
    mtu = made.take(("mtu",), values.number, "[NetDev] MTUBytes=")
    if mtu is not None:
        top.add("MTUBytes", mtu)
    if kind == "bonds":
        bond = made.netdev.section("Bond")
        made.put_all(_PARAMETERS, bond, BOND)
        targets = [
            made.take((*_PARAMETERS, "arp-ip-targets", index), values.address, "[Bond] ARP…")
            for index, _ in made.elements(*_PARAMETERS, "arp-ip-targets")
        ]
        if any(targets):
            bond.add("ARPIPTargets", " ".join(one for one in targets if one))
    elif kind == "bridges":
        bridge = made.netdev.section("Bridge")
        made.put_all(_PARAMETERS, bridge, _BRIDGE)
        if made.value(*_PARAMETERS, "stp") is None:
            bridge.add("STP", "yes" if speaks_stp(made.device) else "no")
    elif kind == "vlans":
        identifier = made.take(("id",), values.number, "[VLAN] Id=")
        if identifier is None or not 0 <= int(identifier) <= 4094:
            raise RefusedError("networkd makes no VLAN without an id of at most 4094")
        made.netdev.section("VLAN").add("Id", identifier)
    elif kind == "vrfs":
        table = made.take(("table",), values.table, "[VRF] Table=")
        if table is None:
            raise RefusedError("networkd makes no VRF without its table")
        made.netdev.section("VRF").add("Table", table)
    elif kind == "virtual-ethernets":
        peer = made.take(("peer",), values.name, "[Peer] Name=")
        if peer is None:
            raise RefusedError("networkd makes no virtual Ethernet device without its peer")
        if peer < name:
            return False
        made.netdev.section("Peer").add("Name", peer)
    elif kind == "tunnels":
        tunnels.add_tunnel(made)
    return True
