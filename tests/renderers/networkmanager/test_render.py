"""The profiles that a config becomes, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.renderers.networkmanager.identity import uuid_of
from hyperv_net.renderers.networkmanager.keyfile import read
from hyperv_net.renderers.networkmanager.render import render
from tests.renderers.linux_pairs import MAC, SECRETS, joined, pair, reasons, rewritten
from tests.renderers.networkmanager.made import bond, profile, rendered, section


def test_a_pair_is_a_bond_with_the_mac_and_two_ports_told_apart_by_driver() -> None:
    made = rendered(pair())
    assert section(made, "bond0", "connection") == {
        "id": "cloud-init bond0",
        "uuid": uuid_of("bond0"),
        "autoconnect-priority": "120",
        "type": "bond",
        "interface-name": "bond0",
        "autoconnect-slaves": "1",
    }
    assert section(made, "bond0", "ethernet") == {"cloned-mac-address": MAC}
    assert section(made, "bond0", "bond") == {
        "all_slaves_active": "1",
        "miimon": "100",
        "mode": "active-backup",
        "primary": "enP0s2",
        "primary_reselect": "always",
    }
    for name, driver in (("eth0", "hv_netvsc;"), ("eth0-vf", "!hv_netvsc;")):
        port = section(made, name, "connection")
        assert (port["master"], port["slave-type"]) == ("bond0", "bond")
        assert "interface-name" not in port
        assert section(made, name, "ethernet") == {"mac-address": MAC}
        assert section(made, name, "match") == {"driver": driver}
        assert not profile(made, name).has("ipv4")
    assert {file.mode for file in made.files} == {0o600}
    assert reasons(made) == {}


def test_a_vf_that_is_away_has_its_port_and_no_primary() -> None:
    made = render(rewritten(pair(), vf_present=False), {})
    assert section(made, "eth0-vf", "match") == {"driver": "!hv_netvsc;"}
    assert "primary" not in section(made, "bond0", "bond")
    assert "70-hyperv-net-vf.rules" in made.places["bonds", "bond0", "parameters", "primary"]


def test_a_uuid_is_that_of_cloud_inits_own_profile_of_the_name() -> None:
    import uuid

    space = uuid.UUID("a3924cb8-09e0-43e9-890b-77972a800108")
    assert uuid_of("eth0") == str(uuid.uuid5(space, "eth0"))


@pytest.mark.parametrize(
    ("parameters", "gone"),
    [
        ({"mode": "active_backup"}, ["mode"]),
        ({"mode": 1, "primary-reselect-policy": "0"}, []),
        ({"mode": "802.3ad", "primary": "eth0", "lacp-rate": "fast"}, ["primary"]),
        ({"mode": "active-backup", "lacp-rate": "fast", "packets-per-slave": 3}, None),
        ({"mode": "active-backup", "arp-interval": 5}, ["arp-interval"]),
        ({"mode": "active-backup", "arp-ip-targets": ["10.0.0.1"]}, ["arp-ip-targets"]),
        (
            {"arp-interval": 5, "arp-ip-targets": ["10.0.0.1"], "mii-monitor-interval": 9},
            ["mii-monitor-interval"],
        ),
        ({"mii-monitor-interval": 0, "up-delay": 5}, ["up-delay"]),
        ({"gratuitous-arp": 256, "gratuitious-arp": 7}, ["gratuitous-arp"]),
        ({"fail-over-mac-policy": "no-such-word"}, ["fail-over-mac-policy"]),
    ],
)
def test_options_that_would_cost_the_profile_are_dropped_by_themselves(
    parameters: dict[str, Any], gone: list[str] | None
) -> None:
    plain = joined(pair(), {"bonds": {"bond7": {"interfaces": [], "parameters": parameters}}})
    lost = list(dict.fromkeys(one.split(".")[3] for one in reasons(rendered(plain))))
    assert lost == (["lacp-rate", "packets-per-slave"] if gone is None else gone)


def test_both_names_of_gratuitous_arp_say_the_same() -> None:
    """NetworkManager sets the second last, and would undo the first by its default."""
    parameters = {"gratuitous-arp": 7}
    plain = joined(pair(), {"bonds": {"bond7": {"interfaces": [], "parameters": parameters}}})
    said = section(rendered(plain), "bond7", "bond")
    assert (said["num_grat_arp"], said["num_unsol_na"]) == ("7", "7")


def test_vlans_bridges_and_vrfs_stand_on_the_bond() -> None:
    plain = joined(
        pair(0, mtu=1400),
        {
            "vlans": {"v5": {"id": 5, "link": "bond0", "dhcp4": True}},
            "bridges": {
                "br0": {
                    "interfaces": ["v5"],
                    "parameters": {"stp": False, "path-cost": {"v5": 7}, "forward-delay": 9},
                }
            },
            "vrfs": {"red": {"table": 9, "interfaces": ["bond0"]}},
        },
    )
    made = rendered(plain)
    assert section(made, "v5", "vlan") == {"id": "5", "parent": "bond0"}
    assert section(made, "v5", "connection")["master"] == "br0"
    assert section(made, "v5", "bridge-port") == {"path-cost": "7"}
    assert section(made, "br0", "bridge") == {"forward-delay": "9", "stp": "false"}
    assert section(made, "bond0", "connection")["slave-type"] == "vrf"
    assert section(made, "bond0", "ipv4")["method"] == "disabled"
    assert section(made, "red", "vrf") == {"table": "9"}
    # A port of a bridge has no addresses, and the config gives it some.
    assert list(reasons(made)) == ["vlans.v5.dhcp4"]


def test_other_nics_are_told_by_what_they_match() -> None:
    plain = joined(
        pair(),
        {
            "ethernets": {
                "one": {"match": {"macaddress": "00:0d:3a:99:99:99"}, "dhcp4": True},
                "two": {"match": {"name": "en*"}, "dhcp4": True},
                "ens5": {"dhcp4": True, "wakeonlan": True, "macaddress": "02:00:00:00:00:01"},
                "three": {"match": {"driver": ["igb", "e1000*"]}},
                "every": {"match": {}, "dhcp4": True},
            }
        },
    )
    made = rendered(plain)
    assert section(made, "one", "ethernet") == {"mac-address": "00:0d:3a:99:99:99"}
    assert section(made, "two", "match") == {"interface-name": "en*;"}
    assert section(made, "two", "connection")["multi-connect"] == "3"
    assert section(made, "three", "match") == {"driver": "igb;e1000*;"}
    assert section(made, "ens5", "connection")["interface-name"] == "ens5"
    assert section(made, "ens5", "ethernet") == {
        "cloned-mac-address": "02:00:00:00:00:01",
        "wake-on-lan": "64",
    }
    assert "every NIC" in reasons(made)["ethernets.every.dhcp4"]


def test_8021x_is_of_the_card() -> None:
    plain = pair()
    plain["ethernets"]["eth0"]["auth"] = {
        "key-management": "802.1x",
        "method": "peap",
        "identity": "me;you\\",
        "password": " a\nb",
        "ca-certificate": "/etc/ssl/ca.pem",
        "client-key": "relative",
        "phase2-auth": "mschapv2",
    }
    made = rendered(plain)
    assert section(made, "eth0", "802-1x") == {
        "ca-cert": "/etc/ssl/ca.pem",
        "eap": "peap;",
        "identity": "me;you\\\\",
        "password": "\\sa\\nb",
        "phase2-auth": "mschapv2",
    }
    assert list(reasons(made)) == ["ethernets.eth0.auth.client-key"]


@pytest.mark.parametrize(
    ("auth", "missing"),
    [
        ({"method": "tls", "client-certificate": "/a"}, "private-key"),
        ({"method": "peap", "identity": "i", "phase2-auth": "no-such"}, "phase2-auth"),
        ({"method": "pwd", "password": "p"}, "identity"),
        ({"password": "p"}, "eap"),
    ],
)
def test_8021x_that_would_cost_the_profile_is_dropped_whole(
    auth: dict[str, str], missing: str
) -> None:
    plain = pair()
    plain["ethernets"]["eth0"]["auth"] = auth
    made = rendered(plain)
    assert not profile(made, "eth0").has("802-1x")
    assert reasons(made).keys() == {f"ethernets.eth0.auth.{key}" for key in auth}
    assert any(missing in reason for reason in reasons(made).values())


@pytest.mark.parametrize(
    "evil", ["x\n[connection]\nid=y", "x\r\ny=z", "x\u2028y", "x\0", "x\x1b[0m"]
)
def test_no_value_from_outside_can_begin_a_line(evil: str) -> None:
    """Wherever a text may stand: each file has the lines that it has with a plain word there."""

    def files(text: str) -> dict[str, int]:
        plain = joined(
            pair(0, **{"dhcp4": True, "dhcp4-overrides": {"hostname": text}}),
            {"vlans": {"v5": {"id": 5, "link": "bond0", "dhcp-identifier": text}}},
        )
        plain["ethernets"]["eth0"]["auth"] = {
            **{"method": "pwd", "identity": "i", "password": text, "client-key": f"/{text}"},
        }
        plain["bonds"]["bond0"].update(
            **{"nameservers": {"search": [text]}, "networkmanager": {"stable-id": text}},
            parameters={"mode": text, "arp-ip-targets": [text], "primary": text},
        )
        plain["bonds"]["bond0"]["networkmanager"]["passthrough"] = {
            "proxy.pac-url": text,
            f"proxy.{text}": "1",
        }
        made = rendered(plain)
        sections = {"connection", "ethernet", "match", "bond", "vlan", "ipv4", "ipv6", "802-1x"}
        for file in made.files:
            assert {one.section for one in read(file.text).lines} - {""} <= sections | {"proxy"}
            assert "id=y" not in file.text.splitlines()
        return {file.path: len(file.text.split("\n")) for file in made.files}

    tame, wild = files("word"), files(evil)
    assert wild.keys() == tame.keys()
    assert all(wild[path] <= tame[path] for path in tame)


def test_what_netplans_profile_would_have_is_taken_over() -> None:
    own = {
        "name": "lan",
        "uuid": "626dd384-8b3d-3690-9511-192b2c79b3fd",
        "passthrough": {"connection.zone": "trusted", "ipv4.method": "shared", "proxy._": ""},
    }
    made, four, _ = bond(**{"dhcp4": True, "networkmanager": own})
    assert section(made, "bond0", "connection")["zone"] == "trusted"
    assert four["method"] == "auto"
    at = "bonds.bond0.networkmanager"
    assert sorted(reasons(made)) == [
        f"{at}.name",
        f"{at}.passthrough.ipv4.method",
        f"{at}.passthrough.proxy._",
        f"{at}.uuid",
    ]


def test_what_networkmanager_cannot_say_is_dropped_by_name() -> None:
    made, _, _ = bond(
        **{"dhcp4": True, "critical": True, "optional": True, "ignore-carrier": True},
        **{"openvswitch": {"lacp": "off"}, "no-such-key": 1},
    )
    assert sorted(reasons(made)) == [
        f"bonds.bond0.{one}"
        for one in ("critical", "ignore-carrier", "no-such-key", "openvswitch.lacp", "optional")
    ]


def test_devices_that_it_writes_no_profile_for_are_dropped_whole() -> None:
    made = rendered(joined(pair(), SECRETS))
    assert not [file.path for file in made.files if "hunter2" in file.text]
    assert {path.split(".")[0] for path in reasons(made)} == {"wifis", "modems", "tunnels"}


def test_every_leaf_is_placed_or_dropped_and_none_is_both() -> None:
    from hyperv_net.tree import leaves

    plain = joined(pair(0, **{"dhcp4": True, "no": {"such": [1, {}]}}), SECRETS)
    read_tree = rewritten(plain)
    made = render(read_tree, {})
    paths = {path for path, _ in leaves(read_tree.tree)}
    assert made.places.keys() | made.dropped.keys() == paths
    assert not made.places.keys() & made.dropped.keys()
