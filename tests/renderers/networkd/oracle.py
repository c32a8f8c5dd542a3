"""What two sets of networkd's files say, so that they can be held against each other.

netplan's own way to say the same is brought into ours: what it writes in one [DHCP] section
is said for each family here, and what it says beside the files (RequiredForOnline of 1.1) or
has no need to say (a default in words) is left out of both.
"""

from __future__ import annotations

from collections.abc import Mapping

from hyperv_net.root.ini import settings

Said = dict[str, list[tuple[str, tuple[tuple[str, str], ...]]]]

_TRUE = {"true": "yes", "1": "yes", "false": "no"}
#: Differences that are meant: lines of either side that are not compared, and why.
_LEFT_OUT = (
    # Ours match by the address, whatever a NIC is called.
    ("Match", "Name", "permanent"),
    # netplan 1.1 tells wait-online itself, and 0.106 as we do; of the boot there is a test apart.
    ("Link", "RequiredForOnline", ""),
    # Said in words where it is networkd's default.
    ("Network", "DHCP", "no"),
    ("Network", "IPv6PrivacyExtensions", "no"),
    ("Network", "IPv6LinkLocalAddressGenerationMode", "eui64"),
    ("Link", "WakeOnLan", "off"),
    ("Bridge", "STP", "no"),
    # A NIC keeps its predictable name.
    ("Link", "NamePolicy", ""),
    ("Link", "AlternativeNamesPolicy", ""),
)
_DHCP = ("DHCPv4", "DHCPv6", "DHCP")


def said(files: Mapping[str, str]) -> Said:
    """Name → its sections, in no order; the text of each file as given."""
    found: Said = {}
    for short, text in files.items():
        sections = _sections(text)
        if short.endswith(".link"):
            # An MTU of a NIC that networkd has is in its .network file too.
            sections = [
                (one, [line for line in of if line[0] != "MTUBytes"]) for one, of in sections
            ]
        lines = [(one, tuple(sorted(of))) for one, of in sections if of]
        if short.endswith(".link") and not any(one == "Link" for one, _ in lines):
            continue
        # netplan 0.106 says the rule of a VRF twice.
        found[short] = sorted(set(lines))
    return found


def _sections(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    sections: list[tuple[str, list[tuple[str, str]]]] = []
    starts = [at for at, line in enumerate(text.splitlines(), 1) if line.startswith("[")]
    current = -1
    is_permanent = "PermanentMACAddress" in text
    for one in settings(text):
        start = max(at for at in starts if at < one.line)
        if start != current:
            sections.append((_named(one.section), []))
            current = start
        value = _TRUE.get(one.value, one.value)
        if (one.section, one.key) == ("IPv6AcceptRA", "RouteMetric"):
            sections.append(("DHCP", [(one.key, value)]))
        elif not _is_left_out(one.section, one.key, value, is_permanent=is_permanent):
            sections[-1][1].append((one.key, value))
    dhcp = sorted({line for name, of in sections if name == "DHCP" for line in of})
    return [(name, of) for name, of in sections if name != "DHCP"] + [("DHCP", dhcp)]


def _named(section: str) -> str:
    return "DHCP" if section in _DHCP else section


def _is_left_out(section: str, key: str, value: str, *, is_permanent: bool) -> bool:
    return any(
        (section, key) == (one, other)
        and (is_permanent if which == "permanent" else which in ("", value))
        for one, other, which in _LEFT_OUT
    )
