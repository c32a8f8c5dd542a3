"""A drain that several want: an event's outlasts the VF's return, and nobody ends another's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.announcements.announcement import ID, Announcement, Stage
from hyperv_net.hotplug.decide.drain import is_drained
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.model import Mode, System
from hyperv_net.owners import MOST_OWNERS, PERSON, is_owner
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import (
    AGGREGATE,
    EVENT,
    SECOND,
    SYNTHETIC,
    TRANSPARENT,
    VF,
    arrive,
    drain,
    each_system,
    hook,
    joined,
    path,
    transparent,
    undrain,
    wanted,
)


def owners(kernel: Kernel) -> list[tuple[str, ...]]:
    return [one.owners for one in kernel.drains]


def never_through(kernel: Kernel, *vfs: str) -> None:
    """Have it fail where a bond or a lagg sends through one of these after any command."""

    def look() -> None:
        assert path(kernel) not in vfs, kernel.commands

    kernel.after_command = look


@each_system
def test_the_vf_that_comes_back_under_another_name_is_drained_until_the_event_is_over(
    system: System,
) -> None:
    kernel = joined(system)
    drain(kernel, owner=EVENT)
    kernel.remove(VF[system])
    hook(kernel)
    arrive(kernel, "vf7", driver="mana")
    hook(kernel)
    assert kernel.devices["vf7"].master == AGGREGATE[system]
    assert (path(kernel), owners(kernel)) == (SYNTHETIC[system], [(EVENT,)])
    assert is_drained(wanted(system).pairs[0], kernel.read())
    kernel.commands.clear()
    hook(kernel)
    assert kernel.commands == []
    undrain(kernel, owner=EVENT)
    assert (path(kernel), kernel.drains) == ("vf7", ())
    if system is System.LINUX:
        assert kernel.devices["bond0"].reselect == "always"
        assert kernel.devices["bond0"].primary == "vf7"


@each_system
def test_the_vf_that_comes_back_between_two_looks_is_drained_as_well(system: System) -> None:
    for name in (VF[system], "vf7"):
        kernel = joined(system)
        drain(kernel, owner=EVENT)
        kernel.remove(VF[system])
        arrive(kernel, name)
        hook(kernel)
        assert (path(kernel), owners(kernel)) == (SYNTHETIC[system], [(EVENT,)])
        undrain(kernel, owner=EVENT)
        assert (path(kernel), kernel.drains) == (name, ())


@each_system
def test_a_person_drains_a_vf_that_has_come_back_and_was_not_looked_at_yet(system: System) -> None:
    """The drain of the VF before it is over, and this one is another."""
    for others in ((), (EVENT,)):
        kernel = joined(system)
        for owner in (PERSON, *others):
            drain(kernel, owner=owner)
        kernel.remove(VF[system])
        arrive(kernel, "vf7")
        drain(kernel)
        assert (path(kernel), owners(kernel)) == (SYNTHETIC[system], [(*others, PERSON)])
        assert kernel.drains[0].vf_name == "vf7"
        undrain(kernel, owner=None)
        assert (path(kernel), kernel.drains) == ("vf7", ())


def test_a_bond_never_sends_through_the_vf_that_comes_back_under_its_primarys_name() -> None:
    """The kernel forces a primary that it was told by that name, whatever primary_reselect is."""
    kernel = joined(System.LINUX)
    drain(kernel, owner=EVENT)
    kernel.remove("enP1s1")
    hook(kernel)
    never_through(kernel, "enP1s1")
    arrive(kernel)
    assert hook(kernel).failures == ()
    assert kernel.devices["enP1s1"].master == "bond0"


def test_a_port_that_comes_back_is_joined_and_never_set_up() -> None:
    kernel = joined(System.FREEBSD)
    drain(kernel, owner=EVENT)
    kernel.remove("mce0")
    hook(kernel)
    kernel.commands.clear()
    arrive(kernel, "mce1")
    hook(kernel)
    assert kernel.devices["mce1"].master == "lagg0"
    assert "/sbin/ifconfig mce1 up" not in kernel.commands


def test_a_port_that_anybody_sets_up_during_an_event_is_set_down_again() -> None:
    """As upstream's script does with what it joins; a person's part is over by that."""
    kernel = joined(System.FREEBSD)
    drain(kernel, owner=EVENT)
    drain(kernel)
    kernel.devices["mce0"].up = True
    hook(kernel)
    assert (kernel.devices["mce0"].up, owners(kernel)) == (False, [(EVENT,)])


def test_the_vf_of_a_transparent_pair_is_waited_for_until_the_kernel_has_set_it_up() -> None:
    kernel = transparent()
    drain(kernel, TRANSPARENT, EVENT)
    kernel.remove("enP1s1")
    hook(kernel, TRANSPARENT)
    arrive(kernel, "enP2s2", master="eth0")
    outcome = hook(kernel, TRANSPARENT)
    assert (outcome.moving, kernel.drains[0].phase) == (True, Phase.RETURNED)
    kernel.devices["enP2s2"].up = True
    outcome = hook(kernel, TRANSPARENT)
    assert not outcome.moving
    assert (path(kernel, Mode.TRANSPARENT), kernel.drains[0].phase) == ("eth0", Phase.HELD)
    undrain(kernel, TRANSPARENT, EVENT)
    assert (path(kernel, Mode.TRANSPARENT), kernel.drains) == ("enP2s2", ())


def test_an_event_that_is_over_before_the_kernel_has_set_the_vf_up_leaves_it_up() -> None:
    kernel = transparent()
    drain(kernel, TRANSPARENT, EVENT)
    kernel.remove("enP1s1")
    hook(kernel, TRANSPARENT)
    arrive(kernel, "enP2s2", master="eth0")
    hook(kernel, TRANSPARENT)
    undrain(kernel, TRANSPARENT, EVENT)
    assert (kernel.devices["enP2s2"].up, kernel.drains) == (True, ())


@each_system
def test_neither_owner_ends_the_others_drain(system: System) -> None:
    for first, second in ((PERSON, EVENT), (EVENT, PERSON), (EVENT, SECOND)):
        kernel = joined(system)
        drain(kernel, owner=first)
        drain(kernel, owner=second)
        undrain(kernel, owner=first)
        assert (path(kernel), owners(kernel)) == (SYNTHETIC[system], [(second,)])
        undrain(kernel, owner=second)
        assert (path(kernel), kernel.drains) == (VF[system], ())


@each_system
def test_the_vfs_return_ends_a_persons_part_alone(system: System) -> None:
    kernel = joined(system)
    drain(kernel)
    drain(kernel, owner=EVENT)
    kernel.remove(VF[system])
    hook(kernel)
    assert owners(kernel) == [(PERSON, EVENT)]
    arrive(kernel)
    hook(kernel)
    assert (path(kernel), owners(kernel)) == (SYNTHETIC[system], [(EVENT,)])


@each_system
def test_an_event_that_is_heard_of_while_the_vf_is_away_drains_the_one_that_comes(
    system: System,
) -> None:
    kernel = joined(system)
    kernel.remove(VF[system])
    hook(kernel)
    drain(kernel, owner=EVENT)
    # There is nothing that a person could keep, as without the event.
    drain(kernel)
    assert owners(kernel) == [(EVENT,)]
    never_through(kernel, VF[system])
    arrive(kernel)
    hook(kernel)
    kernel.after_command = lambda: None
    assert (path(kernel), owners(kernel)) == (SYNTHETIC[system], [(EVENT,)])
    undrain(kernel, owner=EVENT)
    assert (path(kernel), kernel.drains) == (VF[system], ())


@each_system
def test_an_owner_that_is_none_of_a_drain_ends_nothing(system: System) -> None:
    kernel = joined(system)
    drain(kernel, owner=EVENT)
    before = kernel.drains
    undrain(kernel, owner=SECOND)
    undrain(kernel)
    assert kernel.drains == before
    undrain(kernel, owner=None)
    assert (path(kernel), kernel.drains) == (VF[system], ())


def test_a_drain_that_was_asked_for_first_tells_since_when_there_is_one() -> None:
    kernel = joined(System.LINUX)
    drain(kernel)
    since = kernel.drains[0].since
    kernel.drains = (kernel.drains[0]._replace(since="earlier"),)
    drain(kernel, owner=EVENT)
    assert since and kernel.drains[0].since == "earlier"


@given(
    source=st.sampled_from(["azure", "directory", "host-pool", "google"]),
    name=st.from_regex(ID, fullmatch=True),
)
def test_whatever_may_be_announced_may_own_a_drain(source: str, name: str) -> None:
    assert is_owner(Announcement(source, name, "freeze", Stage.SCHEDULED).owner)


@pytest.mark.parametrize("text", ["", "root", "azure:", ":x", "azure:x y", "azure:x\n", "A:x"])
def test_nothing_else_owns_one(text: str) -> None:
    assert not is_owner(text)


def test_there_are_only_so_many_owners_as_a_record_holds() -> None:
    kernel = joined(System.LINUX)
    for number in range(MOST_OWNERS + 1):
        drain(kernel, owner=f"azure:{number}")
    assert len(kernel.drains[0].owners) == MOST_OWNERS
    assert "azure:0" in kernel.drains[0].owners
