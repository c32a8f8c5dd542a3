"""A lease that is asked for again, as it is at each return of a VF, takes nothing else with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine.state import Offer
from tests.freebsd_machine.told import ifconfig
from tests.hotplug.freebsd_guest import Guest, guest
from tests.hotplug.test_freebsd_live import OFFERS, apply

pytestmark = pytest.mark.any_python

STATIC_ROUTE = 'static_routes="lab"\nroute_lab="-net 192.0.2.0/24 10.0.0.3"\n'
ALIAS = 'ifconfig_hn0_alias0="inet 10.0.0.9/32"\n'
VLAN = 'vlans_hn0="10"\nifconfig_hn0_10="SYNCDHCP"\nifconfig_hn0_10_alias0="inet 10.0.0.11/32"\n'


def addresses(one: Guest, name: str = "lagg0") -> set[str]:
    return {each.address for each in one.machine.interface(name).inet}


def routed(one: Guest) -> set[str]:
    return {each.destination for each in one.state.routes if each.interface == "lagg0"}


def returns(one: Guest, times: int = 3) -> None:
    """The VF goes and comes, that often."""
    for _ in range(times):
        one.detach("mce0")
        one.attach("mce0")


@pytest.mark.parametrize(
    # With plain DHCP there is no network yet when rc(8) sets static routes.
    ("word", "route"),
    [("SYNCDHCP", STATIC_ROUTE), ("DHCP", "")],
    ids=["SYNCDHCP", "DHCP"],
)
def test_aliases_a_jails_address_and_static_routes_outlive_every_return_of_a_vf(
    word: str, route: str, tmp_path: Path
) -> None:
    rc_conf = f'ifconfig_hn0="{word}"\n{ALIAS}{route}'
    with guest(tmp_path, rc_conf=rc_conf, offers=OFFERS) as one:
        one.boot()
        apply(one)
        ifconfig(one.machine, "lagg0 inet alias 10.0.0.77/32")
        before = routed(one)
        assert before == {"default", *(["192.0.2.0/24"] if route else [])}
        returns(one)
        assert addresses(one) == {"10.0.0.4", "10.0.0.77", "10.0.0.9"}
        assert routed(one) == before


def test_without_the_hook_they_would_not(tmp_path: Path) -> None:
    with guest(
        tmp_path, rc_conf=f'ifconfig_hn0="SYNCDHCP"\n{ALIAS}{STATIC_ROUTE}', offers=OFFERS
    ) as one:
        one.boot()
        apply(one)
        one.machine.write("etc/dhclient-enter-hooks", "")
        returns(one)
        assert addresses(one) == {"10.0.0.4"}
        assert routed(one) == {"default"}


def test_a_vlan_upon_the_lagg_keeps_its_own(tmp_path: Path) -> None:
    with guest(tmp_path, rc_conf=f'ifconfig_hn0="up"\n{VLAN}', offers=OFFERS) as one:
        one.boot()
        apply(one)
        returns(one)
        assert addresses(one, "lagg0.10") == {"10.0.0.4", "10.0.0.11"}


def test_a_new_address_of_the_lease_replaces_its_old_one_alone(tmp_path: Path) -> None:
    with guest(tmp_path, rc_conf=f'ifconfig_hn0="SYNCDHCP"\n{ALIAS}', offers=OFFERS) as one:
        one.boot()
        apply(one)
        one.machine.renew("lagg0", Offer("10.0.0.8", 24, "10.0.0.1", ["10.0.0.2"]))
        assert addresses(one) == {"10.0.0.8", "10.0.0.9"}
        one.machine.renew("lagg0", Offer("10.0.0.8", 24, "10.0.0.1", ["10.0.0.2"]))
        assert addresses(one) == {"10.0.0.8", "10.0.0.9"}
