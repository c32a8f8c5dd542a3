"""The account of every leaf."""

from __future__ import annotations

import yaml
from hypothesis import given

from hyperv_net.model import Action, Entry, NetworkConfig, Rendered
from hyperv_net.plan.ledger import UNACCOUNTED, build_ledger
from hyperv_net.renderers.account import Account
from hyperv_net.tree import Path, format_path, from_plain, leaves
from tests.building import config, ledger, linux, nic, rewritten, synthetic, vf
from tests.strategies import Machine, machines

ONE = linux(synthetic(), vf())

TEXT = """
version: 2
ethernets:
  eth0:
    match: {macaddress: "00:0d:3a:00:00:00", driver: [hv_netvsc, mlx5_core]}
    addresses: [10.0.0.4/24]
    routes: [{to: default, via: "fe80::1%eth0"}]
    dhcp4: false
    wakeonlan: true
  eth7: {dhcp4: true}
  a-fast: {match: {name: "enP*"}, set-name: fast0}
bridges: {br0: {interfaces: [eth7, eth0], parameters: {path-cost: {eth0: 5, eth7: 5}}}}
vlans: {v5: {id: 5, link: eth0}}
"""


def actions(entries: dict[str, Entry]) -> dict[str, Action]:
    return {source: entry.action for source, entry in entries.items()}


def test_each_leaf_is_moved_kept_rewritten_or_dropped() -> None:
    machine = linux(synthetic(), vf(), nic("eth7", 7))
    assert actions(ledger(TEXT, machine)) == {
        "version": Action.KEPT,
        "ethernets.eth0.match.macaddress": Action.KEPT,
        "ethernets.eth0.match.driver[0]": Action.KEPT,
        "ethernets.eth0.match.driver[1]": Action.REWRITTEN,
        "ethernets.eth0.addresses[0]": Action.MOVED,
        "ethernets.eth0.routes[0].to": Action.MOVED,
        "ethernets.eth0.routes[0].via": Action.MOVED,
        "ethernets.eth0.dhcp4": Action.MOVED,
        "ethernets.eth0.wakeonlan": Action.KEPT,
        "ethernets.eth7.dhcp4": Action.KEPT,
        "ethernets.a-fast.match.name": Action.REWRITTEN,
        "ethernets.a-fast.set-name": Action.DROPPED,
        "bridges.br0.interfaces[0]": Action.KEPT,
        "bridges.br0.interfaces[1]": Action.REWRITTEN,
        "bridges.br0.parameters.path-cost.eth0": Action.REWRITTEN,
        "bridges.br0.parameters.path-cost.eth7": Action.KEPT,
        "vlans.v5.id": Action.KEPT,
        "vlans.v5.link": Action.REWRITTEN,
    }


def test_an_entry_says_where_a_leaf_went_and_what_its_value_is_there() -> None:
    via = ledger(TEXT, ONE)["ethernets.eth0.routes[0].via"]
    assert [format_path(path) for path in via.to] == ["bonds.bond0.routes[0].via"]
    assert (via.value, via.result) == ("fe80::1%eth0", "fe80::1%bond0")


def test_a_leaf_that_found_no_place_has_the_reason_of_the_rewrite() -> None:
    entry = ledger(TEXT, ONE)["ethernets.a-fast.set-name"]
    assert entry.reason == "a VF is never renamed: its kernel finds it by its name"
    assert entry.to == ()


def test_a_place_in_a_list_that_shifts_is_no_rewrite() -> None:
    entries = ledger(
        """
        version: 2
        ethernets: {eth0: {}, eth7: {}}
        bridges: {b: {interfaces: [eth0, enP0s1, eth7]}}
        """,
        linux(synthetic(), vf(), nic("eth7", 7)),
    )
    assert entries["bridges.b.interfaces[2]"].action is Action.KEPT
    assert [format_path(path) for path in entries["bridges.b.interfaces[2]"].to] == [
        "bridges.b.interfaces[1]"
    ]


def test_leaves_of_version_1_that_became_structure_are_accounted_for() -> None:
    entries = ledger(
        """
        version: 1
        config:
          - type: physical
            name: eth0
            mac_address: "00:0d:3a:00:00:00"
            mtu: 1500
            subnets:
              - {type: static, address: 10.0.0.4, netmask: 255.255.255.0, gateway: 10.0.0.1}
              - {type: dhcp6}
          - {type: vlan, name: eth0.5, vlan_id: 5, vlan_link: eth0}
          - {type: nameserver, address: [10.0.0.53], search: [example.com]}
        """,
        ONE,
    )
    assert [source for source, entry in entries.items() if entry.action is Action.DROPPED] == []
    subnet = entries["config[0].subnets[0].address"]
    assert [format_path(path) for path in subnet.to] == ["bonds.bond0.addresses[0]"]
    assert entries["config[1].vlan_link"].result == "bond0"


def test_without_an_aggregate_every_leaf_is_kept_even_what_only_version_1_can_say() -> None:
    read = config("{version: 2, ethernets: {eth0: {dhcp4: true}}}")
    read = NetworkConfig(
        read.source, read.tree, (*read.leaves, (("odd",), 1)), ((("odd",), "cannot be said"),)
    )
    entries = build_ledger(read, rewritten(read, linux(nic("eth0"))), None)
    assert {format_path(one.source): one.action for one in entries} == {
        "version": Action.KEPT,
        "ethernets.eth0.dhcp4": Action.KEPT,
        "odd": Action.KEPT,
    }


def test_a_leaf_that_could_not_be_read_into_the_tree_is_dropped_with_its_reason() -> None:
    read = config("{version: 2, ethernets: {eth0: {dhcp4: true}}}")
    read = NetworkConfig(
        read.source, read.tree, (*read.leaves, (("odd",), 1)), ((("odd",), "cannot be said"),)
    )
    odd = build_ledger(read, rewritten(read, ONE), None)[-1]
    assert odd == Entry(("odd",), 1, Action.DROPPED, reason="cannot be said")


def test_a_leaf_that_no_stage_knows_is_dropped_as_a_fault_of_this_program() -> None:
    read = config("{version: 2, ethernets: {eth0: {dhcp4: true}}}")
    read = NetworkConfig(read.source, read.tree, (*read.leaves, (("lost",), 1)))
    lost = build_ledger(read, rewritten(read, ONE), None)[-1]
    assert (lost.action, lost.reason) == (Action.DROPPED, UNACCOUNTED)


# What a renderer did


def rendered(text: str, places: dict[Path, str], dropped: dict[Path, str]) -> dict[str, Entry]:
    read = config(text)
    entries = build_ledger(read, rewritten(read, ONE), Rendered((), places, dropped))
    return {format_path(entry.source): entry for entry in entries}


BOND = ("bonds", "bond0")


def test_a_leaf_is_where_the_renderer_put_it_or_dropped_with_its_reason() -> None:
    entries = rendered(
        "{version: 2, ethernets: {eth0: {mtu: 9000, critical: true}}}",
        {("version",): "rc.conf", (*BOND, "mtu"): "rc.conf: ifconfig_hn0"},
        {(*BOND, "critical"): "rc.conf has no such thing"},
    )
    assert entries["ethernets.eth0.mtu"].places == ("rc.conf: ifconfig_hn0",)
    assert entries["ethernets.eth0.mtu"].action is Action.MOVED
    assert entries["ethernets.eth0.critical"].action is Action.DROPPED
    assert entries["ethernets.eth0.critical"].reason == "rc.conf has no such thing"


def test_a_leaf_the_renderer_never_mentions_is_a_fault_of_this_program() -> None:
    entries = rendered("{version: 2, ethernets: {eth0: {mtu: 9000}}}", {}, {})
    assert entries["ethernets.eth0.mtu"].reason == UNACCOUNTED


def test_a_leaf_that_became_structure_is_in_the_text_where_anything_below_it_is() -> None:
    read = config("{version: 1, config: [{type: physical, name: eth0, mtu: 9000}]}")
    result = rewritten(read, ONE)
    mtu = (*BOND, "mtu")
    placed = Rendered((), {mtu: "rc.conf"}, {})
    lost = Rendered((), {}, {path: "no room" for path, _ in leaves(result.tree)})
    for done, action in ((placed, {Action.MOVED}), (lost, {Action.DROPPED})):
        entries = {format_path(one.source): one for one in build_ledger(read, result, done)}
        assert {entries["config[0].mtu"].action} == action
    assert entries["config[0].name"].reason == "no room"


# The account that a renderer keeps


TREE = from_plain({"a": {"b": 1, "c": [2, 3]}, "d": []})


def test_a_place_holds_for_every_leaf_below_and_the_first_one_counts() -> None:
    account = Account(TREE)
    account.place(("a", "c", 0), "first")
    account.place(("a",), "second")
    account.place(("nowhere",), "third")
    assert account.places() == {
        ("a", "c", 0): "first",
        ("a", "b"): "second",
        ("a", "c", 1): "second",
    }


def test_what_was_not_placed_is_dropped_with_its_own_reason_or_the_general_one() -> None:
    account = Account(TREE)
    account.place(("a", "c"), "here")
    account.drop(("a",), "no such thing")
    assert account.dropped(otherwise="forgotten") == {
        ("a", "b"): "no such thing",
        ("d",): "forgotten",
    }


@given(machines())
def test_every_leaf_of_any_config_has_one_entry_in_the_configs_order(machine: Machine) -> None:
    text = yaml.safe_dump(machine.config, sort_keys=False)
    entries = list(ledger(text, machine.inventory).items())
    assert [source for source, _ in entries] == [
        format_path(path) for path, _ in config(text).leaves
    ]
    # Only where the halves of one aggregate contradict each other is anything dropped.
    dropped = [entry.reason for _, entry in entries if entry.action is Action.DROPPED]
    assert [reason for reason in dropped if not reason.startswith("bonds.uplink7")] == []


def test_a_secret_is_in_no_entry() -> None:
    secret = "{access-points: {home: {password: hunter3, auth: {password: hunter4}}}}"
    entries = ledger(f"{{version: 2, wifis: {{wlan0: {secret}}}}}", linux(synthetic(), vf()))
    assert "hunter" not in repr(entries)
    assert entries["wifis.wlan0.access-points.home.password"].value == "(hidden)"


def test_a_leaf_that_became_several_has_the_value_of_each() -> None:
    """`ipv6_slaac` asks for advertisements, and for no DHCPv6."""
    text = """
    version: 1
    config:
    - type: physical
      name: eth0
      mac_address: "00:0d:3a:00:00:00"
      subnets: [{type: ipv6_slaac}, {type: dhcp4}]
    """
    entry = ledger(text, ONE)["config[0].subnets[0].type"]
    now = dict(zip(map(format_path, entry.to), entry.results))
    assert now == {"bonds.bond0.accept-ra": True, "bonds.bond0.dhcp6": False}
    assert ledger(text, ONE)["config[0].subnets[1].type"].results == ()
