"""The commands that make a deleted bond again, beside each target."""

from __future__ import annotations

import pytest

from hyperv_net.hotplug import linux
from hyperv_net.hotplug.carrying_out import Means
from hyperv_net.hotplug.step import Step, StepKind
from hyperv_net.model import System
from tests.hotplug.kernel import MAC
from tests.hotplug.machines import wanted


@pytest.mark.parametrize(
    ("target", "command"),
    [
        ("ifupdown", "ifdown --force bond0, ifup --force bond0"),
        ("sysconfig", "ifup bond0"),
        ("network-manager", "nmcli connection up id cloud-init bond0"),
        ("networkd", "ip link add name bond0 up type bond mode active-backup miimon 100"),
    ],
)
def test_a_bond_is_made_again_by_who_made_it(target: str, command: str) -> None:
    ran: list[str] = []

    def run(words: object) -> str:
        ran.append(" ".join(words))  # type: ignore[arg-type]
        return ""

    def refused(*_: str) -> None:
        raise AssertionError("not by a file or a signal")

    step = Step(StepKind.REBUILD, MAC, "bond0")
    means = Means(run, run, refused, refused)
    linux.carry_out(step, wanted(System.LINUX, target=target), means)
    assert ", ".join(ran) == command
