"""A machine whose network NetworkManager configures, from the profiles that are written for it.

The scenarios follow one another on the same guest.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.health import BOND
from tests.lab.machine import (
    OTHER_SLOT,
    OTHER_VF,
    SLOT,
    VF,
    Machine,
    Results,
    booted,
    wait_for_boot,
)
from tests.lab.network import GUEST, INJECTED, PEER
from tests.lab.scenario import WITH_HOOK, WITHOUT_HOOK, inject

pytestmark = pytest.mark.lab

ROUNDS = 3


@pytest.fixture(scope="module")
def machine(results: Results) -> Iterator[Machine]:
    with booted("trixie", "network-manager", results) as one:
        yield one


def test_the_first_boot_is_on_our_own_profiles(machine: Machine) -> None:
    """The bond has the card's address, and the synthetic NIC is its port."""
    machine.settled("eth0", VF)
    assert machine.guest.run("cloud-init status").out.strip() == "status: done"
    assert active(machine) >= {f"cloud-init {BOND}:{BOND}", "cloud-init eth0:eth0"}
    assert is_unmanaged(machine, VF)
    address = machine.guest.ask(f"cat /sys/class/net/{BOND}/address")
    assert address == machine.guest.ask("cat /sys/class/net/eth0/address")
    machine.saw("first boot", f"running after {machine.boot_seconds:.0f} s")


def test_network_manager_leaves_the_vf_alone_wherever_it_comes_back(machine: Machine) -> None:
    """After a migration, and under a name that no profile knows."""
    with machine.probed() as end:
        for slot, vf in ((SLOT, VF), (OTHER_SLOT, OTHER_VF), (SLOT, VF)):
            machine.detach_and_attach(end, slot, "hook")
            machine.settled("eth0", vf)
            assert is_unmanaged(machine, vf)
    machine.saw("NetworkManager", "VF unmanaged, in the bond, back under another name")


def test_a_drain_moves_the_traffic_before_the_vf_goes(machine: Machine) -> None:
    with machine.probed() as end:
        for _ in range(ROUNDS):
            machine.detach_and_attach(end, SLOT, "hook, drained", drained=True)
            machine.settled("eth0", VF)
    machine.saw("drain", f"{ROUNDS} rounds")


def test_without_the_hook_the_vfs_own_profile_joins_it(machine: Machine) -> None:
    """By its driver, which is not the synthetic NIC's, whatever it is called."""
    machine.guest.ask(WITHOUT_HOOK)
    with machine.probed() as end:
        for slot, vf in ((OTHER_SLOT, OTHER_VF), (SLOT, VF)):
            way = "NetworkManager alone"
            joined = f"grep -qw {vf} /sys/class/net/{BOND}/bonding/slaves"
            machine.detach_and_attach(end, slot, way, wait=joined)
            assert f"cloud-init eth0-vf:{vf}" in active(machine)
    machine.guest.ask(WITH_HOOK)
    machine.guest.detach_vf()
    machine.guest.rest()
    machine.guest.attach_vf(SLOT)
    machine.settled("eth0", VF)
    machine.saw("without the hook", "NetworkManager joins the VF by its profile")


def test_a_bond_that_somebody_deleted_is_made_again(machine: Machine) -> None:
    machine.guest.ask(f"ip link delete {BOND}")
    machine.guest.until(f"[ -e /sys/class/net/{BOND} ]")
    machine.settled("eth0", VF)
    machine.saw("bond deleted", "made again, with its address and both members")


def test_addresses_that_the_host_injects_are_the_bonds_at_once(machine: Machine) -> None:
    for address in (INJECTED, GUEST):
        machine.guest.ask(inject(address))
        machine.guest.until(f"ip -4 -o addr show dev {BOND} | grep -q {address}/")
        machine.guest.ask(f"ping -c 1 -W 5 {PEER}")
        assert machine.guest.ask("sh /root/hv_get_dhcp_info eth0") == "Disabled"
    machine.settled("eth0", VF)
    machine.saw("injected", "another address, and its own again, without DHCP")


def test_a_reboot_brings_the_same_network_up(machine: Machine) -> None:
    machine.guest.run("systemctl reboot")
    machine.guest.wait_for_boot()
    wait_for_boot(machine.guest)
    machine.settled("eth0", VF)
    machine.saw("reboot", "the same, and what was injected")


def active(machine: Machine) -> set[str]:
    """Each profile that is up, with its device."""
    return set(machine.guest.ask("nmcli -g NAME,DEVICE connection show --active").splitlines())


def is_unmanaged(machine: Machine, nic: str) -> bool:
    """Whether NetworkManager says that it leaves a NIC alone."""
    return machine.guest.ask(f"nmcli -g GENERAL.STATE device show {nic}") == "10 (unmanaged)"
