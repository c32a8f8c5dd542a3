"""Whether traffic that was moved for an event goes to a VF again."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.hotplug import lapsing
from hyperv_net.hotplug.draining import Machine, drain_pairs
from hyperv_net.hotplug.kept.drains import keep_drains
from hyperv_net.hotplug.lapsing import has_lapsed, has_lapsed_here
from hyperv_net.hotplug.look.state import ActualState, Drain, Phase
from hyperv_net.hotplug.wanted import RUN_DIRECTORY, Wanted
from hyperv_net.model import System
from tests.hotplug.kernel import Kernel
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import (
    AGGREGATE,
    EVENT,
    NOW,
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


def drained_again(kernel: Kernel, state: Wanted) -> bool:
    """What the watch does about it; whether that was done."""
    here = Machine(kernel.read, kernel.keep_drains, lambda: hook(kernel, state))
    return not any(one.failed for one in drain_pairs(here, state, state.pairs, NOW, EVENT))


@each_system
def test_a_pair_whose_vf_somebody_has_given_the_traffic_has_lapsed(system: System) -> None:
    kernel, state = joined(system), wanted(system)
    drain(kernel, state, EVENT)
    assert not has_lapsed(kernel.read(), state)
    if system is System.LINUX:
        kernel.devices[AGGREGATE[system]].active = VF[system]
    else:
        kernel.devices[VF[system]].up = True
    assert has_lapsed(kernel.read(), state)
    assert drained_again(kernel, state)
    assert not has_lapsed(kernel.read(), state)
    assert path(kernel) == SYNTHETIC[system]


def test_a_vf_that_the_kernel_sets_up_when_it_returns_has_the_traffic_until_it_is_looked() -> None:
    """No rule of ours need be there for a pair of the kernel's, so that no event is heard."""
    kernel = transparent()
    drain(kernel, TRANSPARENT, EVENT)
    kernel.remove("enP1s1")
    assert not has_lapsed(kernel.read(), TRANSPARENT)
    arrive(kernel, master="eth0")
    assert not has_lapsed(kernel.read(), TRANSPARENT), "it is not up"
    kernel.devices["enP1s1"].up = True
    assert has_lapsed(kernel.read(), TRANSPARENT)
    assert drained_again(kernel, TRANSPARENT)
    assert not has_lapsed(kernel.read(), TRANSPARENT)
    assert [one.owners for one in kernel.drains] == [(EVENT,)]


def test_a_persons_drain_and_one_that_ends_are_not_looked_after() -> None:
    kernel = transparent()
    drain(kernel, TRANSPARENT)
    kernel.devices["enP1s1"].up = True
    assert not has_lapsed(kernel.read(), TRANSPARENT)
    drain(kernel, TRANSPARENT, EVENT)
    undrain(kernel, TRANSPARENT, EVENT)
    assert not has_lapsed(kernel.read(), TRANSPARENT)
    bond = joined(System.LINUX)
    drain(bond)
    bond.devices["bond0"].active = VF[System.LINUX]
    assert not has_lapsed(bond.read(), wanted(System.LINUX))


def record(root: Path, *owners: str) -> None:
    run = root / RUN_DIRECTORY[System.LINUX][1:]
    run.mkdir(parents=True, exist_ok=True)
    phase = Phase.HELD if owners else Phase.ENDING
    keep_drains(str(run), [Drain(MAC, 3, "enP1s1", phase=phase, owners=owners)])


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Wanted]:
    """The looks at a machine whose VF has the traffic again; each without its addresses."""
    kernel, found = transparent(), []

    def reader(wanted: Wanted, root: str, *, addresses: bool) -> object:
        def read() -> ActualState:
            assert not addresses
            found.append(wanted)
            return kernel.read()._replace(drains=(Drain(MAC, 3, "enP1s1", owners=(EVENT,)),))

        return read

    monkeypatch.setattr(lapsing, "reader", reader)
    return found


def test_a_machine_that_was_never_configured_is_looked_at_once(
    tmp_path: Path, looks: list[Wanted]
) -> None:
    record(tmp_path, EVENT)
    assert has_lapsed_here(str(tmp_path))
    assert len(looks) == 1


@pytest.mark.parametrize("owners", [(), ("person",)], ids=["nobody", "a person"])
def test_a_machine_is_not_looked_at_where_no_event_owns_a_drain(
    owners: tuple[str, ...], tmp_path: Path, looks: list[Wanted]
) -> None:
    assert not has_lapsed_here(str(tmp_path))
    record(tmp_path, *owners)
    assert (has_lapsed_here(str(tmp_path)), looks) == (False, [])
