"""The way of a packet, for each thing that can lose one on FreeBSD; and the question itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.freebsd_machine.machine import MAC, Machine, new_machine
from tests.freebsd_machine.path import to_gateway, way
from tests.freebsd_machine.state import State
from tests.freebsd_machine.told import OFFER, configured

BESIDE, BEYOND = "10.0.0.77", "192.0.2.1"


def routed(machine: Machine, *lines: str) -> Machine:
    """The machine after these lines of ifconfig, and then with default routes of both families."""
    configured(machine, *lines)
    machine.run("route", "add", "default", "10.0.0.1")
    machine.run("route", "add", "-inet6", "default", "2001:db8::1")
    return machine


LAGG = (
    "lagg0 create",
    "lagg0 inet 10.0.0.4/24 laggproto failover laggport hn0 laggport mce0",
    "lagg0 inet6 -ifdisabled",
    "lagg0 inet6 2001:db8::4 prefixlen 64",
    "lagg0 up",
)


def said(state: State, destination: str) -> str:
    found = way(state, destination)
    return found.card or found.lost


@pytest.mark.parametrize("family", ["inet", "inet6"])
def test_a_lagg_sends_by_the_vf_while_that_is_up_and_by_hn_while_not(
    machine: Machine, family: str
) -> None:
    routed(machine, *LAGG, "hn0 up")
    at_first = to_gateway(machine.look(), family)
    assert (at_first.card, at_first.route, at_first.interface) == ("hn0", "default", "lagg0")
    assert at_first.source == {"inet": "10.0.0.4", "inet6": "2001:db8::4"}[family]
    configured(machine, "mce0 up")
    assert to_gateway(machine.look(), family).card == "mce0"
    machine.detach_vf()
    assert to_gateway(machine.look(), family).card == "hn0"


LOST: dict[str, tuple[list[str], str]] = {
    "ports that are down": (["hn0 down"], "lagg0 has no active port"),
    "no port": (["lagg0 -laggport hn0", "lagg0 -laggport mce0"], "lagg0 has no port"),
    "no protocol": (["lagg0 laggproto none"], "lagg0 has no active port"),
    "a lagg that is down": (["lagg0 down"], "lagg0 is down"),
    "a VF up outside": (
        ["lagg0 -laggport mce0", "mce0 up"],
        "lagg0 has no active port",
    ),
    "no address": (["lagg0 inet 10.0.0.4 -alias"], "no route (ENETUNREACH)"),
}


@pytest.mark.parametrize(("lines", "why"), LOST.values(), ids=LOST)
def test_what_a_lagg_loses(machine: Machine, lines: list[str], why: str) -> None:
    routed(machine, *LAGG, "hn0 up", *lines)
    assert said(machine.look(), BEYOND) == why


def test_what_a_port_sends_itself_is_lost_until_the_lagg_is_destroyed(machine: Machine) -> None:
    """Measured after a rollback: lagg_port_output() answers ENETDOWN."""
    routed(machine, "lagg0 create", "lagg0 laggport hn0", "lagg0 up", "hn0 inet 10.0.0.4/24")
    assert said(machine.look(), BEYOND) == "hn0 is a port of lagg0 (ENETDOWN)"
    configured(machine, "lagg0 destroy")
    assert said(machine.look(), BEYOND) == "hn0"


@pytest.mark.parametrize("transparent", [0, 1, None])
def test_an_hn_whose_vf_is_up_sends_nothing_unless_the_kernel_drives_both(
    transparent: int | None, tmp_path: Path
) -> None:
    machine = routed(
        new_machine(tmp_path, transparent=transparent), "hn0 inet 10.0.0.4/24", "mce0 up"
    )
    lost = "the host has the traffic of hn0 by mce0"
    assert said(machine.look(), BEYOND) == ("mce0" if transparent else lost)


def test_a_vf_without_link_takes_the_datapath_all_the_same(machine: Machine) -> None:
    """So the lagg has no active port, though hn0's cable is in."""
    routed(machine, *LAGG, "hn0 up")
    machine.set_carrier("mce0", False)
    configured(machine, "mce0 up")
    assert said(machine.look(), BEYOND) == "lagg0 has no active port"


def test_the_cable_decides(machine: Machine) -> None:
    routed(machine, "hn0 inet 10.0.0.4/24")
    machine.set_carrier("hn0", False)
    assert said(machine.look(), BEYOND) == "hn0 has no link"


def test_the_longest_prefix_leads_and_a_route_can_reject(machine: Machine) -> None:
    routed(machine, "hn0 inet 10.0.0.4/24")
    machine.run("route", "add", "-net", "192.0.2.0/24", "10.0.0.9")
    machine.run("route", "add", "-net", "192.0.2.128/25", "10.0.0.9", "-reject")
    state = machine.look()
    assert way(state, "192.0.2.1").gateway == "10.0.0.9"
    assert said(state, "192.0.2.200") == "a route rejects it"
    assert way(state, BESIDE).route == "10.0.0.0/24"
    assert way(state, BESIDE).gateway == ""


def _other_gateway(state: State) -> None:
    state.routes[0].gateway = "10.5.0.1"


def _gone(state: State) -> None:
    state.routes[0].interface = "em0"


def _no_source(state: State) -> None:
    state.get("hn0").inet6 = [one for one in state.get("hn0").inet6 if one.automatic]
    state.routes[1].gateway = "fe80::1%hn0"


ODD: dict[str, tuple[Callable[[State], None], str, str]] = {
    "gateway": (_other_gateway, BEYOND, "the gateway 10.5.0.1 is in no network of hn0"),
    "interface": (_gone, BEYOND, "em0 is gone"),
    "source": (_no_source, "2001:2::1", "hn0 has no address for it"),
}


@pytest.mark.parametrize(("change", "destination", "why"), ODD.values(), ids=ODD)
def test_a_route_alone_is_no_path(
    machine: Machine, change: Callable[[State], None], destination: str, why: str
) -> None:
    """The next hop is asked for on the interface's own network, from an address of it."""
    routed(
        machine,
        "hn0 inet 10.0.0.4/24",
        "hn0 inet6 -ifdisabled",
        "hn0 inet6 2001:db8::4 prefixlen 64",
    )
    state = machine.look()
    assert said(state, destination) == "hn0"
    change(state)
    assert said(state, destination) == why


def test_ipv6_that_is_off_is_a_network_that_is_down(machine: Machine) -> None:
    routed(machine, *LAGG, "hn0 up", "lagg0 inet6 ifdisabled")
    assert said(machine.look(), "2001:2::1") == "IPv6 is off on lagg0 (ENETDOWN)"
    assert said(machine.look(), BEYOND) == "hn0"


def test_a_link_local_gateway_is_reached_by_its_interface(machine: Machine) -> None:
    routed(machine, *LAGG, "hn0 up")
    state = machine.look()
    assert said(state, "fe80::1%lagg0") == "hn0"
    assert said(state, "fe80::1") == "a link-local address without its interface"
    assert way(state, "fe80::1%lagg0").source == "fe80::20d:3aff:fe11:2233"


def test_vlans_send_by_their_parent_and_bridges_by_a_member(machine: Machine) -> None:
    configured(machine, *LAGG, "hn0 up", "lagg0.5 create", "lagg0.5 inet 10.5.0.4/24")
    assert said(machine.look(), "10.5.0.1") == "hn0"
    configured(machine, "lagg0 down")
    assert said(machine.look(), "10.5.0.1") == "lagg0 is down"
    machine.attach_vf("em0", "00:0d:3a:99:99:99")
    configured(machine, "bridge0 create", "bridge0 addm em0", "bridge0 inet 10.6.0.4/24")
    assert said(machine.look(), "10.6.0.1") == "bridge0 has no member that sends"
    configured(machine, "em0 up")
    assert said(machine.look(), "10.6.0.1") == "em0"
    configured(machine, "lo0 inet 10.7.0.4/24")
    assert said(machine.look(), "10.7.0.1") == "lo0 leads to no network"


def online(folder: Path) -> Machine:
    """A machine with a lease, which is watched."""
    machine = new_machine(folder, offers={MAC: OFFER}, vf="")
    machine.run("dhclient", "hn0")
    machine.journey.begin("the lease")
    return machine


def test_a_step_that_loses_the_gateway_fails(tmp_path: Path) -> None:
    """Whether the route has gone or leads nowhere; the step is named."""
    machine = online(tmp_path)
    with pytest.raises(AssertionError, match=r"after 'ifconfig hn0 down': .* hn0 is down"):
        machine.run("ifconfig", "hn0", "down")
    machine.run("ifconfig", "hn0", "up")
    with pytest.raises(AssertionError, match=r"after 'route -n flush': .* no route"):
        machine.run("route", "-n", "flush")


def test_several_doings_are_one_step_and_an_outage_is_declared(tmp_path: Path) -> None:
    machine = online(tmp_path)
    with machine.journey.step("down and up"):
        configured(machine, "hn0 down", "hn0 up")
    with machine.journey.outage("its cable is out"):
        machine.set_carrier("hn0", False)
        machine.set_carrier("hn0", True)
    assert machine.journey.cards() == ["hn0", "", "hn0"]


def test_an_outage_that_goes_on_is_a_failure(tmp_path: Path) -> None:
    machine = online(tmp_path)
    with (
        pytest.raises(AssertionError, match=r"a mistake, which is over.* hn0 has no link"),
        machine.journey.outage("a mistake"),
    ):
        machine.set_carrier("hn0", False)


def test_an_outage_that_does_not_come_is_a_failure(tmp_path: Path) -> None:
    machine = online(tmp_path)
    with (
        pytest.raises(AssertionError, match="reached all the time, although: so they say"),
        machine.journey.outage("so they say"),
    ):
        machine.run("ifconfig", "-l")
