"""A live migration that Azure announces: the machine drains itself, and nothing is lost.

Beside it, on the same machine, the same migration where nothing watches.
"""

from __future__ import annotations

import pytest

from hyperv_net.companions.keep_off import keep_off_files
from tests.lab import cpio
from tests.lab.announced import (
    WATCH,
    carries_again,
    goes_and_returns,
    is_drained,
    is_said,
    is_watching,
    lost_nothing,
    stories,
)
from tests.lab.announcer import Announcer, announcer
from tests.lab.far_end import FarEnd
from tests.lab.image import image
from tests.lab.machine import (
    OTHER_SLOT,
    OTHER_VF,
    SLOT,
    VF,
    Machine,
    Results,
    is_unbroken,
    started,
    wait_for_boot,
)
from tests.lab.report import Round
from tests.lab.scenario import plugin
from tests.lab.test_guarded import CONFIGURED, has_its_address

pytestmark = pytest.mark.lab

ROUNDS = 3

#: Seconds from the announcement to its start: the machine drains as soon as it hears of it.
NOTICE = 90


@pytest.mark.parametrize(
    ("suite", "renderer"),
    [
        *(("trixie", "netplan"), ("bookworm", "ifupdown")),
        *(("trixie", "networkd"), ("trixie", "network-manager")),
    ],
    ids=["netplan", "ifupdown", "networkd", "network-manager"],
)
def test_an_announced_migration_loses_nothing_of_a_bonds_traffic(
    suite: str, renderer: str, results: Results
) -> None:
    """Three times: with another VF in between, and once over a reboot of the machine."""
    files = plugin(suite, renderer, "--announcements", "azure")
    name = f"{suite}-{renderer}"
    with (
        started(name, renderer, image(suite, renderer), files, results) as machine,
        announcer(machine.net, machine.guest.logs) as azure,
    ):
        machine.settled("eth0", VF)
        is_watching(machine, azure)
        slots = ((OTHER_SLOT, OTHER_VF), (SLOT, VF)) * ROUNDS
        with machine.probed() as end:
            for slot, vf in slots[:ROUNDS]:
                migrate(machine, azure, end, slot)
                machine.settled("eth0", vf)
        is_told(machine)
        machine.saw("announced", f"{ROUNDS} migrations, drained and undrained by itself")

        over_a_reboot(machine, azure, vf)

        machine.guest.ask(f"systemctl stop {WATCH}")
        with machine.probed() as end:
            for slot, vf in slots[ROUNDS : 2 * ROUNDS]:
                unwatched(machine, azure, end, slot)
                machine.settled("eth0", vf)
        machine.saw("announced, and nobody watches", f"{ROUNDS} migrations")


def test_a_pair_of_net_failover_is_left_to_the_kernel_and_its_migration_is_told(
    results: Results,
) -> None:
    """It would hear nothing with its VF set down; on a machine without cloud-init."""
    path, text = CONFIGURED["netplan"]
    files = [
        *plugin("trixie", "netplan", "--announcements", "azure"),
        *(
            cpio.file(one.path, one.text.encode(), one.mode)
            for one in keep_off_files((), lambda path: False)
        ),
        cpio.file("etc/cloud/cloud-init.disabled", b""),
        cpio.file(path, text.encode()),
    ]
    name, made = "trixie-failover-announced", image("trixie", "netplan")
    with (
        started(name, "netplan", made, files, results, None, failover=True) as machine,
        announcer(machine.net, machine.guest.logs) as azure,
    ):
        machine.guest.until("ls -d /sys/class/net/*/lower_* && udevadm settle")
        master = machine.guest.ask("basename $(dirname /sys/class/net/*/lower_*)")
        has_its_address(machine, master)
        machine.guest.attach_vf()
        machine.guest.until(
            f"[ $(ls -d /sys/class/net/{master}/lower_* | wc -l) = 2 ] && udevadm settle"
        )
        vf = machine.guest.ask("ls /sys/bus/pci/drivers/e1000e/0*/net")
        through = f"hyperv-net status | grep -q 'through {vf} (VF)'"
        machine.guest.until(through)
        is_watching(machine, azure)
        with machine.probed() as end:
            for _ in range(ROUNDS):
                end.window()
                event = azure.announce(NOTICE)
                machine.guest.until(f"hyperv-net history | grep -q azure:{event}")
                announced = end.window()
                azure.start(event)
                machine.guest.detach_vf()
                machine.rest()
                detach = end.window()
                machine.guest.attach_vf()
                machine.guest.until(through)
                azure.end(event)
                attach = end.window()
                assert all(map(is_unbroken, (announced, detach, attach)))
                assert announced.lost == 0
                lost = f"{detach.lost} lost at detach, {attach.lost} at attach"
                machine.saw("net_failover, announced", lost)
        assert "drained" not in machine.guest.ask("hyperv-net status")


def migrate(machine: Machine, azure: Announcer, end: FarEnd, slot: int) -> Round:
    """Announce a migration, take the VF away and bring it back in `slot`, and be done with it."""
    vf = f"ens{slot}"
    end.window()
    event = azure.announce(NOTICE)
    is_drained(machine, event)
    azure.start(event)
    # A VF that goes sooner has gone before the machine has asked again and heard of the start.
    is_said(machine, event, "started")
    drain = end.window()
    detach, before = goes_and_returns(machine, end, slot)
    azure.end(event)
    carries_again(machine, vf)
    attach = end.window()
    done = Round(machine.name, "announced", detach, attach, machine.arrival(before, vf), drain)
    machine.results.rounds.append(done)
    lost_nothing(drain, detach, attach)
    return done


def unwatched(machine: Machine, azure: Announcer, end: FarEnd, slot: int) -> None:
    """The same course of events, of which the machine hears nothing."""
    event = azure.announce(NOTICE)
    azure.start(event)
    machine.detach_and_attach(end, slot, "announced, and nobody watches")
    azure.end(event)


def over_a_reboot(machine: Machine, azure: Announcer, vf: str) -> None:
    """The machine boots while it is drained, and drains again; the event ends it."""
    event = azure.announce(NOTICE)
    is_drained(machine, event)
    machine.guest.run("systemctl reboot")
    machine.guest.wait_for_boot()
    wait_for_boot(machine.guest)
    is_drained(machine, event)
    azure.end(event)
    machine.guest.wait_until_active(vf)
    machine.settled("eth0", vf)
    machine.saw("announced, and a reboot", "drained again, and undrained at the end")


def is_told(machine: Machine) -> None:
    """Of each migration the history has the announcement's times and the VF's, in their order."""
    announced = stories(machine)
    assert len(announced) == ROUNDS
    for one in announced.values():
        (pair,) = one["pairs"]
        times = [one["announced"], pair["drained"], one["started"], pair["vf_left"]]
        times += [pair["vf_came"], one["over"], pair["undrained"]]
        assert all(times) and times == sorted(times), one
