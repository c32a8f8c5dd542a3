"""All that is wrong in a file is told at once, and nothing that follows from it."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.read import read_network_config


def errors(text: str) -> list[str]:
    """The errors of a file, without hints."""
    with pytest.raises(HypervNetError) as caught:
        read_network_config(text, "f")
    return [f"{one.where}: {one.what}" for one in (caught.value, *caught.value.others)]


def test_each_wrong_value_is_an_error_in_the_order_of_the_file() -> None:
    text = """\
version: 2
ethernets:
  eth1: {mtu: lots, dhcp4: maybe}
  eth0:
    addresses: [10.0.0.1/24, 10.0.0.300/24, ~]
    match: {macaddress: "1"}
bonds:
  bond0: [eth0]
"""
    assert errors(text) == [
        "f:3:15: ethernets.eth1.mtu: not an MTU from 68 to 65536: 'lots'",
        "f:3:28: ethernets.eth1.dhcp4: not true or false: 'maybe'",
        "f:5:30: ethernets.eth0.addresses[1]: not an IP interface: '10.0.0.300/24'",
        "f:5:45: ethernets.eth0.addresses[2]: an empty entry in a list",
        "f:6:25: ethernets.eth0.match.macaddress: not a MAC address of 6 bytes (20 for "
        "InfiniBand): '1'",
        "f:8:3: bonds.bond0: expected a mapping, found a list",
    ]


@pytest.mark.parametrize(
    "text",
    [
        # What is there and wrong is not missing.
        "vlans: {v1: {id: 9999, link: eth0}}",
        "ethernets: {eth0: {routes: [{to: 10.0.0.0/33, via: 'fe80::1'}]}}",
        "ethernets: {eth0: {routing-policy: [{from: nowhere}]}}",
        # A device with a mistake is a device, and a member of its bond.
        "ethernets: {eth0: {mtu: x}}, bonds: {b: {interfaces: [eth0]}}",
        "ethernets: {eth0: {mtu: x}}, bonds: {b: {interfaces: [b]}}",
        # In two spellings it is one key.
        "bridges: {b: {parameters: {ageing-time: 1, aging-time: 2}}}",
    ],
)
def test_nothing_is_told_that_follows_from_another_error(text: str) -> None:
    assert len(errors(f"{{version: 2, {text}}}")) == 1


def test_what_cannot_be_together_is_told_once_each_device_is_right() -> None:
    """All of it."""
    text = """\
version: 2
ethernets: {eth0: {}, b1: {}}
bonds:
  b0: {interfaces: [eth0]}
  b1: {interfaces: [eth0, b2]}
  b2: {interfaces: [b2]}
"""
    found = errors(text)
    assert [one.partition(": ")[2] for one in found] == [
        "bonds.b1: 'b1' is already one of the ethernets",
        "bonds.b1.interfaces[0]: 'eth0' is already a member of 'b0'",
        "bonds.b2.interfaces[0]: 'b2' is already a member of 'b1'",
        "bonds.b2.interfaces[0]: stands on itself: b2 over b2",
    ]


def test_version_1_has_an_error_for_each_entry() -> None:
    """A name server of a device with a mistake finds its device."""
    text = """\
version: 1
config:
- {type: physical, name: eth0, mtu: lots}
- {type: physikal, name: eth1}
- {type: vlan, name: v5, vlan_link: eth0}
- {type: nameserver, interface: eth0, address: 10.0.0.1}
- {type: nameserver, interface: eth9, address: 10.0.0.1}
- 7
"""
    assert [one.partition(": ")[2].partition(": ")[0] for one in errors(text)] == [
        "config[0].mtu",
        "config[1].type",
        "config[2]",
        "config[4].interface",
        "config[5]",
    ]


def test_version_1_has_all_errors_of_an_entry() -> None:
    """Of each key, of each subnet and route, and of each member and port."""
    text = """\
version: 1
config:
- type: physical
  name: eth0
  mac_address: x
  mtu: lots
  accept-ra: maybe
  subnets:
  - {type: static, address: 10.0.0.300/24, gateway: nowhere, mtu: 1, control: later}
  - {type: sattic}
  - {type: static, dns_nameservers: [a, 10.0.0.1, b]}
  - type: static
    address: 10.0.0.4/24
    routes: [{destination: 10.0.0.0/99, gateway: x}, {gateway: 10.0.0.1, metric: y}, 7]
- {type: vlan, name: v5, vlan_id: 9999}
- type: bridge
  name: br0
  bridge_interfaces: [a/b, eth0]
  params: {bridge_pathcost: [eth0, eth0 5, eth0 6], bridge_hw: "z:"}
- {type: bond, name: b0, params: 5}
- {type: bond, name: b1, bond_interfaces: {}}
- {type: route, destination: w, metric: v}
"""
    assert [one.partition(": ")[2].partition(": ")[0] for one in errors(text)] == [
        "config[0].mac_address",
        "config[0].mtu",
        "config[0].accept-ra",
        "config[0].subnets[0].address",
        "config[0].subnets[0].gateway",
        "config[0].subnets[0].mtu",
        "config[0].subnets[0].control",
        "config[0].subnets[1].type",
        "config[0].subnets[2]",
        "config[0].subnets[2].dns_nameservers[0]",
        "config[0].subnets[2].dns_nameservers[2]",
        "config[0].subnets[3].routes[0].destination",
        "config[0].subnets[3].routes[0].gateway",
        "config[0].subnets[3].routes[1]",
        "config[0].subnets[3].routes[1].metric",
        "config[0].subnets[3].routes[2]",
        "config[1]",
        "config[1].vlan_id",
        "config[2].bridge_interfaces[0]",
        "config[2].params.bridge_pathcost[0]",
        "config[2].params.bridge_pathcost[2]",
        "config[2].params.bridge_hw",
        "config[3].params",
        "config[4].bond_interfaces",
        "config[5].destination",
        "config[5].metric",
    ]


def test_a_key_given_twice_is_told_at_its_second_place_beside_all_else() -> None:
    """However far its value reaches, and in a list and below a merge key too."""
    text = """\
version: 2
ethernets:
  eth0:
    mtu: lots
    routes:
    - {to: default, via: 10.0.0.1}
    - to: 10.9.0.0/16
      via: 10.0.0.1
      via: 10.0.0.2
  eth1: &one {dhcp4: true, dhcp4: false}
  eth0:
    dhcp4: true

"""
    assert errors(text) == [
        "f:4:10: ethernets.eth0.mtu: not an MTU from 68 to 65536: 'lots'",
        "f:9:7: ethernets.eth0.routes[1].via: the key 'via' is there twice with different values",
        "f:10:28: ethernets.eth1.dhcp4: the key 'dhcp4' is there twice with different values",
        "f:11:3: ethernets.eth0: the key 'eth0' is there twice with different values",
    ]


def test_a_key_given_twice_is_told_beside_what_no_file_of_a_network_can_be() -> None:
    assert [one.rpartition(": ")[2] for one in errors("a: 1\na: 2\n")] == [
        "has no version",
        "the key 'a' is there twice with different values",
    ]
    assert [one.partition(": ")[0] for one in errors("a: 1\na: 2\nb: [\n")] == ["f:2:1", "f:3:4"]


def test_an_error_of_the_syntax_is_the_only_one() -> None:
    (said,) = errors("a: [\n")
    assert said.startswith("f:1:4: not YAML: ")
