"""Values of keyfiles for which NetworkManager takes nothing, or refuses the whole profile.

nm-keyfile.c of libnm-core-impl ignores an address, a route, a server or a number that it cannot
read, with a line in the log; verify() of the settings refuses a profile with a method or a mode
that it does not know.  The keys are those of gen-metadata-nm-settings-libnm-core.xml, and what
keyfiles call them besides (nm-settings-keyfile(5)).
"""

from __future__ import annotations

import re

from hyperv_net.netconfig.values import parse_address
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.checking import (
    BOND_MODES,
    Checker,
    is_wrong_quad,
    number,
    unsigned,
)
from hyperv_net.renderers.networkmanager.keyfile import ether_address, unescaped
from hyperv_net.renderers.networkmanager.profiles import is_ethernet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hyperv_net.places import Place
    from hyperv_net.renderers.checking import Fits
    from hyperv_net.renderers.networkmanager.adopt.found import Found
    from hyperv_net.renderers.networkmanager.keyfile import Line

_VERSIONS = {"ipv4": 4, "ipv6": 6}
_METHODS: Mapping[str, tuple[str, ...]] = {
    "ipv4": ("auto", "manual", "link-local", "shared", "disabled"),
    "ipv6": ("auto", "dhcp", "manual", "link-local", "shared", "ignore", "disabled"),
}
_BOOLEAN = frozenset(["true", "false", "1", "0", "yes", "no", "on", "off"])
#: Words for an address that is made up, or left as it is (nm-setting-wired.c).
_NO_MAC = re.compile(r"(preserve|permanent|random|stable|stable-ssid|dhcp[46]?-.*)\Z")
#: Addresses that a profile is not for; one that is wrong has the profile refused.
_BARRED = frozenset(["mac-address-blacklist", "mac-address-denylist"])
#: nm_utils_ifname_valid() for what is the kernel's, and no ovs- port.
_NAME = re.compile(r"(?!\.{1,2}\Z)[^\s/:%]+\Z")
_LONGEST_NAME = 15
_TELLS_NAME = ("connection", "interface-name")
#: NM_SETTING_*_SETTING_NAME, and what keyfiles call them besides.
_TYPES = (
    *("6lowpan", "802-11-olpc-mesh", "802-11-wireless", "802-3-ethernet", "adsl", "bluetooth"),
    *("bond", "bridge", "cdma", "dummy", "ethernet", "generic", "gsm", "hsr", "infiniband"),
    *("ip-tunnel", "ipvlan", "loopback", "macsec", "macvlan", "ovs-bridge", "ovs-interface"),
    *("ovs-port", "pppoe", "team", "tun", "veth", "vlan", "vpn", "vrf", "vxlan", "wifi"),
    *("wifi-p2p", "wimax", "wireguard", "wpan"),
)
_SEPARATORS = re.compile("[/;,]")
_NUMBERED = re.compile(r"(address|addresses|route|routes)[0-9]*\Z")
_NUMBER_OF_KEY = re.compile(r"[0-9]+(_options)?\Z")


def _is_boolean(text: str) -> bool:
    return text.lower() in _BOOLEAN


def _is_mac(text: str) -> bool:
    return ether_address(text) is not None


def _is_cloned_mac(text: str) -> bool:
    return _is_mac(text) or _NO_MAC.match(text) is not None


def _is_name(text: str) -> bool:
    return _NAME.match(text) is not None and len(text.encode()) <= _LONGEST_NAME


_FLAG = ("true or false", _is_boolean)
_SIGNED = ("a number", number(-(1 << 31), (1 << 31) - 1))
_OF_IP: Mapping[str, tuple[str, Fits]] = {
    "route-metric": ("a metric", number(-1, (1 << 32) - 1)),
    "route-table": ("a routing table", unsigned),
    "dns-priority": _SIGNED,
    **dict.fromkeys(("never-default", "may-fail", "ignore-auto-dns", "ignore-auto-routes"), _FLAG),
}
_RULES: Mapping[str, Mapping[str, tuple[str, Fits]]] = {
    "connection": {"autoconnect": _FLAG, "autoconnect-priority": _SIGNED},
    "ethernet": {
        "mtu": ("an MTU", unsigned),
        "mac-address": ("a MAC address", _is_mac),
        "cloned-mac-address": ("a MAC address", _is_cloned_mac),
    },
    "ipv4": _OF_IP,
    "ipv6": {**_OF_IP, "mtu": ("an MTU", unsigned)},
    "bond": dict.fromkeys(
        ("miimon", "updelay", "downdelay", "arp_interval"),
        ("a number of milliseconds", number(0, (1 << 31) - 1)),
    ),
    "vlan": {"id": ("a VLAN id", number(0, 4095))},
}

_KEYS_OF_IP = (
    *("address", "addresses", "address-data", "auto-route-ext-gw", "dad-timeout", "dhcp-dscp"),
    *("dhcp-hostname", "dhcp-hostname-flags", "dhcp-iaid", "dhcp-reject-servers"),
    *("dhcp-send-hostname", "dhcp-send-hostname-v2", "dhcp-send-release", "dhcp-timeout", "dns"),
    *("dhcp-send-hostname-deprecated", "dns-data", "dns-options", "dns-priority", "dns-search"),
    *("forwarding", "gateway", "ignore-auto-dns", "ignore-auto-routes", "may-fail", "method"),
    *("never-default", "replace-local-rule", "required-timeout", "route", "routes", "route-data"),
    *("route-metric", "route-table", "routed-dns", "routing-rule", "routing-rules"),
    *("shared-dhcp-lease-time", "shared-dhcp-range"),
)
_KEYS: Mapping[str, Collection[str]] = {
    "connection": (
        *("auth-retries", "autoconnect", "autoconnect-ports", "autoconnect-priority"),
        *("autoconnect-retries", "autoconnect-slaves", "controller", "dns-over-tls", "dnssec"),
        *("down-on-poweroff", "gateway-ping-timeout", "id", "interface-name"),
        *("ip-ping-addresses", "ip-ping-addresses-require-all", "ip-ping-timeout", "lldp"),
        *("llmnr", "master", "mdns", "metered", "mptcp-flags", "mud-url", "multi-connect"),
        *("permissions", "port-type", "read-only", "secondaries", "slave-type", "stable-id"),
        *("timestamp", "type", "uuid", "wait-activation-delay", "wait-device-timeout", "zone"),
    ),
    "ethernet": (
        *("accept-all-mac-addresses", "assigned-mac-address", "auto-negotiate"),
        *("cloned-mac-address", "duplex", "generate-mac-address-mask", "mac-address"),
        *("mac-address-blacklist", "mac-address-denylist", "mtu", "port", "s390-nettype"),
        *("s390-options", "s390-subchannels", "speed", "wake-on-lan", "wake-on-lan-password"),
    ),
    "ipv4": (
        *_KEYS_OF_IP,
        *("address-labels", "clat", "dhcp-client-id", "dhcp-fqdn", "dhcp-ipv6-only-preferred"),
        *("dhcp-vendor-class-identifier", "link-local"),
    ),
    "ipv6": (
        *_KEYS_OF_IP,
        *("addr-gen-mode", "dhcp-duid", "dhcp-pd-hint", "ip6-privacy", "mtu", "ra-timeout"),
        *("temp-preferred-lifetime", "temp-valid-lifetime", "token"),
    ),
    "match": ("driver", "interface-name", "kernel-command-line", "path"),
    "bond": (
        *("active_slave", "ad_actor_sys_prio", "ad_actor_system", "ad_select"),
        *("ad_user_port_key", "all_slaves_active", "arp_all_targets", "arp_interval"),
        *("arp_ip_target", "arp_missed_max", "arp_validate", "balance-slb", "downdelay"),
        *("fail_over_mac", "interface-name", "lacp_active", "lacp_rate", "lp_interval", "miimon"),
        *("min_links", "mode", "ns_ip6_target", "num_grat_arp", "num_unsol_na"),
        *("packets_per_slave", "peer_notif_delay", "primary", "primary_reselect", "resend_igmp"),
        *("tlb_dynamic_lb", "updelay", "use_carrier", "xmit_hash_policy"),
    ),
    "vlan": (
        *("egress-priority-map", "flags", "id", "ingress-priority-map", "interface-name"),
        *("parent", "protocol"),
    ),
}


def checker_of(found: Iterable[Found]) -> Checker:
    """What is wrong with the values of these profiles."""
    checker = Checker("NetworkManager takes nothing for it")
    for one in found:
        has_name = is_ethernet(one.profile)
        for line in one.profile.lines:
            if line.key:
                _check(checker, line, one.path)
            if has_name and (line.section, line.key) == _TELLS_NAME and line.value:
                place = line.stands(one.path)._replace(key=_TELLS_NAME)
                checker.value("an interface's name", _is_name, unescaped(line.value), place)
    return checker


def _check(checker: Checker, line: Line, path: str) -> None:
    section, key, value = line.section, line.key, unescaped(line.value)
    at = (section, key)
    known, place = _KEYS.get(section, ()), line.stands(path)._replace(key=at)
    checker.key(known, _NUMBER_OF_KEY.sub("", key), line.named(path)._replace(key=at))
    if not value:
        return
    rule = _RULES.get(section, {}).get(key)
    if rule is not None:
        checker.value(*rule, value, place)
    elif key == "method" and section in _METHODS:
        checker.word("method", _METHODS[section], value, place)
    elif (section, key) == ("bond", "mode"):
        checker.word("bond mode", BOND_MODES, value, place)
    elif (section, key) == ("connection", "type"):
        # A later release may have further ones.
        checker.slip("connection type", _TYPES, value, place)
    elif section == "ethernet" and key in _BARRED:
        for one in filter(None, value.split(";")):
            checker.value("a MAC address", _is_mac, one.strip(), place)
    elif section in _VERSIONS:
        _check_addresses(checker, key, value, _VERSIONS[section], place)


def _check_addresses(checker: Checker, key: str, value: str, version: int, place: Place) -> None:
    what = f"an IPv{version} address"

    def fits(text: str) -> bool:
        return getattr(parse_address(text), "version", None) == version

    numbered = _NUMBERED.match(key)
    if numbered is not None:
        is_route = numbered[1].startswith("route")
        first, *fields = _SEPARATORS.split(value)
        checker.value(what, fits, first, place)
        if fields and fields[0].isdecimal():
            longest = 32 if version == 4 else 128
            checker.value("a prefix length", number(0, longest), fields[0], place)
            fields = fields[1:]
        # Earlier releases have written a route's metric where its gateway is to be.
        if fields and fields[0] and not (is_route and fields[0].isdecimal()):
            checker.value(what, fits, fields[0], place)
    elif key == "gateway":
        checker.value(what, fits, value, place)
    elif key == "dns":
        # A server may have a port, a name or a protocol with it, by the release.
        for one in value.split(";"):
            checker.value(what, lambda text: not is_wrong_quad(text), one, place)
