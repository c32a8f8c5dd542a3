"""Drains and undrains in any order, with events and faults between all steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.hotplug.decide.steps import steps
from hyperv_net.hotplug.look.state import Phase
from hyperv_net.model import Mode, System
from tests.hotplug.events import BY_ORDER, EVENTS, kernels, scripts, witness
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import (
    AGGREGATE,
    BOTH,
    TRANSPARENT,
    arrive,
    drain,
    hook,
    machine,
    path,
    undrain,
    wanted,
)

CALLS: dict[str, Callable[[Kernel], object]] = {"drain": drain, "undrain": undrain, "hook": hook}


@pytest.mark.parametrize("system", BOTH)
@settings(max_examples=250)
@given(data=st.data())
def test_no_drain_ever_exposes_a_vf_and_undrain_ends_where_none_ever_was(
    system: System, data: st.DataObject
) -> None:
    """The witness asserts at each command that it raises no VF outside and joins no address."""
    start = data.draw(kernels(system))
    kernel = witness(start, data.draw(scripts()))
    kernel.seen = start.seen
    for call in data.draw(st.lists(st.sampled_from(sorted(CALLS)), max_size=5)):
        CALLS[call](kernel)
    kernel.before_command = kernel.after_command = lambda: None

    drained = drain(kernel)
    assert drained.settled
    assert not kernel.misdeeds()
    refused = frozenset(failure.step.device for failure in drained.failures)
    assert steps(kernel.read()._replace(refused=refused), wanted(system)) == ()

    back = undrain(kernel)
    assert back.settled
    assert not kernel.misdeeds()
    # A bond that is not whole yet is put back when it is.
    assert {one.phase for one in kernel.drains} <= {Phase.ENDING}
    if kernel.drains:
        assert back.obstacles
        return
    bond = kernel.devices.get(AGGREGATE[system])
    if bond is not None and system is System.LINUX and not back.failures:
        assert bond.reselect == "always"


@pytest.mark.parametrize("system", BOTH)
@settings(max_examples=150)
@given(data=st.data())
def test_after_undrain_a_machine_is_what_it_would_be_had_it_never_been_drained(
    system: System, data: st.DataObject
) -> None:
    """The same events on two machines, one of which is drained and undrained in between."""
    names = sorted({*EVENTS, "drain", "undrain"} - BY_ORDER)
    drained, twin = machine(system), machine(system)
    for kernel in (drained, twin):
        hook(kernel)
        arrive(kernel)
        hook(kernel)
    for event in data.draw(st.lists(st.sampled_from(names), max_size=7)):
        if event in CALLS:
            CALLS[event](drained)
        else:
            EVENTS[event](drained)
            EVENTS[event](twin)
            hook(drained)
        hook(twin)
    undrain(drained)
    hook(drained)
    assert drained.drains == ()
    assert _with_order_forgotten(drained) == _with_order_forgotten(twin)
    assert path(drained) == path(twin)


def _with_order_forgotten(kernel: Kernel) -> list[tuple[str, object]]:
    """All devices; which member a bond had when none could send is of no consequence."""
    kernel.read()
    return sorted(
        (name, (device.up, device.master, device.mtu, device.reselect, tuple(device.addresses)))
        for name, device in kernel.devices.items()
    )


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(["drain", "undrain", "hook", "the VF leaves", "it comes", "it is raised"]),
        max_size=10,
    )
)
def test_a_transparent_pair_is_down_only_while_it_is_drained(events: list[str]) -> None:
    kernel = machine(System.LINUX, aggregate=False)
    vf = "enP1s1"
    for event in [*events, "hook"]:
        if event in ("drain", "undrain"):
            {"drain": drain, "undrain": undrain}[event](kernel, TRANSPARENT)
        elif event == "hook":
            hook(kernel, TRANSPARENT)
        elif event == "the VF leaves":
            kernel.remove(vf)
        elif event == "it comes" and vf not in kernel.devices:
            arrive(kernel, master="eth0", up=True)  # netvsc_vf_join() opens it
        elif event == "it is raised" and vf in kernel.devices:
            kernel.devices[vf].up = True
    if vf in kernel.devices:
        assert kernel.devices[vf].up == (not kernel.drains)
    undrain(kernel, TRANSPARENT)
    assert kernel.drains == () and path(kernel, Mode.TRANSPARENT) == (
        vf if vf in kernel.devices else "eth0"
    )
