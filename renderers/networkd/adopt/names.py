"""Which lines of networkd's files name an interface that exists already, and which.

systemd.network(5) and systemd.netdev(5), with src/network/networkd-network-gperf.gperf and
src/network/netdev/netdev-gperf.gperf of systemd.  Not here are the keys that name devices of
software (VLAN=, Bridge=, VRF= and so on): those stand on a NIC, and refer to none.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.renderers.networkd.adopt.files import Line

#: Section and key → where in the value the names are: by what stands before one.
_NAMES: Mapping[tuple[str, str], str] = {
    # Globs as well.
    ("Network", "BindCarrier"): r"(?:^|(?<=\s))",
    ("Network", "DNS"): r"(?<=%)",
    ("RoutingPolicyRule", "IncomingInterface"): r"^",
    ("RoutingPolicyRule", "OutgoingInterface"): r"^",
    ("Route", "MultiPathRoute"): r"(?<=@)",
    ("BridgeFDB", "OutgoingInterface"): r"^",
    # Of another's uplink; a word that begins with ':' is none.
    ("DHCPServer", "UplinkInterface"): r"^",
    ("DHCPPrefixDelegation", "UplinkInterface"): r"^",
    ("IPv6SendRA", "UplinkInterface"): r"^",
    # Of a .netdev file.
    ("L2TP", "Local"): r"(?<=@)",
    ("HSR", "Ports"): r"(?:^|(?<=\s))",
}
_NAME = r"[^\s%@#]+"


def renamed(line: Line, text: str, names: Mapping[str, str]) -> str:
    """The text of a line or of its value, with the new names in place of those that it has."""
    words = _words(line)
    for old, new in names.items():
        if old in words:
            text = re.sub(rf"(?<![\w.-]){re.escape(old)}(?![\w.-])", new, text)
    return text


def named_in(line: Line, names: Iterable[str]) -> Iterator[str]:
    """Those of the names that a line means, by a glob too where it takes one."""
    words = _words(line)
    takes_globs = line.key == "BindCarrier"
    for name in names:
        if name in words or (takes_globs and any(fnmatchcase(name, one) for one in words)):
            yield name


def _words(line: Line) -> list[str]:
    before = _NAMES.get((line.section, line.key))
    return re.findall(before + _NAME, line.value) if before is not None else []
