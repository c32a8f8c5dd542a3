"""The setting `tuning`: rules read, those of a pair merged, and what no rule can say."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.companions.udev_rules import udev_rules
from hyperv_net.companions.wanted_file import to_json, wanted_from
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.wanted import Wanted, from_json
from hyperv_net.model import Inventory, Settings
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from hyperv_net.root.settings import with_values
from hyperv_net.tuning import tuning_of
from tests.building import (
    NEW_KERNEL,
    OLD_KERNEL,
    config,
    decided,
    freebsd,
    hn,
    linux,
    mac,
    rewritten,
    synthetic,
    vf,
)

DHCP = "version: 2\nethernets:\n  eth0: {dhcp4: true}\n"


def rules(*values: Any) -> Any:
    return with_values(Settings(), {"tuning": list(values)}).tuning


def wanted(inventory: Inventory, *values: Any) -> Wanted:
    settings = {"tuning": list(values)}
    decisions = decided(inventory, **settings).decisions
    return wanted_from(rewritten(DHCP, inventory, **settings), decisions, "netplan")


def said(inventory: Inventory, target: str, *values: Any) -> list[str]:
    settings = with_values(Settings(), {"tuning": list(values)})
    plan = make_plan(inventory, config(DHCP), settings, load(target), {})
    return [one.message for one in plan.findings if one.rule == "tuning-unmet"]


def test_a_rule_is_for_vfs_unless_it_says_otherwise_and_the_last_one_counts() -> None:
    read = rules(
        {"qdisc": "fq", "channels": 8, "gro": True},
        {"nic": "both", "pair": "eth1", "gro": False},
        {"nic": "synthetic", "qdisc": "noqueue"},
    )
    assert tuning_of(read, "vf", ["eth0"]) == (("qdisc", "fq"), ("channels", "8"), ("gro", "on"))
    assert tuning_of(read, "vf", ["eth1", mac(1)])[2:] == (("gro", "off"),)
    assert tuning_of(read, "synthetic", ["eth1"]) == (("qdisc", "noqueue"), ("gro", "off"))


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("fq", "options.tuning: not a list of rules"),
        (["fq"], "options.tuning[0]: not a rule: 'fq'"),
        ([{"nic": "pf"}], "options.tuning[0].nic: not one of vf, synthetic, both"),
        ([{"pair": "a b"}], "options.tuning[0].pair: not a NIC's name or MAC address"),
        ([{"mtu": 9000}], "options.tuning[0].mtu: nothing that can be tuned: 'mtu'"),
        (
            [{"qdsic": "fq"}],
            "options.tuning[0].qdsic: nothing that can be tuned: 'qdsic' (did you"
            " mean 'qdisc'? a rule may have nic, pair, ",
        ),
        ([{"pari": "eth0"}], "(did you mean 'pair'? a rule may have "),
        ([{"speed": 1}], "'speed' (a rule may have nic, pair, "),
        ([{True: "fq"}], "nothing that can be tuned"),
        ([{"qdisc": "fq limit 1"}], "options.tuning[0].qdisc: no value of qdisc"),
        ([{"qdisc": "-s"}], "no value of qdisc"),
        ([{"channels": 0}], "no value of channels"),
        ([{"rx_ring": True}], "no value of rx_ring"),
        ([{"gro": "yes"}], "no value of gro"),
        ([{"gro": ["on"]}], "no value of gro"),
    ],
)
def test_what_no_rule_can_say_is_an_error_that_names_the_place(value: Any, what: str) -> None:
    with pytest.raises(HypervNetError) as error:
        with_values(Settings(), {"tuning": value})
    assert what in str(error.value)


@pytest.mark.parametrize("kernel", [OLD_KERNEL, NEW_KERNEL])
@pytest.mark.parametrize("pair", ["eth0", mac(), None])
def test_the_wanted_state_has_it_for_either_mode_and_keeps_it(kernel: str, pair: Any) -> None:
    inventory = linux(synthetic(), vf(), kernel=kernel)
    found = wanted(inventory, {"qdisc": "fq", **({"pair": pair} if pair else {})})
    assert [(one.vf_tuning, one.synthetic_tuning) for one in found.pairs] == [
        ((("qdisc", "fq"),), ())
    ]
    assert from_json(to_json(found), "wanted.json") == found


def test_without_tuning_the_wanted_state_says_nothing_of_it() -> None:
    assert "tuning" not in to_json(wanted(linux(synthetic(), vf())))


@pytest.mark.parametrize("tuning", ['{"pf": {}}', '{"vf": {"mtu": "9"}}', '{"vf": {"gro": "x"}}'])
def test_a_wanted_state_with_another_tuning_is_refused(tuning: str) -> None:
    text = to_json(wanted(linux(synthetic(), vf()), {"gro": True}))
    with pytest.raises(HypervNetError, match="tuning"):
        from_json(text.replace('{"vf": {"gro": "on"}}', tuning), "wanted.json")


def test_a_pair_of_the_kernels_wakes_the_worker_where_it_is_to_be_tuned() -> None:
    inventory = linux(synthetic(), vf(), kernel=NEW_KERNEL)
    waking = f'ATTR{{address}}=="{mac()}", GOTO="hyperv_net_wake"'
    tuned = udev_rules(wanted(inventory, {"gro": True})).text.splitlines()
    assert [line for line in tuned if line.endswith(waking)] == [
        f'DRIVERS=="hv_netvsc", {waking}',
        waking,
    ]
    assert waking not in udev_rules(wanted(inventory)).text


def test_a_rule_for_no_pair_and_a_system_without_tuning_are_told() -> None:
    inventory = linux(synthetic(), vf())
    assert said(inventory, "netplan", {"pair": "eth0", "gro": True}, {"gro": True}) == []
    assert said(inventory, "netplan", {"pair": "bond0", "gro": True}) == []
    (message,) = said(inventory, "netplan", {"nic": "both", "pair": "eth7", "gro": True})
    assert "no pair of the machine goes by eth7" in message
    (message,) = said(freebsd(hn()), "freebsd", {"gro": True})
    assert "Linux alone" in message
