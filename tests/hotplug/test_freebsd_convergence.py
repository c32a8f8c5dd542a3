"""Any order of events on a FreeBSD machine: once reconcile is done, a packet gets out.

The decisions and steps are the real ones, the machine is `tests.freebsd_machine` in this
process, and of devd there is as much as matters to a path: what has appeared is started, and
what has a link asks for a lease.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import ip_interface
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.converge import converge
from hyperv_net.hotplug.act.freebsd import carry_out
from hyperv_net.hotplug.act.means import Means
from hyperv_net.hotplug.look.freebsd import freebsd_state
from hyperv_net.hotplug.look.state import ActualState
from hyperv_net.model import System
from tests.freebsd_machine import host, kernel
from tests.freebsd_machine.machine import MAC, Machine, new_machine
from tests.freebsd_machine.path import BEYOND, to_gateway
from tests.freebsd_machine.state import Offer, RefusedError, State
from tests.hotplug.machines import wanted

PAIR = 'cloned_interfaces="lagg0"\nifconfig_hn0="up"\nifconfig_mce0="NOAUTO"\n'
PORTS = "laggproto failover laggport hn0 laggport mce0"
CONFIGS = {
    "DHCP": f'{PAIR}ifconfig_lagg0="{PORTS} DHCP"\n',
    "SYNCDHCP, SLAAC": (
        f'{PAIR}ifconfig_lagg0="{PORTS} SYNCDHCP"\n'
        'ifconfig_lagg0_ipv6="inet6 no_dad accept_rtadv"\n'
    ),
    "static": (
        f'{PAIR}ifconfig_lagg0="inet 10.0.0.4/24 {PORTS}"\ndefaultrouter="10.0.0.1"\n'
        'ifconfig_lagg0_ipv6="inet6 no_dad 2001:db8::4/64"\n'
        'ipv6_defaultrouter="fe80::1%lagg0"\n'
    ),
}
VFS = ("mce0", "mana1", "mce10")


def _up_or_down(name: str, *, up: bool) -> Callable[[State], None]:
    return lambda state: kernel.set_flag_up(state, state.get(name), up)


def _leaves(state: State) -> None:
    lagg = state.get("lagg0")
    for port in [one for one in lagg.ports if one != "hn0"]:
        kernel.leave(state, lagg, state.get(port))


def _address(name: str) -> Callable[[State], None]:
    return lambda state: kernel.add_address(state, state.get(name), "10.0.0.99/32")


def _vf_goes(state: State) -> None:
    for one in [each.name for each in state.interfaces if each.name in VFS]:
        host.detach_vf(state, one)


def _vf_comes(name: str) -> Callable[[State], None]:
    def comes(state: State) -> None:
        _vf_goes(state)
        host.attach_vf(state, name, MAC)

    return comes


#: What the host, rc, devd's other rules and people do.
EVENTS: dict[str, Callable[[State], None]] = {
    **{f"{name} comes": _vf_comes(name) for name in VFS},
    "the VF goes": _vf_goes,
    **{f"{name} is set up": _up_or_down(name, up=True) for name in VFS},
    "mce0 is set down": _up_or_down("mce0", up=False),
    "hn0 is set down": _up_or_down("hn0", up=False),
    "the VF is taken out": _leaves,
    "hn0 is taken out": lambda state: kernel.leave(state, state.get("lagg0"), state.get("hn0")),
    "the lagg is destroyed": lambda state: kernel.destroy(state, "lagg0"),
    "hn0 gets an address": _address("hn0"),
    "mce0 gets an address": _address("mce0"),
}
RESTART = "netif is restarted"


def _means(machine: Machine) -> Means:
    def run(command: Sequence[str]) -> str:
        done = machine.run(command[0].rpartition("/")[2], *command[1:])
        if done.status:
            raise HypervNetError(done.err)
        return done.out

    def nothing(*_: str) -> str:
        raise AssertionError("not on FreeBSD")

    def stop(_: str) -> None:
        """No client is a process here."""

    return Means(run, run, lambda path, text: None, stop, nothing, lambda one: None)


def settle(machine: Machine) -> tuple[str, ...]:
    """What the hook and devd do until there is nothing to do; what is in a pair's way then."""
    known, means = wanted(System.FREEBSD), _means(machine)
    seen = frozenset({"lagg0"})

    def read() -> ActualState:
        texts = (means.run(("ifconfig", "-a")), means.run(("sysctl", "-i", "hw.hn", "dev.hn")))
        return freebsd_state(*texts)._replace(seen=seen)

    for _ in range(20):
        outcome = converge(
            read, known, lambda step: carry_out(step, known, means), lambda names: None
        )
        assert outcome.settled
        assert not outcome.failures
        events = machine.take_events()
        for event in events:
            _, name, kind = event.split()
            if kind == "ATTACH" and name not in VFS:
                machine.run("pccard_ether", name, "start")
            if kind == "LINK_UP" and machine.look().lagg_of(name) is None:
                machine.run("service", "dhclient", "quietstart", name)
        if not events:
            return outcome.obstacles
    raise AssertionError("never done")


def happens(machine: Machine, event: str) -> None:
    if event == RESTART:
        machine.run("service", "netif", "restart")
        machine.run("service", "routing", "start")
        return
    # What has gone cannot be set down.
    with suppress(RefusedError), machine.changing() as state:
        EVENTS[event](state)
    with machine.changing() as state:
        clients_gone = state.find("lagg0") is None or not state.get("lagg0").up
        if clients_gone:
            state.clients = {}


@pytest.mark.parametrize("config", CONFIGS)
@settings(max_examples=40, deadline=None)
@given(
    groups=st.lists(
        st.lists(st.sampled_from([*EVENTS, RESTART]), min_size=1, max_size=3), max_size=4
    )
)
def test_once_reconcile_is_done_a_packet_gets_out_by_the_vf_where_there_is_one(
    config: str, groups: list[list[str]]
) -> None:
    """After each group of events, however many of them came between two looks.

    But for a machine that somebody has configured without the lagg, which is told and left.
    """
    with TemporaryDirectory() as folder:
        machine = new_machine(
            Path(folder), rc_conf=CONFIGS[config], offers={"*": Offer("10.0.0.4", 24, "10.0.0.1")}
        )
        with machine.changing() as state:
            state.advertised = "2001:db8::"
        machine.run("service", "netif", "start")
        machine.run("service", "routing", "start")
        families = list(BEYOND)[: 1 if config == "DHCP" else 2]
        for group in [[], *groups]:
            for event in group:
                happens(machine, event)
            obstacles = settle(machine)
            if obstacles == ("lagg0 is gone and hn0 has addresses",):
                return
            assert obstacles == ()
            state = machine.look()
            vf = next((one.name for one in state.interfaces if one.name in VFS), "hn0")
            ways = [to_gateway(state, family) for family in families]
            assert [one.card for one in ways] == [vf] * len(ways), [str(one) for one in ways]
            assert all(ip_interface(one.source) for one in ways)
