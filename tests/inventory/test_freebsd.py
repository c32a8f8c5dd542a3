"""FreeBSD: what is read from the output of ifconfig."""

from __future__ import annotations

import pytest

from hyperv_net.inventory.freebsd import inventory_from
from hyperv_net.model import Inventory, Kind, Nic, System
from tests.inventory.captured import freebsd, nics


def test_every_fact_of_a_transparent_azure_pair_is_read() -> None:
    assert freebsd("azure-15-mce") == Inventory(
        System.FREEBSD,
        "15.0-RELEASE-p1",
        (
            Nic(
                name="hn0",
                kind=Kind.ETHERNET,
                mac="7c:ed:8d:83:96:7c",
                permanent_mac="7c:ed:8d:83:96:7c",
                driver="hn",
                bus="vmbus",
                device="hn0",
                state="up",
                mtu=1500,
            ),
            Nic(name="lo0", kind=Kind.LOOPBACK, state="unknown", mtu=16384),
            Nic(
                name="mce0",
                kind=Kind.ETHERNET,
                mac="7c:ed:8d:83:96:7c",
                permanent_mac="7c:ed:8d:83:96:7c",
                driver="mce",
                bus="pci",
                device="mce0",
                state="up",
                mtu=1500,
            ),
        ),
        vf_transparent=True,
        vf_map=(("hn0", "mce0"),),
    )


def test_a_lagg_has_its_ports_below_and_is_their_master() -> None:
    found = nics(freebsd("lagg-13-mlxen"))
    assert (found["lagg0"].kind, found["lagg0"].lowers) == (Kind.LAGG, ("hn0", "mlxen0"))
    assert (found["hn0"].master, found["mlxen0"].master) == ("lagg0", "lagg0")
    assert found["hn1"].master is None


def test_a_port_keeps_its_own_address_beside_the_laggs() -> None:
    mlxen0 = nics(freebsd("lagg-13-mlxen"))["mlxen0"]
    assert (mlxen0.mac, mlxen0.permanent_mac) == ("00:0d:3a:11:22:33", "00:0d:3a:11:22:34")


def test_devices_made_of_software_have_no_permanent_address_driver_or_bus() -> None:
    found = nics(freebsd("lagg-13-mlxen"))
    for name in ("lagg0", "lagg0.10"):
        nic = found[name]
        assert nic.mac == "00:0d:3a:11:22:33"
        assert (nic.permanent_mac, nic.driver, nic.bus, nic.device) == (None,) * 4


def test_a_vlan_is_told_by_its_vlan_line_and_has_its_parent_below() -> None:
    vlan = nics(freebsd("lagg-13-mlxen"))["lagg0.10"]
    assert (vlan.kind, vlan.lowers) == (Kind.VLAN, ("lagg0",))
    lost = nics(freebsd("bridge-11"))["vlan7"]
    assert (lost.kind, lost.lowers, lost.mac) == (Kind.VLAN, (), None)


def test_a_bridge_is_told_by_its_lines_whatever_its_name() -> None:
    found = nics(freebsd("bridge-11"))
    assert (found["uplink"].kind, found["uplink"].lowers) == (Kind.BRIDGE, ("epair0a", "em0"))
    assert (found["em0"].master, found["epair0a"].master) == ("uplink", "uplink")


def test_kinds_come_from_lines_flags_and_groups_and_from_names_where_there_are_none() -> None:
    found = nics(freebsd("bridge-11"))
    assert {name: nic.kind for name, nic in found.items()} == {
        "em0": Kind.ETHERNET,
        "epair0a": Kind.OTHER,
        "lo0": Kind.LOOPBACK,
        "pflog0": Kind.OTHER,
        "tap0": Kind.TUNNEL,
        "uplink": Kind.BRIDGE,
        "vlan7": Kind.VLAN,
        "wg0": Kind.TUNNEL,
    }
    assert found["em0"].permanent_mac == "00:15:5d:00:00:01"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("laggproto failover lagghash l2,l3,l4", Kind.LAGG),
        ("vlan: 5 vlanproto: 802.1q vlanpcp: 0 parent interface: hn0", Kind.VLAN),
        ("groups: bridge", Kind.BRIDGE),
        ("groups: wan tap", Kind.TUNNEL),
        ("groups: wan", Kind.ETHERNET),
    ],
)
def test_a_renamed_device_has_the_kind_of_its_lines(line: str, kind: Kind) -> None:
    text = f"outer0: flags=8843<UP> mtu 1500\n\tether 00:0d:3a:11:22:33\n\t{line}\n"
    (nic,) = inventory_from(text, None, {}).nics
    assert nic.kind is kind


def test_state_is_down_without_the_up_flag_whatever_the_link_says() -> None:
    found = nics(freebsd("lagg-13-mlxen"))
    assert {name: nic.state for name, nic in found.items()} == {
        "hn0": "down",
        "hn1": "down",
        "lagg0": "up",
        "lagg0.10": "up",
        "lo0": "unknown",
        "mlxen0": "up",
    }


def test_a_description_is_not_taken_for_a_line_of_ifconfig() -> None:
    assert nics(freebsd("lagg-13-mlxen"))["lagg0"].mac == "00:0d:3a:11:22:33"


def test_a_loopback_is_told_by_its_flag() -> None:
    (nic,) = inventory_from("inside: flags=8049<UP,LOOPBACK,RUNNING> mtu 16384\n", None, {}).nics
    assert nic.kind is Kind.LOOPBACK
