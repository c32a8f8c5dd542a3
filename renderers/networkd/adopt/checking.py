"""Values of networkd's files that it takes for nothing, with a line in the log.

systemd.network(5) and systemd.netdev(5), and the parsers that src/network/networkd-network-gperf
names; an empty value takes back what stood before.  Keys of a later systemd are no mistake.
"""

from __future__ import annotations

import re

from hyperv_net.netconfig.values import parse_address
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.checking import (
    BOND_MODES,
    Checker,
    address,
    number,
    prefixed,
    unsigned,
)
from hyperv_net.renderers.networkd.adopt.files import could_be_for, has_match
from hyperv_net.renderers.networkd.adopt.keys import KEYS, OF_MATCH
from hyperv_net.renderers.networkd.hardware import hardware_address
from hyperv_net.renderers.networkd.paths import is_generated

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hyperv_net.model import Nic
    from hyperv_net.renderers.checking import Fits
    from hyperv_net.renderers.networkd.adopt.files import File

_BOOLEAN = frozenset(["1", "yes", "y", "true", "t", "on", "0", "no", "n", "false", "f", "off"])
_DHCP = frozenset(["ipv4", "ipv6", "v4", "v6", "both", "none"])
#: A name that networkd has an address for: `_dhcp4`, `_ipv6ra`, and `dhcp` in earlier releases.
_NAMED = re.compile(r"_|dhcp")
_SIZE = re.compile(r"[0-9]")
_SERVER = re.compile(r"(?:\[(?P<inner>[^\]]+)\](?::[0-9]+)?|(?P<ipv4>[^:]+)(?::[0-9]+)?)\Z")


def _is_boolean(text: str) -> bool:
    return text.lower() in _BOOLEAN


def _with_prefix(text: str) -> bool:
    return parse_address(text.partition("/")[0]) is not None and prefixed(text)


def _gateway(text: str) -> bool:
    return address(text) or _NAMED.match(text) is not None


def _destination(text: str) -> bool:
    return _with_prefix(text) or text == "default"


def _servers(text: str) -> bool:
    return all(_server(one) for one in text.split())


def _server(text: str) -> bool:
    """An address, perhaps with its port, interface and name: 10.0.0.1:53%eth0#example.com."""
    plain = text.partition("#")[0].partition("%")[0]
    found = _SERVER.match(plain)
    return address(plain) or (found is not None and address(found["inner"] or found["ipv4"]))


def _mac(text: str) -> bool:
    """An address in one of its notations, or a word such as `none`."""
    return ":" not in text or hardware_address(text) is not None


def _macs(text: str) -> bool:
    return all(hardware_address(one) is not None or address(one) for one in text.split())


def _names(text: str) -> bool:
    """Patterns of names; of other characters that none has each release has its own list."""
    return "/" not in text


_ADDRESS = ("an IP address", _with_prefix)
_FLAG = ("true or false", _is_boolean)
_METRIC = ("a metric", unsigned)
_MTU = ("a number of bytes", lambda text: _SIZE.match(text) is not None)
_MAC = ("a MAC address", _mac)
_RULES: Mapping[tuple[str, str], tuple[str, Fits]] = {
    ("Match", "MACAddress"): ("MAC addresses", _macs),
    ("Match", "PermanentMACAddress"): ("MAC addresses", _macs),
    ("Match", "Name"): ("names of interfaces", _names),
    ("Match", "OriginalName"): ("names of interfaces", _names),
    ("Link", "MTUBytes"): _MTU,
    ("Link", "MACAddress"): _MAC,
    ("Network", "Address"): _ADDRESS,
    ("Network", "Gateway"): ("an IP address without prefix", _gateway),
    ("Network", "DNS"): ("addresses of name servers", _servers),
    ("Network", "DHCP"): (
        "one of yes, no, ipv4, ipv6",
        lambda text: _is_boolean(text) or text in _DHCP,
    ),
    ("Network", "IPv6AcceptRA"): _FLAG,
    ("Address", "Address"): _ADDRESS,
    ("Address", "Peer"): _ADDRESS,
    ("Address", "RouteMetric"): _METRIC,
    ("Route", "Gateway"): ("an IP address without prefix", _gateway),
    ("Route", "Destination"): ("an IP network", _destination),
    ("Route", "Source"): ("an IP network", _destination),
    ("Route", "PreferredSource"): ("an IP address without prefix", _gateway),
    ("Route", "Metric"): _METRIC,
    ("Route", "MTUBytes"): _MTU,
    ("DHCPv4", "RouteMetric"): _METRIC,
    ("DHCP", "RouteMetric"): _METRIC,
    **{
        (one, key): _FLAG for one in ("DHCPv4", "DHCP") for key in ("UseDNS", "UseMTU", "UseRoutes")
    },
    ("NetDev", "MTUBytes"): _MTU,
    ("NetDev", "MACAddress"): _MAC,
    ("VLAN", "Id"): ("a VLAN id", number(0, 4094)),
}


def checker_of(files: Iterable[File], nics: Collection[Nic]) -> Checker:
    """What is wrong with the values of these files, but for those that netplan makes.

    networkd leaves a key out that it does not know, and a file with none that it knows in its
    [Match]: only where such a one was meant for one of the `nics`, it is not for us to guess.
    """
    checker = Checker("networkd takes nothing for it")
    for file in files:
        is_left_out = file.path.endswith(".network") and not has_match(file)
        is_missed = is_left_out and any(could_be_for(file, nic) for nic in nics)
        for path, line in file.lines if not is_generated(file.path) else ():
            if not line.key:
                continue
            at = (line.section, line.key)
            place, name = line.stands(path)._replace(key=at), line.named(path)._replace(key=at)
            if line.section == "Match" and is_missed:
                checker.slip("key", OF_MATCH, line.key, name)
            elif line.section == "Match":
                checker.key(OF_MATCH, line.key, name)
            elif file.path.endswith(".link"):
                # The other sections are udev's alone.
                continue
            else:
                checker.key(KEYS.get(line.section, ()), line.key, name)
            rule = _RULES.get((line.section, line.key))
            if not line.value:
                continue
            if rule is not None:
                checker.value(*rule, line.value, place)
            elif (line.section, line.key) == ("Bond", "Mode"):
                checker.word("bond mode", BOND_MODES, line.value, place)
    return checker
