"""The names of aggregates."""

from __future__ import annotations

from typing import Any

from hyperv_net.model import Nic, System
from hyperv_net.rewrite.naming import free_name, own_name
from hyperv_net.tree import from_plain
from tests.building import hn, synthetic


def bond(nic: Nic, device_id: str, **entry: Any) -> str | None:
    return own_name(nic, device_id, from_plain(entry), System.LINUX)


def lagg(nic: Nic) -> str | None:
    return own_name(nic, "eth0", from_plain({}), System.FREEBSD)


def test_a_bond_has_the_synthetic_nics_number() -> None:
    assert bond(synthetic(3), "eth3") == "bond3"


def test_the_configured_name_counts_before_the_id_and_the_id_before_the_kernels_name() -> None:
    assert bond(synthetic(1), "id2", **{"set-name": "eth3"}) == "bond3"
    assert bond(synthetic(1), "id2") == "bond2"
    assert bond(synthetic(1), "primary") == "bond1"
    assert bond(synthetic(1), "id2", **{"set-name": "lan"}) == "bond2"


def test_a_card_without_a_number_has_no_name_of_its_own() -> None:
    assert bond(synthetic(0, "lan"), "lan") is None


def test_the_first_free_name_skips_those_taken() -> None:
    assert free_name(System.LINUX, ()) == "bond0"
    assert free_name(System.LINUX, {"bond0", "bond1"}) == "bond2"
    assert free_name(System.FREEBSD, {"lagg0", "bond1"}) == "lagg1"


def test_a_lagg_has_the_unit_of_the_hn_device_though_the_nic_is_renamed() -> None:
    assert lagg(hn(4)) == "lagg4"
    assert lagg(hn(4, "eth0")) == "lagg4"
    assert lagg(hn(4, "wan")) == "lagg4"


def test_a_name_of_many_digits_still_makes_an_interface_name() -> None:
    assert len(bond(synthetic(0, "x"), "eth" + "9" * 40) or "") <= 15


def test_an_id_of_other_digits_than_a_nics_number_gives_no_name() -> None:
    for device_id in ("NM-626dd384-8b3d-3690-9511-192b2c79b802", "nic-00155d123456", "subnet802"):
        assert bond(synthetic(1), device_id) == "bond1"
