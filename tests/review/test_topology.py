"""The devices of a configuration, before and after its settings have moved."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.review.in_process import review
from hyperv_net.review.topology import is_addressed
from tests.building import linux, nic
from tests.commands.calling import Capture, example
from tests.paths import EXAMPLES


def _devices(capsys: Capture, name: str, when: str) -> dict[str, Any]:
    main(["review", *example(EXAMPLES / name), "--format", "json"])
    return {one["name"]: one for one in json.loads(capsys.readouterr().out)[when]}


def test_the_settings_of_the_synthetic_nic_are_the_aggregates_afterwards(capsys: Capture) -> None:
    before = _devices(capsys, "linux-bridge-vrf", "before")
    after = _devices(capsys, "linux-bridge-vrf", "after")
    assert before["eth1"]["settings"] == after["bond1"]["settings"]
    assert after["eth1"]["settings"] == after["ens19"]["settings"] == []
    assert after["bond1"]["lowers"] == [
        {"name": "eth1", "role": "backup"},
        {"name": "ens19", "role": "primary"},
    ]


def test_what_stood_on_the_synthetic_nic_stands_on_the_aggregate(capsys: Capture) -> None:
    after = _devices(capsys, "linux-bridge-vrf", "after")
    assert after["br0"]["lowers"] == [{"name": "bond0", "role": "port"}]
    assert after["tenant"]["lowers"] == [{"name": "bond1", "role": "parent"}]
    assert list(after).index("bond1") < list(after).index("tenant") < list(after).index("blue")


def test_a_vf_that_is_away_is_shown_as_away(capsys: Capture) -> None:
    after = _devices(capsys, "linux-vf-absent", "after")
    assert [one["name"] for one in after.values() if not one["is_there"]] == ["VF of eth0"]
    assert after["bond0"]["lowers"] == [
        {"name": "eth0", "role": "backup"},
        {"name": "VF of eth0", "role": "primary"},
    ]


@pytest.mark.parametrize(
    ("folder", "was", "name"),
    [("azure-freebsd-mce", "hn0", "eth0"), ("freebsd-transparent", "hn0", "eth0")],
)
def test_a_nic_that_gets_another_name_is_one_device(
    folder: str, was: str, name: str, capsys: Capture
) -> None:
    before, after = (_devices(capsys, folder, when) for when in ("before", "after"))
    assert was in before and was not in after
    assert (after[name]["kind"], after[name]["is_there"]) == ("synthetic", True)


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("dhcp4: true", True),
        ("dhcp6: true", True),
        ("accept-ra: true", True),
        ("addresses: [10.0.0.4/24]", True),
        ("dhcp4: false", False),
        ("mtu: 9000", False),
    ],
)
def test_a_device_has_an_address_where_it_is_given_or_asked_for(line: str, is_one: bool) -> None:
    assert _is_addressed(f"ethernets:\n  eth0:\n    {line}\n") is is_one


@pytest.mark.parametrize(
    ("config", "is_one"),
    [
        ("ethernets: {eth0: {addresses: [127.0.0.2/8]}}\n", False),
        ("ethernets: {eth0: {}, lo: {addresses: [10.0.0.1/32]}}\n", False),
        ("ethernets: {eth0: {}, eth9: {dhcp4: true}}\n", False),
        ("ethernets: {eth0: {}}\ndummy-devices: {d0: {addresses: [10.0.0.1/24]}}\n", False),
        (
            "ethernets: {eth0: {}}\ntunnels: {wg0: {mode: wireguard, addresses: [10.0.0.1/24]}}\n",
            False,
        ),
        ("ethernets: {eth0: {}}\nvlans: {v: {id: 5, link: eth0, dhcp4: true}}\n", True),
        (
            "ethernets: {eth0: {}}\nvlans: {v: {id: 5, link: eth0}}\n"
            "bridges: {b: {interfaces: [v], addresses: [10.0.0.1/24]}}\n",
            True,
        ),
        ("ethernets: {eth0: {}}\nbridges: {b: {interfaces: [], dhcp4: true}}\n", False),
    ],
)
def test_an_address_counts_where_its_device_stands_on_a_nic(config: str, is_one: bool) -> None:
    assert _is_addressed(config) is is_one


def test_an_address_that_is_not_in_the_result_does_not_count() -> None:
    config = read_network_config("version: 2\nethernets: {eth0: {dhcp6: true}}\n", "net.yaml")
    inventory = linux(nic("eth0", driver="virtio_net"))
    source = ("ethernets", "eth0", "dhcp6")
    assert is_addressed(config.tree, inventory)
    assert not is_addressed(config.tree, inventory, {source})


def _is_addressed(text: str) -> bool:
    config = read_network_config(f"version: 2\n{text}", "net.yaml")
    return is_addressed(config.tree, linux(nic("eth0", driver="virtio_net")))


_FOR_FREEBSD = """\
version: 2
ethernets:
  eth0: {{match: {{macaddress: "{mac}"}}, dhcp4: true, dhcp6: true}}
tunnels: {{g: {{mode: gre, local: 10.0.0.1, remote: 10.0.0.2, addresses: [10.9.0.1/24]}}}}
vlans: {{v5: {{id: 5, link: eth0, addresses: [10.7.0.1/24], wakeonlan: true}}}}
vrfs: {{blue: {{table: 10, interfaces: [v5]}}}}
"""


def test_what_was_dropped_is_drawn_before_and_not_after() -> None:
    inventory = (EXAMPLES / "azure-freebsd-mce" / "inventory.json").read_text()
    mac = next(one["mac"] for one in json.loads(inventory)["nics"] if one["mac"])
    made = review(_FOR_FREEBSD.format(mac=mac), inventory)
    before, after = ({one.name: one for one in side} for side in (made.before, made.after))
    assert before.keys() - after.keys() == {"g", "blue"}
    assert before["hn0"].settings == ("dhcp4", "dhcp6")
    # There is no client for DHCPv6 in rc.conf, which its own finding says.
    assert after["lagg0"].settings == ("dhcp4",)
    assert after["v5"].settings == ("10.7.0.1/24", "id 5")
    assert [one.name for one in after["v5"].lowers] == ["lagg0"]


@pytest.mark.parametrize("folder", ["linux-bridge-vrf", "freebsd-vlans"])
def test_each_device_with_a_setting_that_is_kept_is_drawn(folder: str, capsys: Capture) -> None:
    main(["review", *example(EXAMPLES / folder), "--format", "json"])
    made = json.loads(capsys.readouterr().out)
    names = {one["name"] for one in made["after"]}
    sections = ("vlans.", "bridges.", "vrfs.", "tunnels.", "dummy-devices.")
    kept = [
        to.split(".")[1]
        for one in made["ledger"]
        if one["action"] != "dropped"
        for to in one["to"]
        if to.startswith(sections)
    ]
    assert kept and {*kept} <= names
