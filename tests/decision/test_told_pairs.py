"""Pairs that a person tells: what is believed, and what cannot be one card."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.model import Inventory, Mode, Nic, Settings, Severity
from hyperv_net.root.settings import with_values
from tests.building import decided, freebsd, linux, mac, nic, synthetic, vf


def virtio(name: str = "ens2", card: int = 1, **more: Any) -> Nic:
    device = f"/sys/devices/pci0000:00/0000:00:0{card}.0/virtio{card}"
    return nic(name, card, driver="virtio_net", bus="virtio", **{"device": device, **more})


def passed(name: str = "ens3", card: int = 2, **more: Any) -> Nic:
    device = f"/sys/devices/pci0000:00/0000:00:0{card}.0"
    return nic(name, card, **{"driver": "iavf", "device": device, **more})


def found(inventory: Inventory, *pairs: str) -> list[tuple[str | None, str | None, str]]:
    told = with_values(Settings(), {"pairs": list(pairs)}).pairs
    return [
        (one.synthetic and one.synthetic.name, one.vf and one.vf.name, one.vf_told)
        for one in find_pairs(inventory, ("hv_netvsc",), told).pairs
    ]


def said(inventory: Inventory, *pairs: str) -> list[tuple[Severity, str]]:
    told = with_values(Settings(), {"pairs": list(pairs)}).pairs
    findings = find_pairs(inventory, ("hv_netvsc",), told).findings
    return [(one.severity, one.message) for one in findings if one.rule == "told-pair"]


@pytest.mark.parametrize("synthetic_told", ["ens2", mac(1), "0000:00:01.0"])
@pytest.mark.parametrize("vf_told", ["ens3", mac(2), "0000:00:02.0"])
def test_two_nics_of_two_addresses_are_one_card_where_that_is_told(
    synthetic_told: str, vf_told: str
) -> None:
    inventory = linux(passed(), virtio(), virtio("ens9", 9))
    assert found(inventory, f"{synthetic_told}={vf_told}") == [("ens2", "ens3", vf_told)]
    (decision,) = decided(inventory, pairs=[f"{synthetic_told}={vf_told}"]).decisions
    assert decision.mode is Mode.AGGREGATE
    assert "told to be one card" in decision.reason


@pytest.mark.parametrize("vf_told", ["ens3", mac(2), "0000:00:02.0"])
def test_a_told_vf_may_be_away_and_gets_its_aggregate_all_the_same(vf_told: str) -> None:
    inventory = linux(virtio())
    assert found(inventory, f"ens2={vf_told}") == [("ens2", None, vf_told)]
    (decision,) = decided(inventory, pairs=[f"ens2={vf_told}"]).decisions
    assert decision.mode is Mode.AGGREGATE


def test_a_pair_with_one_address_is_found_by_that_however_it_was_told() -> None:
    inventory = linux(virtio(), passed(card=1))
    assert found(inventory, "ens2=ens3") == [("ens2", "ens3", "")]
    assert found(inventory) == []


def test_nothing_else_is_asked_of_the_nics_that_are_told() -> None:
    inventory = linux(synthetic(), vf(), virtio())
    assert found(inventory, f"ens2={vf().name}") == [
        ("ens2", "enP0s1", "enP0s1"),
        ("eth0", None, ""),
    ]


def test_a_told_nic_that_is_not_there_is_a_warning_and_no_pair() -> None:
    assert found(linux(passed()), "ens2=ens3") == []
    ((severity, message),) = said(linux(passed()), "ens2=ens3")
    assert severity is Severity.WARNING
    assert "no NIC of the machine is ens2" in message


@pytest.mark.parametrize(
    ("pairs", "what"),
    [
        (["ens2=ens2"], "both are ens2"),
        (["ens2=ens3", "ens4=ens3"], "ens3 is in another pair too"),
        (["ens2=ens4"], "have the driver virtio_net both"),
        ([f"{mac(5)}=ens3"], f"{mac(5)} means ens5 and ens6"),
        (["nomac=ens3"], "nomac has no MAC address"),
    ],
)
def test_what_cannot_be_one_card_is_an_error(pairs: list[str], what: str) -> None:
    inventory = linux(
        virtio(),
        passed(),
        virtio("ens4", 4),
        virtio("ens5", 5),
        passed("ens6", 5),
        virtio("nomac", 7, mac=None, permanent_mac=None),
    )
    assert [(severity, what in message) for severity, message in said(inventory, *pairs)] == [
        (Severity.ERROR, True)
    ]


def test_a_lagg_cannot_have_two_addresses() -> None:
    nics = (
        nic("vtnet0", 1, driver="vtnet", bus="virtio", device="vtnet0"),
        nic("iavf0", 2, driver="iavf", device="iavf0"),
    )
    result = decided(freebsd(*nics), pairs=["vtnet0=iavf0"])
    assert [one.mode for one in result.decisions] == [Mode.SYNTHETIC_ONLY]
    assert [(one.rule, one.severity) for one in result.findings] == [("told-pair", Severity.ERROR)]
    same = (nics[0], nics[1]._replace(mac=mac(1), permanent_mac=mac(1)))
    assert [one.mode for one in decided(freebsd(*same), pairs=["vtnet0=iavf0"]).decisions] == [
        Mode.AGGREGATE
    ]
