"""Which NICs are one card: by address and by what they are, never by name."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.model import Inventory, Kind, Nic, Severity, System
from tests.building import freebsd, hn, linux, mac, mce, nic, stacked, synthetic, vf
from tests.strategies import inventories

Names = list[tuple[Any, Any]]


def names(inventory: Inventory, *drivers: str) -> Names:
    """The names of synthetic NIC and VF of each pair."""
    return [
        (pair.synthetic and pair.synthetic.name, pair.vf and pair.vf.name)
        for pair in find_pairs(inventory, drivers or ("hv_netvsc",)).pairs
    ]


def test_a_synthetic_nic_and_a_bus_device_with_one_address_are_a_pair() -> None:
    assert names(linux(vf(), synthetic())) == [("eth0", "enP0s1")]


@pytest.mark.parametrize("order", [1, -1])
def test_names_and_their_order_say_nothing(order: int) -> None:
    swapped = [synthetic(0, "eth1"), vf(0, "eth0"), synthetic(1, "a"), vf(1, "b")]
    assert names(linux(*swapped[::order])) == [("a", "b"), ("eth1", "eth0")]


def test_alike_names_with_different_addresses_are_no_pair() -> None:
    nics = (synthetic(0, "eth0"), nic("eth0v", 1, driver="mlx5_core"))
    assert names(linux(*nics)) == [("eth0", None)]


def test_a_synthetic_nic_whose_vf_is_away_is_a_pair_without_vf() -> None:
    assert names(linux(synthetic(), synthetic(1), vf(1))) == [("eth0", None), ("eth1", "enP1s1")]


def test_pairs_are_in_the_natural_order_of_their_names() -> None:
    assert [one for one, _ in names(linux(*(synthetic(card) for card in (10, 2, 0))))] == [
        "eth0",
        "eth2",
        "eth10",
    ]


@pytest.mark.parametrize(
    "kind", [Kind.VLAN, Kind.BOND, Kind.BRIDGE, Kind.MACVLAN, Kind.LAGG, Kind.VRF, Kind.OTHER]
)
def test_what_is_stacked_on_a_nic_shares_its_address_and_is_no_pair(kind: Kind) -> None:
    above = stacked("above0", kind, ("eth0",))
    assert names(linux(synthetic(), above)) == [("eth0", None)]
    assert names(linux(synthetic(), vf(), above)) == [("eth0", "enP0s1")]
    assert names(linux(nic("eno1"), above)) == []


def test_an_ethernet_device_of_software_is_no_vf() -> None:
    """A veth or tap that was given the card's address is on no bus."""
    assert names(linux(synthetic(), Nic("veth0", mac=mac(), driver="veth"))) == [("eth0", None)]


def test_two_mana_ports_on_one_pci_function_are_two_pairs() -> None:
    function = "devices/pci7870:00/7870:00:00.0"
    ports = [vf(card, f"enP30832s1d{card}", driver="mana", device=function) for card in (0, 1)]
    assert names(linux(synthetic(), synthetic(1), *ports)) == [
        ("eth0", "enP30832s1d0"),
        ("eth1", "enP30832s1d1"),
    ]


def test_three_nics_with_one_address_are_an_error_and_the_others_are_unharmed() -> None:
    pairing = find_pairs(linux(synthetic(), vf(), nic("eno1"), synthetic(1), vf(1)), ["hv_netvsc"])
    assert [pair.mac for pair in pairing.pairs] == [mac(1)]
    (finding,) = pairing.findings
    assert (finding.rule, finding.severity) == ("pair-ambiguous", Severity.ERROR)
    assert all(part in finding.message for part in ("3 NICs", mac(), "eth0", "enP0s1", "eno1"))


def test_findings_do_not_depend_on_the_order_of_nics() -> None:
    nics = (synthetic(), vf(), nic("eno1"), nic("eno3", 3), nic("eno2", 3))
    findings = find_pairs(linux(*nics), ["hv_netvsc"]).findings
    assert len(findings) == 2
    assert find_pairs(linux(*nics[::-1]), ["hv_netvsc"]).findings == findings


def test_two_synthetic_nics_with_one_address_are_an_error() -> None:
    pairing = find_pairs(linux(synthetic(), synthetic(0, "eth7")), ["hv_netvsc"])
    assert pairing.pairs == ()
    assert [finding.severity for finding in pairing.findings] == [Severity.ERROR]


@pytest.mark.parametrize("address", [None, "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff"])
def test_nics_without_a_real_address_are_no_pair(address: str | None) -> None:
    nics = [synthetic(mac=address, permanent_mac=None), vf(mac=address, permanent_mac=None)]
    assert names(linux(*nics)) == []


def test_the_permanent_address_wins_while_members_bear_that_of_their_bond() -> None:
    nics = [
        synthetic(0, mac=mac(0), master="bond0"),
        vf(0, mac=mac(0), master="bond0"),
        synthetic(1, mac=mac(0), master="bond0"),
        vf(1, mac=mac(0), master="bond0"),
        stacked("bond0", Kind.BOND, ("eth0", "eth1")),
    ]
    assert names(linux(*nics)) == [("eth0", "enP0s1"), ("eth1", "enP1s1")]


def test_net_failovers_three_netdevs_are_one_pair_whatever_drivers_are_synthetic() -> None:
    failover = nic("eth0", driver="virtio_net", bus="virtio", kind=Kind.FAILOVER)
    standby = nic("eth0nsby", driver="virtio_net", bus="virtio", master="eth0")
    primary = nic("ens17", driver="e1000e", master="eth0")
    assert names(linux(failover, standby, primary)) == [("eth0nsby", "ens17")]
    assert find_pairs(linux(failover, standby, primary), ["hv_netvsc"]).findings == ()


def test_virtio_net_is_synthetic_only_on_request() -> None:
    nics = (nic("eth0", driver="virtio_net", bus="virtio"), nic("ens17", driver="e1000e"))
    assert names(linux(*nics), "virtio_net") == [("eth0", "ens17")]
    unasked = find_pairs(linux(*nics), ["hv_netvsc"])
    assert unasked.pairs == ()
    (finding,) = unasked.findings
    assert (finding.rule, finding.severity) == ("same-mac", Severity.NOTE)
    assert "--synthetic-driver virtio_net" in finding.hint


def test_two_ordinary_nics_with_one_address_get_a_hint_that_names_no_driver() -> None:
    (finding,) = find_pairs(linux(nic("eno1"), nic("eno2")), ["hv_netvsc"]).findings
    assert "name its driver" in finding.hint


@pytest.mark.parametrize("reverse", [False, True])
def test_the_note_says_what_cloud_init_does_at_them_and_which_it_is_shown(reverse: bool) -> None:
    """The one that lasts: not USB's, not that of a bus where others may be; then by its place."""
    nics = [
        nic("a0", bus="usb", device="/sys/devices/pci0/usb1"),
        nic("b0", device="/sys/devices/pci0/0000:00:05.0"),
        nic("c0", device="/sys/devices/pci0/0000:00:04.0"),
        nic("d0", bus="virtio", device="/sys/devices/pci0/0000:00:09.0/virtio3"),
    ]
    for last, shown in ((4, "d0"), (3, "c0"), (2, "b0")):
        here = nics[:last][:: -1 if reverse else 1]
        (finding,) = find_pairs(linux(*here), ["hv_netvsc"]).findings
        assert "cloud-init alone stops at them ('duplicate mac found')" in finding.message
        assert finding.message.endswith(f"with hyperv-net baked in it looks at {shown} alone")


def test_of_drivers_that_cloud_init_tells_apart_nothing_is_said_of_it() -> None:
    nics = [nic("eno1", driver="mscc_felix"), nic("eno2", driver="mscc_felix")]
    (finding,) = find_pairs(linux(*nics), ["hv_netvsc"]).findings
    assert "cloud-init" not in finding.message


def test_a_lone_nic_is_a_vf_only_where_something_says_so() -> None:
    vmbus = "/sys/devices/LNXSYSTM:00/VMBUS:01/0f7c5ff5/pci0/0:00:02.0"
    assert names(linux(nic("enP1s1", device=vmbus))) == [(None, "enP1s1")]
    assert names(linux(nic("enP1s1", driver="mana"))) == [(None, "enP1s1")]
    assert names(linux(nic("eno1", device="/sys/devices/pci0000:00/0000:00:1f.6"))) == []
    assert names(freebsd(mce())) == [(None, "mce0")]
    assert names(freebsd(nic("em0", driver="em"))) == []


def test_on_freebsd_vfmap_outranks_an_address_that_is_the_laggs() -> None:
    port = mce(0, mac=mac(7), permanent_mac=None)
    assert names(freebsd(hn(), port, vf_map=(("hn0", "mce0"),))) == [("hn0", "mce0")]
    assert names(freebsd(hn(), port)) == [("hn0", None), (None, "mce0")]


def test_a_vfmap_that_names_absent_nics_is_passed_over() -> None:
    vf_map = (("hn0", "mce9"), ("hn9", "mce0"))
    assert names(freebsd(hn(), mce(), vf_map=vf_map)) == [("hn0", "mce0")]


@given(st.sampled_from(System).flatmap(lambda system: inventories(system)), st.data())
def test_pairs_do_not_depend_on_the_order_of_nics(
    inventory: Inventory, data: st.DataObject
) -> None:
    nics = tuple(data.draw(st.permutations(inventory.nics)))
    other = Inventory(
        inventory.system, inventory.kernel, nics, inventory.vf_transparent, inventory.vf_map
    )
    assert find_pairs(other, ["hv_netvsc"]) == find_pairs(inventory, ["hv_netvsc"])


@given(st.sampled_from(System).flatmap(lambda system: inventories(system)))
def test_no_nic_is_in_two_pairs_and_both_halves_have_one_address(inventory: Inventory) -> None:
    members = [
        (pair.mac, half)
        for pair in find_pairs(inventory, ["hv_netvsc"]).pairs
        for half in (pair.synthetic, pair.vf)
        if half is not None
    ]
    assert len({half.name for _, half in members}) == len(members)
    assert all(half.hardware_mac == address for address, half in members)


@pytest.mark.parametrize("named", [["virtio_net"], ["vtnet"], []])
def test_a_driver_that_is_named_adds_to_hyper_vs_own(named: list[str]) -> None:
    machine = linux(synthetic(), vf(), nic("eth1", 1, driver="virtio_net", bus="virtio"), vf(1))
    found = find_pairs(machine, named).pairs
    names = [(one.synthetic.name, one.vf.name) for one in found if one.synthetic and one.vf]
    assert names == [("eth0", "enP0s1"), ("eth1", "enP1s1")][: 2 if "virtio_net" in named else 1]
    (of_freebsd,) = find_pairs(freebsd(hn(), mce(), transparent=False), named).pairs
    assert of_freebsd.synthetic == hn() and of_freebsd.vf == mce()
