"""One device as stanzas of interfaces(5).

Options are those of ifupdown itself, of ifenslave (bond-*), bridge-utils
(bridge_*) and ethtool (offload-*, ethernet-wol); what none of them has is an
`ip` command, and what that cannot say either is refused with the reason.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import values
from hyperv_net.renderers.ifupdown.render import routes
from hyperv_net.renderers.ifupdown.render.addressing import (
    find_gateways,
    fixed_addresses,
    set_gateway,
)
from hyperv_net.renderers.ifupdown.render.link import make_link
from hyperv_net.renderers.ifupdown.render.section import NO_WAY, Section, Stanza, take
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node, leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from hyperv_net.renderers.ifupdown.render.section import Surroundings
    from hyperv_net.tree import Path

    Check = Callable[[object], Any]

_OFFLOADS = {
    "receive-checksum-offload": "offload-rx",
    "transmit-checksum-offload": "offload-tx",
    "tcp-segmentation-offload": "offload-tso",
    "generic-segmentation-offload": "offload-gso",
    "generic-receive-offload": "offload-gro",
    "large-receive-offload": "offload-lro",
}
# An empty one of these, or an empty device, says nothing, and is not lost.
_MAY_BE_EMPTY: tuple[Path, ...] = (
    (),
    ("addresses",),
    ("dhcp4-overrides",),
    ("dhcp6-overrides",),
    ("nameservers",),
    ("parameters",),
    ("routes",),
    ("routing-policy",),
)
# The DHCP overrides' values that are what the clients do anyway.
_DHCP_DEFAULTS = frozenset(
    ["send-hostname", "use-dns", "use-hostname", "use-mtu", "use-ntp", "use-routes"]
)
_CLIENT = "ifupdown leaves this to the DHCP client's own configuration file"


def section(kind: str, name: str, device: Node, around: Surroundings) -> Section:
    """The stanzas of a device; keys of no use to ifupdown end in `refused`."""
    made = Section(values.name(name))
    rest = dict(device.items())
    _start(made, kind, rest)
    make_link(made, kind, rest, around)
    _link(made, rest)
    _stanzas(made, rest, kind, device)
    _overrides(made, rest)
    _ipv6(made, rest)
    _routes(made, rest, kind, device)
    _nameservers(made, rest)
    for key in rest:
        made.refused[key,] = NO_WAY
    for path, leaf in leaves(device):
        if isinstance(leaf.value, (tuple, dict)) and path[:1] in _MAY_BE_EMPTY:
            made.placed.setdefault(path, "iface")
    _assemble(made, around.triggers.get(name, ()) if kind == "bonds" else ())
    return made


def _start(made: Section, kind: str, rest: dict[str, Node]) -> None:
    is_made = kind != "ethernets"
    where = "auto, since ifup makes it" if is_made else "auto or allow-hotplug"
    control = take(made, rest, "control", values.word, where)
    mode = take(made, rest, "activation-mode", values.word, where)
    if "manual" in (control, mode) or "off" in (control, mode):
        made.start = None
    elif control == "hotplug" and not is_made:
        made.start = "allow-hotplug"
    optional = rest.get("optional")
    if optional is None:
        return
    if optional.value is not True:
        made.placed["optional",] = made.start or "iface"
    elif not is_made:
        # udev then starts it on the side, and the boot does not wait for it.
        made.start = made.start and "allow-hotplug"
        made.placed["optional",] = made.start or "iface"
    else:
        made.refused["optional",] = "ifupdown waits for every device it makes itself"
    del rest["optional"]


def _link(made: Section, rest: dict[str, Node]) -> None:
    """What belongs to the link whatever its addresses are."""
    mtu = take(made, rest, "mtu", values.number, "mtu")
    if mtu is not None:
        made.link.append(f"mtu {mtu}")
    address = take(made, rest, "macaddress", values.mac, "hwaddress")
    if address:
        made.link.append(f"hwaddress {address}")
    if take(made, rest, "wakeonlan", values.boolean, "ethernet-wol"):
        made.link.append("ethernet-wol g")
        made.packages.add("ethtool")
    for key, option in _OFFLOADS.items():
        wanted = take(made, rest, key, values.boolean, option)
        if wanted is not None:
            made.link.append(f"{option} {'on' if wanted else 'off'}")
            made.packages.add("ethtool")


def _stanzas(made: Section, rest: dict[str, Node], kind: str, device: Node) -> None:
    """One stanza for DHCP, SLAAC and each address; `manual` where there is none of them."""
    fixed4, fixed6 = fixed_addresses(made, device)
    rest.pop("addresses", None)
    gateways = find_gateways(made, rest, kind)
    if take(made, rest, "dhcp4", values.boolean, "iface ... inet dhcp"):
        made.stanzas.append(Stanza("inet", "dhcp"))
    made.stanzas += [Stanza("inet", "static", [f"address {one}"]) for one in fixed4]
    if "ipv4" in (one.value for one in (rest.get("link-local") or Node(())).elements()):
        made.stanzas.append(Stanza("inet", "ipv4ll"))
    ra = take(made, rest, "accept-ra", values.boolean, "accept_ra")
    dhcp6 = take(made, rest, "dhcp6", values.boolean, "iface ... inet6 dhcp")
    stateless = take(made, rest, "dhcp6-stateless", values.boolean, "dhcp 1")
    # A static stanza would turn SLAAC off again, so that it says what the others say.
    said = [] if ra is None else [f"accept_ra {int(ra)}", f"autoconf {int(ra)}"]
    if dhcp6:
        made.stanzas.append(Stanza("inet6", "dhcp", list(said)))
    elif stateless or (ra and not fixed6):
        made.stanzas.append(Stanza("inet6", "auto", [f"dhcp {int(bool(stateless))}"]))
    for one, options in fixed6.items():
        made.stanzas.append(Stanza("inet6", "static", [f"address {one}", *options, *said]))
    if ra is False and not dhcp6 and not fixed6:
        made.after.append(f"post-up echo 0 >/proc/sys/net/ipv6/conf/{made.name}/accept_ra || true")
    if not made.stanzas:
        made.stanzas.append(Stanza("inet", "manual"))
    for family, found in gateways.items():
        set_gateway(made, family, *found)


def _overrides(made: Section, rest: dict[str, Node]) -> None:
    for key, family in (("dhcp4-overrides", "inet"), ("dhcp6-overrides", "inet6")):
        stanza = next(
            (each for each in made.stanzas if (each.family, each.method) == (family, "dhcp")), None
        )
        for name, node in (rest.pop(key, None) or Node({})).items():
            path: Path = (key, name)
            try:
                if stanza is None:
                    made.refused[path] = "there is no DHCP here that it could change"
                elif name == "hostname" and family == "inet":
                    stanza.lines.append(f"hostname {values.host(node.value)}")
                    made.placed[path] = "hostname"
                elif name == "route-metric" and family == "inet":
                    stanza.lines.append(f"metric {values.number(node.value)}")
                    made.placed[path] = "metric"
                elif name in _DHCP_DEFAULTS and node.value is True:
                    made.placed[path] = f"iface ... {family} dhcp"
                else:
                    made.refused[path] = _CLIENT
            except RefusedError as refusal:
                made.refused[path] = str(refusal)


def _ipv6(made: Section, rest: dict[str, Node]) -> None:
    conf = f"/proc/sys/net/ipv6/conf/{made.name}"
    mtu = take(made, rest, "ipv6-mtu", values.number, "post-up echo ... mtu")
    if mtu is not None:
        made.after.append(f"post-up echo {mtu} >{conf}/mtu || true")
    privacy = take(made, rest, "ipv6-privacy", values.boolean, "post-up echo ... use_tempaddr")
    if privacy is not None:
        made.after.append(f"post-up echo {2 if privacy else 0} >{conf}/use_tempaddr || true")
    token = take(made, rest, "ipv6-address-token", values.address, "post-up ip token")
    if token:
        made.after.append(f"post-up ip token set {token} dev {made.name} || true")
    generation = rest.get("ipv6-address-generation")
    if generation is not None and generation.value == "eui64":
        made.after.append(f"post-up ip link set dev {made.name} addrgenmode eui64 || true")
        made.placed["ipv6-address-generation",] = "post-up ip link ... addrgenmode"
        del rest["ipv6-address-generation"]
    local = rest.pop("link-local", None)
    if local is None:
        return
    families = [each.value for each in local.elements()]
    if "ipv6" not in families:
        made.after += [
            f"post-up ip link set dev {made.name} addrgenmode none || true",
            f"post-up ip -6 address flush dev {made.name} scope link || true",
        ]
    if not families:
        made.placed["link-local",] = "post-up ip link ... addrgenmode"
    for index, family in enumerate(families):
        if family == "ipv6":
            made.placed["link-local", index] = "iface"
        else:
            # interfaces(5), "The ipv4ll Method"; _stanzas has made it.
            made.placed["link-local", index] = "iface ... inet ipv4ll"
            made.packages.add("avahi-autoipd")


def _routes(made: Section, rest: dict[str, Node], kind: str, device: Node) -> None:
    table = None
    if kind == "vrfs":
        table = values.number((device.get("table") or Node(None)).value)
    for key in ("routes", "routing-policy"):
        for index, entry in enumerate((rest.pop(key, None) or Node(())).elements()):
            path: Path = (key, index)
            if path in made.placed:
                continue
            try:
                if key == "routes":
                    command = routes.route(entry, made.name, table)
                else:
                    command = routes.rule(entry, table)
            except RefusedError as refusal:
                made.refused[path] = str(refusal)
                continue
            made.after += command.lines()
            made.refused.update({(*path, *below): why for below, why in command.refused.items()})
            made.placed[path] = f"post-up ip {command.what}"


def _nameservers(made: Section, rest: dict[str, Node]) -> None:
    lines = nameserver_lines(rest.pop("nameservers", None), made.placed, made.refused)
    if lines:
        made.packages.add("resolvconf or systemd-resolved")
        made.stanzas[0].lines += lines


def nameserver_lines(
    node: Node | None, placed: dict[Path, str], refused: dict[Path, str]
) -> list[str]:
    """The dns-* options (resolvconf(8)) of a `nameservers` mapping, with their account."""
    lines = []
    for key, option, check in (
        ("addresses", "dns-nameservers", values.address),
        ("search", "dns-search", values.host),
    ):
        found = []
        elements = node.get(key) if node is not None else None
        for index, element in enumerate((elements or Node(())).elements()):
            path: Path = ("nameservers", key, index)
            try:
                found.append(check(element.value))
                placed[path] = option
            except RefusedError as refusal:
                refused[path] = str(refusal)
        if found:
            lines.append(f"{option} {' '.join(found)}")
    return lines


def _assemble(made: Section, triggers: Sequence[str]) -> None:
    """Put the link's options into the first stanza that takes them, commands around the rest."""
    first = made.stanzas[0]
    takes_mtu = first.family == "inet" and first.method in ("static", "manual")
    needs_more = any(line.startswith("mtu ") for line in made.link) and not takes_mtu
    needs_more |= first.method == "auto" and any(line.startswith("hwaddress") for line in made.link)
    if needs_more:
        made.stanzas.insert(0, Stanza("inet", "manual"))
    made.stanzas[0].lines += [*made.link, *made.before]
    made.stanzas[-1].lines += [*made.after, *(f"post-up {one}" for one in triggers)]
