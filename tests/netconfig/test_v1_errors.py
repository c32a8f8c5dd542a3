"""What no machine could do is refused in version 1 too, by the path where it stands."""

from __future__ import annotations

import pytest

from tests.netconfig.refusals import refusal


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("3", "config[0]: expected a mapping, found 3"),
        ("{name: eth0}", "config[0]: has no 'type'"),
        ("{type: wifi}", "config[0].type: not one of physical, "),
        ("{type: physical}", "config[0]: has no 'name'"),
        ("{type: physical, name: sixteen-letters-}", "config[0].name: not an interface name"),
        ("{type: physical, name: a, mac_address: '00:0d:3a'}", "config[0].mac_address: not a MAC"),
        ("{type: physical, name: a, mtu: big}", "config[0].mtu: not an MTU"),
        (
            "{type: physical, name: a, subnets: {}}",
            "config[0].subnets: expected a list, found a map",
        ),
        ("{type: physical, name: a, subnets: [dhcp]}", "config[0].subnets[0]: expected a mapping"),
        ("{type: physical, name: a, params: [b]}", "config[0].params: expected a mapping, found a"),
        ("{type: vlan, name: a, vlan_id: 1}", "config[0]: has no 'vlan_link'"),
        ("{type: vlan, name: a, vlan_link: b}", "config[0]: has no 'vlan_id'"),
        ("{type: vlan, name: a, vlan_link: b, vlan_id: 5000}", "config[0].vlan_id: not a VLAN id"),
        ("{type: bond, name: a, bond_interfaces: [a]}", "config[0].bond_interfaces[0]: stands on"),
        ("{type: bond, name: a, params: {bond-mode: 9}}", "config[0].params.bond-mode: not one of"),
        (
            "{type: bridge, name: a, params: {bridge_hw: '0:1'}}",
            "config[0].params.bridge_hw: not a MAC",
        ),
        (
            "{type: bridge, name: a, params: {bridge_pathcost: [b]}}",
            "config[0].params.bridge_pathcost[0]: not a port and a number: 'b'",
        ),
        (
            "{type: bridge, name: a, params: {bridge_portprio: ['b 64']}}",
            "config[0].params.bridge_portprio[0]: not a whole number from 0 to 63",
        ),
        ("{type: nameserver, address: x}", "config[0].address: not an IP address: 'x'"),
        (
            "{type: nameserver, address: 1.1.1.1, interface: a}",
            "config[0].interface: no device has",
        ),
        ("{type: route, gateway: 10.0.0.1}", "config[0]: has no destination"),
        (
            "{type: route, destination: 10.0.0.0/8, gateway: x}",
            "config[0].gateway: not an IP address",
        ),
        ("{type: route, network: 10.0.0.0, prefix: 33}", "config[0].prefix: not a prefix length"),
    ],
)
def test_a_wrong_entry_of_version_1_is_named_by_its_path(entry: str, message: str) -> None:
    """Each entry is checked where it stands, not where it goes."""
    assert refusal(f"version: 1\nconfig: [{entry}]").startswith(message)


@pytest.mark.parametrize(
    ("subnet", "message"),
    [
        ("{}", ": has no 'type'"),
        ("{type: magic}", ".type: not one of dhcp, "),
        ("{type: static}", ": has no 'address'"),
        ("{type: static, address: 10.0.0.300}", ".address: not an IP address: '10.0.0.300'"),
        ("{type: static, address: 10.0.0.4/33}", ".address: not an IP interface: '10.0.0.4/33'"),
        ("{type: static, address: 10.0.0.4/0}", ".address: not an IP interface: '10.0.0.4/0'"),
        (
            "{type: static, address: 10.0.0.4, netmask: 255.0.255.0}",
            ".netmask: not a prefix length",
        ),
        (
            "{type: static, address: 10.0.0.4, prefix: ten}",
            ".prefix: not a prefix length or netmask",
        ),
        ("{type: static, address: 10.0.0.4/24, gateway: up}", ".gateway: not an IP address: 'up'"),
        ("{type: dhcp, dns_nameservers: [a]}", ".dns_nameservers[0]: not an IP address: 'a'"),
        ("{type: dhcp, dns_search: 'a;b'}", ".dns_search: not a domain: 'a;b'"),
        ("{type: dhcp, metric: low}", ".metric: not a whole number"),
        ("{type: dhcp, control: perhaps}", ".control: not one of auto, "),
        ("{type: dhcp, routes: [{}]}", ".routes[0]: has no destination"),
    ],
)
def test_a_wrong_subnet_of_version_1_is_named_by_its_path(subnet: str, message: str) -> None:
    """Subnets are checked where they stand."""
    text = f"version: 1\nconfig: [{{type: physical, name: eth0, subnets: [{subnet}]}}]"
    assert refusal(text).startswith(f"config[0].subnets[0]{message}")


def test_a_name_given_twice_in_version_1_is_refused() -> None:
    """cloud-init would let the second entry win in silence."""
    entry = "{type: physical, name: eth0}"
    assert refusal(f"version: 1\nconfig: [{entry}, {entry}]").startswith(
        "config[1].name: 'eth0' is there twice"
    )
