"""A machine of which every metric tells something."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import Course, Standing
from hyperv_net.hotplug.kept.last import Last, Run
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.status.exposition import Sample
from hyperv_net.status.judge import judge
from hyperv_net.status.model import MachineStatus, Watching
from hyperv_net.status.openmetrics import Moves, samples
from hyperv_net.status.routes import Asking
from tests.status.scenes import MAC, NOW, Scene

#: NOW, in seconds since the epoch.
NOW_SECONDS = 1795348800.0


def busy(tmp_path: Path) -> MachineStatus:
    """A drained pair, whose last reconcile failed, on a machine that lacks a route."""
    scene = Scene(tmp_path)
    scene.counted("eth0", 20, 10, 2600, 1400)
    scene.counted("ens17", 989, 990, 2**53, 1_386_000)
    owners = ("person", "azure:F1", "azure:F2")
    scene.drained(Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW, owners))
    run = Run(NOW, ("join ens17 to bond0",), ("cannot x: y",), ("an obstacle",))
    return scene.status()._replace(
        last=Last(run, run),
        kernel='6.1 "odd\\one"',
        default_routes=frozenset({4}),
        asking=Asking((), True),
    )


def watching() -> Watching:
    """One source that tells of two events, and one that is silent."""
    later = Announcement("azure", "F1", "freeze", Stage.SCHEDULED, NOW_SECONDS + 900)
    sooner = later._replace(id="F2", not_before=NOW_SECONDS + 300.5)
    courses = (Course(later, Standing.WAITING), Course(sooner, Standing.DRAINING))
    return Watching(("azure", "directory"), True, ("directory",), courses)


def told(status: MachineStatus, watched: Watching | None = None) -> list[Sample]:
    """All samples of a machine."""
    status = status._replace(watching=watched or Watching())
    return [*samples(status, judge(status, NOW), Moves(NOW, {MAC: 3}, {MAC: 4}))]


def everything(tmp_path: Path) -> list[Sample]:
    return told(busy(tmp_path), watching())


def values(found: list[Sample], name: str, **labels: str) -> dict[tuple[str, ...], float]:
    """Labels → value of the samples of a name; those that are given are left out."""
    chosen = {}
    for one in found:
        pairs = dict(zip(one.metric.labels, one.labels))
        if one.metric.sample_name == f"hyperv_net_{name}" and labels.items() <= pairs.items():
            rest = [value for key, value in pairs.items() if key not in labels]
            chosen[tuple(rest)] = one.value
    return chosen
