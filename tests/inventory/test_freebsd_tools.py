"""FreeBSD: what sysctl adds, and what netifaces does where a tool is missing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

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
from hyperv_net.model import Kind
from tests.inventory.captured import freebsd, nics, output


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


def test_ifconfig_is_run_again_without_d_where_it_does_not_know_it() -> None:
    ran = []

    def run(command: Sequence[str]) -> str | None:
        ran.append(command)
        if command == IFCONFIG_WITH_DRIVERS:
            return None
        return output(f"lagg-13-mlxen.{'ifconfig' if command == IFCONFIG else 'sysctl'}")

    assert read_freebsd(run, {}) == freebsd("lagg-13-mlxen")
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
