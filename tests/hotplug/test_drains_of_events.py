"""Drains that announced events ask for: what is nothing to move, and when they came."""

from __future__ import annotations

import pytest

from hyperv_net.hotplug.draining import Machine, Result, drain_pairs
from hyperv_net.model import Mode, System
from hyperv_net.owners import PERSON
from tests.hotplug.machines import EVENT, NOW, hook, joined, machine, wanted


@pytest.mark.parametrize("is_there", [True, False], ids=["VF there", "VF away"])
def test_a_transparent_hn_has_nothing_to_move_for_an_event_and_fails_a_person(
    is_there: bool,
) -> None:
    kernel = machine(System.FREEBSD, aggregate=False, vf=is_there)
    read = kernel.read
    kernel.read = lambda: read()._replace(vf_transparent=True)  # type: ignore[method-assign]
    known = wanted(System.FREEBSD, Mode.TRANSPARENT)
    told: list[str] = []
    here = Machine(
        kernel.read,
        kernel.keep_drains,
        lambda: hook(kernel, known),
        lambda mac, text, owner: told.append(owner),
    )
    reason = "hn(4) switches by itself when the VF leaves"
    for _ in range(2):
        assert drain_pairs(here, known, known.pairs, NOW, EVENT) == [
            Result(f"hn0: nothing to move: {reason}", is_nothing=True)
        ]
    (result,) = drain_pairs(here, known, known.pairs, NOW)
    assert (kernel.drains, result.failed, told) == ((), is_there, [PERSON] * is_there)


def test_a_drain_knows_when_it_was_asked_for_and_when_its_last_event_came() -> None:
    """By the uptime; a person who comes later, or an owner that asks again, changes nothing."""
    kernel, known = joined(System.LINUX), wanted(System.LINUX)
    read, times = kernel.read, []
    for uptime, owner in enumerate((PERSON, EVENT, EVENT, "google:7", PERSON), 1):
        kernel.read = lambda: read()._replace(uptime=uptime)  # type: ignore[method-assign] # noqa: B023
        here = Machine(kernel.read, kernel.keep_drains, lambda: hook(kernel))
        drain_pairs(here, known, known.pairs, NOW, owner)
        times.append((kernel.drains[0].uptime, kernel.drains[0].event_uptime))
    assert times == [(1, 0), (1, 2), (1, 2), (1, 4), (1, 4)]
