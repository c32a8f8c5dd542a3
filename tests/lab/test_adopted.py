"""Machines that somebody has configured by hand: adopted by `apply`, and given back."""

from __future__ import annotations

import pytest

from tests.lab import cpio
from tests.lab.health import BOND, addresses
from tests.lab.image import image
from tests.lab.machine import VF, Machine, Results, started, wait_for_boot
from tests.lab.network import GUEST
from tests.lab.scenario import plugin

pytestmark = pytest.mark.lab

NOT_CLOUD_INIT = "network: {config: disabled}\n"
BY_HAND = {
    "ifupdown": (
        "etc/network/interfaces",
        "# The uplink\nauto lo eth0\niface lo inet loopback\n\niface eth0 inet dhcp  # office\n",
    ),
    "netplan": (
        "etc/netplan/01-uplink.yaml",
        "network:\n  version: 2\n  ethernets:\n    eth0:  # the uplink\n      dhcp4: true\n",
    ),
}


@pytest.mark.parametrize(
    ("suite", "renderer"), [("bookworm", "ifupdown"), ("trixie", "netplan")], ids=str
)
def test_a_machine_configured_by_hand_is_adopted_and_given_back(
    suite: str, renderer: str, results: Results
) -> None:
    path, text = BY_HAND[renderer]
    files = [
        *plugin(suite, renderer),
        cpio.file("etc/cloud/cloud.cfg.d/99-by-hand.cfg", NOT_CLOUD_INIT.encode()),
        cpio.file(path, text.encode(), 0o600),
    ]
    name = f"{suite}-{renderer}-by-hand"
    with started(name, renderer, image(suite, renderer), files, results) as machine:
        has_its_address(machine, "eth0")
        assert "hyperv-net" in machine.guest.ask("hyperv-net plan --format diff")
        machine.guest.ask("hyperv-net apply")
        reboot(machine)
        machine.settled("eth0", VF)
        machine.saw("adopted", "bond with both members after a reboot")

        machine.guest.ask("hyperv-net apply --rollback")
        assert machine.guest.ask(f"cat /{path}") == text.strip()
        reboot(machine)
        has_its_address(machine, "eth0")
        assert machine.guest.run(f"[ -e /sys/class/net/{BOND} ]").status == 1
        machine.saw("given back", "the synthetic NIC has its address again")


def has_its_address(machine: Machine, nic: str) -> None:
    """Wait until the DHCP server's address is on this NIC; AssertionError where it is elsewhere."""
    machine.guest.until(f"ip -4 -o addr show dev {nic} | grep -q {GUEST}/")
    found = addresses(machine.guest.ask("ip -j -4 addr show"))
    assert [one for one, has in found.items() if has] == [nic]


def reboot(machine: Machine) -> None:
    """Boot again, to the end."""
    machine.guest.run("systemctl reboot")
    machine.guest.wait_for_boot()
    wait_for_boot(machine.guest)
