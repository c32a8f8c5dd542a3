"""A pair that is told: its bond leaves each NIC its address, and finds the VF as it was told."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.companions.wanted_file import to_json, wanted_from
from hyperv_net.hotplug.wanted import from_json
from hyperv_net.model import Nic, Settings, Severity
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from hyperv_net.root.settings import with_values
from tests.building import config, decided, linux, mac, nic, rewritten, value

SYNTHETIC = nic(
    "ens2", 1, driver="virtio_net", bus="virtio", device="/sys/devices/pci0000:00/0000:00:03.0/v0"
)
VF = nic("ens3", 2, driver="iavf", device="/sys/devices/pci0000:00/0000:00:05.0")
HOWS = ("ens3", mac(2), "0000:00:05.0")
DHCP = "version: 2\nethernets:\n  ens2: {dhcp4: true}\n"
MATCH = {
    "ens3": {"name": "ens3"},
    mac(2): {"macaddress": mac(2)},
    "0000:00:05.0": {"name": "enp0s5"},
}
HERE, AWAY = (SYNTHETIC, VF), (SYNTHETIC,)


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("nics", [HERE, AWAY])
def test_the_bond_takes_the_address_of_the_member_it_sends_through(
    how: str, nics: tuple[Nic, ...]
) -> None:
    result = rewritten(DHCP, linux(*nics), pairs=[f"ens2={how}"])
    assert value(result, "bonds", "bond2", "macaddress") is None
    assert value(result, "bonds", "bond2", "parameters") == {
        "fail-over-mac-policy": "active",
        "mii-monitor-interval": 100,
        "mode": "active-backup",
        "primary": "ens2-vf",
        "primary-reselect-policy": "always",
    }
    assert value(result, "ethernets", "ens2-vf", "match") == MATCH[how]
    assert value(result, "ethernets", "ens2", "match") == {
        "macaddress": mac(1),
        "driver": "virtio_net",
    }


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("nics", [HERE, AWAY])
def test_rewriting_it_again_changes_nothing(how: str, nics: tuple[Nic, ...]) -> None:
    told: dict[str, Any] = {"pairs": [f"ens2={how}"]}
    first = rewritten(DHCP, linux(*nics), **told)
    second = rewritten(config(DHCP)._replace(tree=first.tree), linux(*nics), **told)
    assert second.tree == first.tree


def test_a_bond_that_an_administrator_has_made_of_them_stays_as_it_is() -> None:
    """oVirt's own advice, as people have written it (oVirt/ovirt-site pull 583)."""
    text = f"""
version: 2
ethernets:
  ens2: {{match: {{macaddress: "{mac(1)}"}}}}
  ens3: {{match: {{macaddress: "{mac(2)}"}}, optional: true}}
bonds:
  bond0:
    interfaces: [ens2, ens3]
    dhcp4: true
    parameters: {{mode: active-backup, primary: ens3, mii-monitor-interval: 100}}
"""
    result = rewritten(text, linux(*HERE), pairs=["ens2=ens3"])
    assert value(result, "bonds", "bond0", "interfaces") == ["ens2", "ens3"]
    assert value(result, "bonds", "bond0", "parameters", "primary") == "ens3"
    assert value(result, "bonds", "bond0", "macaddress") is None


def test_a_bond_over_the_synthetic_nic_alone_gets_the_vf_and_leaves_it_its_address() -> None:
    text = """
version: 2
ethernets: {ens2: {}}
bonds:
  bond99: {interfaces: [ens2], dhcp4: true, parameters: {mode: active-backup}}
"""
    result = rewritten(text, linux(*HERE), pairs=[f"ens2={mac(2)}"])
    parameters = value(result, "bonds", "bond99", "parameters")
    assert (parameters["fail-over-mac-policy"], parameters["primary"]) == ("active", "ens2-vf")


@pytest.mark.parametrize("how", HOWS)
def test_the_entry_of_a_vf_that_is_away_is_known_for_its_own(how: str) -> None:
    """By the match that the rewrite itself gives it, or a name of its own."""
    match = MATCH[how]
    text = f"{DHCP}  fast: {{match: {match}, mtu: 9000}}\n"
    result = rewritten(text, linux(*AWAY), pairs=[f"ens2={how}"])
    assert value(result, "ethernets", "fast", "match") == match
    assert value(result, "bonds", "bond2", "interfaces") == ["ens2", "fast"]
    assert value(result, "bonds", "bond2", "mtu") == 9000


@pytest.mark.parametrize(
    ("text", "asks"),
    [(DHCP, True), (DHCP.replace("dhcp4: true", "addresses: [10.0.0.4/24]"), False)],
)
def test_a_lease_that_the_other_address_would_lose_is_told(text: str, asks: bool) -> None:
    result = rewritten(text, linux(*HERE), pairs=["ens2=ens3"])
    assert ("told-pair-lease" in {one.rule for one in result.findings}) is asks
    same = VF._replace(mac=mac(1), permanent_mac=mac(1))
    result = rewritten(text, linux(SYNTHETIC, same), pairs=["ens2=ens3"])
    assert "told-pair-lease" not in {one.rule for one in result.findings}


@pytest.mark.parametrize("how", HOWS)
def test_the_wanted_state_says_how_the_vf_was_told(how: str) -> None:
    inventory = linux(*HERE)
    told = {"pairs": [f"ens2={how}"]}
    found = wanted_from(
        rewritten(DHCP, inventory, **told), decided(inventory, **told).decisions, "netplan"
    )
    (pair,) = found.pairs
    assert (pair.mac, pair.vf) == (mac(1), how)
    assert ("fail_over_mac", "active") in pair.options
    assert from_json(to_json(found), "wanted.json") == found


@pytest.mark.parametrize("target", ["netplan", "ifupdown"])
@pytest.mark.parametrize("how", HOWS)
def test_a_plan_for_it_has_no_error_and_is_the_same_over_its_own_files(
    target: str, how: str
) -> None:
    settings = with_values(Settings(), {"pairs": [f"ens2={how}"]})
    first = make_plan(linux(*HERE), config(DHCP), settings, load(target), {})
    assert [one for one in first.findings if one.severity is Severity.ERROR] == []
    texts = {change.file.path: change.file.text for change in first.changes}
    assert not make_plan(linux(*HERE), config(DHCP), settings, load(target), texts).differs
