"""FreeBSD: what is read from the output of ifconfig and sysctl, and from netifaces."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.freebsd import (
    IFCONFIG,
    IFCONFIG_WITH_DRIVERS,
    SYSCTL,
    inventory_from,
    netifaces_link_addresses,
    parse_sysctl,
    read_freebsd,
)
from hyperv_net.inventory.ifconfig import parse_ifconfig
from hyperv_net.model import Inventory, Kind, Nic, Severity, System
from tests.inventory.captured import FREEBSD


def output(name: str) -> str:
    return (FREEBSD / name).read_text(encoding="ascii")


def read(name: str) -> Inventory:
    return inventory_from(output(f"{name}.ifconfig"), output(f"{name}.sysctl"), {})


def without_drivers(text: str) -> str:
    """The same output from a release whose ifconfig knows no -D."""
    return "".join(line for line in text.splitlines(True) if "drivername:" not in line)


def nics(inventory: Inventory) -> dict[str, Nic]:
    return {nic.name: nic for nic in inventory.nics}


def test_every_fact_of_a_transparent_azure_pair_is_read() -> None:
    assert read("azure-15-mce") == Inventory(
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
    found = nics(read("lagg-13-mlxen"))
    assert (found["lagg0"].kind, found["lagg0"].lowers) == (Kind.LAGG, ("hn0", "mlxen0"))
    assert (found["hn0"].master, found["mlxen0"].master) == ("lagg0", "lagg0")
    assert found["hn1"].master is None


def test_a_port_keeps_its_own_address_beside_the_laggs() -> None:
    mlxen0 = nics(read("lagg-13-mlxen"))["mlxen0"]
    assert (mlxen0.mac, mlxen0.permanent_mac) == ("00:0d:3a:11:22:33", "00:0d:3a:11:22:34")


def test_devices_made_of_software_have_no_permanent_address_driver_or_bus() -> None:
    found = nics(read("lagg-13-mlxen"))
    for name in ("lagg0", "lagg0.10"):
        nic = found[name]
        assert nic.mac == "00:0d:3a:11:22:33"
        assert (nic.permanent_mac, nic.driver, nic.bus, nic.device) == (None,) * 4


def test_a_vlan_is_told_by_its_vlan_line_and_has_its_parent_below() -> None:
    vlan = nics(read("lagg-13-mlxen"))["lagg0.10"]
    assert (vlan.kind, vlan.lowers) == (Kind.VLAN, ("lagg0",))
    lost = nics(read("bridge-11"))["vlan7"]
    assert (lost.kind, lost.lowers, lost.mac) == (Kind.VLAN, (), None)


def test_a_bridge_is_told_by_its_lines_whatever_its_name() -> None:
    found = nics(read("bridge-11"))
    assert (found["uplink"].kind, found["uplink"].lowers) == (Kind.BRIDGE, ("epair0a", "em0"))
    assert (found["em0"].master, found["epair0a"].master) == ("uplink", "uplink")


def test_kinds_come_from_lines_flags_and_groups_and_from_names_where_there_are_none() -> None:
    found = nics(read("bridge-11"))
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
    found = nics(read("lagg-13-mlxen"))
    assert {name: nic.state for name, nic in found.items()} == {
        "hn0": "down",
        "hn1": "down",
        "lagg0": "up",
        "lagg0.10": "up",
        "lo0": "unknown",
        "mlxen0": "up",
    }


def test_a_description_is_not_taken_for_a_line_of_ifconfig() -> None:
    assert nics(read("lagg-13-mlxen"))["lagg0"].mac == "00:0d:3a:11:22:33"


# Renamed cards


def test_ifconfig_d_tells_the_device_of_a_renamed_card() -> None:
    found = nics(read("renamed-14-mana"))
    assert {name: (nic.device, nic.driver, nic.bus) for name, nic in found.items()} == {
        "wan": ("hn1", "hn", "vmbus"),
        "mana0": ("mana0", "mana", "pci"),
        "hn1": ("hn0", "hn", "vmbus"),
        "fast": ("mana1", "mana", "pci"),
    }


PAIR = """\
{}: flags=8843<UP> metric 0 mtu 1500
\tether 00:0d:3a:11:22:33
{}: flags=8843<UP> metric 0 mtu 1500
\tether 00:0d:3a:11:22:33
"""


def test_without_it_the_sysctls_tell_the_unit_of_a_renamed_hn_by_its_vf() -> None:
    sysctl = "hw.hn.vfmap: mce0:eth0\ndev.hn.3.vf: mce0\n"
    found = nics(inventory_from(PAIR.format("eth0", "mce0"), sysctl, {}))
    assert (found["eth0"].device, found["eth0"].driver) == ("hn3", "hn")


def test_without_either_the_one_hn_left_is_the_one_card_left() -> None:
    sysctl = "dev.hn.0.vf: \n"
    found = nics(inventory_from(PAIR.format("outer", "mce0"), sysctl, {}))
    assert (found["outer"].device, found["outer"].bus) == ("hn0", "vmbus")
    assert found["mce0"].device == "mce0"


def test_where_it_cannot_be_told_a_finding_says_so_and_nothing_is_guessed() -> None:
    inventory = inventory_from(PAIR.format("inner", "outer"), "dev.hn.0.vf: \n", {})
    assert [(nic.device, nic.driver, nic.bus) for nic in inventory.nics] == [(None,) * 3] * 2
    (finding,) = inventory.findings
    assert (finding.rule, finding.severity) == ("nic-driver", Severity.WARNING)
    assert "inner, outer" in finding.message


def test_a_card_with_an_unknown_name_is_on_pci_where_every_hn_is_accounted_for() -> None:
    inventory = inventory_from(PAIR.format("hn0", "outer"), "dev.hn.0.vf: \n", {})
    outer = nics(inventory)["outer"]
    assert (outer.kind, outer.driver, outer.bus) == (Kind.ETHERNET, None, "pci")
    assert inventory.findings == ()


def test_a_card_named_like_another_drivers_unit_is_told_by_the_sysctls() -> None:
    """hn0 was renamed eth0, and then hn1 was renamed hn0: vfmap and dev.hn.1.vf know."""
    text = PAIR.format("hn0", "mce0")
    sysctl = "hw.hn.vfmap: mce0:hn0\ndev.hn.1.vf: mce0\n"
    assert nics(inventory_from(text, sysctl, {}))["hn0"].device == "hn1"


def test_a_unit_is_never_given_to_two_cards() -> None:
    """hn0 is now eth0 by the sysctls, so the card that is named hn0 is the unit left over."""
    text = PAIR.format("eth0", "mce0") + "hn0: flags=8843<UP>\n\tether 00:0d:3a:44:55:66\n"
    sysctl = "hw.hn.vfmap: mce0:eth0\ndev.hn.0.vf: mce0\ndev.hn.1.vf: \n"
    found = nics(inventory_from(text, sysctl, {}))
    assert (found["eth0"].device, found["hn0"].device) == ("hn0", "hn1")


def test_a_loopback_is_told_by_its_flag() -> None:
    (nic,) = inventory_from("inside: flags=8049<UP,LOOPBACK,RUNNING> mtu 16384\n", None, {}).nics
    assert nic.kind is Kind.LOOPBACK


# sysctl


@pytest.mark.parametrize(
    ("text", "transparent"),
    [
        ("hw.hn.vf_transparent: 1", True),
        ("hw.hn.vf_transparent: 0", False),
        ("hw.hn.vf_transparent=0", False),
        ("hw.hn.vf_transparent: maybe", None),
        ("", None),
        (None, None),
    ],
)
def test_vf_transparent_is_none_where_the_kernel_has_no_such_sysctl(
    text: str | None, transparent: bool | None
) -> None:
    assert inventory_from("hn0: flags=8843<UP>\n", text, {}).vf_transparent is transparent


def test_vfmap_lists_pairs_as_synthetic_and_vf_and_leaves_out_what_is_none() -> None:
    text = "hw.hn.vfmap: mce0:hn0 mce10:hn1 $(id):hn2 mce3 a:b:c"
    found = inventory_from("hn0: flags=8843<UP>\n", text, {})
    assert found.vf_map == (("hn0", "mce0"), ("hn1", "mce10"))


def test_sysctl_lines_are_names_and_values() -> None:
    text = "a.b: 1\nc.%parent: \nlines of a value\nd.e=x: y\n"
    assert parse_sysctl(text) == {"a.b": "1", "c.%parent": "", "d.e": "x: y"}


# The tools


def test_ifconfig_is_run_again_without_d_where_it_does_not_know_it() -> None:
    ran = []

    def run(command: Sequence[str]) -> str | None:
        ran.append(command)
        if command == IFCONFIG_WITH_DRIVERS:
            return None
        return output(f"lagg-13-mlxen.{'ifconfig' if command == IFCONFIG else 'sysctl'}")

    assert read_freebsd(run, {}) == read("lagg-13-mlxen")
    assert ran == [IFCONFIG_WITH_DRIVERS, IFCONFIG, SYSCTL]


def test_without_ifconfig_netifaces_and_sysctl_give_what_they_can() -> None:
    addresses = {
        "hn0": "00:0d:3a:11:22:33",
        "mce0": "00:0d:3a:11:22:33",
        "hn0.5": "00:0d:3a:11:22:33",
        "lagg0": "00:0d:3a:11:22:33",
        "lo0": None,
    }
    sysctl = output("azure-15-mce.sysctl")
    inventory = read_freebsd(lambda command: sysctl if command == SYSCTL else None, addresses)
    assert {nic.name: (nic.kind, nic.driver, nic.state) for nic in inventory.nics} == {
        "hn0": (Kind.ETHERNET, "hn", "unknown"),
        "hn0.5": (Kind.VLAN, None, "unknown"),
        "lagg0": (Kind.LAGG, None, "unknown"),
        "lo0": (Kind.LOOPBACK, None, "unknown"),
        "mce0": (Kind.ETHERNET, "mce", "unknown"),
    }
    assert inventory.vf_map == (("hn0", "mce0"),)


def test_netifaces_adds_what_ifconfig_did_not_show_and_changes_nothing_else() -> None:
    text = output("azure-15-mce.ifconfig")
    added = {"hn0": "00:00:00:00:00:01", "mce1": "00:0d:3a:44:55:66"}
    found = nics(inventory_from(text, None, added))
    assert found["hn0"].mac == "7c:ed:8d:83:96:7c"
    assert (found["mce1"].driver, found["mce1"].mac) == ("mce", "00:0d:3a:44:55:66")


def test_with_neither_there_is_a_clear_error() -> None:
    with pytest.raises(HypervNetError, match="/sbin/ifconfig -a"):
        read_freebsd(lambda command: None, {})


def test_link_addresses_are_those_of_netifaces(monkeypatch: pytest.MonkeyPatch) -> None:
    def ifaddresses(name: str) -> dict[int, list[dict[str, str]]]:
        if name == "gone0":
            raise ValueError("You must specify a valid interface name.")
        return {18: [{"addr": "00:0d:3a:11:22:33"}]} if name == "hn0" else {}

    fake = SimpleNamespace(
        AF_LINK=18, interfaces=lambda: ["hn0", "lo0", "gone0"], ifaddresses=ifaddresses
    )
    monkeypatch.setitem(sys.modules, "netifaces", fake)
    assert netifaces_link_addresses() == {"hn0": "00:0d:3a:11:22:33", "lo0": None}


def test_without_netifaces_there_are_no_link_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "netifaces", None)
    assert netifaces_link_addresses() == {}


# Hostile text


@pytest.mark.parametrize("name", ["$(reboot)", "a b", "eth0;id", "é0", "a" * 16])
def test_a_nic_with_an_odd_name_is_left_out_with_a_finding_and_the_rest_go_on(name: str) -> None:
    text = f"{name}: flags=8843<UP> mtu 1500\n\tether 00:0d:3a:11:22:33\n"
    inventory = inventory_from(text + output("azure-15-mce.ifconfig"), None, {})
    assert [nic.name for nic in inventory.nics] == ["hn0", "lo0", "mce0"]
    (finding,) = inventory.findings
    assert (finding.rule, ascii(name) in finding.message) == ("nic-name", True)


def test_odd_names_of_ports_and_parents_are_unknown_facts() -> None:
    text = (
        "lagg0: flags=8843<UP>\n\tlaggproto failover\n"
        "\tlaggport: $(id) flags=1<MASTER>\n\tlaggport: \n\tlaggport: hn0 flags=4<ACTIVE>\n"
    )
    (lagg,) = inventory_from(text, None, {}).nics
    assert lagg.lowers == ("hn0",)


def test_order_of_the_output_does_not_matter() -> None:
    text = output("renamed-14-mana.ifconfig")
    blocks = text.replace("\nmana0: ", "\0mana0: ").replace("\nhn1: ", "\0hn1: ").split("\0")
    turned = "\n".join(block.strip("\n") for block in reversed(blocks)) + "\n"
    assert inventory_from(turned, None, {}) == inventory_from(text, None, {})


LINES = st.sampled_from(
    [line for path in sorted(FREEBSD.glob("*.*g")) for line in path.read_text().splitlines()]
    + [line for path in sorted(FREEBSD.glob("*.sysctl")) for line in path.read_text().splitlines()]
)


@given(st.lists(LINES | st.text(max_size=60)), st.lists(LINES | st.text(max_size=60)))
def test_no_text_is_too_odd_to_be_read(ifconfig: list[str], sysctl: list[str]) -> None:
    inventory = inventory_from("\n".join(ifconfig), "\n".join(sysctl), {})
    names = [nic.name for nic in inventory.nics]
    assert len(names) == len(set(names))
    for nic in inventory.nics:
        assert (nic.driver is None) or nic.kind is Kind.ETHERNET


@given(st.text())
def test_every_interface_of_any_text_has_a_name(text: str) -> None:
    assert all(interface.name for interface in parse_ifconfig(text))
