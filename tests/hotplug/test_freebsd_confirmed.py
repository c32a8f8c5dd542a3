"""An apply that is tried out on a running FreeBSD machine: kept, or taken back by itself.

A process of its own waits; its time is over when the note of this boot says so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine import host, kernel
from tests.freebsd_machine.machine import MAC
from tests.freebsd_machine.state import Interface
from tests.hotplug.freebsd_guest import Guest, guest, take_inventory
from tests.hotplug.test_freebsd_live import OFFERS, PROGRAM, STOCK, advertised, families
from tests.outcome import Outcome

pytestmark = pytest.mark.any_python

NOTE = "var/run/hyperv-net/unconfirmed"
STORE = "var/db/hyperv-net/unconfirmed"
SCRIPT = "usr/local/etc/rc.d/hyperv_net_unconfirmed"
WRONG = 'version: 2\nethernets:\n  hn0:\n    addresses: ["192.0.2.9/24"]\n'
CASES = ["SYNCDHCP", "static"]


def try_out(one: Guest, *options: str) -> Outcome:
    """Try an apply out, and look at it at once: what waits is not waited for."""
    take_inventory(one.machine)
    words = "--inventory inventory.json --root / --target freebsd --confirm 3600"
    return one.inside(f"cd /tmp && {PROGRAM} apply {words} {' '.join(options)}")


def has_followed(one: Guest, done: Outcome) -> None:
    assert done.status == 0, done.err
    assert "it is taken back in 3600 s unless" in done.err
    assert one.state.get("lagg0").ports == ["hn0", "mce0"]


def end_the_time(one: Guest) -> None:
    token = one.machine.read(NOTE).partition(" ")[0]
    one.machine.write(NOTE, f"{token} 0")


def as_it_was(one: Guest, case: str) -> None:
    assert one.state.find("lagg0") is None
    assert one.machine.read("etc/rc.conf") == STOCK[case]
    left = one.inside(f"ls /{STORE} /{SCRIPT} /{NOTE} 2>/dev/null")
    assert left.out == ""
    one.detach("mce0")
    one.attach("mce0")
    for family in families(case):
        assert one.machine.journey.cards(family)[-1] == "hn0"


def confirm(one: Guest) -> Outcome:
    return one.inside(f"{PROGRAM} confirm")


@pytest.mark.parametrize("case", CASES)
def test_what_is_confirmed_stays(case: str, tmp_path: Path) -> None:
    with guest(tmp_path, rc_conf=STOCK[case], offers=OFFERS, prepare=advertised) as one:
        one.boot()
        has_followed(one, try_out(one))
        again = try_out(one)
        assert again.status == 1
        assert "an apply waits to be confirmed, with 3" in again.err
        assert confirm(one).status == 0
        assert confirm(one).status == 1
        one.settle()  # and with that nobody waits any more
        one.detach("mce0")
        one.attach("mce0")
        for family in families(case):
            assert one.machine.journey.cards(family)[-3:] == ["mce0", "hn0", "mce0"]
        assert one.inside(f"ls /{STORE} /{SCRIPT} 2>/dev/null").out == ""


@pytest.mark.parametrize("case", CASES)
def test_what_nobody_confirms_is_taken_back(case: str, tmp_path: Path) -> None:
    with guest(tmp_path, rc_conf=STOCK[case], offers=OFFERS, prepare=advertised) as one:
        one.boot()
        has_followed(one, try_out(one))
        with one.machine.journey.step("the time is over"):
            end_the_time(one)
            one.settle()
        as_it_was(one, case)
        late = confirm(one)
        assert (late.status, late.out) == (1, "")
        assert "any more: its time was over" in late.err


@pytest.mark.parametrize("case", CASES)
def test_a_machine_that_cuts_itself_off_comes_back_by_itself(case: str, tmp_path: Path) -> None:
    """The addresses of another network; and whoever asked for them is gone with the terminal."""
    with guest(tmp_path, rc_conf=STOCK[case], offers=OFFERS) as one:
        one.boot()
        one.machine.write("tmp/wrong.yaml", WRONG)
        with one.machine.journey.outage("the addresses are of another network"):
            done = try_out(one, "--network-config wrong.yaml")
            has_followed(one, done)
            assert one.addresses("lagg0")[0] == "192.0.2.9"
            with one.machine.journey.step("the time is over"):
                end_the_time(one)
                one.settle()
        as_it_was(one, case)


@pytest.mark.parametrize("case", CASES)
def test_a_reboot_is_no_confirmation(case: str, tmp_path: Path) -> None:
    """The script runs ahead of netif, and has rc(8) read rc.conf again."""
    with guest(tmp_path, rc_conf=STOCK[case], offers=OFFERS, prepare=advertised) as one:
        one.boot()
        has_followed(one, try_out(one))
        with one.machine.journey.outage("the machine boots"):
            cut_the_power(one)
            started = one.inside(
                "trap 'echo rc.conf is read' ALRM\nRC_PID=$$ autoboot=yes\n"
                f"(set faststart; . /{SCRIPT})\n"
            )
            assert (started.status, started.out) == (0, "rc.conf is read\n")
            assert "the machine booted" in started.err
            one.boot()
        as_it_was(one, case)
        assert "any more: the machine booted" in confirm(one).err


def cut_the_power(one: Guest) -> None:
    """All that the kernel knew is gone, and cleanvar empties /var/run."""
    waiting = one.inside("ps -A -o pid=,args=").out.splitlines()
    pids = [row.split()[0] for row in waiting if "take-back.py" in row]
    pids += [str(pid) for pid in one.state.clients.values()]
    one.inside(f"kill -9 {' '.join(pids)}; rm -rf /var/run/hyperv-net /var/run/dhclient")
    with one.machine.journey.step("the power is cut"), one.machine.changing() as state:
        state.interfaces, state.routes, state.events = [], [], []
        state.clients, state.relinked = {}, []
        host.attach_hn(state, 0, MAC)
        kernel.attach(state, Interface("lo0", 0, "loopback", mtu=16384, groups=["lo"]))
        host.attach_vf(state, "mce0", MAC)
