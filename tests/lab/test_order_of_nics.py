"""Which NIC of a card registers first is another from boot to boot: its network is the same.

Where no policy names the VF it keeps the name that the kernel gave it, and where it comes first
that is the one by which the synthetic NIC is configured.
"""

from __future__ import annotations

import pytest

from tests.lab import cpio
from tests.lab.guest import ORDER_FILE, loaded_in_order
from tests.lab.image import image
from tests.lab.machine import VF, Machine, Results, started
from tests.lab.scenario import plugin
from tests.lab.test_adopted import CONFIGURED, by_hand, has_its_address, reboot

pytestmark = pytest.mark.lab

SYNTHETIC_FIRST = loaded_in_order("virtio_net", "e1000e")
VF_FIRST = loaded_in_order("e1000e", "virtio_net")

#: As `net.ifnames=0` has it, which images for Azure set: udev names nothing by itself
#: (systemd.net-naming-scheme(7)).
KERNELS_NAMES = cpio.link("etc/systemd/network/99-default.link", "/dev/null")


@pytest.mark.parametrize("of", CONFIGURED)
def test_a_machine_whose_vf_registers_first_has_the_same_network(of: str, results: Results) -> None:
    """At its first boot, and at a later one; cloud-init, which renames NICs too, is there."""
    suite, _, renderer = of.partition("-")
    files = [
        *plugin(suite, renderer),
        KERNELS_NAMES,
        cpio.file(ORDER_FILE, VF_FIRST.encode()),
    ]
    made = image(suite, renderer)
    with started(f"{of}-vf-first", renderer, made, files, results) as machine:
        is_joined(machine)
        machine.saw("first boot, VF first", "bond with both members")
        boots(machine, SYNTHETIC_FIRST)
        machine.saw("synthetic NIC first", "bond with both members")
        boots(machine, VF_FIRST)
        machine.saw("VF first", "bond with both members")


@pytest.mark.parametrize("of", CONFIGURED)
def test_an_adopted_machine_whose_vf_registers_first_has_the_same_network(
    of: str, results: Results
) -> None:
    """With nobody to give names but udev."""
    suite, _, renderer = of.partition("-")
    files = [*by_hand(suite, renderer), KERNELS_NAMES]
    made = image(suite, renderer)
    with started(f"{of}-by-hand-vf-first", renderer, made, files, results) as machine:
        has_its_address(machine, "eth0")
        machine.guest.ask("hyperv-net apply")
        boots(machine, VF_FIRST)
        machine.saw("adopted, VF first", "bond with both members")
        boots(machine, SYNTHETIC_FIRST)
        machine.saw("synthetic NIC first", "bond with both members")


def test_a_vf_that_registers_first_gets_the_name_that_udev_has_for_it(results: Results) -> None:
    """By its place, as ever: the synthetic NIC's name is free by then, or waited for."""
    of, suite, renderer = "bookworm-ifupdown", "bookworm", "ifupdown"
    files, made = by_hand(suite, renderer), image(suite, renderer)
    with started(f"{of}-udevs-names", renderer, made, files, results) as machine:
        has_its_address(machine, "eth0")
        machine.guest.ask("hyperv-net apply")
        boots(machine, VF_FIRST)
        machine.settled("eth0", VF)
        machine.saw("adopted, VF first, named by udev", "bond with both members")


def boots(machine: Machine, order: str) -> None:
    """Boot again, with the drivers loaded in this order."""
    machine.guest.ask(f"cat >/{ORDER_FILE} <<'END'\n{order}END\n")
    reboot(machine)
    is_joined(machine)


def is_joined(machine: Machine) -> None:
    """The bond has the address, and both NICs, whatever they are called."""
    synthetic = machine.guest.ask("ls /sys/bus/virtio/drivers/virtio_net/*/net")
    vf = machine.guest.ask("ls /sys/bus/pci/drivers/e1000e/0*/net")
    machine.settled(synthetic, vf)
