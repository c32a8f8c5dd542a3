"""What makes a machine follow its new rc.conf: default routes before and after, and a path.

Each change is made there and back: an `apply`, and the `apply --rollback` of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hyperv_net.renderers import load
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.parts import in_words
from tests.freebsd_machine.machine import MAC, Machine, new_machine
from tests.freebsd_machine.state import Offer

OFFER = Offer("10.0.0.4", 24, "10.0.0.1", ["10.0.0.2"])
PAIR = 'cloned_interfaces="lagg0"\nifconfig_hn0="up"\nifconfig_mce0="NOAUTO"\n'
LAGG = "laggproto failover laggport hn0 laggport mce0"
STATIC = 'defaultrouter="10.0.0.1"\nipv6_defaultrouter="fe80::1%'
CASES = {
    "DHCP": ('ifconfig_hn0="DHCP"\n', f'{PAIR}ifconfig_lagg0="{LAGG} DHCP"\n'),
    "SYNCDHCP": ('ifconfig_hn0="SYNCDHCP"\n', f'{PAIR}ifconfig_lagg0="{LAGG} SYNCDHCP"\n'),
    "static": (
        'ifconfig_hn0="inet 10.0.0.9/24"\n'
        f'ifconfig_hn0_ipv6="inet6 2001:db8::9/64"\n{STATIC}hn0"\n',
        f'{PAIR}ifconfig_lagg0="inet 10.0.0.9/24 {LAGG}"\n'
        f'ifconfig_lagg0_ipv6="inet6 no_dad 2001:db8::9/64"\n{STATIC}lagg0"\n',
    ),
    "SLAAC": (
        'ifconfig_hn0="SYNCDHCP"\nifconfig_hn0_ipv6="inet6 accept_rtadv"\n',
        f'{PAIR}ifconfig_lagg0="{LAGG} SYNCDHCP"\n'
        'ifconfig_lagg0_ipv6="inet6 no_dad accept_rtadv"\n',
    ),
    "a VLAN": (
        'ifconfig_hn0="up"\nvlans_hn0="wan"\ncreate_args_wan="vlan 5"\nifconfig_wan="DHCP"\n',
        f'{PAIR}ifconfig_lagg0="{LAGG}"\nvlans_lagg0="wan"\ncreate_args_wan="vlan 5"\n'
        'ifconfig_wan="DHCP"\n',
    ),
    "another name": (
        f'{PAIR}ifconfig_lagg0="{LAGG} SYNCDHCP"\n',
        f'{PAIR}ifconfig_lagg0="{LAGG} SYNCDHCP"\n'.replace("lagg0", "lagg7"),
    ),
    "a renamed NIC": (
        'ifconfig_hn0="SYNCDHCP"\n',
        f'ifconfig_hn0_name="wan0"\n{PAIR}ifconfig_lagg0="{LAGG} SYNCDHCP"\n'.replace(
            "hn0=", "wan0="
        ).replace("laggport hn0", "laggport wan0"),
    ),
}


@contextmanager
def booted(folder: Path, rc_conf: str, *, vf: str = "mce0") -> Iterator[Machine]:
    """A machine that has booted with this rc.conf."""
    with new_machine(folder, rc_conf=rc_conf, vf=vf, offers={MAC: OFFER}) as machine:
        with machine.changing() as state:
            state.advertised = "2001:db8::"
        follow(machine, "", rc_conf)
        machine.journey.begin("the boot")
        yield machine


def follow(machine: Machine, before: str, after: str) -> None:
    """Change its rc.conf, and run what is printed then."""
    machine.write(FILE, after)
    steps = load("freebsd").activation({FILE: before}, {FILE: after})
    with machine.journey.step("what is printed, and the hook"):
        for step in steps:
            machine.run(*step.command)
        if vf := machine.look().find("mce0"):
            join(machine, vf.name)


def join(machine: Machine, vf: str) -> None:
    """What the hook does for a VF that has joined."""
    if machine.look().lagg_of(vf) is not None:
        machine.run("ifconfig", vf, "up")


def default_routes(machine: Machine) -> list[tuple[str, str]]:
    """The families that have one, and its gateway."""
    routes = [one for one in machine.look().routes if one.destination == "default"]
    return sorted((one.family, one.gateway.partition("%")[0]) for one in routes)


@pytest.mark.parametrize("vf", ["mce0", ""], ids=["VF", "no VF"])
@pytest.mark.parametrize("case", CASES)
def test_default_routes_are_as_before_there_and_back(case: str, vf: str, tmp_path: Path) -> None:
    """Each leads out, over the interface that has the settings now."""
    old, new = CASES[case]
    with booted(tmp_path, old, vf=vf) as machine:
        at_first = default_routes(machine)
        assert at_first
        follow(machine, old, new)
        assert default_routes(machine) == at_first
        assert any(one.kind == "lagg" for one in machine.look().interfaces)
        follow(machine, new, old)
        assert default_routes(machine) == at_first
        kept = [one.name for one in machine.look().interfaces if one.kind == "lagg"]
        assert kept == [name for name in ("lagg0", "lagg7") if name in old]
        assert machine.journey.cards()[-1] == ((kept and vf) or "hn0")


def test_what_is_in_the_old_files_alone_is_destroyed_and_named_as_before() -> None:
    """VLANs ahead of their lagg; the client of an interface that asks no more is ended."""
    old = CASES["a renamed NIC"][1] + 'vlans_lagg0="5 dmz"\nifconfig_lagg0_5="DHCP"\n'
    steps = load("freebsd").activation({FILE: old}, {FILE: CASES["DHCP"][0]})
    assert in_words(steps).split("; ") == [
        "service dhclient forcestop lagg0",
        "service dhclient forcestop lagg0.5",
        "ifconfig lagg0.5 destroy",
        "ifconfig dmz destroy",
        "ifconfig lagg0 destroy",
        "ifconfig wan0 name hn0",
        "service routing stop",
        "service netif restart",
        "service routing start",
        "service dhclient quietstart hn0",
    ]


@pytest.mark.parametrize("is_quick", [True, False], ids=["devd is quick", "rc is"])
@pytest.mark.parametrize(
    ("old", "new", "mtu"), [("up", "up mtu 9000", 9000), ("up mtu 9000", "up", 1500)]
)
def test_a_new_mtu_reaches_the_lagg_and_its_vlans_have_their_parent(
    old: str, new: str, mtu: int, is_quick: bool, tmp_path: Path
) -> None:
    """Whoever is first to put the hn into the new lagg, rc or devd."""
    rc_conf = CASES["DHCP"][1] + 'vlans_lagg0="5"\nifconfig_lagg0_5="up"\n'
    before, after = (rc_conf.replace('hn0="up"', f'hn0="{line}"') for line in (old, new))
    with booted(tmp_path, before) as machine:
        with machine.changing() as state:
            state.devd_is_quick = is_quick
        follow(machine, before, after)
        assert (machine.interface("lagg0").mtu, machine.interface("hn0").mtu) == (mtu, mtu)
        assert (machine.interface("lagg0.5").parent, default_routes(machine)) == (
            "lagg0",
            [("inet", "10.0.0.1")],
        )


def test_a_vf_that_rc_conf_had_started_is_let_go() -> None:
    """By `ifconfig_DEFAULT` or a line of its own: netif passes by what is NOAUTO now."""
    released = "service dhclient forcestop mce0; service netif stop mce0; service routing stop"
    for line in ('ifconfig_DEFAULT="SYNCDHCP"\n', 'ifconfig_mce0="up"\n'):
        steps = load("freebsd").activation({FILE: line}, {FILE: CASES["DHCP"][1]})
        assert in_words(steps).startswith(released)
    for line in ("", 'ifconfig_DEFAULT="DHCP"\nifconfig_mce0="NOAUTO"\n'):
        steps = load("freebsd").activation({FILE: line}, {FILE: CASES["DHCP"][1]})
        assert "mce0" not in in_words(steps)


@pytest.mark.parametrize("value", ["lagg0;id", "$(id)", "`id`", "-h"])
def test_nothing_of_the_files_becomes_a_command(value: str) -> None:
    """The line is there to be pasted into a shell."""
    old = f"cloned_interfaces='{value}'\nvlans_hn0='{value}'\nifconfig_hn0_name='{value}'\n"
    steps = load("freebsd").activation({FILE: old}, {FILE: "broken='"})
    assert in_words(steps) == "service routing stop; service netif restart; service routing start"
