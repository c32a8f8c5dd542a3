"""The invariants that DESIGN names, on generated machines and configurations."""

from __future__ import annotations

import string
from collections import Counter
from dataclasses import replace
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Action, Settings
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import Plan, make_plan
from hyperv_net.plan.ledger import UNACCOUNTED
from hyperv_net.renderers import load
from hyperv_net.tree import Path, format_path
from tests.strategies import Machine, machines, shuffled


def plan_of(machine: Machine, existing: dict[str, str] | None = None) -> Plan:
    text = yaml.safe_dump(machine.config, sort_keys=False)
    config = read_network_config(text, "network-config.yaml")
    return make_plan(machine.inventory, config, Settings(), load(machine.target), existing or {})


def written(plan: Plan) -> dict[str, str]:
    return {change.file.path: change.file.text for change in plan.changes}


def plain_leaves(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    """The leaves of plain values, found without the program's own tree."""
    if not isinstance(value, (dict, list)) or not value:
        return [(path, value)]
    children = value.items() if isinstance(value, dict) else enumerate(value)
    return [leaf for key, below in children for leaf in plain_leaves(below, (*path, key))]


@given(machines())
def test_every_leaf_of_the_input_is_in_the_ledger_once(machine: Machine) -> None:
    plan = plan_of(machine)
    accounted = Counter(entry.source for entry in plan.ledger)
    assert accounted == Counter(path for path, _ in plain_leaves(machine.config))
    assert [entry for entry in plan.ledger if entry.reason == UNACCOUNTED] == []


@given(machines())
def test_a_drop_is_always_a_finding(machine: Machine) -> None:
    plan = plan_of(machine)
    findings = {
        str(finding.where) for finding in plan.findings if finding.rule == "setting-dropped"
    }
    for entry in plan.ledger:
        if entry.action is Action.DROPPED or not (entry.places or not plan.changes):
            assert f"network-config.yaml: {format_path(entry.source)}" in findings


@given(machines())
def test_addresses_mtus_and_resolvers_that_moved_or_stayed_are_in_the_text(
    machine: Machine,
) -> None:
    plan = plan_of(machine)
    if not plan.rewritten.aggregates:
        return
    text = "\n".join(written(plan).values())
    for entry in plan.ledger:
        keys = {part for part in entry.source if isinstance(part, str)}
        if entry.action is Action.DROPPED or not keys & {"addresses", "mtu", "search", "via"}:
            continue
        address = str(entry.value).split("/")[0]
        assert address in text, f"{format_path(entry.source)}: {entry.value} is nowhere"


@given(machines(pairs=False))
def test_without_a_pair_nothing_changes(machine: Machine) -> None:
    plan = plan_of(machine)
    assert plan.rewritten.tree == plan.config.tree
    assert plan.changes == ()
    assert {entry.action for entry in plan.ledger} <= {Action.KEPT}


@given(machines())
def test_rendering_over_what_was_rendered_changes_nothing(machine: Machine) -> None:
    first = plan_of(machine)
    second = plan_of(machine, written(first))
    assert written(second) == written(first)
    assert not second.differs


@given(machines("netplan"))
def test_netplan_that_was_written_is_a_network_config_that_needs_no_rewrite(
    machine: Machine,
) -> None:
    first = plan_of(machine)
    for path, text in written(first).items():
        if not path.startswith("etc/netplan/"):
            continue
        again = replace(machine, config=yaml.safe_load(text)["network"])
        assert written(plan_of(again)) == written(first)


@given(machines(), st.data())
def test_the_order_of_nics_and_keys_changes_no_byte(machine: Machine, data: st.DataObject) -> None:
    nics = data.draw(st.permutations(machine.inventory.nics))
    other = replace(
        machine,
        inventory=machine.inventory._replace(nics=tuple(nics)),
        config=shuffled(machine.config, data.draw),
    )
    assert written(plan_of(other)) == written(plan_of(machine))


#: What a shell, interfaces(5) or YAML would act on if it were copied out.
HOSTILE = ["$(touch x)", "`touch x`", ";touch x;", "\n\tup touch x", "'", '"', "${IFS}", "\\", "#"]


@st.composite
def hostile_text(draw: st.DrawFn) -> str:
    around = st.text(string.ascii_letters + string.digits + " .:-_", max_size=6)
    # The letters tell it from what stands in the files anyway.
    return draw(around) + "zq" + draw(st.sampled_from(HOSTILE)) + "zq" + draw(around)


@given(machines(), hostile_text(), st.data())
def test_hostile_text_anywhere_ends_in_an_error_or_is_quoted_as_yaml(
    machine: Machine, hostile: str, data: st.DataObject
) -> None:
    leaves = [path for path, _ in plain_leaves(machine.config)]
    where = data.draw(st.sampled_from([*leaves, "unknown key", "unknown value", "device id"]))
    poisoned = replace(machine, config=poison(machine.config, where, hostile))
    try:
        plan = plan_of(poisoned)
    except HypervNetError as error:
        assert "\n" not in str(error)
        return
    for path, text in written(plan).items():
        if path.endswith(".yaml"):
            yaml.safe_load(text)
        else:
            assert hostile not in text, path


def poison(config: dict[str, Any], where: Any, hostile: str) -> dict[str, Any]:
    """A copy of the configuration with the hostile text at a path, or in a place of its own."""
    copy: dict[str, Any] = yaml.safe_load(yaml.safe_dump(config))
    ethernets = copy.setdefault("ethernets", {"eth0": {}})
    first = sorted(ethernets)[0]
    if where == "unknown key":
        ethernets[first][hostile] = True
    elif where == "unknown value":
        ethernets[first]["no-such-key"] = hostile
    elif where == "device id":
        ethernets[hostile] = {"dhcp4": True}
    else:
        holder: Any = copy
        for key in where[:-1]:
            holder = holder[key]
        holder[where[-1]] = hostile
    return copy
