"""What status says of a drain: whose it is, and whether it lasts too long."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.hotplug.look.state import Drain, Phase
from tests.status.scenes import MAC, NOW, Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A bond of a real kernel with both members, the VF carrying traffic."""
    return Scene(tmp_path)


@pytest.mark.parametrize(
    ("now", "rule"),
    [("2026-11-22T12:59:00Z", "note drained"), ("2026-11-22T13:01:00Z", "warning drained-long")],
)
def test_a_drain_is_a_note_and_after_an_hour_a_warning(now: str, rule: str, scene: Scene) -> None:
    """And while it lasts it is no fault that the VF carries nothing."""
    scene.bonding(active_slave="eth0", primary_reselect="failure 2")
    scene.drained(Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW))
    assert scene.rules(now) == [f"{rule} bond0"]
    assert scene.verdict(now).is_healthy


@pytest.mark.parametrize(
    ("owners", "since_event", "hours", "rule"),
    [
        (("azure:F1",), 94 * 60, 1.6, "note drained"),
        (("azure:F1",), 96 * 60, 1.6, "warning drained-long"),
        (("person",), 0, 0.9, "note drained"),
        (("person",), 0, 1.1, "warning drained-long"),
        (("person", "azure:F1"), 60, 1.1, "warning drained-long"),
        (("azure:F1", "azure:F2"), 60, 5, "note drained"),
    ],
)
def test_a_drain_is_long_by_who_owns_it_and_by_a_clock_that_nobody_sets(
    owners: tuple[str, ...], since_event: float, hours: float, rule: str, scene: Scene
) -> None:
    scene.bonding(active_slave="eth0", primary_reselect="failure 2")
    drain = Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW, owners)
    uptime = 100_000.0
    times = drain._replace(uptime=uptime - hours * 3600, event_uptime=uptime - since_event)
    scene.drained(times)
    for now in (NOW, "2031-11-22T12:59:00Z"):
        assert scene.rules(now, uptime) == [f"{rule} bond0"]
    scene.drained(drain)
    assert scene.rules("2026-11-22T12:59:00Z", uptime) == ["note drained bond0"], "not known"


def test_a_drain_for_an_event_tells_whose_it_is_and_how_a_person_ends_it(scene: Scene) -> None:
    scene.bonding(active_slave="eth0", primary_reselect="failure 2")
    owners = ("person", "azure:F1")
    scene.drained(Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW, owners))
    (finding,) = scene.verdict().findings
    assert finding.message == (
        f"drained since {NOW} for a person and azure:F1: "
        "the VF carries no traffic until that is over"
    )
    assert finding.hint == "`hyperv-net undrain --all-owners` moves it back"


def test_a_drain_that_ends_or_has_no_time_is_a_note(scene: Scene) -> None:
    scene.drained(Drain(MAC, 3, "ens17", Phase.ENDING, "always"))
    (finding,) = scene.verdict().findings
    assert finding.rule == "drained" and "moved back" in finding.message
