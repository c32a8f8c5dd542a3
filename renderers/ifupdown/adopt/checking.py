"""Values of interfaces(5) that ifup(8) fails with, and options that are almost known ones.

What is passed to iproute2 is in the `up` commands of ifupdown's inet.defn and inet6.defn; a shell
runs them, so that a value with what a shell expands may be anything.  Families and methods
are those of Debian's ifupdown and of ifupdown2; ifupdown-ng takes any (handle_iface() of
libifupdown/interface-file.c), and is known by stanzas that have none.
"""

from __future__ import annotations

from hyperv_net.model import Kind
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.checking import (
    BOND_MODES,
    Checker,
    hardware_address,
    number,
    prefix,
    prefixed,
    short_address,
    unsigned,
)
from hyperv_net.renderers.ifupdown.adopt.text import COMMANDS, SHELL, option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.model import Inventory
    from hyperv_net.places import Place
    from hyperv_net.renderers.checking import Fits
    from hyperv_net.renderers.ifupdown.adopt.text import Line, Stanza

_FAMILIES = ("inet", "inet6", "ipx", "can", "link")
_METHODS = (
    *("static", "dhcp", "manual", "loopback", "auto", "bootp", "tunnel", "ppp", "wvdial"),
    *("ipv4ll", "dynamic", "v4tunnel", "6to4", "none", "dhcp6"),
)
#: Methods whose commands have the addresses; the others pass them to scripts alone.
_HAS_ADDRESSES = frozenset(["static", ""])
#: Methods whose commands have the link's settings.
_HAS_LINK = frozenset(["static", "manual", ""])
_OF_IP = frozenset(["inet", "inet6", ""])


def _gateway(text: str) -> bool:
    return short_address(text) or text in _NO_ADDRESS


def _broadcast(text: str) -> bool:
    return short_address(text) or text in ("+", "-")


def _mac(text: str) -> bool:
    """An address, a word such as `random`, or what another kind of link has."""
    return ":" not in text or hardware_address(text)


#: Words that iproute2 has for an address, or for the family of the one that follows.
_NO_ADDRESS = frozenset(["none", "default", "any", "all", "inet", "inet6"])
_ADDRESSES: Mapping[str, tuple[str, Fits]] = {
    "address": ("an IP address", prefixed),
    "netmask": ("a netmask or a prefix length", prefix),
    "broadcast": ("an IP address", _broadcast),
    "gateway": ("an IP address without prefix", _gateway),
    "pointopoint": ("an IP address", prefixed),
    "metric": ("a number", unsigned),
}
_LINK: Mapping[str, tuple[str, Fits]] = {
    "mtu": ("an MTU", number(0, (1 << 31) - 1)),
    "hwaddress": ("a MAC address", _mac),
}
#: What a card takes (`min_mtu` and `max_mtu` of the kernel's drivers, 68 by ether_setup()).
_MTU_OF_A_CARD = ("an MTU from 68 to 65536", number(68, 65536))

#: Options of interfaces(5), of ifenslave, bridge-utils, vlan, ethtool, resolvconf, ifupdown-ng and
#: ifupdown2, with `-` for `_`.
_OPTIONS = frozenset(
    (
        *("address", "netmask", "broadcast", "metric", "gateway", "pointopoint", "hwaddress"),
        *("mtu", "scope", "network", "hostname", "leasetime", "vendor", "client", "script"),
        *("bootfile", "server", "hwaddr", "mode", "endpoint", "dstaddr", "local", "provider"),
        *("unit", "options", "privext", "accept-ra", "dhcp", "request-prefix", "ll-attempts"),
        *("ll-interval", "media", "autoconf", "preferred-lifetime", "dad-attempts"),
        *("dad-interval", "encaplimit", "label", "alias", "description", "inherit", "inherits"),
        *("bond-slaves", "bond-members", "bond-mode", "bond-miimon", "bond-master"),
        *("bond-primary", "bond-updelay", "bond-downdelay", "bond-lacp-rate", "bond-min-links"),
        *("bond-arp-interval", "bond-arp-ip-target", "bond-arp-validate", "bond-ad-select"),
        *("bond-active-slave", "bond-fail-over-mac", "bond-give-a-chance", "bond-num-grat-arp"),
        *("bond-num-unsol-na", "bond-packets-per-slave", "bond-primary-reselect"),
        *("bond-queue-id", "bond-tlb-dynamic-lb", "bond-use-carrier", "bond-xmit-hash-policy"),
        *("bridge-ports", "bridge-stp", "bridge-fd", "bridge-hello", "bridge-maxage"),
        *("bridge-ageing", "bridge-bridgeprio", "bridge-gcint", "bridge-hw", "bridge-maxwait"),
        *("bridge-pathcost", "bridge-portprio", "bridge-waitport", "bridge-vlan-aware"),
        *("bridge-vids", "bridge-pvid", "bridge-access", "bridge-mcsnoop"),
        *("vlan-raw-device", "vlan-id", "vlan-protocol", "ip-proxy-arp", "ip-rp-filter"),
        *("dns-nameserver", "dns-nameservers", "dns-search", "dns-domain", "dns-options"),
        *("dns-sortlist", "dns-default-route", "link-speed", "link-duplex", "link-autoneg"),
        *("link-type", "ethernet-port", "ethernet-autoneg", "ethernet-wol", "requires", "use"),
        *("point-to-point", "vrf", "vrf-table", "no-wait-delay"),
        *COMMANDS,
    )
)


def checker_of(stanzas: Iterable[Stanza], inventory: Inventory) -> Checker:
    """What is wrong with the values of these stanzas."""
    checker = Checker("ifup fails with it")
    read = [one for one in dict.fromkeys(stanzas) if one.verb == "iface" and one.name]
    has_methods = all(one.family and one.method for one in read)
    cards = {nic.name for nic in inventory.nics if nic.kind is Kind.ETHERNET}
    for stanza in read:
        if has_methods:
            _check_head(checker, stanza)
        for line in stanza.options:
            key = (stanza.name, *([stanza.family] if stanza.family else []), line.words[0])
            _check_option(checker, stanza, line, key, stanza.name in cards)
    return checker


def _check_head(checker: Checker, stanza: Stanza) -> None:
    first, words = stanza.first, stanza.first.words
    key = (stanza.name,)
    checker.word("address family", _FAMILIES, words[2], first.stands(2, 2)._replace(key=key))
    if words[3] != "inherits":
        place = first.stands(3, 3)._replace(key=(*key, stanza.family))
        checker.word("method", _METHODS, words[3], place)


def _check_option(
    checker: Checker, stanza: Stanza, line: Line, key: tuple[str, ...], is_card: bool
) -> None:
    name, method = option(line), "" if stanza.method == "inherits" else stanza.method
    checker.key(_OPTIONS, name, line.stands(0, 0)._replace(key=key))
    value = line.words[1:]
    if stanza.family not in _OF_IP or not value or SHELL.search(line.argument):
        return
    rules = {**(_ADDRESSES if method in _HAS_ADDRESSES else {})}
    rules.update(_LINK if method in _HAS_LINK else {})
    at = len(value) if name == "hwaddress" else 1
    place: Place = line.stands(at, at)._replace(key=key)
    if name in rules:
        what, fits = _MTU_OF_A_CARD if name == "mtu" and is_card else rules[name]
        checker.value(what, fits, value[at - 1], place)
    elif name == "bond-mode":
        checker.word("bond mode", BOND_MODES, value[0], place)
