"""What version 1 can say twice, contradict or say beyond version 2."""

from __future__ import annotations

from typing import Any

from hyperv_net import tree
from hyperv_net.model import NetworkConfig
from hyperv_net.netconfig.read import read_network_config


def read(*entries: str) -> NetworkConfig:
    """The version 1 config with these entries."""
    return read_network_config(f"version: 1\nconfig: [{', '.join(entries)}]", "f")


def device(entry: str) -> tuple[Any, dict[str, str]]:
    """The one device of a config, and what was dropped by path."""
    config = read(entry)
    plain = tree.to_plain(config.tree)
    section = next(value for key, value in plain.items() if key not in ("version", "nameservers"))
    return next(iter(section.values())), reasons(config)


def reasons(config: NetworkConfig) -> dict[str, str]:
    """What was dropped, by path."""
    return {tree.format_path(path): reason for path, reason in config.dropped}


def test_an_empty_config_is_a_config() -> None:
    """No entries at all: a tree with a version; the empty list is accounted for."""
    for text in ("version: 1", "version: 1\nconfig: []", "version: 1\nconfig: "):
        config = read_network_config(text, "f")
        assert tree.to_plain(config.tree) == {"version": 2}
        origins = {origin for _, node in tree.walk(config.tree) for origin in node.origins}
        assert origins == {path for path, _ in config.leaves}


def test_the_number_that_maas_gives_a_device_is_no_setting_of_it() -> None:
    plain, lost = device('{type: physical, id: eth0, name: eth0, mac_address: "02:00:00:00:00:01"}')
    assert sorted(plain) == ["match", "set-name"]
    assert not lost
    plain, lost = device("{type: vlan, id: eth0.5, name: eth0.5, vlan_id: 5, vlan_link: eth0}")
    assert (plain["id"], lost) == (5, {})


def test_a_nic_without_mac_is_known_by_its_name() -> None:
    """Without mac_address there is nothing to match; with a driver alone, name and driver."""
    assert device("{type: physical, name: eth0}")[0] == {}
    matched, _ = device("{type: physical, name: eth0, params: {driver: hn, device_id: x}}")
    assert matched == {"match": {"driver": "hn", "name": "eth0"}, "params": {"device_id": "x"}}


def test_a_missing_prefix_is_the_one_cloud_init_takes_and_a_finding() -> None:
    """24 for IPv4, 64 for IPv6, and somebody is told."""
    config = read(
        "{type: physical, name: eth0, subnets: "
        "[{type: static, address: 10.0.0.4}, {type: static6, address: '2001:db8::4'}]}"
    )
    found = tree.at(config.tree, ("ethernets", "eth0", "addresses"))
    assert found and tree.to_plain(found) == ["10.0.0.4/24", "2001:db8::4/64"]
    assert [(finding.rule, str(finding.where)) for finding in config.findings] == [
        ("prefix-assumed", "f: config[0].subnets[0].address"),
        ("prefix-assumed", "f: config[0].subnets[1].address"),
    ]


def test_the_prefix_in_the_address_is_stronger() -> None:
    """A netmask that says something else is dropped, one that agrees is an origin."""
    subnet = "{type: static, address: 10.0.0.4/24, prefix: 24, netmask: 255.0.0.0}"
    found, dropped = device(f"{{type: physical, name: eth0, subnets: [{subnet}]}}")
    assert found == {"addresses": ["10.0.0.4/24"]}
    assert list(dropped) == ["config[0].subnets[0].netmask"]
    assert "prefix length 24" in dropped["config[0].subnets[0].netmask"]


def test_a_metric_that_every_route_of_its_subnet_has_already_is_dropped_with_a_reason() -> None:
    route = "{network: 10.9.0.0/16, gateway: 10.0.0.1, metric: 5}"
    subnet = f"{{type: static, address: 10.0.0.4/24, metric: 7, routes: [{route}]}}"
    found, dropped = device(f"{{type: physical, name: eth0, subnets: [{subnet}]}}")
    assert found["routes"][0]["metric"] == 5
    assert list(dropped) == ["config[0].subnets[0].metric"]


def test_the_mtu_of_a_subnet_is_stronger_and_of_its_family() -> None:
    """IPv4's is the device's, IPv6's is ipv6-mtu; another one of the device is dropped."""
    found, dropped = device(
        "{type: physical, name: eth0, mtu: 9000, subnets: [{type: dhcp4, mtu: 1400},"
        " {type: dhcp6, mtu: 1300}]}"
    )
    assert (found["mtu"], found["ipv6-mtu"]) == (1400, 1300)
    assert dropped == {"config[0].mtu": "another 'mtu' of eth0 is stronger: 1400"}


def test_an_mtu_of_nothing_is_none() -> None:
    """0 is dropped with a reason, null is part of the device."""
    assert device("{type: physical, name: eth0, mtu: 0}") == (
        {},
        {"config[0].mtu": "an MTU of 0 means none"},
    )
    assert device("{type: physical, name: eth0, mtu: null}") == ({}, {})


def test_what_version_2_cannot_say_is_dropped_with_a_reason() -> None:
    """Broadcast, pointopoint, scope and unknown keys of subnets; a metric without a route."""
    subnet = (
        "{type: static, address: 10.0.0.4/24, broadcast: 10.0.0.9, pointopoint: 10.0.0.8,"
        " scope: link, metric: 4, _orig: x}"
    )
    found, dropped = device(f"{{type: physical, name: eth0, subnets: [{subnet}]}}")
    assert found == {"addresses": ["10.0.0.4/24"]}
    keys = ("broadcast", "pointopoint", "scope", "metric", "_orig")
    assert set(dropped) == {f"config[0].subnets[0].{key}" for key in keys}
    assert all(dropped.values())


def test_keys_of_version_2_do_not_slip_into_version_1() -> None:
    """A device's `addresses` or the top level's `ethernets` mean nothing in version 1."""
    _, dropped = device("{type: physical, name: eth0, addresses: [1.1.1.1/8], routes: [x]}")
    assert set(dropped) == {"config[0].addresses[0]", "config[0].routes[0]"}
    config = read_network_config("version: 1\nethernets: {a: {dhcp4: on}}\nelse: {b: c}", "f")
    assert tree.to_plain(config.tree) == {"else": {"b": "c"}, "version": 2}
    assert list(reasons(config)) == ["ethernets.a.dhcp4"]


def test_a_device_has_one_control() -> None:
    """The first subnet decides; another one is dropped, the same one is not."""
    found, dropped = device(
        "{type: physical, name: eth0, subnets: [{type: dhcp, control: manual},"
        " {type: dhcp6, control: manual}, {type: manual, control: auto}]}"
    )
    assert found["control"] == "manual"
    assert list(dropped) == ["config[0].subnets[2].control"]


def test_a_gateway_outside_the_subnet_is_on_link() -> None:
    """As cloud-init writes it for netplan; a link-local gateway needs no such word."""
    found, _ = device(
        "{type: physical, name: eth0, subnets: [{type: static, address: 10.0.0.4/32,"
        " gateway: 10.0.0.1}, {type: static6, address: '2001:db8::4/64', gateway: 'fe80::1'}]}"
    )
    assert found["routes"] == [
        {"on-link": True, "to": "default", "via": "10.0.0.1"},
        {"to": "default", "via": "fe80::1"},
    ]


def test_a_device_may_refuse_advertisements_that_its_subnet_wants() -> None:
    """The device's accept-ra is stronger than what ipv6_slaac would mean."""
    found, dropped = device(
        "{type: physical, name: eth0, accept-ra: no, subnets: [{type: ipv6_slaac}]}"
    )
    assert found == {"accept-ra": False, "dhcp6": False}
    assert not dropped


def test_slaac_does_not_turn_dhcp_off() -> None:
    """A subnet of type dhcp6 beside ipv6_slaac keeps DHCPv6."""
    found, _ = device("{type: physical, name: eth0, subnets: [{type: ipv6_slaac}, {type: dhcp6}]}")
    assert found == {"accept-ra": True, "dhcp6": True}


def test_the_word_default_is_a_destination() -> None:
    """With whatever mask beside it."""
    config = read("{type: route, destination: default, netmask: 0.0.0.0, gateway: 10.0.0.1}")
    assert tree.to_plain(config.tree)["routes"] == [{"to": "default", "via": "10.0.0.1"}]
    assert not config.dropped


def test_the_loopback_device_appears_only_with_addresses_of_its_own() -> None:
    """What every machine has is not repeated, and its name servers are everybody's."""
    config = read(
        "{type: loopback, name: lo, subnets: [{type: loopback, address: 192.0.2.1/32,"
        " dns_nameservers: [192.0.2.53]}]}"
    )
    assert tree.to_plain(config.tree) == {
        "ethernets": {"lo": {"addresses": ["192.0.2.1/32"]}},
        "nameservers": {"addresses": ["192.0.2.53"]},
        "version": 2,
    }


def test_bond_members_may_stand_in_the_parameters() -> None:
    """`bond-slaves` adds nothing beside bond_interfaces, and is the list without it."""
    alone, _ = device("{type: bond, name: b, params: {bond-slaves: eth0 eth1}}")
    assert alone == {"interfaces": ["eth0", "eth1"]}
    both, dropped = device(
        "{type: bond, name: b, bond_interfaces: [eth0], params: {bond-slaves: [eth0, eth9]}}"
    )
    assert both == {"interfaces": ["eth0"]}
    assert list(dropped) == ["config[0].params.bond-slaves[1]"]


def test_two_spellings_of_one_parameter() -> None:
    """Equal values are one setting, different ones leave the second behind."""
    same, dropped = device("{type: bond, name: b, params: {bond-mode: 4, bond_mode: 4}}")
    assert same == {"parameters": {"mode": "802.3ad"}}
    assert not dropped
    _, dropped = device("{type: bond, name: b, params: {bond-mode: 4, bond_mode: 1}}")
    assert list(dropped) == ["config[0].params.bond_mode"]
