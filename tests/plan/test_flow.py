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
