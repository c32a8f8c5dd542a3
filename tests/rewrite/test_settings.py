"""Settings go to the aggregate, and members are declared below it."""

from __future__ import annotations

import yaml

from hyperv_net.tree import leaves, to_plain
from tests.building import NEW_KERNEL, config, freebsd, hn, linux, mac, mce, nic, rewritten, value
from tests.rewrite.pairs import ONE, QUIET, TWO_AND_ONE, aggregates, quiet


def test_a_pair_becomes_two_quiet_members_below_a_bond_with_the_settings() -> None:
    result = rewritten(
        """
        version: 2
        ethernets:
          eth0: {match: {macaddress: "00:0d:3a:00:00:00"}, set-name: eth0, dhcp4: true}
        """,
        ONE,
    )
    assert to_plain(result.tree) == {
        "version": 2,
        "ethernets": {
            "eth0": quiet(own={"set-name": "eth0"}),
            "eth0-vf": quiet("!hv_netvsc"),
        },
        "bonds": {
            "bond0": {
                "interfaces": ["eth0", "eth0-vf"],
                "macaddress": mac(0),
                "parameters": {
                    "mode": "active-backup",
                    "mii-monitor-interval": 100,
                    "primary": "eth0-vf",
                    "primary-reselect-policy": "always",
                    "all-slaves-active": True,
                },
                "dhcp4": True,
            }
        },
    }
    assert aggregates(result) == [("bond0", "eth0", "eth0-vf")]
    assert result.interfaces == {"eth0": "eth0", "eth0-vf": "enP0s1"}
    assert (result.findings, result.refused) == ((), ())


def test_on_freebsd_the_aggregate_is_a_failover_lagg_without_further_parameters() -> None:
    result = rewritten("{version: 2, ethernets: {hn0: {dhcp4: true}}}", freebsd(hn(), mce()))
    assert value(result, "bonds") == {
        "lagg0": {
            "interfaces": ["hn0", "hn0-vf"],
            "parameters": {"mode": "active-backup"},
            "dhcp4": True,
        }
    }
    assert result.interfaces == {"hn0": "hn0", "hn0-vf": "mce0"}


def test_all_slaves_are_active_only_where_the_host_sends_over_both_paths() -> None:
    virtio = linux(nic("eth0", driver="virtio_net", bus="virtio"), nic("ens17"), kernel=NEW_KERNEL)
    result = rewritten(
        "{version: 2, ethernets: {eth0: {dhcp4: true}}}", virtio, synthetic_drivers=["virtio_net"]
    )
    assert value(result, "bonds", "bond0", "parameters", "all-slaves-active") is None
    assert value(result, "ethernets", "eth0-vf", "match", "driver") == "!virtio_net"


def test_the_interval_of_link_checks_is_the_setting() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {dhcp4: true}}}", ONE, mii_monitor_interval=250
    )
    assert value(result, "bonds", "bond0", "parameters", "mii-monitor-interval") == 250


SETTINGS = """
addresses: [10.0.0.4/24, {2001:db8::4/64: {label: "eth0:1", lifetime: 0}}]
gateway4: 10.0.0.1
gateway6: 2001:db8::1
nameservers: {addresses: [10.0.0.53], search: [example.com]}
routes: [{to: 10.9.0.0/16, via: 10.0.0.1, metric: 5, table: 7, mtu: 1400, on-link: true}]
routing-policy: [{from: 10.0.0.4, table: 7, priority: 3}]
dhcp4: true
dhcp6: true
dhcp4-overrides: {route-metric: 100, use-dns: false}
dhcp6-overrides: {use-hostname: false}
dhcp-identifier: mac
accept-ra: true
ipv6-privacy: true
ipv6-mtu: 1400
mtu: 9000
link-local: [ipv4, ipv6]
optional: true
optional-addresses: [dhcp6]
macaddress: 02:00:00:00:00:01
activation-mode: manual
ignore-carrier: true
critical: true
no-such-key: {nested: [1, two]}
"""
CARDS_OWN = """
wakeonlan: true
receive-checksum-offload: false
tcp-segmentation-offload: true
emit-lldp: true
"""


def test_every_setting_moves_with_its_origins_and_what_is_the_cards_own_stays() -> None:
    plain = {"version": 2, "ethernets": {"eth0": yaml.safe_load(SETTINGS + CARDS_OWN)}}
    read = config(yaml.safe_dump(plain))
    result = rewritten(read, ONE)
    bond, member = value(result, "bonds", "bond0"), value(result, "ethernets", "eth0")
    before = to_plain(read.tree)["ethernets"]["eth0"]
    # A label begins with the name of the device that has the address.
    assert before["addresses"][1]["2001:db8::4/64"].pop("label") == "eth0:1"
    assert bond["addresses"][1]["2001:db8::4/64"].pop("label") == "bond0:1"
    for key in yaml.safe_load(SETTINGS):
        assert bond[key] == before[key], key
        assert key in QUIET or key not in member, key
    for key, stays in yaml.safe_load(CARDS_OWN).items():
        assert member[key] == stays
        assert key not in bond
    assert member == quiet(own=yaml.safe_load(CARDS_OWN))
    origins = [origin for _, leaf in leaves(result.tree) for origin in leaf.origins]
    assert sorted(map(str, origins)) == sorted(str(path) for path, _ in read.leaves)


def test_members_have_the_renderer_of_the_entry() -> None:
    result = rewritten(
        "{version: 2, ethernets: {eth0: {renderer: NetworkManager, dhcp4: true}}}", ONE
    )
    for path in (("ethernets", "eth0"), ("ethernets", "eth0-vf"), ("bonds", "bond0")):
        assert value(result, *path, "renderer") == "NetworkManager"


def test_top_level_keys_and_other_devices_stay() -> None:
    text = """
        version: 2
        renderer: networkd
        ethernets: {eth0: {dhcp4: true}, eth7: {dhcp6: true}}
        wifis: {wlan0: {dhcp4: true, access-points: {home: {password: "12345678"}}}}
        dummy-devices: {dm0: {addresses: [192.0.2.1/32]}}
        """
    result = rewritten(text, TWO_AND_ONE)
    before = to_plain(config(text).tree)
    for path in (("renderer",), ("ethernets", "eth7"), ("wifis",), ("dummy-devices",)):
        expected = before
        for key in path:
            expected = expected[key]
        assert value(result, *path) == expected
