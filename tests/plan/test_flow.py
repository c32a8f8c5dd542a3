"""What one run of the flow finds in a network config that is left as it is."""

from __future__ import annotations

import pytest

from hyperv_net.model import Inventory, Settings
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from tests.building import NEW_KERNEL, OLD_KERNEL, config, linux, mac, synthetic, vf


@pytest.mark.parametrize("version", [1, 2])
def test_a_name_by_mac_alone_is_one_for_both_nics_of_a_card_that_the_kernel_owns(
    version: int,
) -> None:
    """cloud-init writes it as it is, and udev gives it to the NIC that comes first."""
    text = {
        1: f"version: 1\nconfig:\n- type: physical\n  name: eth0\n  mac_address: '{mac()}'\n"
        "  subnets: [{type: dhcp}]\n",
        2: f"version: 2\nethernets:\n  eth0:\n    match: {{macaddress: '{mac()}'}}\n"
        "    set-name: eth0\n    dhcp4: true\n",
    }[version]
    machine = linux(synthetic(), vf(), kernel=NEW_KERNEL)

    def found(target: str, text: str = text, machine: Inventory = machine) -> list[str]:
        plan = make_plan(machine, config(text), Settings(), load(target), {})
        return [str(one.where) for one in plan.findings if one.rule == "fits-the-vf"]

    expected = ["network-config.yaml: ethernets.eth0.set-name"]
    assert [found(one) for one in ("netplan", "ifupdown")] == [expected, expected]
    assert found("networkd") == []
    assert found("netplan", text.replace("macaddress:", "driver: hv_netvsc, macaddress:")) == (
        expected if version == 1 else []
    )
    # An aggregate's members are told apart by their drivers.
    assert found("netplan", machine=machine._replace(kernel=OLD_KERNEL)) == []


@pytest.mark.parametrize(("target", "severity"), [("netplan", "error"), ("ifupdown", "warning")])
def test_a_reference_to_what_nobody_declares_is_told_with_its_place_though_nothing_is_rendered(
    target: str, severity: str
) -> None:
    """What cloud-init writes stands then, and netplan refuses it."""
    text = "version: 2\nvlans: {v: {id: 5, link: nolink}}\n"
    plan = make_plan(linux(synthetic()), config(text), Settings(), load(target), {})
    found = [one for one in plan.findings if one.rule == "undeclared-device"]
    assert [(str(one.where), one.severity.value) for one in found] == [
        ("network-config.yaml: vlans.v.link", severity)
    ]
