"""What is to start by hand starts by hand, whatever stands on it or is a port of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.renderers.linux_pairs import joined, pair, reasons
from tests.renderers.networkmanager.made import rendered, section

by_hand = pytest.mark.parametrize(
    "how", [{"activation-mode": "manual"}, {"control": "manual"}, {"activation-mode": "off"}]
)


@by_hand
def test_the_ports_of_a_bond_that_starts_by_hand_do_not_bring_it_up(how: dict[str, str]) -> None:
    made = rendered(pair(0, **{"dhcp4": True, **how}))
    for one in ("bond0", "eth0", "eth0-vf"):
        assert section(made, one, "connection")["autoconnect"] == "false"
    assert section(made, "bond0", "connection")["autoconnect-slaves"] == "1"
    assert made.findings == () and reasons(made) == {}


@by_hand
def test_what_has_a_port_that_starts_by_hand_does_not_bring_it_up(how: dict[str, str]) -> None:
    more: dict[str, Any] = {
        "ethernets": {"ens7": {}, "ens8": how},
        "bridges": {"br0": {"interfaces": ["ens7", "ens8"]}},
    }
    made = rendered(joined(pair(), more))
    held = {
        one: section(made, one, "connection").get("autoconnect")
        for one in ("br0", "ens7", "ens8", "bond0", "eth0", "eth0-vf")
    }
    assert held == {**dict.fromkeys(held), "ens8": "false"}
    assert section(made, "br0", "connection")["autoconnect-slaves"] == "0"
    assert section(made, "bond0", "connection")["autoconnect-slaves"] == "1"


def test_a_vlan_over_what_starts_by_hand_does_too_and_is_told() -> None:
    more: dict[str, Any] = {
        "vlans": {"v5": {"id": 5, "link": "bond0"}, "v6": {"id": 6, "link": "v5"}},
        "bridges": {"br0": {"interfaces": ["v5"], "dhcp4": True}},
    }
    made = rendered(joined(pair(0, **{"dhcp4": True, "activation-mode": "manual"}), more))
    for one in ("v5", "v6"):
        assert section(made, one, "connection")["autoconnect"] == "false"
    assert "autoconnect" not in section(made, "br0", "connection")
    assert section(made, "br0", "connection")["autoconnect-slaves"] == "0"
    told = [(one.rule, one.message.partition(",")[0]) for one in made.findings]
    assert told == [
        ("starts-by-hand", "v5 would bring bond0 up"),
        ("starts-by-hand", "v6 would bring v5 up"),
    ]


def test_where_nothing_is_said_all_start_by_themselves() -> None:
    made = rendered(pair(0, **{"dhcp4": True, "activation-mode": "x", "control": "auto"}))
    for one in ("bond0", "eth0", "eth0-vf"):
        assert "autoconnect" not in section(made, one, "connection")
