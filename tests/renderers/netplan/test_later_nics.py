"""A NIC that is attached later gets what was said for NICs yet unseen; a pair's NICs do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.model import Inventory
from hyperv_net.renderers.netplan import render as netplan
from tests.building import linux, mac, nic, rewritten, synthetic, vf
from tests.debian.tools import SUITES, applied_network, netplan_generate, networkd_files, write
from tests.renderers.netplan.written import network

ONE = linux(synthetic(), vf())
TWO = linux(synthetic(), vf(), synthetic(1), vf(1), nic("eth7", 7))
DEBIANS = (
    "{version: 2, ethernets: {all-en: {match: {name: 'en*'}, dhcp4: true},"
    " all-eth: {match: {name: 'eth*'}, dhcp4: true, dhcp6: true}}}"
)


def ethernets(text: str, machine: Inventory = ONE) -> Any:
    return network(netplan.render(rewritten(text, machine), {}))["ethernets"]


@pytest.mark.parametrize("machine", [ONE, TWO])
def test_a_catch_all_is_said_again_behind_all_that_is_known(machine: Inventory) -> None:
    made = ethernets(DEBIANS, machine)
    assert made["zz-all-en"] == {"match": {"name": "en*"}, "dhcp4": True}
    assert made["zz-all-eth"] == {"match": {"name": "eth*"}, "dhcp4": True, "dhcp6": True}
    files = [f"{one}.network" for one in made]
    assert max(one for one in files if not one.startswith("zz-")) < "zz-"


@pytest.mark.parametrize(
    "text",
    [
        "{version: 2, ethernets: {eth0: {dhcp4: true}, later: {match: {name: 'e*'}, mtu: 9000}}}",
        "{version: 2, ethernets: {all: {match: {name: 'e*'}, addresses: [10.0.0.4/24]}}}",
        "{version: 2, ethernets: {all: {match: {name: 'e*'}}},"
        " bridges: {br0: {interfaces: [all]}}}",
    ],
)
def test_one_that_stands_as_it_was_or_is_for_one_nic_or_is_referred_to_is_not(text: str) -> None:
    assert not [one for one in ethernets(text) if one.startswith("zz")]


def test_no_id_comes_behind_it() -> None:
    made = ethernets("{version: 2, ethernets: {zzz: {match: {name: 'e*'}, dhcp4: true}}}")
    assert max(f"{one}.network" for one in made) == "zzzz-zzz.network"


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_networkd_takes_it_for_a_later_nic_and_for_no_nic_of_a_pair(
    suite: str, tmp_path: Path
) -> None:
    write(tmp_path, netplan.render(rewritten(DEBIANS, TWO), {}).files)
    ran = netplan_generate(suite, tmp_path)
    assert ran.status == 0, ran.err
    files = networkd_files(tmp_path)
    later = applied_network(files, name="eth9", mac=mac(9), driver="virtio_net")
    assert later == "10-netplan-zz-all-eth.network"
    assert files[later]["Network"]["DHCP"] == "yes"
    for name, card, driver in (("eth0", 0, "hv_netvsc"), ("enp7s7", 1, "mlx5_core")):
        applied = applied_network(files, name=name, mac=mac(card), driver=driver)
        assert files[applied]["Network"]["Bond"] == f"bond{card}"
