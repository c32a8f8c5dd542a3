"""The commands on Linux: what makes a deleted bond again, and what a step looks at first."""

from __future__ import annotations

import dataclasses

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act import linux
from hyperv_net.hotplug.act.means import Means, confined_means
from hyperv_net.hotplug.decide.step import Step, StepKind
from hyperv_net.hotplug.decide.steps import steps
from hyperv_net.model import System
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import arrive, machine, wanted


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("ifupdown", "ifdown --force bond0, ifup --force bond0"),
        ("sysconfig", "ifup bond0"),
        (
            "network-manager",
            "nmcli -g UUID,TYPE connection show, nmcli connection up id cloud-init bond0",
        ),
        ("networkd", "ip link add name bond0 up type bond mode active-backup miimon 100"),
    ],
)
def test_a_bond_is_made_again_by_who_made_it(target: str, command: str) -> None:
    ran: list[str] = []

    def run(words: object) -> str:
        ran.append(" ".join(words))  # type: ignore[arg-type]
        return ""

    def refused(*_: object) -> None:
        raise AssertionError("not by a file or a signal")

    step = Step(StepKind.REBUILD, MAC, "bond0")
    means = Means(run, run, refused, refused, lambda path: "", refused)
    linux.carry_out(step, wanted(System.LINUX, target=target), means)
    assert ", ".join(ran) == command


def test_a_confined_run_has_it_made_by_somebody_else_and_starts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "hyperv_net.handed_over.asking.ask", lambda verb, subject: asked.append((verb, subject))
    )

    def refused(*_: object) -> str:
        raise AssertionError("it may start nothing")

    means = confined_means()._replace(run=refused, run_long=refused)
    step = Step(StepKind.REBUILD, MAC, "bond0")
    for target in ("ifupdown", "networkd"):
        linux.carry_out(step, wanted(System.LINUX, target=target), means)
    assert asked == [("rebuild", "bond0")] * 2


def test_a_vf_that_has_joined_since_the_look_is_not_set_down() -> None:
    """udev joins one while the hook runs; it may carry all of the traffic by then."""
    kernel = machine(System.LINUX)
    arrive(kernel, up=True)
    (lower,) = [
        step
        for step in steps(kernel.read()._replace(seen=frozenset({"bond0"})), wanted(System.LINUX))
        if step.kind is StepKind.LOWER
    ]
    kernel.devices["enP1s1"].master = "bond0"
    with pytest.raises(HypervNetError, match="it has joined bond0 meanwhile"):
        linux.carry_out(lower, wanted(System.LINUX), kernel.means())
    assert kernel.devices["enP1s1"].up
    kernel.devices["enP1s1"].master = "br0"
    linux.carry_out(lower, wanted(System.LINUX), kernel.means())
    assert not kernel.devices["enP1s1"].up


@pytest.mark.parametrize(
    "kind",
    [
        *(StepKind.RAISE, StepKind.LOWER, StepKind.JOIN, StepKind.LEAVE, StepKind.ACTIVATE),
        *(StepKind.SET_MTU, StepKind.TAKE_ADDRESSES),
    ],
)
def test_what_was_decided_of_a_vf_is_not_done_to_the_next_one_of_its_name(kind: StepKind) -> None:
    """One that was looked at has left, and the next is there before the step is taken."""
    kernel = machine(System.LINUX, vf=True)
    gone = kernel.devices["enP1s1"].index
    kernel.remove("enP1s1")
    arrive(kernel, addresses=["10.0.0.9/24"])
    before = dataclasses.replace(kernel.devices["enP1s1"])
    bond = kernel.devices["bond0"]
    step = Step(
        kind,
        MAC,
        "enP1s1",
        "bond0" if kind is not StepKind.LOWER else "",
        ("1400",),
        ifindex=gone,
        master_ifindex=bond.index,
    )
    with pytest.raises(HypervNetError, match="No such device"):
        linux.carry_out(step, wanted(System.LINUX), kernel.means())
    assert kernel.devices["enP1s1"] == before and bond.active != "enP1s1"


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_vf_joins_the_bond_that_was_looked_at_and_no_later_one_of_its_name(
    is_gone: bool,
) -> None:
    kernel = machine(System.LINUX)
    arrive(kernel)
    (joining,) = [
        step for step in steps(kernel.read(), wanted(System.LINUX)) if step.kind is StepKind.JOIN
    ]
    assert joining.master_ifindex == kernel.devices["bond0"].index
    if is_gone:
        kernel.devices["bond0"].index = kernel.next_index
        with pytest.raises(HypervNetError, match="No such device"):
            linux.carry_out(joining, wanted(System.LINUX), kernel.means())
    else:
        linux.carry_out(joining, wanted(System.LINUX), kernel.means())
    assert kernel.devices["enP1s1"].master == (None if is_gone else "bond0")
