"""The only durations are the lab's: those of the documents, letter by letter."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.simulation.events import simulate
from hyperv_net.simulation.measured import (
    COLUMNS,
    CYCLE_COLUMNS,
    LABEL,
    LIVE_MIGRATION,
    MEASURED,
    TRUST,
    of_event,
)
from hyperv_net.simulation.story import EVENTS
from hyperv_net.simulation.text import simulation_text
from tests.measured import costs, cycles
from tests.paths import CHECKOUT
from tests.simulation.plans import (
    ETH0,
    HN0,
    MCE0,
    VF,
    freebsd,
    linux,
    moments,
    net_failover,
    plan_of,
)


def test_the_figures_are_those_of_what_it_costs() -> None:
    """Where they moved, `python -m tests.measured` takes them over."""
    heading, *rows = costs()
    assert tuple(heading[2:]) == COLUMNS
    ours = [one for one in MEASURED if one.source == LIVE_MIGRATION]
    assert [[one.machine, one.way, *(text for _, text in one.figures)] for one in ours] == rows


def test_the_figures_are_those_of_a_thousand_cycles() -> None:
    heading, *rows = cycles()
    assert tuple(heading[1:]) == CYCLE_COLUMNS
    ours = [one for one in MEASURED if one.source == TRUST]
    assert [[one.way, *(text for _, text in one.figures)] for one in ours] == rows
    assert "(Debian 13, netplan on networkd)" in (CHECKOUT / TRUST).read_text()


def test_every_figure_of_an_event_is_one_of_a_table() -> None:
    all_figures = {(one.source, one.machine, one.way): dict(one.figures) for one in MEASURED}
    for event in EVENTS:
        for is_drained in (False, True):
            for one in of_event(event, "netplan", is_drained=is_drained):
                row = all_figures[one.source, one.machine, one.way]
                assert one.figures
                assert all(row[name] == text for name, text in one.figures)


@pytest.mark.parametrize(
    ("inventory", "target"),
    [
        (linux(ETH0, VF), "sysconfig"),
        (freebsd(HN0, MCE0), "freebsd"),
        (net_failover(), "netplan"),
    ],
    ids=["a target that was never measured", "FreeBSD", "a pair of the kernel's"],
)
def test_nothing_is_told_of_what_was_never_measured(inventory: Any, target: str) -> None:
    simulation = simulate(plan_of(inventory, target))
    assert all(one.measured == () for one in moments(simulation))
    assert LABEL not in simulation_text(simulation)


def test_what_was_measured_is_told_with_its_machine_and_its_source() -> None:
    simulation = simulate(plan_of(linux(ETH0, VF), "ifupdown"), ("boot", "detach"))
    text = " ".join(simulation_text(simulation).split())
    assert f"{LABEL}: lost at detach 65 (68), longest gap 70 (78) ms" in text.replace("  ", " ")
    assert moments(simulation, "detach")[-1].measured[0].source == LIVE_MIGRATION


def test_a_drain_that_moves_nothing_has_no_figures() -> None:
    simulation = simulate(
        plan_of(linux(ETH0, VF)), ("detach", "drain", "attach", "drain", "detach")
    )
    assert [len(one.measured) > 0 for one in moments(simulation) if one.is_settled] == [
        *(True, False, True, True, True)
    ]
    assert {one.way for one in moments(simulation)[-1].measured} == {"drained first"}
