"""Lanes beside each other, for whoever draws them."""

from __future__ import annotations

from hyperv_net.simulation.events import simulate
from hyperv_net.simulation.lanes import Span, lanes
from tests.simulation.plans import ETH0, HN0, MCE0, VF, freebsd, linux, plan_of


def test_a_pair_has_five_lanes_whose_spans_are_moments() -> None:
    simulation = simulate(plan_of(linux(ETH0, VF)), ("boot", "detach"))
    (story,) = simulation.stories
    found = {one.name: one.spans for one in lanes(simulation)}
    assert list(found) == ["host", "VF", "synthetic NIC", "aggregate", "addresses"]
    left = next(at for at, one in enumerate(story.moments) if one.event == "detach")
    last = len(story.moments) - 1
    assert found["host"] == (
        Span(0, 0, "keeps the VF"),
        Span(1, left - 1, "gives the VF"),
        Span(left, last, "keeps the VF"),
    )
    assert found["VF"][-1] == Span(left, last, "away")
    assert [one.state for one in found["aggregate"]] == [
        *("no bond0", "bond0 by eth0", "bond0 by enP1s1", "bond0 by eth0")
    ]
    assert [one.state for one in found["addresses"]] == ["none known", "on bond0"]
    assert [one.state for one in found["synthetic NIC"]] == ["eth0 down", "eth0 up in bond0"]


def test_a_pair_without_an_aggregate_has_no_lane_for_one() -> None:
    transparent = plan_of(freebsd(HN0, MCE0, transparent=True))
    names = [one.name for one in lanes(simulate(transparent, ("boot",)))]
    assert names == ["host", "VF", "synthetic NIC", "addresses"]
