"""Whole lives of machines with a VF: first boot, the VF leaving and coming back, reboot, the end.

The scenarios of a machine follow one another on the same guest.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.health import BOND, ever_on_members
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
from tests.lab.scenario import UNINSTALL, WITH_HOOK, WITHOUT_HOOK, inject

pytestmark = pytest.mark.lab

ROUNDS = 3
CYCLES = 50

#: Who joins the VF where the hook is taken away.
ALONE = {
    "netplan": "networkd alone",
    "networkd": "networkd alone",
    "network-manager": "NetworkManager alone",
}


@pytest.fixture(
    scope="module",
    params=[
        *(("trixie", "netplan"), ("bookworm", "ifupdown"), ("bookworm", "netplan")),
        *(("trixie", "networkd"), ("trixie", "network-manager"), ("bookworm", "networkd")),
    ],
    ids="-".join,
)
def machine(request: pytest.FixtureRequest, results: Results) -> Iterator[Machine]:
    suite, renderer = request.param
    with booted(suite, renderer, results) as one:
        yield one


@pytest.mark.lab_short
def test_first_boot_puts_one_address_on_the_bond_and_none_on_its_members(machine: Machine) -> None:
    machine.settled("eth0", VF)
    assert machine.guest.run("cloud-init status").out.strip() == "status: done"
    assert_left_alone(machine, VF)
    if machine.renderer == "network-manager":
        profiles = machine.guest.ask("nmcli -g NAME,DEVICE connection show --active").splitlines()
        assert {f"cloud-init {BOND}:{BOND}", "cloud-init eth0:eth0"} <= set(profiles)
    with machine.probed() as end:
        seen = end.window()
    assert seen.lost < seen.sent
    machine.saw("first boot", f"running after {machine.boot_seconds:.0f} s")


@pytest.mark.lab_short
def test_the_vf_leaves_and_comes_back_and_the_stream_holds(machine: Machine) -> None:
    with machine.probed() as end:
        done = machine.detach_and_attach(end, SLOT, "hook")
    machine.settled("eth0", VF)
    machine.saw("detach", f"{done.detach.lost} lost, {done.detach.longest_gap * 1000:.0f} ms")
    machine.saw("reattach", f"{done.attach.lost} lost, joined after {done.arrival.joined:.2f} s")


def test_the_vf_comes_back_under_another_name(machine: Machine) -> None:
    with machine.probed() as end:
        machine.detach_and_attach(end, OTHER_SLOT, "hook")
        machine.settled("eth0", OTHER_VF)
        assert_left_alone(machine, OTHER_VF)
        machine.detach_and_attach(end, SLOT, "hook")
    machine.settled("eth0", VF)
    machine.saw("another name", f"{VF}, {OTHER_VF}, {VF}")


def test_a_drain_moves_the_traffic_before_the_vf_goes(machine: Machine) -> None:
    with machine.probed() as end:
        for _ in range(ROUNDS):
            machine.detach_and_attach(end, SLOT, "hook, drained", drained=True)
            machine.settled("eth0", VF)
    machine.saw("drain", f"{ROUNDS} rounds")


def test_what_the_network_manager_does_without_the_hook(machine: Machine) -> None:
    """Figures to compare with; ifupdown leaves the VF outside, the others join it themselves."""
    machine.guest.ask(WITHOUT_HOOK)
    joins = machine.renderer in ALONE
    way = ALONE.get(machine.renderer, "no hook")
    with machine.probed() as end:
        for _ in range(ROUNDS if joins else 1):
            wait = None if joins else f"[ -e /sys/class/net/{VF} ] && sleep 10"
            machine.detach_and_attach(end, SLOT, way, wait=wait)
    machine.guest.ask(WITH_HOOK)
    if not joins:
        machine.guest.detach_vf()
        machine.guest.rest()
        machine.guest.attach_vf(SLOT)
    machine.settled("eth0", VF)
    machine.saw("without the hook", way)


def test_fifty_cycles_end_as_they_began(machine: Machine) -> None:
    with machine.probed() as end:
        for number in range(CYCLES):
            machine.guest.detach_vf()
            machine.guest.rest()
            machine.guest.attach_vf(OTHER_SLOT if number % 4 < 2 else SLOT)
            # Every other time it goes again before it has been made use of.
            if number % 2:
                vf = OTHER_VF if number % 4 < 2 else VF
                machine.guest.until(f"grep -qx {vf} /sys/class/net/{BOND}/bonding/active_slave")
        machine.guest.detach_vf()
        machine.guest.rest()
        machine.guest.attach_vf(SLOT)
        machine.settled("eth0", VF)
        seen = end.window()
    assert not seen.stream_broken
    machine.saw("50 cycles", f"{seen.lost} of {seen.sent} lost, worst {seen.longest_gap:.2f} s")


def test_a_bond_that_somebody_deleted_is_made_again(machine: Machine) -> None:
    machine.guest.ask(f"ip link delete {BOND}")
    machine.guest.until(f"[ -e /sys/class/net/{BOND} ]")
    machine.settled("eth0", VF)
    machine.saw("bond deleted", "made again, with its address and both members")


def test_addresses_that_the_host_injects_are_the_bonds_at_once(machine: Machine) -> None:
    """As after the failover of a replica: another address, then the one that it is known by."""
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
    assert machine.guest.ask("sh /root/hv_get_dhcp_info eth0") == "Disabled"
    machine.saw("reboot", "the same, and what was injected")


def test_uninstalled_it_leaves_a_network_that_works(machine: Machine) -> None:
    with machine.probed() as end:
        machine.guest.ask(UNINSTALL)
        seen = end.window()
        assert not seen.stream_broken
        machine.settled("eth0", VF)
    machine.guest.run("systemctl reboot")
    machine.guest.wait_for_boot()
    wait_for_boot(machine.guest)
    machine.guest.until(f"ip -4 -o addr show dev {BOND} | grep -q inet")
    assert ever_on_members(machine.guest.notes()) == []
    machine.saw("uninstall", "bond kept, after a reboot too")


def assert_left_alone(machine: Machine, vf: str) -> None:
    """NetworkManager, which sees to every NIC that nobody keeps it off, is kept off this one."""
    if machine.renderer == "network-manager":
        state = machine.guest.ask(f"nmcli -g GENERAL.STATE device show {vf}")
        assert state == "10 (unmanaged)"
