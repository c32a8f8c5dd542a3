"""What no machine could do is refused, with the file and the key's path, in one line."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hyperv_net.netconfig.read import read_network_config
from tests.netconfig.refusals import FILE, refusal


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty (begin with 'version: 2')"),
        ("# nothing", "is empty (begin with 'version: 2')"),
        ("[a]", "expected a network config, found a list (begin with 'version: 2')"),
        ("word", "expected a network config, found 'word' (begin with 'version: 2')"),
        ("network:", "network: is empty (begin with 'version: 2')"),
        ("network: [a]", "network: expected a network config, found a list"),
        ("{}", "has no version (add 'version: 2')"),
        ("network: {ethernets: {}}", "network: has no version (add 'version: 2')"),
        ("version: 3", "version: not version 1 or 2: 3"),
        ("version: yes", "version: not version 1 or 2: true"),
        ("network: {version: [2]}", "network.version: not version 1 or 2: "),
        ("network: {config: disabled}", "network: cloud-init's networking is disabled here"),
    ],
)
def test_a_file_that_is_no_network_config_is_refused(text: str, message: str) -> None:
    """Empty files, lists, scalars and versions that do not exist."""
    assert refusal(text).startswith(message)


@pytest.mark.parametrize(
    ("device", "message"),
    [
        (
            "addresses: [10.0.0.4/24, 10.0.0.300/24]",
            "addresses[1]: not an IP interface: '10.0.0.300/24'",
        ),
        ("addresses: [10.0.0.4]", "addresses[0]: not an IP interface: '10.0.0.4' (add the prefix"),
        ("addresses: [10.0.0.4/33]", "addresses[0]: not an IP interface: '10.0.0.4/33'"),
        ("addresses: ['fe80::1/129']", "addresses[0]: not an IP interface: 'fe80::1/129'"),
        ("addresses: ['fe80::1%eth0/64']", "addresses[0]: not an IP interface"),
        ("addresses: [10.0.0.4/0]", "addresses[0]: not an IP interface"),
        ("addresses: [10.0.0.4/-1]", "addresses[0]: not an IP interface"),
        ("addresses: [10.0.0.4/255.0.255.0]", "addresses[0]: not an IP interface"),
        ("addresses: 10.0.0.4/24", "addresses: expected a list, found '10.0.0.4/24'"),
        ("addresses: [[10.0.0.4/24]]", "addresses[0]: expected one value, found a list"),
        ("addresses: [~]", "addresses[0]: an empty entry in a list"),
        ("addresses: [{}]", "addresses[0]: expected one address with its options"),
        ("addresses: [{10.0.0.4: {}}]", "addresses[0]['10.0.0.4']: not an IP interface"),
        (
            "addresses: [{10.0.0.4/8: {label: 'a b'}}]",
            "addresses[0]['10.0.0.4/8'].label: not a device name",
        ),
        (
            "addresses: [{10.0.0.4/8: {lifetime: 5}}]",
            "addresses[0]['10.0.0.4/8'].lifetime: not one of 0, forever",
        ),
        ("match: {macaddress: '00:0d:3a:11:22'}", "match.macaddress: not a MAC address of 6 bytes"),
        ("match: {macaddress: '00:0d:3a:11:22:33:44'}", "match.macaddress: not a MAC address"),
        ("match: {macaddress: '00:0d-3a:11:22:33'}", "match.macaddress: not a MAC address"),
        ("match: {driver: [a, 'b c']}", "match.driver[1]: not a name or a pattern of names: 'b c'"),
        ('match: {name: "e\'"}', "match.name: not a name or a pattern"),
        ("macaddress: often", "macaddress: not a MAC address"),
        ("set-name: 'a b'", "set-name: not a device name: 'a b'"),
        ("set-name: sixteen-letters-", "set-name: not an interface name of at most 15 characters"),
        ("mtu: 67", "mtu: not an MTU from 68 to 65536: 67"),
        ("mtu: 9.5", "mtu: not an MTU from 68 to 65536: 9.5"),
        ("mtu: 99999999999999999999999", "mtu: not an MTU"),
        ("mtu: [1500]", "mtu: expected one value, found a list"),
        ("dhcp4: maybe", "dhcp4: not true or false: 'maybe'"),
        ("dhcp4-overrides: {route-metric: -1}", "dhcp4-overrides.route-metric: not a whole number"),
        ("dhcp4-overrides: {hostname: 'a;b'}", "dhcp4-overrides.hostname: not a host name"),
        ("gateway4: 'fe80::1'", "gateway4: not an IPv4 address: 'fe80::1'"),
        ("gateway6: 10.0.0.1", "gateway6: not an IPv6 address: '10.0.0.1'"),
        ("nameservers: [10.0.0.1]", "nameservers: expected a mapping, found a list"),
        ("nameservers: {addresses: [dns]}", "nameservers.addresses[0]: not an IP address: 'dns'"),
        (
            "nameservers: {addresses: ['fe80::1%$(x)']}",
            "nameservers.addresses[0]: not a device name",
        ),
        (
            "nameservers: {addresses: ['10.0.0.1%eth0']}",
            "nameservers.addresses[0]: not an IP address",
        ),
        ('nameservers: {search: ["a\\nb"]}', "nameservers.search[0]: not a domain: 'a\\nb'"),
        ("routes: [{via: 10.0.0.1}]", "routes[0]: has no 'to'"),
        ("routes: [{to: everywhere}]", "routes[0].to: not an IP network: 'everywhere'"),
        ("routes: [{to: default, via: 10.0.0.0/8}]", "routes[0].via: not an IP address"),
        (
            "routes: [{to: 10.0.0.0/8, via: 'fe80::1'}]",
            "routes[0].via: 'via' is of another IP version",
        ),
        ("routes: [{to: default, type: magic}]", "routes[0].type: not one of unicast, "),
        ("routing-policy: [{table: 1}]", "routing-policy[0]: has neither 'from' nor 'to'"),
        (
            "routing-policy: [{from: 10.0.0.0/8, to: '::/0'}]",
            "routing-policy[0].from: 'from' is of another",
        ),
        ("link-local: [ipv5]", "link-local[0]: not one of ipv4, ipv6: 'ipv5'"),
        ("control: sometimes", "control: not one of auto, manual, hotplug, off"),
        ("renderer: mine", "renderer: not one of networkd, NetworkManager"),
    ],
)
def test_a_wrong_value_of_version_2_is_named_by_its_path(device: str, message: str) -> None:
    """Each value of a device is checked where it stands."""
    assert refusal(f"version: 2\nethernets: {{eth0: {{{device}}}}}").startswith(
        f"ethernets.eth0.{message}"
    )


@pytest.mark.parametrize(
    "name", ["a\nb", 'a"b', "a'b", "$(touch x)", "a;b", "", "-a", "a b", "`a`", "é"]
)
@pytest.mark.parametrize(
    "config",
    [
        lambda name: {"version": 2, "ethernets": {name: {"dhcp4": True}}},
        lambda name: {"version": 2, "bonds": {name: {}}},
        lambda name: {"version": 2, "bonds": {"b": {"interfaces": [name]}}},
        lambda name: {"version": 2, "bonds": {"b": {"parameters": {"primary": name}}}},
        lambda name: {"version": 2, "bridges": {"b": {"parameters": {"path-cost": {name: 1}}}}},
        lambda name: {"version": 2, "vlans": {"b": {"id": 1, "link": name}}},
        lambda name: {"version": 2, "ethernets": {"a": {"set-name": name}}},
        lambda name: {"version": 1, "config": [{"type": "physical", "name": name}]},
        lambda name: {
            "version": 1,
            "config": [{"type": "bond", "name": "b", "bond_interfaces": [name]}],
        },
        lambda name: {
            "version": 1,
            "config": [{"type": "vlan", "name": "b", "vlan_id": 1, "vlan_link": name}],
        },
    ],
)
def test_a_name_that_is_none_is_refused_wherever_it_stands(config: Any, name: str) -> None:
    """Newlines, quotes and shell text in a name end in an error that quotes them on one line."""
    found = refusal(json.dumps(config(name)))
    assert "not a device name" in found or "has no 'name'" in found or "has no 'vlan_link'" in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ethernets: [eth0]", "ethernets: expected a mapping, found a list"),
        ("ethernets: {eth0: on}", "ethernets.eth0: expected a mapping, found true"),
        ("vlans: {v: {id: 1}}", "vlans.v: has no 'link' (add 'link:')"),
        ("vlans: {v: {link: eth0}}", "vlans.v: has no 'id' (add 'id:')"),
        ("vlans: {v: {id: 4095, link: eth0}}", "vlans.v.id: not a VLAN id from 0 to 4094: 4095"),
        ("vrfs: {v: {interfaces: [a]}}", "vrfs.v: has no 'table'"),
        ("tunnels: {t: {local: 10.0.0.1}}", "tunnels.t: has no 'mode'"),
        ("virtual-ethernets: {v: }", "virtual-ethernets.v: has no 'peer'"),
        (
            "bonds: {b: {parameters: {mode: fast}}}",
            "bonds.b.parameters.mode: not one of balance-rr, ",
        ),
        ("bonds: {b: {parameters: {up-delay: soon}}}", "bonds.b.parameters.up-delay: not a time"),
        (
            "bonds: {b: {parameters: {all-slaves-active: on, all-members-active: off}}}",
            "bonds.b.parameters.all-slaves-active: 'all-slaves-active' is there twice, in two",
        ),
        ("bonds: {sixteen-letters-: {}}", "bonds.sixteen-letters-: not an interface name"),
        ("bonds: {b: {interfaces: [b]}}", "bonds.b.interfaces[0]: stands on itself: b over b"),
        (
            "bonds: {b: {interfaces: [v]}}\nvlans: {v: {id: 1, link: r}}\n"
            "bridges: {r: {interfaces: [b]}}",
            "bridges.r.interfaces[0]: stands on itself: b over v over r over b",
        ),
        ("vlans: {v: {id: 1, link: v}}", "vlans.v.link: stands on itself: v over v"),
        (
            "vrfs: {v: {table: 1, interfaces: [v]}}",
            "vrfs.v.interfaces[0]: stands on itself: v over v",
        ),
        (
            "bonds: {b: {interfaces: [e]}}\nbridges: {r: {interfaces: [f, e]}}",
            "bridges.r.interfaces[1]: 'e' is already a member of 'b'",
        ),
        ("ethernets: {e: {}}\nbridges: {e: {}}", "bridges.e: 'e' is already one of the ethernets"),
        ("nameservers: {addresses: [x]}", "nameservers.addresses[0]: not an IP address: 'x'"),
        ("routes: [{to: x}]", "routes[0].to: not an IP network: 'x'"),
    ],
)
def test_devices_that_cannot_exist_together_are_refused(text: str, message: str) -> None:
    """Missing parts, cycles, members with two masters, one id for two devices."""
    assert refusal(f"version: 2\n{text}").startswith(message)


def test_a_long_chain_of_devices_is_no_problem_and_a_long_cycle_is_one_short_line() -> None:
    """Depth of stacking is not limited by Python's stack, nor is it by the error's length."""
    chain = [f"  v{n}: {{id: 1, link: v{n + 1}}}" for n in range(3000)]
    text = "\n".join(["version: 2", "vlans:", *chain])
    assert read_network_config(text, FILE).tree.get("vlans")
    found = refusal(f"{text}\n  v3000: {{id: 1, link: v0}}")
    assert "stands on itself" in found
    assert len(found) < 100
