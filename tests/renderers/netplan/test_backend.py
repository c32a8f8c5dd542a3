"""What NetworkManager's backend of netplan takes and networkd's refuses, and the real netplan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.renderers.netplan import render as netplan
from hyperv_net.tree import to_plain
from tests.debian.tools import SUITES, netplan_generate, write
from tests.renderers.linux_pairs import MAC, joined, pair, reasons, rewritten

BOTH = {"dhcp4": True, "dhcp6": True}
PROFILE = "it is of NetworkManager's profile, and networkd has the pair"
ALIKE = "networkd takes one value for both, and has that of dhcp4-overrides"

#: What stands on the bond, what becomes of it, and what is told.
REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, str]]] = {
    "a profile's name": (
        {"networkmanager": {"name": "lan", "uuid": "626dd384-8b3d-3690-9511-192b2c79b3fd"}},
        {"networkmanager": None},
        dict.fromkeys(("networkmanager.name", "networkmanager.uuid"), PROFILE),
    ),
    "a profile's own keys": (
        {"networkmanager": {"passthrough": {"connection.timestamp": "1"}}},
        {"networkmanager": None},
        {"networkmanager.passthrough.connection.timestamp": PROFILE},
    ),
    "metrics of two kinds": (
        {**BOTH, "dhcp4-overrides": {"route-metric": 100}, "dhcp6-overrides": {"route-metric": 9}},
        {"dhcp4-overrides": {"route-metric": 100}, "dhcp6-overrides": {"route-metric": 100}},
        {"dhcp6-overrides.route-metric": ALIKE},
    ),
    "an override of DHCPv4 alone": (
        {**BOTH, "dhcp4-overrides": {"use-domains": True, "use-mtu": False}},
        {"dhcp6-overrides": {"use-domains": True, "use-mtu": False}},
        {},
    ),
    "an override of DHCPv6 alone": (
        {**BOTH, "dhcp6-overrides": {"use-dns": False}},
        {"dhcp4-overrides": None, "dhcp6-overrides": None},
        {"dhcp6-overrides.use-dns": ALIKE},
    ),
    "overrides of a client that does not run": (
        {"dhcp4-overrides": {"use-mtu": False}, "dhcp6-overrides": {"use-mtu": True}},
        {"dhcp4-overrides": {"use-mtu": False}, "dhcp6-overrides": {"use-mtu": True}},
        {},
    ),
    "an address generation that 0.106 does not know": (
        {"dhcp6": True, "ipv6-address-generation": "stable-privacy"},
        {"ipv6-address-generation": None},
        {"ipv6-address-generation": "netplan 0.106 refuses it for networkd, which has the pair"},
    ),
    **{
        f"a MAC address that is {word}": (
            {"dhcp4": True, "macaddress": word},
            {"macaddress": MAC},
            {"macaddress": "networkd takes an address here, and the pair has one"},
        )
        for word in ("preserve", "permanent", "random", "stable", "stable-ssid")
    },
}


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("case", REFUSED)
def test_what_networkd_cannot_do_is_told_and_not_in_a_file_that_netplan_refuses(
    case: str, suite: str, tmp_path: Path
) -> None:
    given, left, told = REFUSED[case]
    plain = joined(pair(**given), {"renderer": "NetworkManager"})
    rendered = netplan.render(rewritten(plain), {})
    write(tmp_path, rendered.files)
    ran = netplan_generate(suite, tmp_path)
    assert ran.status == 0, ran.err
    bond = to_plain(read_yaml(rendered.files[0].text, "x"))["network"]["bonds"]["bond0"]
    assert {key: bond.get(key) for key in left} == left
    assert reasons(rendered) == {f"bonds.bond0.{key}": reason for key, reason in told.items()}


def test_a_vlan_on_the_pair_is_networkds_too() -> None:
    vlan = {"link": "bond0", "id": 5, "networkmanager": {"name": "five"}, "macaddress": "random"}
    plain = joined(pair(), {"renderer": "NetworkManager", "vlans": {"v5": vlan}})
    rendered = netplan.render(rewritten(plain), {})
    network = to_plain(read_yaml(rendered.files[0].text, "x"))["network"]
    assert network["vlans"]["v5"] == {"renderer": "networkd", "link": "bond0", "id": 5}


def test_what_networkd_was_given_and_takes_stays() -> None:
    plain = pair(dhcp6=True, **{"ipv6-address-generation": "stable-privacy"})
    rendered = netplan.render(rewritten(plain), {})
    assert "ipv6-address-generation: stable-privacy" in rendered.files[0].text
    assert rendered.dropped == {}
