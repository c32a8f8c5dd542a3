"""An announcement and a VF in one story, by the entries of those who really write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.hearing import Happened
from hyperv_net.announcements.telling import entry_of
from hyperv_net.hotplug.decide.drain_phase import begun, ended
from hyperv_net.hotplug.wanted import KEPT_IN
from hyperv_net.journal.entry import Happening
from hyperv_net.journal.kept import add, read, stamp
from hyperv_net.journal.story import stories
from hyperv_net.model import System
from tests.files import put
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import AGGREGATE, NOW, VF, arrive, each_system, machine
from tests.hotplug.telling_worker import Worker
from tests.journal.entries import BEGIN, OWNER

FREEZE = Announcement("azure", OWNER.partition(":")[2], "freeze", Stage.SCHEDULED, BEGIN + 600)


class Clock:
    """A clock that goes on by a second each time that an entry is stamped."""

    def __init__(self) -> None:
        self.now = float(BEGIN)

    def stamp(self, seconds: float | None = None) -> str:
        if seconds is not None:
            return stamp(seconds)
        self.now += 1
        return stamp(self.now)


def carry(root: Path, name: str, count: int) -> None:
    for file in ("rx_packets", "tx_packets"):
        put(root, f"sys/class/net/{name}/statistics/{file}", f"{count}\n")


@each_system
def test_a_freeze_that_was_announced_is_one_story_from_its_notice_to_its_end(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    for module in ("hyperv_net.announcements.telling", "hyperv_net.hotplug.telling"):
        monkeypatch.setattr(f"{module}.stamp", clock.stamp)
    worker = Worker(machine(system, vf=True), tmp_path)
    folder = f"{tmp_path}/{KEPT_IN[system]}"

    def tell(happening: Happening, announcement: Announcement = FREEZE) -> None:
        add(folder, [entry_of(Happened(happening, happening.value, announcement))])

    carry(tmp_path, "eth0", 100)
    carry(tmp_path, VF[system], 5000)
    worker.run()
    tell(Happening.ANNOUNCED)
    worker.kernel.drains = begun(worker.kernel.read(), worker.state, {MAC}, NOW, FREEZE.owner)
    worker.run()
    tell(Happening.STARTED, FREEZE._replace(stage=Stage.STARTED, not_before=None))
    carry(tmp_path, "eth0", 400)
    worker.kernel.remove(VF[system])
    worker.run()
    arrive(worker.kernel, "vf1")
    carry(tmp_path, "vf1", 3)
    worker.run()
    tell(Happening.OVER)
    worker.kernel.drains = ended(worker.kernel.read(), {MAC}, FREEZE.owner)
    worker.run()

    (story,) = [one for one in stories(read(folder).entries) if one.owner == OWNER]
    (pair,) = story.pairs
    assert story.not_before == stamp(BEGIN + 600)
    assert (pair.mac, pair.label) == (MAC, AGGREGATE[system])
    order = [
        *(story.announced, pair.drained, story.started),
        *(pair.vf_left, pair.vf_came, story.over, pair.undrained),
    ]
    assert all(order) and order == sorted(order)
    assert pair.vf_came <= pair.joined and pair.is_over and story.wrong == ()
    if system is System.LINUX:
        assert pair.packets is not None
        assert (pair.packets.synthetic.sent, pair.packets.vf.sent) == (300, 3)
