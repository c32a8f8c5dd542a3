"""Drains and undrains by several owners in any order, while the VF leaves and comes back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.hotplug.decide.drain import is_drained
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import Mode, System
from hyperv_net.owners import PERSON
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import (
    EVENT,
    SECOND,
    SYNTHETIC,
    VF,
    arrive,
    drain,
    hook,
    joined,
    path,
    transparent,
    undrain,
    wanted,
)

OWNERS = (PERSON, EVENT, SECOND)
EVENTS = (
    *((verb, owner) for verb in ("drains", "undrains") for owner in OWNERS),
    *(("leaves", ""), ("comes", ""), ("comes", "vf7"), ("comes, is looked at, is set up", "")),
    *(("the worker looks", ""), ("undrains", "")),
)
STORIES = st.lists(st.sampled_from(EVENTS), max_size=14)


class Story:
    """One machine, and by simple rules who wants it drained."""

    def __init__(self, system: System, mode: Mode) -> None:
        self.state = wanted(system, mode)
        self.kernel = joined(system) if mode is Mode.AGGREGATE else transparent()
        self.vf = VF[system]
        self.owners: set[str] = set()
        self.has_returned = False

    @property
    def is_here(self) -> bool:
        return self.vf in self.kernel.devices

    def happens(self, what: str, name: str) -> None:
        if what == "leaves":
            self.kernel.remove(self.vf)
        elif what.startswith("comes"):
            if not self.is_here:
                self._comes(name or VF[self.kernel.system], is_looked_at="," in what)
        else:
            self._is_looked_at()
            self._called(what, name)
            self.check()

    def _called(self, what: str, owner: str) -> None:
        if what == "drains":
            drain(self.kernel, self.state, owner)
            # A person's would end with the return of a VF that is away.
            if self.is_here or owner != PERSON:
                self.owners.add(owner)
        elif what == "undrains":
            undrain(self.kernel, self.state, owner or None)
            self.owners = self.owners - {owner} if owner else set()
        else:
            hook(self.kernel, self.state)

    def _comes(self, name: str, *, is_looked_at: bool) -> None:
        self.vf, self.has_returned = name, True
        if self.state.pairs[0].mode is Mode.AGGREGATE:
            arrive(self.kernel, name)
            return
        # The kernel takes it at once, and sets it up some time later.
        arrive(self.kernel, name, master="eth0")
        if is_looked_at:
            self._is_looked_at()
            hook(self.kernel, self.state)
        self.kernel.devices[name].up = True

    def _is_looked_at(self) -> None:
        """A person's part ends when it is seen that the VF has come back."""
        if self.is_here and self.has_returned:
            self.owners.discard(PERSON)
            self.has_returned = False

    def check(self) -> None:
        kernel, pair = self.kernel, self.state.pairs[0]
        assert {one for drain in kernel.drains for one in drain.owners} == self.owners
        assert len(kernel.drains) == bool(self.owners)
        assert is_drained(pair, kernel.read()) == bool(self.owners)
        carries = self.is_here and not self.owners
        assert path(kernel, pair.mode) == (self.vf if carries else SYNTHETIC[kernel.system])


@pytest.mark.parametrize(
    ("system", "mode"),
    [
        (System.LINUX, Mode.AGGREGATE),
        (System.FREEBSD, Mode.AGGREGATE),
        (System.LINUX, Mode.TRANSPARENT),
    ],
)
@settings(max_examples=150, deadline=None)
@given(story=STORIES)
def test_a_pair_is_drained_as_long_as_an_owner_is_left_and_is_then_as_before(
    system: System, mode: Mode, story: list[tuple[str, str]]
) -> None:
    here = Story(system, mode)
    for what, name in story:
        here.happens(what, name)
    for owner in OWNERS:
        here.happens("undrains", owner)
    if not here.is_here:
        here.happens("comes", "")
    here.happens("the worker looks", "")
    assert _shape(here.kernel) == _shape(_never_drained(here.vf, here.state))


def _never_drained(vf: str, state: Wanted) -> Kernel:
    """A machine whose VF has this name now, and was never drained."""
    is_transparent = state.pairs[0].mode is Mode.TRANSPARENT
    kernel = transparent() if is_transparent else joined(state.system)
    kernel.remove(VF[state.system])
    hook(kernel, state)
    arrive(kernel, vf, **({"master": "eth0", "up": True} if is_transparent else {}))
    hook(kernel, state)
    return kernel


def _shape(kernel: Kernel) -> list[tuple[object, ...]]:
    kernel.read()
    return sorted(
        (name, one.up, one.master or "", one.reselect, one.primary or "", one.active or "")
        for name, one in kernel.devices.items()
    )
