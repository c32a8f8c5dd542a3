"""Invariant 8: any actual state, any order of events, faults at any step, one end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.hotplug.decide.steps import steps
from hyperv_net.model import System
from tests.hotplug.events import BY_ORDER, EVENTS, Witness, kernels, scripts, witness
from tests.hotplug.kernel import Kernel
from tests.hotplug.kernel.devices import AGGREGATES
from tests.hotplug.machines import AGGREGATE, SYNTHETIC, VF, arrive, hook, machine, wanted


@pytest.mark.parametrize("system", [System.LINUX, System.FREEBSD])
@settings(max_examples=400)
@given(data=st.data())
def test_no_step_ever_exposes_a_vf_and_the_end_is_the_wanted_state(
    system: System, data: st.DataObject
) -> None:
    """Whatever happens between the steps, none of them raises a VF outside its aggregate or
    joins an address; once the events are over, one more run reaches the end."""
    start = data.draw(kernels(system))
    kernel = witness(start, data.draw(scripts()))
    kernel.seen = start.seen
    hook(kernel)
    # All events of the rest of the script come before the next look; then nothing happens.
    kernel.before_command = lambda: None
    kernel.after_command = lambda: None
    outcome = hook(kernel)

    assert outcome.settled
    refused = frozenset(failure.step.device for failure in outcome.failures)
    left = steps(kernel.read()._replace(refused=refused), wanted(system))
    assert left == ()
    _assert_wanted(kernel, refused)


def _assert_wanted(kernel: Witness, refused: frozenset[str]) -> None:
    """What a person would call the wanted state, said without the words of the hook."""
    assert not kernel.misdeeds()
    synthetic = kernel.devices[SYNTHETIC[kernel.system]]
    aggregate = synthetic.master
    if aggregate is None or kernel.devices[aggregate].kind not in AGGREGATES:
        return
    inside = [name for name in kernel.vfs() if kernel.devices[name].master == aggregate]
    able = [name for name in kernel.vfs() if name not in refused]
    assert bool(inside) == bool(able)
    assert all(kernel.devices[name].up for name in inside)
    if inside and kernel.system is System.LINUX:
        assert kernel.devices[aggregate].primary in inside


@pytest.mark.parametrize("system", [System.LINUX, System.FREEBSD])
@settings(max_examples=100)
@given(data=st.data())
def test_the_same_events_in_one_go_or_one_by_one_end_alike(
    system: System, data: st.DataObject
) -> None:
    """Lost and coalesced events change nothing: only what is there at the last look counts."""
    names = sorted(set(EVENTS) - BY_ORDER)
    events = data.draw(st.lists(st.sampled_from(names), max_size=6))
    each, once = machine(system), machine(system)
    for kernel in (each, once):
        hook(kernel)
        arrive(kernel)
    for event in events:
        EVENTS[event](each)
        hook(each)
    hook(each)
    for event in events:
        EVENTS[event](once)
    hook(once)
    assert _shape(each) == _shape(once)


def _shape(kernel: Kernel) -> list[tuple[object, ...]]:
    """What must be alike: of several VFs, which one is in may depend on who was first."""
    vfs = kernel.vfs()
    members = [name for name in vfs if kernel.devices[name].master == AGGREGATE[kernel.system]]
    return [
        (sorted(vfs), bool(members)),
        *(
            (name, device.up, device.master, tuple(device.addresses))
            for name, device in sorted(kernel.devices.items())
            if name == SYNTHETIC[kernel.system]
        ),
        *(
            (name, kernel.devices[name].up)
            for name in vfs
            if kernel.devices[name].master is None and kernel.devices[name].up
        ),
    ]


def test_the_witness_sees_a_misdeed() -> None:
    """The test above would fail: a VF raised outside, and an address on a member, are seen."""
    kernel = witness(machine(System.LINUX), [])
    arrive(kernel, up=True)
    assert kernel.misdeeds() == {("up outside its aggregate", VF[System.LINUX])}
    kernel.devices["eth0"].addresses.append("10.0.0.4")
    assert ("address on a member", "eth0") in kernel.misdeeds()
