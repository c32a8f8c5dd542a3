"""What the hook of devd makes of each event: whose interface it is, and who looks after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperv_net.companions.wanted_file import to_json
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, System
from hyperv_net.root.turned_off import OFF
from tests.freebsd_machine import host, kernel
from tests.freebsd_machine.machine import MAC, Machine
from tests.freebsd_machine.state import Interface
from tests.hotplug.freebsd_guest import HOOK, WANTED, Guest, guest, install

pytestmark = pytest.mark.any_python

SHELLS = ("dash", "bash", "mksh")
OTHER_MAC = "00:0d:3a:44:55:66"
PROGRAM = "/usr/local/bin/hyperv-net"

LOOK = "hyperv-net reconcile"


def _wanted(mode: Mode = Mode.AGGREGATE) -> str:
    pair = WantedPair(MAC, mode, "hn0", ("hn",), "lagg0" if mode is Mode.AGGREGATE else "")
    return to_json(Wanted(System.FREEBSD, "freebsd", (pair,)))


def with_others(machine: Machine) -> None:
    """hn0 and mce0 are ours and in lagg0; hn1 and mce1 are not; em0 and em10 are in lagg9."""
    with machine.changing() as state:
        host.attach_hn(state, 1, OTHER_MAC)
        host.attach_vf(state, "mce1", OTHER_MAC)
        for unit in (0, 1, 10):
            kernel.attach(state, Interface(f"em{unit}", 0, mac=f"58:9c:fc:00:00:{unit:02}"))
        for name, ports in {"lagg0": ("hn0", "mce0"), "lagg9": ("em0", "em10")}.items():
            lagg = kernel.create(state, name)
            for port in ports:
                kernel.join(state, lagg, state.get(port))
    machine.write(WANTED, _wanted())


def recorder(machine: Machine, name: str) -> str:
    return f'#!/bin/sh\necho "{name} $*" >>{machine.folder}/state/calls\n'


@pytest.fixture(params=SHELLS)
def one(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Guest]:
    """The machine in one of the shells; `hyperv-net` only says that it was run."""
    with guest(tmp_path, shell=request.param, prepare=with_others) as made:
        install(made.machine, PROGRAM, recorder(made.machine, "hyperv-net"))
        yield made


def runs(one: Guest, event: str) -> list[str]:
    """What the hook runs for an event, its own looking about left out."""
    before = len(one.calls)
    done = one.inside(f"{HOOK} {event}")
    # 1 is what `service dhclient` says of an interface without DHCP.
    assert done.status in (0, 1) and done.err == "", event
    one.rest()
    own = ("ifconfig ", "sysctl ", "logger ", "timeout ", "make-clients-real")
    return sorted(call for call in one.calls[before:] if not f"{call} ".startswith(own))


STOCK = {
    "attached mce0": "hyperv_vfattach mce0 0",
    "attached em1": "hyperv_vfattach em1 0",
    "vf-up hn0": "hyperv_vfup hn0",
    "appeared mce0": "pccard_ether mce0 start",
    "link-up hn0": "service dhclient quietstart hn0",
    "link-up lagg0": "service dhclient quietstart lagg0",
    "gone mce0": "",
}


def test_events_of_a_pair_of_ours_have_it_looked_at_and_no_more(one: Guest) -> None:
    """Whatever the event was; nothing of the base system's is run for either of its NICs."""
    for event in ("attached mce0", "attached hn0", "attached lagg0", "vf-up hn0", "gone mce0"):
        assert runs(one, event) == [LOOK], event
    for event in ("link-up hn0", "link-up mce0"):
        assert runs(one, event) == [LOOK], event
    # What is to be done follows with the event `attached`.
    assert runs(one, "appeared mce0") == []
    # The lagg's own client is the base system's business.
    assert runs(one, "link-up lagg0") == [LOOK, "service dhclient quietstart lagg0"]


def test_outside_a_lagg_a_synthetic_nic_gets_the_client_that_rc_conf_has_for_it(one: Guest) -> None:
    """Without one the machine may have no address at all; a VF gets none wherever it is."""
    with one.machine.changing() as state:
        kernel.destroy(state, "lagg0")
    assert runs(one, "link-up hn0") == [LOOK, "service dhclient quietstart hn0"]
    assert runs(one, "link-up mce0") == [LOOK]


def test_others_get_what_the_base_system_would_have_run(one: Guest) -> None:
    """The very command and arguments; but a port of any lagg gets no DHCP client."""
    expected = {
        "attached mce1": ["hyperv_vfattach mce1 0"],
        "attached em1": ["hyperv_vfattach em1 0"],
        "attached lagg9": ["hyperv_vfattach lagg9 0"],
        # A word of the wanted state's file is no aggregate's name.
        "attached synthetic": ["hyperv_vfattach synthetic 0"],
        "vf-up hn1": ["hyperv_vfup hn1"],
        "appeared mce1": ["pccard_ether mce1 start"],
        "link-up em1": ["service dhclient quietstart em1"],
        "link-up hn1": ["service dhclient quietstart hn1"],
        "link-up lagg9": ["service dhclient quietstart lagg9"],
        "link-up em0": [],
    }
    for event, commands in expected.items():
        # netif is what pccard_ether ran in its turn.
        found = [call for call in runs(one, event) if "service netif" not in call]
        assert found == commands, event


def _transparent(one: Guest) -> None:
    with one.machine.changing() as state:
        state.transparent = 1


def _never_configured(one: Guest) -> None:
    one.machine.write(WANTED, "")
    (one.machine.root / WANTED).unlink()


def _planned_as_transparent(one: Guest) -> None:
    one.machine.write(WANTED, _wanted(Mode.TRANSPARENT))


def _without_program(one: Guest) -> None:
    assert one.inside(f"rm {PROGRAM}").status == 0


def _turned_off(one: Guest) -> None:
    one.machine.write(OFF[System.FREEBSD], "turned off\n")
    assert one.inside(f"{HOOK} vfs").out == "", "netif is told of no VF"


@pytest.mark.parametrize(
    "situation", [_transparent, _never_configured, _without_program, _turned_off]
)
def test_the_base_system_is_as_it_was_where_there_is_nothing_of_ours(
    situation: object, tmp_path: Path
) -> None:
    """In transparent mode, never configured, removed, and turned off."""
    with guest(tmp_path, prepare=with_others) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        assert callable(situation)
        situation(one)
        for event, command in STOCK.items():
            found = [call for call in runs(one, event) if "service netif" not in call]
            assert found == ([command] if command else []), event


def test_a_pair_that_was_the_kernels_when_planned_is_left_to_the_base_system(
    tmp_path: Path,
) -> None:
    """Its MAC is known, and no aggregate of it."""
    with guest(tmp_path, prepare=with_others) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        _planned_as_transparent(one)
        for event in ("attached mce0", "vf-up hn0"):
            assert runs(one, event) == [STOCK[event]]


def test_an_old_kernel_that_knows_no_modes_is_not_transparent(tmp_path: Path) -> None:
    """hw.hn.vf_transparent is missing there."""
    with guest(tmp_path, transparent=None, prepare=with_others) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        assert runs(one, "vf-up hn0") == [LOOK]


@pytest.mark.parametrize("shell", SHELLS)
def test_devd_does_not_wait_for_a_drivers_address(shell: str, tmp_path: Path) -> None:
    """The hook is back while the NIC has none; whose it is, is decided when it has one."""
    pairs, foreign = "mce2", "mce3"
    addresses = {pairs: MAC, foreign: OTHER_MAC}

    def prepare(machine: Machine) -> None:
        with_others(machine)
        with machine.changing() as state:
            for name in addresses:
                kernel.attach(state, Interface(name, 0, mac="00:00:00:00:00:00"))

    with guest(tmp_path, shell=shell, prepare=prepare) as one:
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net"))
        # No time passes until the test lets it.
        waits = "while [ ! -e /tmp/go ]; do /usr/bin/sleep 0.05; done"
        install(one.machine, "/sbin/sleep", f"#!/bin/sh\n{waits}\n")
        for name in addresses:
            done = one.inside(f"timeout --foreground 60 {HOOK} appeared {name}")
            assert (done.status, done.err) == (0, "")
        assert "devd-hook" in one.running()
        with one.machine.changing() as state:
            for name, mac in addresses.items():
                state.get(name).mac = state.get(name).own_mac = mac
        assert one.inside(": >/tmp/go").status == 0
        one.rest()
        assert one.called("pccard_ether") == [f"pccard_ether {foreign} start"]
        assert one.called(LOOK) == []


def test_the_administrators_script_comes_first_and_gets_no_argument(one: Guest) -> None:
    """At the event that it is for, for its hn alone, whether the pair is ours or not."""
    for hn in ("hn0", "hn1"):
        path = f"/usr/libexec/hyperv/hyperv_vfup.{hn}"
        install(one.machine, path, recorder(one.machine, f"own[{hn}]"))
        assert runs(one, f"vf-up {hn}") == [f"own[{hn}] "]
    assert runs(one, "attached mce0") == [LOOK]


def test_without_the_base_systems_scripts_nothing_is_run_and_nothing_fails(one: Guest) -> None:
    """A system that was built without them."""
    assert one.inside("rm -r /usr/libexec/hyperv").status == 0
    for event in ("attached em1", "vf-up hn1"):
        assert runs(one, event) == []


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "attached",
        "attached mce0 0",
        "reboot hn0",
        "attached ''",
        "attached -a",
        "attached '../x'",
        "attached 'a b'",
        "vf-up '$(touch /tmp/was-here)'",
        "vf-up ';touch /tmp/was-here'",
        "vf-up 'hn0\ntouch /tmp/was-here'",
        "vf-up '`touch /tmp/was-here`'",
    ],
)
def test_what_is_no_event_with_a_plain_name_is_refused(arguments: str, tmp_path: Path) -> None:
    """Exit status 64 and one line; nothing is run and nothing is made of it."""
    with guest(tmp_path, prepare=with_others) as one:
        before = len(one.calls)
        done = one.inside(f"{HOOK} {arguments}")
        assert done.status == 64
        assert done.err.count("\n") == 1
        assert [call for call in one.calls[before:] if call != "make-clients-real"] == []
        assert one.machine.read("tmp/was-here") == ""
        assert not (one.machine.root / "tmp/was-here").exists()


def test_a_storm_of_events_is_one_look_after_another(tmp_path: Path) -> None:
    """While one looks and one waits, all further events go home; the last one is still seen."""
    with guest(tmp_path, prepare=with_others) as one:
        # It says when it has begun, and goes on once it is told so.
        waits = "while [ ! -e /tmp/go ]; do sleep 0.05; done\n"
        install(one.machine, PROGRAM, recorder(one.machine, "hyperv-net") + waits)
        assert one.inside(f"{HOOK} vf-up hn0").status == 0
        one.wait(lambda: one.called(LOOK) == [LOOK])
        assert one.inside(f"for n in $(seq 30); do {HOOK} gone mce0; done").status == 0
        # One that looks and one that waits are all that is left: a hook each.
        one.wait(lambda: one.running().count("devd-hook") <= 2)
        assert one.called(LOOK) == [LOOK]
        assert one.inside(": >/tmp/go").status == 0
        one.rest()
        assert one.called(LOOK) == [LOOK, LOOK]
