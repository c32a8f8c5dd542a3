"""References to what neither the configuration nor the machine has."""

from __future__ import annotations

import pytest

from hyperv_net.model import Inventory, Nic, Settings, System
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.rewrite.failover import rewrite
from hyperv_net.rewrite.undeclared import references, unknown_names

MACHINE = Inventory(System.LINUX, "6.1", (Nic("eth0", mac="00:0d:3a:00:00:01"),))
CARD = "ethernets: {card: {match: {macaddress: '00:0d:3a:00:00:01'}, set-name: lan0}}"


def said(*below: str) -> list[str]:
    text = "\n".join(("version: 2", *below))
    rewritten = rewrite(read_network_config(text, "nc"), (), MACHINE, Settings())
    return [
        f"{one.where}: {one.message} ({one.hint})"
        for one in unknown_names(rewritten, "nc", {}, is_adopted=False)
    ]


@pytest.mark.parametrize("name", ["eth0", "lan0", "card", "br0"])
def test_a_nic_a_name_that_one_gets_and_a_device_are_there(name: str) -> None:
    assert said(CARD, "bridges: {br0: {}}", f"vlans: {{v: {{id: 5, link: {name}}}}}") == []


def test_what_is_neither_is_told_of_with_its_place_and_what_is_like_it() -> None:
    assert said("bridges: {br0: {interfaces: [eth0, ehh0]}}") == [
        "nc: bridges.br0.interfaces[1]: no device is declared as 'ehh0', and no NIC here is called "
        "so (did you mean 'eth0'?)"
    ]


def test_a_patch_port_is_declared_at_the_top() -> None:
    text = """
version: 2
openvswitch: {ports: [[to-b, to-a]]}
bridges: {a: {interfaces: [to-b]}, b: {interfaces: [to-a, to-c]}}
"""
    tree = read_network_config(text, "nc").tree
    assert [one.name for one in references(tree)] == ["to-c"]


def test_version_1_names_its_place_in_the_list_of_entries() -> None:
    text = """
version: 1
config:
  - {type: bond, name: bond0, bond_interfaces: [eth0, nosuch]}
"""
    rewritten = rewrite(read_network_config(text, "nc"), (), MACHINE, Settings())
    assert [str(one.where) for one in unknown_names(rewritten, "nc", {}, is_adopted=False)] == [
        "nc: config[0].bond_interfaces[1]"
    ]
