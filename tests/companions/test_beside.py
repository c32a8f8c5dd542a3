"""The files beside those of a target: for which pairs there are any, and which."""

from __future__ import annotations

import pytest

from hyperv_net.companions.beside import companions, leftovers, reads
from hyperv_net.companions.udev_rules import RULES_FILE
from hyperv_net.hotplug.wanted import PATHS, from_json
from hyperv_net.model import Inventory, RenderedFile, Settings, System
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import TARGETS, load
from hyperv_net.renderers.networkd.paths import JOINED_FILE, TRANSPARENT_FILE
from hyperv_net.renderers.networkmanager.paths import BOND_FILE
from tests.building import (
    NEW_KERNEL,
    OLD_KERNEL,
    config,
    decided,
    freebsd,
    hn,
    linux,
    mce,
    nic,
    rewritten,
    synthetic,
    vf,
)

CONFIG = "version: 2\nethernets: {{{0}: {{match: {{macaddress: '00:0d:3a:00:00:00'}}}}}}\n"
WANTED = PATHS[System.LINUX]


def beside(inventory: Inventory, target: str, **settings: object) -> tuple[RenderedFile, ...]:
    result = rewritten(CONFIG.format("eth0"), inventory, **settings)
    return companions(result, decided(inventory, **settings).decisions, load(target))


def paths(files: tuple[RenderedFile, ...]) -> list[str]:
    return [file.path for file in files]


@pytest.mark.parametrize("target", sorted(TARGETS.keys() - {"freebsd"}))
def test_an_aggregate_has_rules_and_a_wanted_state_beside_every_target(target: str) -> None:
    files = beside(linux(synthetic(), vf()), target)
    of_networkd = [JOINED_FILE] if target in ("netplan", "networkd") else []
    of_bonds = [BOND_FILE] if target in ("network-manager", "sysconfig") else []
    assert paths(files) == [WANTED, RULES_FILE, *of_networkd, *of_bonds]
    assert from_json(files[0].text, WANTED).target == target


@pytest.mark.parametrize("target", ["netplan", "networkd", "ifupdown", "network-manager"])
def test_a_transparent_pair_is_kept_from_networkd_where_that_runs(target: str) -> None:
    """Also one whose VF is away: it may come at any moment."""
    for nics in ((synthetic(), vf()), (synthetic(),)):
        found = paths(beside(linux(*nics, kernel=NEW_KERNEL), target))
        networkd = [TRANSPARENT_FILE] if target in ("netplan", "networkd") else []
        assert found == [WANTED, RULES_FILE, *networkd]


def test_without_a_pair_or_turned_off_there_is_no_file() -> None:
    transparent = linux(synthetic(), vf(), kernel=NEW_KERNEL)
    assert beside(linux(nic("eth0")), "netplan") == ()
    assert beside(linux(synthetic()), "netplan") == ()
    assert beside(transparent, "netplan", enabled=False) == ()
    assert beside(linux(synthetic(), vf()), "netplan", aggregate="never") == ()


def test_freebsd_has_its_wanted_state_alone() -> None:
    inventory = freebsd(hn(), mce())
    result = rewritten(CONFIG.format("hn0"), inventory)
    found = companions(result, decided(inventory).decisions, load("freebsd"))
    assert paths(found) == [PATHS[System.FREEBSD]]


def test_companions_of_an_earlier_run_are_a_finding_unless_they_are_made_again() -> None:
    """The plan of a machine whose pair has gone changes nothing and says what is left."""
    existing = dict.fromkeys(reads(), "text")
    plan = make_plan(
        linux(nic("eth0")),
        config(CONFIG.format("eth0")),
        Settings(),
        load("netplan"),
        existing,
    )
    assert plan.changes == () and not plan.failed
    assert {str(one.where) for one in plan.findings if one.rule == "leftover"} == set(reads())
    made = [RenderedFile(path, "") for path in reads()]
    assert leftovers(existing, made) == []


@pytest.mark.parametrize("kernel", [NEW_KERNEL, OLD_KERNEL], ids=["transparent", "aggregate"])
@pytest.mark.parametrize("told_by", ["macaddress: '00:0d:3a:00:00:00'", "driver: hv_netvsc"])
def test_the_name_that_is_kept_free_for_a_synthetic_nic_is_the_one_it_is_to_get(
    kernel: str, told_by: str
) -> None:
    """Not the one that it has at the first boot, before it is renamed."""
    text = f"version: 2\nethernets: {{nic: {{match: {{{told_by}}}, set-name: uplink0}}}}\n"
    machine = linux(synthetic(name="eth1"), vf(name="eth0"), kernel=kernel)
    result = rewritten(text, machine)
    wanted, rules = companions(result, decided(machine).decisions, load("ifupdown"))
    (pair,) = from_json(wanted.text, WANTED).pairs
    assert pair.synthetic == "uplink0"
    assert 'KERNEL!="uplink0", PROGRAM==' in rules.text


@pytest.mark.parametrize(
    "texts",
    [
        {
            "etc/udev/rules.d/70-persistent-net.rules": 'SUBSYSTEM=="net", DRIVERS=="hv_netvsc",'
            ' ATTR{address}=="00:0d:3a:00:00:00", NAME="eth0"\n'
        },
        {
            "etc/systemd/network/10-nic.link": "[Match]\nPermanentMACAddress=00:0d:3a:00:00:00\n"
            "Driver=hv_netvsc\n[Link]\nName=eth0\n"
        },
    ],
    ids=["rule", "link"],
)
def test_a_name_is_kept_free_where_a_file_gives_it_and_not_where_none_does(
    texts: dict[str, str],
) -> None:
    """Or the VF would lose it, and no NIC of the machine would be called so."""
    machine = linux(synthetic(), vf())
    result, decisions = rewritten(CONFIG.format("eth0"), machine), decided(machine).decisions
    without, with_files = (
        companions(result, decisions, load("ifupdown"), one)[1].text for one in ({}, texts)
    )
    assert "PROGRAM" not in without
    assert 'KERNEL!="eth0", PROGRAM==' in with_files


def test_what_names_the_synthetic_nic_of_a_plan_is_what_the_target_is_to_have() -> None:
    """ifupdown's rules, which hyperv-net makes; netplan has no `set-name` here."""
    machine = linux(synthetic(), vf())
    for target, names in (("ifupdown", True), ("netplan", False)):
        plan = make_plan(machine, config(CONFIG.format("eth0")), Settings(), load(target), {})
        (rules,) = (one.file for one in plan.changes if one.file.path == RULES_FILE)
        assert ("PROGRAM" in rules.text) is names
