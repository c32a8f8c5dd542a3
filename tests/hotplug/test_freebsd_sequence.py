"""Whole lives of a FreeBSD machine: boot, and the VF coming and going, with all that runs then.

After every single program it is looked at whether a VF is up outside its
aggregate, a port has an address, or the lagg is cut off.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine.machine import MAC
from tests.freebsd_machine.state import Offer
from tests.hotplug.freebsd_guest import Guest, guest

pytestmark = pytest.mark.any_python

OFFERS = {"*": Offer("10.0.0.4", 24, "10.0.0.1", ["10.0.0.2"])}
NETWORK = f"""\
version: 2
ethernets:
  hn0: {{match: {{macaddress: "{MAC}"}}, dhcp4: true}}
"""
STATIC = NETWORK.replace(
    "dhcp4: true", "addresses: [10.0.0.4/24], routes: [{to: default, via: 10.0.0.1}]"
)


def is_well(one: Guest, vf: str = "") -> None:
    """The address is on the lagg alone, which holds what is there, and all went well so far."""
    assert one.ports() == {"hn0": True, **({vf: True} if vf else {})}
    assert one.machine.path_of("lagg0") == (vf or "hn0")
    owners = [each.name for each in one.state.interfaces if "10.0.0.4" in one.addresses(each.name)]
    assert owners == ["lagg0"]
    assert one.violations == []


@pytest.mark.parametrize("shell", ["dash", "mksh"])
def test_boot_detach_and_reattach_under_another_name(shell: str, tmp_path: Path) -> None:
    """With the events of the boot given to devd after it, as they are."""
    with guest(tmp_path, NETWORK, shell, offers=OFFERS) as one:
        one.boot()
        is_well(one, "mce0")
        one.detach("mce0")
        is_well(one)
        one.attach("mana2")
        is_well(one, "mana2")
        assert one.machine.journey.cards() == ["mce0", "hn0", "mana2"]


def test_a_vf_that_is_there_before_its_lagg_waits_for_it(tmp_path: Path) -> None:
    """devd is quicker than rc this time: the VF stays down, and joins once the lagg holds hn0."""
    with guest(tmp_path, STATIC) as one:
        one.settle()
        assert not one.state.get("mce0").up
        # As the rules of netif would have it, had its line in rc.conf another VF's name.
        rc_conf = one.machine.read("etc/rc.conf").replace(" laggport mce0", "")
        one.machine.write("etc/rc.conf", rc_conf)
        one.boot()
        is_well(one, "mce0")


def test_a_vf_that_goes_before_devd_has_heard_of_it(tmp_path: Path) -> None:
    """Events of what is gone already change nothing and fail nothing; nor do those come twice."""
    with guest(tmp_path, STATIC, vf="") as one:
        one.boot_quickly()
        one.arrive("mce0")
        events = ["IFNET mce0 ATTACH", "ETHERNET mce0 IFATTACH", "HYPERV_NIC_VF hn0 VF_UP"]
        one.machine.detach_vf("mce0")
        one.settle()
        is_well(one)
        one.attach("mce1")
        one.notify(*events, *reversed(events))
        one.settle()
        is_well(one, "mce1")


def test_a_vf_that_somebody_set_up_outside_the_lagg_is_brought_into_it(tmp_path: Path) -> None:
    """VF_UP tells of it; in between the machine is cut off, which no hook can prevent."""
    with guest(tmp_path, STATIC, vf="") as one:
        one.boot_quickly()
        one.arrive("mce0")
        one.machine.take_events()
        with one.machine.journey.outage("the VF is up outside the lagg"):
            assert one.inside("ifconfig mce0 up").status == 0
            before = len(one.violations)
            one.settle()
        assert one.ports() == {"hn0": True, "mce0": True}
        assert one.machine.path_of("lagg0") == "mce0"
        # Nothing but what had been set up, until it was set down.
        culprits = {line.split(":")[0] for line in one.violations[before:]}
        assert all(not line.endswith(("up", "laggport mce0")) for line in culprits)


def test_a_lagg_that_somebody_deleted_is_made_again_at_the_next_event(tmp_path: Path) -> None:
    """With all that rc.conf has for it."""
    with guest(tmp_path, STATIC) as one:
        one.boot_quickly()
        with one.machine.journey.outage("the lagg has gone, with the address"):
            assert one.inside("ifconfig lagg0 destroy").status == 0
            one.machine.take_events()
            one.notify("ETHERNET mce0 IFATTACH")
            one.settle()
        assert one.ports() == {"hn0": True, "mce0": True}
        assert one.addresses("lagg0") == ["10.0.0.4"]
        assert one.machine.path_of("lagg0") == "mce0"


def test_a_drain_holds_until_the_vf_has_left_and_come_back(tmp_path: Path) -> None:
    """`hyperv-net drain` before an announced migration, on the real machine's programs."""
    with guest(tmp_path, STATIC) as one:
        one.boot_quickly()
        done = one.inside("/usr/local/bin/hyperv-net drain")
        assert done.status == 0, done.err
        one.settle()
        assert one.ports() == {"hn0": True, "mce0": False}
        assert one.machine.path_of("lagg0") == "hn0"
        one.detach("mce0")
        one.attach("mce0")
        is_well(one, "mce0")


def test_a_second_look_takes_no_step(tmp_path: Path) -> None:
    """All is as it should be, and nothing is printed."""
    with guest(tmp_path, STATIC) as one:
        one.boot_quickly()
        done = one.inside("/usr/local/bin/hyperv-net reconcile")
        assert (done.status, done.out, done.err) == (0, "", "")
        assert one.machine.journey.cards() == ["mce0"]
