"""Lives of a running FreeBSD machine: what `apply` prints is run there, and taken back again.

After each step a packet to the gateway gets out (`tests.freebsd_machine.journey`),
and the last line of each scenario says by which cards, one after another.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine.machine import Machine
from tests.freebsd_machine.state import Offer
from tests.hotplug.freebsd_guest import Guest, guest, take_inventory

pytestmark = pytest.mark.any_python

PROGRAM = "/usr/local/bin/hyperv-net"
OFFERS = {"*": Offer("10.0.0.4", 24, "10.0.0.1", ["10.0.0.2"])}
STATIC = (
    'ifconfig_hn0="inet 10.0.0.9/24"\ndefaultrouter="10.0.0.1"\n'
    'ifconfig_hn0_ipv6="inet6 2001:db8::9/64"\nipv6_defaultrouter="fe80::1%hn0"\n'
)
STOCK = {
    "DHCP": 'ifconfig_hn0="DHCP"\n',
    "SYNCDHCP": 'ifconfig_hn0="SYNCDHCP"\n',
    "static": STATIC,
    "SLAAC": 'ifconfig_hn0="SYNCDHCP"\nifconfig_hn0_ipv6="inet6 accept_rtadv"\n',
}
BOTH = ("inet", "inet6")


def advertised(machine: Machine) -> None:
    with machine.changing() as state:
        state.advertised = "2001:db8::"


def hyperv_net(one: Guest, *words: str) -> None:
    """Run the program, and then the line that it prints for the running machine."""
    done = one.inside(["/bin/sh", "-c", f"cd /tmp && {PROGRAM} {' '.join(words)}"])
    assert done.status == 0, done.err
    (line,) = [each for each in done.out.splitlines() if each.startswith("to use it now: ")]
    command = line.removeprefix("to use it now: ").partition("  (")[0]
    with one.machine.journey.step(command):
        one.inside(command)
        one.settle()


def apply(one: Guest, *options: str) -> None:
    take_inventory(one.machine)
    hyperv_net(one, "apply --inventory inventory.json --root / --target freebsd", *options)


def verb(one: Guest, name: str) -> None:
    """Run a verb that prints no command."""
    with one.machine.journey.step(name):
        done = one.inside([PROGRAM, name])
        assert done.status == 0, done.err
        one.settle()


def families(case: str) -> tuple[str, ...]:
    return BOTH if case in ("static", "SLAAC") else BOTH[:1]


@pytest.mark.parametrize("vf", ["mce0", ""], ids=["VF", "no VF"])
@pytest.mark.parametrize("case", STOCK)
def test_apply_and_rollback_on_a_live_machine(case: str, vf: str, tmp_path: Path) -> None:
    """With a VF that goes and comes in each of the three states."""
    with guest(tmp_path, rc_conf=STOCK[case], offers=OFFERS, vf=vf, prepare=advertised) as one:
        one.boot()
        apply(one)
        if not vf:
            one.attach("mce0")
        one.detach("mce0")
        one.attach("mce1")
        verb(one, "drain")
        verb(one, "undrain")
        hyperv_net(one, "apply --rollback")
        assert all(each.kind != "lagg" for each in one.state.interfaces)
        one.detach("mce1")
        one.attach("mce0")
        for family in families(case):
            cards = ["hn0", "mce0", "hn0", "mce1", "hn0", "mce1", "hn0"]
            assert one.machine.journey.cards(family) == cards


@pytest.mark.parametrize("case", ["SYNCDHCP", "static"])
def test_the_network_is_restarted_with_the_lagg_in_use(case: str, tmp_path: Path) -> None:
    """By rc's own words; devd starts what they have made a second time."""
    with guest(tmp_path, rc_conf=STOCK[case], offers=OFFERS) as one:
        one.boot()
        apply(one)
        for is_quick in (True, False):
            with one.machine.changing() as state:
                state.devd_is_quick = is_quick
            with one.machine.journey.step(f"netif restart, devd is quick: {is_quick}"):
                assert one.inside("service netif restart").status == 0
                # Which puts back what the addresses took along.
                one.inside("service routing start")
                one.settle()
        for family in families(case):
            assert one.machine.journey.cards(family) == ["hn0", "mce0"]


def test_leases_are_renewed_and_a_jails_address_is_put_on_the_hn(tmp_path: Path) -> None:
    """jail(8) with `interface = hn0`; the lagg has its address at the next look."""
    with guest(tmp_path, rc_conf=STOCK["SYNCDHCP"], offers=OFFERS) as one:
        one.boot()
        apply(one)
        one.machine.renew("lagg0", OFFERS["*"])
        one.machine.renew("lagg0", Offer("10.0.0.44", 24, "10.0.0.1"))
        with one.machine.journey.step("the jail starts"):
            assert one.inside("ifconfig hn0 inet 10.0.0.77/32 alias").status == 0
            assert one.inside([PROGRAM, "reconcile"]).status == 0
        one.settle()
        assert one.addresses("hn0") == []
        assert one.addresses("lagg0") == ["10.0.0.44", "10.0.0.77"]
        one.detach("mce0")
        assert one.machine.journey.cards() == ["hn0", "mce0", "hn0"]


def test_aggregate_never_refuses_where_a_lagg_has_the_settings_and_then_changes_nothing(
    tmp_path: Path,
) -> None:
    """What rc.conf said before is known to the record alone, so a rollback comes first."""
    with guest(tmp_path, rc_conf=STOCK["static"]) as one:
        one.boot()
        apply(one)
        words = "--inventory inventory.json --root / --target freebsd --aggregate never"
        never = f"cd /tmp && {PROGRAM} apply {words}"
        assert one.inside(never).status == 1
        hyperv_net(one, "apply --rollback")
        assert one.inside(never).status == 0
        one.detach("mce0")
        one.attach("mce0")
        for family in BOTH:
            assert one.machine.journey.cards(family) == ["hn0", "mce0", "hn0"]


def test_without_the_hook_the_lagg_goes_on_by_the_hn(tmp_path: Path) -> None:
    """After `unbake` devd has the base system's rules alone, and rc.conf says NOAUTO of the VF."""
    with guest(tmp_path, rc_conf=STOCK["SYNCDHCP"], offers=OFFERS) as one:
        one.boot()
        apply(one)
        one.unbake()
        one.detach("mce0")
        one.attach("mce0")
        assert one.machine.journey.cards() == ["hn0", "mce0", "hn0"]
