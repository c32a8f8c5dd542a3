"""The wanted state: from a plan, to its file and back, and nothing else from a file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hyperv_net.companions.wanted_file import to_json, wanted_file, wanted_from
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.situation import situation
from hyperv_net.hotplug.look.state import ActualState, Link
from hyperv_net.hotplug.wanted import PATHS, SCHEMA, Wanted, WantedPair, from_json
from hyperv_net.model import Mode, System
from tests.building import (
    NEW_KERNEL,
    decided,
    freebsd,
    hn,
    linux,
    mac,
    mce,
    nic,
    rewritten,
    synthetic,
)
from tests.building import vf as linux_vf

VTNET = (
    nic("vtnet0", driver="vtnet", bus="virtio", device="vtnet0"),
    nic("iavf0", driver="iavf", device="iavf0"),
)
ONE_NIC = """
version: 2
ethernets:
  {0}:
    match: {{macaddress: "00:0d:3a:00:00:00"}}
    set-name: {0}
    mtu: 9000
    dhcp4: true
"""


def test_a_plan_on_linux_gives_its_bonds_with_what_it_takes_to_make_them_again() -> None:
    inventory = linux(synthetic(), linux_vf())
    result = rewritten(ONE_NIC.format("eth0"), inventory)
    found = wanted_from(result, decided(inventory).decisions, "netplan")
    (pair,) = found.pairs
    assert (found.system, found.target) == (System.LINUX, "netplan")
    assert (pair.mac, pair.mode, pair.synthetic) == (mac(), Mode.AGGREGATE, "eth0")
    assert (pair.aggregate, pair.mtu, pair.primary) == ("bond0", 9000, True)
    assert pair.synthetic_drivers == ("hv_netvsc",)
    assert pair.options == (
        ("mode", "active-backup"),
        ("miimon", "100"),
        ("primary_reselect", "always"),
        ("all_slaves_active", "1"),
    )


def test_a_plan_on_freebsd_gives_its_laggs() -> None:
    inventory = freebsd(hn(), mce())
    result = rewritten(ONE_NIC.format("hn0"), inventory)
    (pair,) = wanted_from(result, decided(inventory).decisions, "freebsd").pairs
    assert (pair.aggregate, pair.synthetic, pair.primary) == ("lagg0", "hn0", False)
    assert (pair.synthetic_drivers, pair.options) == (("hn",), ())


def test_a_plan_on_freebsd_tells_the_hook_the_driver_that_was_named() -> None:
    """Or reconcile would take the synthetic NIC for a VF, and set it down."""
    inventory = freebsd(*VTNET, transparent=True)
    decisions = decided(inventory, synthetic_drivers=["vtnet"]).decisions
    result = rewritten(ONE_NIC.format("vtnet0"), inventory, synthetic_drivers=["vtnet"])
    wanted = wanted_from(result, decisions, "freebsd")
    (pair,) = wanted.pairs
    assert (pair.aggregate, pair.synthetic, pair.synthetic_drivers) == (
        "lagg0",
        "vtnet0",
        ("vtnet",),
    )
    assert pair.primary
    assert from_json(to_json(wanted), "wanted.json") == wanted


@pytest.mark.parametrize("transparent", [True, False, None])
def test_the_mode_of_hn_says_nothing_of_a_pair_of_another_driver(transparent: bool | None) -> None:
    """A stock kernel has hw.hn.vf_transparent=1 on any hypervisor."""
    links = tuple(Link(one, is_up=True) for one in VTNET)
    actual = ActualState(System.FREEBSD, links, vf_transparent=transparent)
    pair = WantedPair(mac(), Mode.AGGREGATE, "vtnet0", ("vtnet",), "lagg0")
    here = situation(pair, actual)
    assert not here.is_kernels
    assert here.card.synthetic == links[0] and here.card.vfs == links[1:]
    assert situation(pair._replace(synthetic_drivers=("hn",)), actual).is_kernels is bool(
        transparent
    )


def test_a_pair_that_the_kernel_drives_is_wanted_transparent() -> None:
    inventory = linux(synthetic(), linux_vf(master="eth0"), kernel=NEW_KERNEL)
    result = rewritten(ONE_NIC.format("eth0"), inventory)
    (pair,) = wanted_from(result, decided(inventory).decisions, "netplan").pairs
    assert (pair.mode, pair.aggregate) == (Mode.TRANSPARENT, "")


def test_a_bond_made_again_watches_its_links_whatever_the_configuration_says() -> None:
    text = ONE_NIC.format("eth0") + (
        "bonds:\n  bond7:\n    interfaces: [eth0]\n"
        "    parameters: {mode: active-backup, mii-monitor-interval: 0}\n"
    )
    inventory = linux(synthetic(), linux_vf())
    (pair,) = wanted_from(rewritten(text, inventory), decided(inventory).decisions, "netplan").pairs
    assert (pair.aggregate, dict(pair.options)["miimon"]) == ("bond7", "100")


EXAMPLE = Wanted(
    System.LINUX,
    "ifupdown",
    (
        WantedPair("00:0d:3a:00:00:01", Mode.TRANSPARENT, "eth1", ("hv_netvsc",)),
        WantedPair(
            "00:0d:3a:00:00:00",
            Mode.AGGREGATE,
            "eth0",
            ("hv_netvsc", "virtio_net"),
            "bond0",
            9000,
            True,
            (("mode", "active-backup"), ("miimon", "100")),
        ),
    ),
)


@pytest.mark.parametrize("wanted", [EXAMPLE, Wanted(System.FREEBSD, "freebsd")])
def test_what_is_written_is_what_is_read(wanted: Wanted) -> None:
    file = wanted_file(wanted)
    assert file.path == PATHS[wanted.system]
    assert from_json(file.text, file.path) == wanted


def _changed(**changes: Any) -> str:
    document = json.loads(to_json(EXAMPLE))
    for place, value in changes.items():
        where, _, key = place.rpartition("__")
        target = document["pairs"][1] if where == "pair" else document
        target[key] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("[]", "not an object"),
        ("{}", "has no 'schema'"),
        (_changed(schema="hyperv-net/wanted/2"), f"not {SCHEMA}"),
        (_changed(system="windows"), "none of linux, freebsd"),
        (_changed(target="wicked"), "not one of"),
        (_changed(target="freebsd"), "no target of linux"),
        (_changed(surprise=1), "surprise: unknown key"),
        (_changed(pairs={}), "not a list"),
        (_changed(pair__mac="00:0d:3a:00:00"), "not a MAC address"),
        (_changed(pair__mode="vf-only"), "neither aggregate nor transparent"),
        (_changed(pair__mode=None), "has no 'mode'"),
        (_changed(pair__aggregate="bond0; reboot"), "not an interface name"),
        (_changed(pair__aggregate="../../etc"), "not an interface name"),
        (_changed(pair__aggregate=None), "has no 'aggregate'"),
        (_changed(pair__synthetic="$(touch x)"), "not an interface name"),
        (_changed(pair__synthetic_drivers=["a b"]), "not a driver's name"),
        (_changed(pair__mtu=True), "not an MTU"),
        (_changed(pair__mtu=10), "not an MTU"),
        (_changed(pair__primary="yes"), "neither true nor false"),
        (_changed(pair__options={"../mode": "x"}), "unknown key"),
        (_changed(pair__options={"mode": "a\nb"}), "not a bond option's value"),
    ],
)
def test_anything_else_in_the_file_is_an_error_that_names_the_place(text: str, says: str) -> None:
    with pytest.raises(HypervNetError) as error:
        from_json(text, "wanted.json")
    assert says in str(error.value)
    assert str(error.value).startswith("wanted.json")
