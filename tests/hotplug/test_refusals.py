"""What the hook does where a step is refused, undone, or comes too late."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import System
from tests.hotplug.machines import (
    AGGREGATE,
    SYNTHETIC,
    VF,
    arrive,
    each_system,
    hook,
    machine,
    wanted,
)


@each_system
@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_a_vf_that_goes_while_a_step_runs_is_no_failure(system: System, step: int) -> None:
    """Each step of a VF that came configured finds it gone; what is left is as without it."""
    kernel = machine(system)
    hook(kernel)
    arrive(kernel, up=True, addresses=["10.0.0.9"], client=77)
    kernel.commands.clear()

    def leaves() -> None:
        if len(kernel.commands) == step + 1:
            kernel.remove(VF[system])

    kernel.before_command = leaves
    outcome = hook(kernel)
    assert (outcome.failures, outcome.settled) == ((), True)
    assert kernel.members(AGGREGATE[system]) == [SYNTHETIC[system]]


@each_system
def test_a_vf_that_refuses_the_mtu_stays_down_and_is_reported(system: System) -> None:
    """Upstream's defect 10: such a VF was up outside the lagg, and nothing arrived."""
    kernel = machine(system)
    arrive(kernel, up=True, largest_mtu=1500)
    kernel.devices[AGGREGATE[system]].mtu = 9000
    outcome = hook(kernel)
    vf = kernel.devices[VF[system]]
    assert (vf.master, vf.up) == (None, False)
    assert [str(failure) for failure in outcome.failures] == [
        f"cannot set the MTU of {VF[system]} (9000): Invalid argument"
    ]
    assert outcome.settled


@each_system
def test_a_vf_that_refused_once_joins_at_the_next_event(system: System) -> None:
    kernel = machine(system)
    arrive(kernel, largest_mtu=1500)
    kernel.devices[AGGREGATE[system]].mtu = 9000
    hook(kernel)
    kernel.devices[VF[system]].largest_mtu = 9000
    assert hook(kernel).failures == ()
    assert kernel.devices[VF[system]].master == AGGREGATE[system]


@each_system
def test_where_one_vf_refuses_the_other_joins(system: System) -> None:
    kernel = machine(system)
    kernel.devices[AGGREGATE[system]].mtu = 9000
    arrive(kernel, "vf0", largest_mtu=9000)
    arrive(kernel, "vf1", largest_mtu=1500)
    hook(kernel)
    assert kernel.devices["vf0"].master == AGGREGATE[system]
    assert kernel.devices["vf1"].master is None


@each_system
def test_a_failing_pair_does_not_keep_another_from_its_aggregate(system: System) -> None:
    """The other VF joins though every command about the first fails."""
    kernel = machine(system, vf=True)
    other = "00:0d:3a:99:99:99"
    driver = kernel.devices[SYNTHETIC[system]].driver
    kernel.add("hn9", driver=driver, bus="vmbus", mac=other, master="agg9", up=True)
    aggregate = kernel.devices[AGGREGATE[system]]
    kernel.add("agg9", aggregate.kind, mode=aggregate.mode, up=True, mac=other)
    arrive(kernel, "vf9", mac=other)
    first = wanted(system).pairs[0]
    second = first._replace(mac=other, aggregate="agg9", synthetic="hn9")
    both = Wanted(system, wanted(system).target, (first, second))

    def refuse() -> None:
        if VF[system] in kernel.commands[-1]:
            raise HypervNetError("Input/output error")

    kernel.before_command = refuse
    outcome = hook(kernel, both)
    assert kernel.devices["vf9"].master == "agg9"
    assert len(outcome.failures) == 1
    assert kernel.devices[VF[system]].master is None


@each_system
def test_rounds_are_bounded_where_somebody_always_undoes_them(system: System) -> None:
    kernel = machine(system, vf=True)
    vf = kernel.devices[VF[system]]

    def undo() -> None:
        vf.addresses[:] = ["10.0.0.9"]

    kernel.after_command = undo
    undo()
    outcome = hook(kernel)
    assert not outcome.settled
    assert len(kernel.commands) < 100


@each_system
def test_a_fault_that_passes_does_not_keep_the_vf_out(system: System) -> None:
    """One failure is not believed: the next round tries again in the same run."""
    kernel = machine(system, vf=True)
    faults = iter([HypervNetError("Interrupted system call")])

    def fail_once() -> None:
        for fault in faults:
            raise fault

    kernel.before_command = fail_once
    assert hook(kernel).failures == ()
    assert kernel.devices[VF[system]].master == AGGREGATE[system]


@each_system
def test_a_vf_that_a_refused_join_left_up_is_set_down_though_the_time_is_over(
    system: System,
) -> None:
    kernel = machine(system, vf=True)
    vf = kernel.devices[VF[system]]

    def tried() -> bool:
        return any("laggport" in one or " into bond0" in one for one in kernel.commands)

    def refuse() -> None:
        if tried() and not kernel.commands[-1].endswith("down"):
            vf.up = True
            raise HypervNetError("Device busy")

    kernel.before_command = refuse
    hook(kernel, expired=tried)
    assert tried() and not vf.up


@each_system
def test_a_join_that_is_refused_is_tried_again_once_and_then_left(system: System) -> None:
    kernel = machine(system, vf=True)

    def refuse() -> None:
        if "laggport" in kernel.commands[-1] or " into bond0" in kernel.commands[-1]:
            raise HypervNetError("Device busy")

    kernel.before_command = refuse
    outcome = hook(kernel)
    assert sum("laggport" in one or " into bond0" in one for one in kernel.commands) == 2
    assert not kernel.devices[VF[system]].up
    assert [failure.reason for failure in outcome.failures] == ["Device busy"]


@each_system
def test_nothing_is_begun_once_the_time_is_over(system: System) -> None:
    kernel = machine(system, vf=True)
    outcome = hook(kernel, expired=lambda: True)
    assert (outcome.taken, outcome.settled) == ((), False)
