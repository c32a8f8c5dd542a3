"""One device as a profile: all that is not about its addresses, its link or its routes."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import values
from hyperv_net.renderers.networkmanager.render.addressing import make_addressing
from hyperv_net.renderers.networkmanager.render.auth import make_auth
from hyperv_net.renderers.networkmanager.render.bridge import bridge_port
from hyperv_net.renderers.networkmanager.render.link import make_link
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY
from hyperv_net.renderers.networkmanager.render.routes import make_routes, make_rules
from hyperv_net.renderers.networkmanager.render.servers import name_servers
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node, leaves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.networkmanager.render.link import Surroundings
    from hyperv_net.renderers.networkmanager.render.profile import Profile
    from hyperv_net.tree import Path

#: Of [ethtool], by ethtool's names (libnm-base/nm-ethtool-base.c).
_OFFLOADS = {
    "receive-checksum-offload": "feature-rx",
    "transmit-checksum-offload": "feature-tx",
    "tcp-segmentation-offload": "feature-tso",
    "tcp6-segmentation-offload": "feature-tx-tcp6-segmentation",
    "generic-segmentation-offload": "feature-gso",
    "generic-receive-offload": "feature-gro",
    "large-receive-offload": "feature-lro",
}
#: A port has no addresses, and asks for none.
_OF_ADDRESSES = (
    *("dhcp4", "dhcp6", "accept-ra", "link-local", "dhcp6-stateless", "ipv6-privacy"),
    *("ipv6-address-generation", "ipv6-address-token", "ipv6-mtu", "dhcp-identifier"),
    *("addresses", "gateway4", "gateway6", "routes", "routing-policy", "nameservers"),
    *("dhcp4-overrides", "dhcp6-overrides", "ra-overrides"),
)
#: What NetworkManager has elsewhere, or not at all.
_ELSEWHERE: Mapping[str, str] = {
    "ignore-carrier": "NetworkManager has it in NetworkManager.conf, by [device] ignore-carrier",
    "optional": "NetworkManager-wait-online waits for all that connects by itself",
    "optional-addresses": "NetworkManager waits for what may-fail says",
}
#: Of these keys a profile of the pair has its own.
_OF_OURS = frozenset(
    (
        *("connection.id", "connection.uuid", "connection.type", "connection.interface-name"),
        *("connection.master", "connection.controller", "connection.slave-type"),
        *("connection.port-type", "connection.autoconnect-priority", "ethernet.mac-address"),
        *("ethernet.cloned-mac-address", "match.driver", "ipv4.method", "ipv6.method"),
    )
)


def fill(made: Profile, kind: str, one: str, device: Node, around: Surroundings) -> None:
    """Put all of a device into its profile.  RefusedError where there can be none."""
    rest = {key: node for key, node in device.items() if key not in ("renderer", "set-name")}
    make_link(made, kind, one, rest, around)
    _start(made, one, rest, around)
    _hardware(made, rest)
    if around.above.get(one, ("vrfs",))[0] != "vrfs":
        _port(made, one, rest, around)
    else:
        routes, rules = rest.get("routes"), rest.pop("routing-policy", None)
        make_addressing(made, rest)
        rest.pop("routes", None)
        servers = rest.pop("nameservers", None)
        for key, node in (("routes", routes), ("routing-policy", rules), ("nameservers", servers)):
            if node is not None:
                made.placed.setdefault((key,), "ipv4")
        make_routes(made, routes)
        make_rules(made, rules)
        name_servers(made, servers, ("nameservers",))
    make_auth(made, rest.pop("auth", None))
    _passthrough(made, rest.pop("networkmanager", None))
    for key, node in rest.items():
        made.refused[key,] = _ELSEWHERE.get(key, NO_WAY)
        if node.value is False and key in _ELSEWHERE:
            del made.refused[key,]
            made.placed[key,] = "NetworkManager does so by itself"
    for path, leaf in leaves(device):
        if path == () or (isinstance(leaf.value, (tuple, dict)) and path[-1] != "match"):
            made.placed.setdefault(path, "connection")


def _start(made: Profile, one: str, rest: dict[str, Node], around: Surroundings) -> None:
    control = made.checked(rest, "control", values.word)
    mode = made.checked(rest, "activation-mode", values.word)
    for key, value in (("control", control), ("activation-mode", mode)):
        if value is not None:
            made.placed[key,] = "connection.autoconnect"
    if one in around.held:
        made.set("connection", "autoconnect", value=False)


def _hardware(made: Profile, rest: dict[str, Node]) -> None:
    address = rest.pop("macaddress", None)
    if address is not None:
        words = ("permanent", "preserve", "random", "stable")
        try:
            written = address.value if address.value in words else values.mac(address.value)
            made.set("ethernet", "cloned-mac-address", written, ("macaddress",))
        except RefusedError as refusal:
            made.refused["macaddress",] = str(refusal)
    made.take(rest, "mtu", values.number, "ethernet", "mtu")
    wake = made.checked(rest, "wakeonlan", values.boolean)
    if wake is not None:
        # NM_SETTING_WIRED_WAKE_ON_LAN_MAGIC
        made.set("ethernet", "wake-on-lan", 0x40 if wake else 0, ("wakeonlan",))
    for key, feature in _OFFLOADS.items():
        made.take(rest, key, values.boolean, "ethtool", feature)
    if made.get("connection", "slave-type") == "bridge":
        made.take(rest, "hairpin", values.boolean, "bridge-port", "hairpin-mode")


def _port(made: Profile, one: str, rest: dict[str, Node], around: Surroundings) -> None:
    """A port of another device: whatever it says of addresses has nowhere to stand."""
    kind, master = around.above[one]
    for key in _OF_ADDRESSES:
        node = rest.pop(key, None)
        if node is None:
            continue
        if node.value in (False, (), {}):
            made.placed[key,] = f"a port of {master}, which has no addresses"
        else:
            made.refused[key,] = f"it is a port of {master}, which has the addresses"
    optional = rest.pop("optional", None)
    if optional is not None:
        made.placed["optional",] = f"a port of {master}, which is waited for"
    if kind == "bridges":
        bridge_port(made, one, around.bridges[master])


def _passthrough(made: Profile, own: Node | None) -> None:
    """What a config has for netplan's profile of NetworkManager, where it is not our own to say."""
    if own is None:
        return
    made.placed["networkmanager",] = "connection"
    for key, node in own.items():
        if key == "stable-id":
            _own(made, ("connection", key), node, ("networkmanager", key))
        elif key != "passthrough":
            made.refused["networkmanager", key] = "the profile has one of its own"
    for key, node in (own.get("passthrough") or Node({})).items():
        path = ("networkmanager", "passthrough", key)
        section, dot, name = key.partition(".")
        is_word = all(one.replace("-", "").isalnum() and one.isascii() for one in (section, name))
        if not dot or not is_word or not node.is_leaf or isinstance(node.value, (dict, tuple)):
            made.refused[path] = "not a section and a key"
        elif key in _OF_OURS or made.get(section, name) is not None:
            made.refused[path] = "the profile has one of its own"
        else:
            _own(made, (section, name), node, path)


def _own(made: Profile, at: tuple[str, str], node: Node, path: Path) -> None:
    try:
        made.set(*at, "" if node.value is None else node.value, path)
    except RefusedError as refusal:
        made.refused[path] = str(refusal)
