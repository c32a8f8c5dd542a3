"""Devices on top of others: vlans, bonds, bridges and vrfs, each after what it stands on."""

from __future__ import annotations

from typing import Any

from tests.renderers.ifupdown.render.stanzas import render, stanzas, text
from tests.renderers.linux_pairs import joined, pair, reasons


def test_a_vlan_that_is_named_after_a_member_is_named_after_the_aggregate() -> None:
    """ifupdown makes eth0.10 on eth0 whatever its stanza says, and references follow the name."""
    plain = joined(
        pair(),
        {
            "vlans": {"eth0.10": {"id": 10, "link": "bond0"}},
            "bridges": {"br0": {"interfaces": ["eth0.10"]}},
        },
    )
    assert stanzas(plain, "bond0.10") == [["iface bond0.10 inet manual", "vlan-raw-device bond0"]]
    assert "bridge_ports bond0.10" in text(render(plain))
    assert "eth0.10" not in text(render(plain))
    (finding,) = [one for one in render(plain).findings if one.rule == "vlan-renamed"]
    assert "eth0.10 is bond0.10 here" in finding.message


def test_a_vlan_named_after_a_member_whose_other_name_is_taken_is_not_made() -> None:
    vlans = {"eth0.10": {"id": 10, "link": "bond0"}, "bond0.10": {"id": 11, "link": "bond0"}}
    rendered = render(joined(pair(), {"vlans": vlans}))
    assert "eth0.10" not in text(rendered)
    assert "would make it on a member" in reasons(rendered)["vlans.eth0.10.id"]


def test_a_vrf_has_its_routes_and_rules_in_its_own_table() -> None:
    """They name no table, and its members, not itself, reach the gateway."""
    vrf = {
        "table": 200,
        "interfaces": ["bond0"],
        "routes": [
            {"to": "default", "via": "192.0.2.1"},
            {"to": "10.0.0.0/8", "via": "192.0.2.2", "table": 7},
        ],
        "routing-policy": [{"from": "192.0.2.0/24"}],
    }
    plain = joined(pair(), {"vrfs": {"blue": vrf}})
    assert [line for line in stanzas(plain, "blue")[0] if line.startswith("post-up")] == [
        "post-up ip link set dev bond0 master blue || true",
        "post-up ip route add default via 192.0.2.1 vrf blue || true",
        "post-up ip route add 10.0.0.0/8 via 192.0.2.2 dev blue table 7 || true",
        "post-up ip rule add from 192.0.2.0/24 table 200 || true",
    ]
    assert not render(plain).dropped


def test_devices_that_stand_on_others_come_after_them() -> None:
    """`ifup -a` keeps the order of the file; here the types alone would put br1 after br1.9."""
    plain = joined(
        pair(),
        {"bridges": {"br1": {}}, "vlans": {"br1.9": {"id": 9, "link": "br1"}}},
        {
            "bridges": {"a0": {"interfaces": ["a1"], "parameters": {"stp": True}}},
            "vlans": {"a1": {"id": 5, "link": "bond0"}, "bond0.7": {"id": 7, "link": "bond0"}},
            "vrfs": {"a2": {"table": 10, "interfaces": ["a0"]}},
        },
    )
    rendered = render(plain)
    order = [line.split()[1] for line in text(rendered).splitlines() if line.startswith("auto ")]
    assert order.index("br1") < order.index("br1.9")
    assert order.index("bond0") < order.index("a1") < order.index("a0") < order.index("a2")
    assert stanzas(plain, "a1") == [
        [
            "iface a1 inet manual",
            "vlan-raw-device bond0",
            "pre-up ip link set dev bond0 up",
            "pre-up [ -e /sys/class/net/a1 ] || ip link add link bond0 name a1 type vlan id 5",
            "post-down ip link del dev a1 || true",
        ]
    ]
    assert stanzas(plain, "bond0.7") == [["iface bond0.7 inet manual", "vlan-raw-device bond0"]]
    assert "post-up ip link set dev a0 master a2 || true" in stanzas(plain, "a2")[0]
    assert not rendered.dropped


def test_an_administrators_bond_over_other_nics() -> None:
    """All members are slaves, and every bonding option has its name or its command."""
    parameters = {
        "mode": "802.3ad",
        "lacp-rate": "fast",
        "mii-monitor-interval": "1s",
        "up-delay": 0,
        "transmit-hash-policy": "layer2+3",
        "min-links": 1,
        "arp-ip-targets": ["10.0.0.1", "10.0.0.2"],
        "primary": "ens8",
        "resend-igmp": 2,
    }
    bond = {"interfaces": ["ens8", "ens9"], "parameters": parameters}
    nics: dict[str, Any] = {"ens8": {}, "ens9": {}}
    plain = joined(pair(), {"ethernets": nics, "bonds": {"bond7": bond}})
    assert set(stanzas(plain, "bond7")[0][1:]) == {
        "bond-slaves ens8 ens9",
        "bond-mode 802.3ad",
        "bond-lacp-rate fast",
        "bond-miimon 1000",
        "bond-updelay 0",
        "bond-xmit-hash-policy layer2+3",
        "bond-arp-ip-target 10.0.0.1 10.0.0.2",
        "bond-primary ens8",
        "post-up ip link set dev bond7 type bond min_links 1 resend_igmp 2 || true",
    }
    assert not render(plain).dropped


def test_two_names_of_one_option_are_one_option() -> None:
    """netplan has two spellings; ifupdown refuses an option that is said twice."""
    bridge = {"parameters": {"ageing-time": 5, "aging-time": 5}}
    plain = joined(pair(), {"bridges": {"br0": bridge}})
    assert stanzas(plain, "br0")[0][1:] == ["bridge_ports none", "bridge_ageing 5"]
    assert reasons(render(plain)) == {
        "bridges.br0.parameters.aging-time": "bridge_ageing is said already"
    }
