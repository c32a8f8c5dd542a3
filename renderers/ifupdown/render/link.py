"""Devices that software makes, as lines of interfaces(5): bonds, bridges, vlans and the like.

Bonds are made by ifenslave's scripts and bridges by those of bridge-utils; the
others by an `ip` command, so that they need no package.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times, values
from hyperv_net.renderers.ifupdown.render.section import NO_WAY
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from hyperv_net.renderers.ifupdown.render.section import Section, Surroundings
    from hyperv_net.tree import Path

    Check = Callable[[object], Any]

# netplan's key → the option that ifenslave's if-pre-up.d script reads.
_BOND_OPTIONS: Mapping[str, tuple[str, Check]] = {
    "mode": ("bond-mode", values.word),
    "mii-monitor-interval": ("bond-miimon", times.milliseconds),
    "up-delay": ("bond-updelay", times.milliseconds),
    "down-delay": ("bond-downdelay", times.milliseconds),
    "lacp-rate": ("bond-lacp-rate", values.word),
    "transmit-hash-policy": ("bond-xmit-hash-policy", values.word),
    "ad-select": ("bond-ad-select", values.word),
    "arp-interval": ("bond-arp-interval", times.milliseconds),
    "arp-validate": ("bond-arp-validate", values.word),
    "fail-over-mac-policy": ("bond-fail-over-mac", values.word),
    "gratuitous-arp": ("bond-num-grat-arp", values.number),
    "gratuitious-arp": ("bond-num-grat-arp", values.number),
    "packets-per-slave": ("bond-packets-per-slave", values.number),
    "packets-per-member": ("bond-packets-per-slave", values.number),
    "primary-reselect-policy": ("bond-primary-reselect", values.word),
}
# … and those that it does not read, as `ip link set … type bond` calls them.
_BOND_LINK: Mapping[str, tuple[str, Check]] = {
    "all-slaves-active": ("all_slaves_active", values.boolean),
    "all-members-active": ("all_slaves_active", values.boolean),
    "min-links": ("min_links", values.number),
    "resend-igmp": ("resend_igmp", values.number),
    "learn-packet-interval": ("lp_interval", values.number),
    "arp-all-targets": ("arp_all_targets", values.word),
}


def _seconds(value: object) -> str:
    """A bridge's time; brctl(8) takes decimals (strtotimeval() of bridge-utils)."""
    whole, rest = divmod(times.hundredths(value), 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


_BRIDGE_OPTIONS: Mapping[str, tuple[str, Check]] = {
    "stp": ("bridge_stp", values.boolean),
    "forward-delay": ("bridge_fd", _seconds),
    "hello-time": ("bridge_hello", _seconds),
    "max-age": ("bridge_maxage", _seconds),
    "ageing-time": ("bridge_ageing", _seconds),
    "aging-time": ("bridge_ageing", _seconds),
    "priority": ("bridge_bridgeprio", values.number),
}
_BRIDGE_PORT = {"path-cost": "cost", "port-priority": "priority"}
_TUNNELS = frozenset(["gre", "gretap", "ip6gre", "ip6gretap", "ipip", "sit", "vti", "vti6"])


def make_link(made: Section, kind: str, rest: dict[str, Node], around: Surroundings) -> None:
    """Add what makes a device of this type, and take the keys it uses out of `rest`.

    RefusedError where ifupdown can make no such device.
    """
    makers: Mapping[str, Callable[[Section, dict[str, Node], Surroundings], None]] = {
        "ethernets": lambda made, rest, around: None,
        "bonds": _bond,
        "bridges": _bridge,
        "vlans": _vlan,
        "vrfs": _vrf,
        "tunnels": _tunnel,
        "dummy-devices": lambda made, rest, around: _add_link(made, "type dummy"),
        "virtual-ethernets": _veth,
    }
    if kind not in makers:
        raise RefusedError("ifupdown cannot make or configure such a device")
    makers[kind](made, rest, around)


def _members(made: Section, rest: dict[str, Node], around: Surroundings, where: str) -> list[str]:
    found = []
    for index, element in enumerate((rest.pop("interfaces", None) or Node(())).elements()):
        path: Path = ("interfaces", index)
        member = str(element.value)
        try:
            if member in around.hook_joins:
                made.placed[path] = around.hook_file
            else:
                found.append(values.name(around.names.get(member, member)))
                made.placed[path] = where
        except RefusedError as refusal:
            made.refused[path] = str(refusal)
    if not found:
        made.placed.setdefault(("interfaces",), where)
    return found


def _bond(made: Section, rest: dict[str, Node], around: Surroundings) -> None:
    made.packages.add("ifenslave")
    members = _members(made, rest, around, "bond-slaves")
    made.link.append(f"bond-slaves {' '.join(members) or 'none'}")
    words: dict[str, str] = {}
    for key, node in _parameters(rest):
        path: Path = ("parameters", key)
        try:
            if key in _BOND_OPTIONS:
                option, check = _BOND_OPTIONS[key]
                _add_option(made, path, option, check(node.value))
            elif key in _BOND_LINK:
                option, check = _BOND_LINK[key]
                found = check(node.value)
                words[option] = str(int(found) if isinstance(found, bool) else found)
                made.placed[path] = option
            elif key == "arp-ip-targets":
                targets = " ".join(values.address(each.value) for each in node.elements())
                made.link.append(f"bond-arp-ip-target {targets}")
                made.placed[path] = "bond-arp-ip-target"
            elif key == "primary":
                made.placed[path] = _primary(made, str(node.value), around)
            else:
                made.refused[path] = NO_WAY
        except RefusedError as refusal:
            made.refused[path] = str(refusal)
    if words:
        settings = " ".join(f"{option} {words[option]}" for option in words)
        made.after.append(f"post-up ip link set dev {made.name} type bond {settings} || true")


def _add_option(made: Section, path: Path, option: str, value: object) -> None:
    """An option once, though netplan may have two names for it: ifupdown refuses a second one."""
    if any(line.split()[0] == option for line in made.link):
        made.refused[path] = f"{option} is said already"
        return
    made.link.append(f"{option} {value}")
    made.placed[path] = option


def _primary(made: Section, member: str, around: Surroundings) -> str:
    if member in around.hook_joins:
        return around.hook_file
    made.link.append(f"bond-primary {values.name(around.names.get(member, member))}")
    return "bond-primary"


def _parameters(rest: dict[str, Node]) -> list[tuple[str, Node]]:
    return sorted((rest.pop("parameters", None) or Node({})).items())


def _bridge(made: Section, rest: dict[str, Node], around: Surroundings) -> None:
    made.packages.add("bridge-utils")
    members = _members(made, rest, around, "bridge_ports")
    made.link.append(f"bridge_ports {' '.join(members) or 'none'}")
    for key, node in _parameters(rest):
        path: Path = ("parameters", key)
        if key in _BRIDGE_PORT:
            for port, value in node.items():
                _bridge_port(made, around, key, port, value)
        elif key in _BRIDGE_OPTIONS:
            option, check = _BRIDGE_OPTIONS[key]
            try:
                found = check(node.value)
            except RefusedError as refusal:
                made.refused[path] = str(refusal)
                continue
            shown = {True: "on", False: "off"}[found] if isinstance(found, bool) else found
            _add_option(made, path, option, shown)
        else:
            made.refused[path] = NO_WAY


def _bridge_port(made: Section, around: Surroundings, key: str, port: str, value: Node) -> None:
    path: Path = ("parameters", key, port)
    try:
        device, word = values.name(around.names.get(port, port)), _BRIDGE_PORT[key]
        made.after.append(
            f"post-up ip link set dev {device} type bridge_slave {word}"
            f" {values.number(value.value)} || true"
        )
        made.placed[path] = f"post-up ip link ... bridge_slave {word}"
    except RefusedError as refusal:
        made.refused[path] = str(refusal)


def _vlan(made: Section, rest: dict[str, Node], around: Surroundings) -> None:
    link = rest.get("link")
    raw = values.name(around.names.get(str(link.value), link.value)) if link else ""
    number = values.number(rest["id"].value) if "id" in rest else None
    if not raw or number is None:
        raise RefusedError("a vlan needs an id and a link")
    del rest["link"], rest["id"]
    made.link.append(f"vlan-raw-device {raw}")
    made.placed["link",] = "vlan-raw-device"
    if made.name == f"{raw}.{number}":
        # ifupdown makes such a device by its name.
        made.placed["id",] = "iface"
        return
    made.before.append(f"pre-up ip link set dev {raw} up")
    _add_link(made, f"type vlan id {number}", link=raw)
    made.placed["id",] = "pre-up ip link add"


def _vrf(made: Section, rest: dict[str, Node], around: Surroundings) -> None:
    if "table" not in rest:
        raise RefusedError("a vrf needs a table")
    _add_link(made, f"type vrf table {values.number(rest.pop('table').value)}")
    made.placed["table",] = "pre-up ip link add"
    for member in _members(made, rest, around, "post-up ip link set master"):
        made.after.append(f"post-up ip link set dev {member} master {made.name} || true")


def _tunnel(made: Section, rest: dict[str, Node], around: Surroundings) -> None:
    mode = rest.pop("mode", Node("")).value
    words = [f"type {mode}"]
    if mode == "vxlan":
        words.append(f"id {values.number(rest.pop('id', Node(None)).value)}")
        words.append(f"dstport {values.number(rest.pop('port', Node(4789)).value)}")
        if "link" in rest:
            link = rest.pop("link").value
            words.append(f"dev {values.name(around.names.get(str(link), link))}")
    elif mode not in _TUNNELS:
        raise RefusedError("ip-link(8) makes no such tunnel without settings of its own")
    for key in ("local", "remote"):
        if key in rest:
            words.append(f"{key} {values.address(rest.pop(key).value)}")
    if "ttl" in rest:
        words.append(f"ttl {values.number(rest.pop('ttl').value)}")
    if "key" in rest and rest["key"].is_leaf:
        words.append(f"key {values.number(rest.pop('key').value)}")
    for key in ("mode", "id", "port", "link", "local", "remote", "ttl", "key"):
        if key not in rest:
            made.placed[key,] = "pre-up ip link add"
    _add_link(made, " ".join(words))


def _veth(made: Section, rest: dict[str, Node], around: Surroundings) -> None:
    if "peer" not in rest:
        raise RefusedError("a virtual Ethernet device needs a peer")
    peer = rest.pop("peer").value
    _add_link(made, f"type veth peer name {values.name(around.names.get(str(peer), peer))}")
    made.placed["peer",] = "pre-up ip link add"


def _add_link(made: Section, kind: str, link: str = "") -> None:
    parent = f"link {link} " if link else ""
    made.before.append(
        f"pre-up [ -e /sys/class/net/{made.name} ] || ip link add {parent}name {made.name} {kind}"
    )
    made.after.append(f"post-down ip link del dev {made.name} || true")
