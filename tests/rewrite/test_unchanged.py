"""Without a pair nothing changes, and what was rewritten stays as it is."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.model import Inventory, Kind, System
from hyperv_net.rewrite.findings import STRANGER
from hyperv_net.tree import to_plain
from tests.building import (
    NEW_KERNEL,
    again,
    config,
    freebsd,
    hn,
    linux,
    mce,
    nic,
    rewritten,
    stacked,
    synthetic,
    vf,
)
from tests.rewrite.pairs import ONE, OWN_BOND, REFERENCES, TWO_AND_ONE, aggregates
from tests.strategies import Machine, machines


@pytest.mark.parametrize(
    "inventory",
    [
        linux(nic("eth0")),
        linux(synthetic(), vf(master="eth0"), kernel=NEW_KERNEL),
        linux(synthetic()),
        freebsd(hn(), mce(), transparent=True),
        linux(),
    ],
)
def test_without_a_pair_to_aggregate_the_tree_is_the_same_object(inventory: Inventory) -> None:
    read = config(REFERENCES)
    result = rewritten(read, inventory)
    assert result.tree is read.tree
    assert (result.aggregates, result.refused) == ((), ())
    assert [one.rule for one in result.findings] == ([] if inventory.nics else [STRANGER])


def test_ids_of_ordinary_nics_have_their_names_where_a_nic_answers() -> None:
    result = rewritten(
        """
        version: 2
        ethernets:
          a: {match: {macaddress: "00:0d:3a:00:00:07"}, set-name: lan}
          ghost: {match: {macaddress: "00:0d:3a:00:00:63"}}
          both: {match: {name: "eno*"}}
        """,
        linux(nic("eth7", 7), nic("eno1", 8), nic("eno2", 9)),
    )
    assert result.interfaces == {"a": "lan"}
    assert result.kernel_names == {"a": "eth7"}


SHAPES = {
    "by name": "{version: 2, ethernets: {eth0: {dhcp4: true, dhcp6: false, optional: true}}}",
    "by MAC": "{version: 2, ethernets: {x: {match: {macaddress: '00:0d:3a:00:00:00'}, mtu: 9000}}}",
    "by glob": "{version: 2, ethernets: {all: {match: {name: 'e*'}, dhcp4: true}}}",
    "by driver": "{version: 2, ethernets: {d: {match: {driver: hv_netvsc}, renderer: networkd}}}",
    "the VF alone": "{version: 2, ethernets: {enP0s1: {dhcp4: true}}}",
    "the VF under the synthetic NIC's name": """
version: 2
ethernets:
  eth0: {match: {macaddress: "00:0d:3a:00:00:00", driver: "!hv_netvsc"}}
  enP0s1: {match: {macaddress: "00:0d:3a:00:00:00", driver: hv_netvsc}, mtu: 9000}
bonds: {u: {interfaces: [enP0s1, eth0], parameters: {mode: active-backup, primary: eth0}}}
""",
    "Debian's cloud images": """
network:
  version: 2
  ethernets:
    all-en: {match: {name: en*}, dhcp4: true, dhcp6: true}
    all-eth: {match: {name: eth*}, dhcp4: true, dhcp6: true}
""",
    "references": REFERENCES,
    "reference alone": "{version: 2, vlans: {v5: {id: 5, link: eth0}}}",
    "own bond": OWN_BOND,
    "own bond, undeclared": "{version: 2, bonds: {u: {interfaces: [eth0, enP0s1],"
    " parameters: {mode: active-backup}}}}",
    "renamed": "{version: 2, ethernets: {x: {match: {driver: hv_netvsc, name: eth0},"
    " set-name: lan0, link-local: [ipv4]}}}",
}

CHANGES = {
    "the same machine": TWO_AND_ONE.nics,
    "the VFs are away": (synthetic(), synthetic(1), nic("eth7", 7)),
    "the VFs have new names": (
        *TWO_AND_ONE.nics[::2],
        vf(0, "enP30832s1"),
        vf(1, "rename5"),
    ),
    "the VFs have another driver": (
        *TWO_AND_ONE.nics[::2],
        vf(0, driver="mana"),
        vf(1, driver="mlx4_core"),
    ),
    "the kernel swapped the names": (
        synthetic(0, "eth1"),
        vf(0),
        synthetic(1, "eth0"),
        vf(1),
        nic("eth7", 7),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("change", CHANGES)
def test_rewriting_what_was_rewritten_changes_nothing(shape: str, change: str) -> None:
    first = rewritten(SHAPES[shape], TWO_AND_ONE)
    assert first.aggregates
    second = again(first, linux(*CHANGES[change]))
    assert to_plain(second.tree) == to_plain(first.tree)
    assert second.refused == ()
    if change != "the VFs are away":
        assert aggregates(second) == aggregates(first)


def test_a_vf_that_was_away_joins_under_the_id_that_was_made_for_it() -> None:
    text = "{version: 2, ethernets: {hn0: {dhcp4: true}}}"
    first = rewritten(text, freebsd(hn()))
    assert "hn0-vf" not in first.interfaces
    second = again(first, freebsd(hn(), mce()))
    assert to_plain(second.tree) == to_plain(first.tree)
    assert second.interfaces["hn0-vf"] == "mce0"
    assert to_plain(rewritten(text, freebsd(hn(), mce())).tree) == to_plain(first.tree)


def test_where_the_bond_runs_the_original_config_gives_the_same_result() -> None:
    text = "{version: 2, ethernets: {eth0: {dhcp4: true}}}"
    bond = stacked("bond0", Kind.BOND, ("eth0", "enP0s1"))
    running = linux(synthetic(master="bond0"), vf(master="bond0"), bond)
    assert rewritten(text, running).tree == rewritten(text, ONE).tree


@given(machines())
def test_rewriting_any_rewritten_tree_changes_nothing(machine: Machine) -> None:
    inventory = machine.inventory
    if inventory.system is System.LINUX:
        inventory = inventory._replace(nics=inventory.nics[:-1])
    first = rewritten(yaml.safe_dump(machine.config), machine.inventory)
    second = again(first, inventory)
    assert to_plain(second.tree) == to_plain(first.tree)


@given(machines(), st.data())
def test_the_order_of_nics_does_not_matter(machine: Machine, data: st.DataObject) -> None:
    nics = tuple(data.draw(st.permutations(machine.inventory.nics)))
    read = config(yaml.safe_dump(machine.config))
    one = rewritten(read, machine.inventory)
    other = rewritten(read, machine.inventory._replace(nics=nics))
    assert (other.tree, other.aggregates, other.interfaces, other.refused, other.findings) == (
        one.tree,
        one.aggregates,
        one.interfaces,
        one.refused,
        one.findings,
    )


@given(machines())
def test_no_reference_leads_to_a_device_that_is_gone(machine: Machine) -> None:
    result = rewritten(yaml.safe_dump(machine.config), machine.inventory)
    plain = to_plain(result.tree)
    kinds = ("ethernets", "bonds", "bridges", "vlans")
    declared = {key for kind in kinds for key in plain.get(kind, {})}
    before = {key for kind in kinds for key in machine.config.get(kind, {})}
    for kind in kinds[1:]:
        for device in plain.get(kind, {}).values():
            for name in [*device.get("interfaces", []), *filter(None, [device.get("link")])]:
                assert name in declared, (name, before)
