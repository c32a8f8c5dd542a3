"""The devices of a configuration, before and after its settings have moved."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.model import Inventory, Settings
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from hyperv_net.review.assembling import review_of
from hyperv_net.review.in_process import review
from hyperv_net.review.model import Device
from hyperv_net.review.topology import is_addressed
from tests.building import config, linux, mac, nic, synthetic, vf
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
    ("text", "is_one"),
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
def test_an_address_counts_where_its_device_stands_on_a_nic(text: str, is_one: bool) -> None:
    assert _is_addressed(text) is is_one


def test_an_address_that_is_not_in_the_result_does_not_count() -> None:
    read = config("version: 2\nethernets: {eth0: {dhcp6: true}}\n")
    inventory = linux(nic("eth0", driver="virtio_net"))
    source = ("ethernets", "eth0", "dhcp6")
    assert is_addressed(read.tree, inventory)
    assert not is_addressed(read.tree, inventory, {source})


def _is_addressed(text: str) -> bool:
    read = config(f"version: 2\n{text}")
    return is_addressed(read.tree, linux(nic("eth0", driver="virtio_net")))


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
    card = next(one["mac"] for one in json.loads(inventory)["nics"] if one["mac"])
    made = review(_FOR_FREEBSD.format(mac=card), inventory)
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


_TWINS = linux(
    nic("ens17", driver="e1000e"),
    nic("eth0", driver="virtio_net", bus="virtio"),
    nic("eth1", 1, driver="virtio_net", bus="virtio"),
)


@pytest.mark.parametrize(
    ("ethernets", "told"),
    [
        # Who shares an address and is no pair: the one that the finding same-mac names.
        (f"a: {{match: {{macaddress: '{mac()}'}}, set-name: eth0, mtu: 1400}}", {"eth0": 1400}),
        ("a: {match: {driver: virtio_net}, mtu: 1400}", {"eth0": 1400, "eth1": 1400}),
        # A catch-all leaves a NIC to an entry before it.
        ("z: {match: {name: eth*}, mtu: 1401}, eth0: {mtu: 1400}", {"eth0": 1400, "eth1": 1401}),
        # An entry that fits none is a NIC that is not there.
        ("z: {match: {name: eth9}, mtu: 1401}, eth0: {mtu: 1400}", {"eth0": 1400, "z": 1401}),
        # Of two that fit one NIC the first counts.
        (
            "b: {match: {name: eth1}, mtu: 1401}, a: {match: {name: eth1}, mtu: 1400}",
            {"eth1": 1400},
        ),
    ],
)
def test_each_nic_that_an_entry_is_about_has_its_settings(
    ethernets: str, told: dict[str, int]
) -> None:
    for side in _sides(f"ethernets: {{{ethernets}}}", _TWINS):
        assert {one.name: one.settings for one in side if one.settings} == {
            name: (f"mtu {mtu}",) for name, mtu in told.items()
        }
        assert [one.name for one in side if one.is_there] == ["ens17", "eth0", "eth1"]


@pytest.mark.parametrize(
    ("ethernets", "members"),
    [
        ("all: {match: {driver: virtio_net}}", ["eth0", "eth1"]),
        ("eth0: {dhcp4: true}, all: {match: {driver: virtio_net}}", ["eth0", "eth1"]),
        ("aa: {match: {name: eth0}}, all: {match: {driver: virtio_net}}", ["eth1"]),
    ],
)
def test_all_nics_that_a_member_stands_for_are_members(ethernets: str, members: list[str]) -> None:
    text = f"ethernets: {{{ethernets}}}\nbonds: {{b: {{interfaces: [all]}}}}"
    for side in _sides(text, _TWINS):
        (bond,) = (one for one in side if one.name == "b")
        assert [one.name for one in bond.lowers] == members


def test_a_vf_is_drawn_with_what_an_entry_says_of_it_alone() -> None:
    text = "ethernets: {eth0: {dhcp4: true}, x: {match: {name: enP0s1}, dhcp6: true}}"
    before, _ = _sides(text, linux(synthetic(), vf()))
    assert {one.name: (one.kind, one.settings) for one in before} == {
        "eth0": ("synthetic", ("dhcp4",)),
        "enP0s1": ("vf", ("dhcp6",)),
    }
    # A catch-all that leaves the card to another entry says nothing of its VF.
    others = "ethernets: {eth0: {dhcp4: true}, x: {match: {driver: '*'}, dhcp6: true}}"
    before, _ = _sides(others, linux(synthetic(), vf()))
    assert {one.name: one.settings for one in before} == {"eth0": ("dhcp4",), "enP0s1": ()}


def test_a_vf_without_a_synthetic_nic_is_the_device_that_its_entry_is_about() -> None:
    alone = linux(vf(device="/sys/devices/VMBUS:01/x/pci0001:00"))
    text = f"ethernets: {{n: {{match: {{macaddress: '{mac()}'}}, set-name: eth0, mtu: 1400}}}}"
    before, after = _sides(text, alone)
    told = [(one.name, one.kind, one.is_there, one.settings) for one in (*before, *after)]
    assert told == [(name, "vf", True, ("mtu 1400",)) for name in ("enP0s1", "eth0")]


def _sides(text: str, inventory: Inventory) -> tuple[tuple[Device, ...], tuple[Device, ...]]:
    """The devices before and after."""
    made = review_of(
        make_plan(inventory, config(f"version: 2\n{text}\n"), Settings(), load("netplan"), {})
    )
    return made.before, made.after
