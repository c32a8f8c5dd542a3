"""Whatever refers to a NIC of a pair refers to its aggregate."""

from __future__ import annotations

import pytest

from tests.building import linux, refusals, rewritten, synthetic, value, vf
from tests.rewrite.pairs import ONE, REFERENCES, TWO_AND_ONE, aggregates


def test_every_reference_to_the_nic_its_vf_or_its_new_name_is_moved() -> None:
    result = rewritten(REFERENCES, TWO_AND_ONE)
    assert {key: value(result, "vlans", key, "link") for key in ("v5", "v6", "v7")} == {
        "v5": "bond0",
        "v6": "bond0",
        "v7": "eth7",
    }
    assert value(result, "bridges", "br0") == {
        "interfaces": ["bond0", "eth7"],
        "parameters": {"path-cost": {"bond0": 5, "eth7": 6}, "port-priority": {"bond0": 7}},
    }
    assert value(result, "vrfs", "blue", "interfaces") == ["v5", "bond0"]
    assert value(result, "tunnels", "t0", "link") == "bond0"
    bond = value(result, "bonds", "bond0")
    assert [route["via"] for route in bond["routes"]] == ["fe80::1%bond0", "fe80::2%bond0"]
    assert bond["nameservers"] == {"addresses": ["fe80::53%bond0"]}
    assert value(result, "ethernets", "eth7", "routes", 0, "via") == "fe80::7%eth7"


def test_the_physical_function_of_a_virtual_one_is_the_card_and_not_its_aggregate() -> None:
    """netplan-yaml: `link` of an ethernet is its SR-IOV PF; a bond has no virtual functions."""
    text = """
        version: 2
        ethernets:
          pf: {match: {macaddress: "00:0d:3a:00:00:00"}, set-name: eth0, dhcp4: true}
          eth7: {link: %s, dhcp4: true}
        """
    for link in ("pf", "eth0"):
        result = rewritten(text % link, TWO_AND_ONE)
        assert value(result, "ethernets", "eth7", "link") == "pf"
        assert value(result, "bonds", "bond0", "dhcp4") is True


def test_a_virtual_function_alone_does_not_make_an_aggregate_of_its_physical_one() -> None:
    result = rewritten("{version: 2, ethernets: {eth7: {link: eth0}}}", TWO_AND_ONE)
    assert aggregates(result) == []
    assert value(result, "ethernets", "eth7", "link") == "eth0"


def test_zones_in_settings_of_no_device_are_moved_too() -> None:
    result = rewritten(
        """
        version: 1
        config:
          - {type: physical, name: eth0, subnets: [{type: dhcp}]}
          - {type: nameserver, address: "fe80::53%eth0"}
          - {type: route, destination: "2001:db8::/32", gateway: "fe80::1%eth0"}
        """,
        ONE,
    )
    assert value(result, "nameservers", "addresses") == ["fe80::53%bond0"]
    assert value(result, "routes", 0, "via") == "fe80::1%bond0"


@pytest.mark.parametrize("name", ["eth0", "enP0s1"])
def test_a_reference_alone_to_a_nic_that_is_not_declared_makes_the_aggregate(name: str) -> None:
    result = rewritten(f"{{version: 2, vlans: {{v5: {{id: 5, link: {name}}}}}}}", ONE)
    assert aggregates(result) == [("bond0", "eth0", "eth0-vf")]
    assert value(result, "vlans", "v5", "link") == "bond0"
    assert sorted(value(result, "ethernets")) == ["eth0", "eth0-vf"]


def test_a_bridge_over_both_halves_is_over_the_aggregate_once() -> None:
    result = rewritten(
        """
        version: 2
        bridges:
          br0: {interfaces: [eth0, enP0s1], parameters: {path-cost: {eth0: 5, enP0s1: 7}}}
        """,
        ONE,
    )
    assert value(result, "bridges", "br0", "interfaces") == ["bond0"]
    assert value(result, "bridges", "br0", "parameters", "path-cost") == {"bond0": 7}
    assert refusals(result) == {
        "bridges.br0.parameters.path-cost.eth0": "path-cost.enP0s1 says 7 for the same card"
    }


def test_the_kernels_name_of_a_nic_means_the_device_that_is_to_have_it() -> None:
    """The kernel probed the cards in the other order, and set-name puts that right."""
    swapped = linux(synthetic(0, "eth1"), vf(), synthetic(1, "eth0"), vf(1))
    result = rewritten(
        """
        version: 2
        ethernets:
          a: {match: {macaddress: "00:0d:3a:00:00:00"}, set-name: eth0,
              routes: [{to: default, via: "fe80::1%eth0"}]}
          b: {match: {macaddress: "00:0d:3a:00:00:01"}, set-name: eth1,
              routes: [{to: default, via: "fe80::1%eth1"}]}
        """,
        swapped,
    )
    assert aggregates(result) == [("bond0", "a", "a-vf"), ("bond1", "b", "b-vf")]
    for bond in ("bond0", "bond1"):
        assert value(result, "bonds", bond, "routes", 0, "via") == f"fe80::1%{bond}"
    assert result.interfaces["a"] == "eth0"
    assert result.kernel_names["a"] == "eth1"


def test_a_reference_to_another_devices_id_does_not_make_an_aggregate() -> None:
    """`eth1` is the id of an entry for card 0; card 1 happens to be called eth1 by the kernel."""
    swapped = linux(synthetic(0, "eth0"), vf(), synthetic(1, "eth1"), vf(1))
    result = rewritten(
        """
        version: 2
        ethernets: {eth1: {match: {macaddress: "00:0d:3a:00:00:00"}}}
        vlans: {v5: {id: 5, link: eth1}}
        """,
        swapped,
    )
    assert aggregates(result) == [("bond1", "eth1", "eth1-vf")]
    assert value(result, "vlans", "v5", "link") == "bond1"
