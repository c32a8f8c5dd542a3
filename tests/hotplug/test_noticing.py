"""What the worker tells the journal: what became of the pairs from one run to the next."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.drain_phase import begun, ended
from hyperv_net.hotplug.kept.noticed import read_noticed
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY
from hyperv_net.journal.entry import Carried, Happening, Role
from hyperv_net.journal.kept import FILE
from hyperv_net.model import Mode, System
from tests.files import put
from tests.hotplug.events import EVENTS
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import (
    NOW,
    TRANSPARENT,
    VF,
    arrive,
    each_system,
    machine,
    transparent,
)
from tests.hotplug.telling_worker import Worker

CAME, JOINED, LEFT = Happening.VF_CAME, Happening.JOINED, Happening.VF_LEFT
MOVED, STEP, FAILED = Happening.MOVED, Happening.STEP, Happening.FAILED


@each_system
def test_a_vf_comes_joins_leaves_and_each_is_told_once(system: System, tmp_path: Path) -> None:
    worker = Worker(machine(system), tmp_path)
    worker.run()
    assert {happening for happening, _ in worker.news()} <= {STEP}
    vf, label = VF[system], "bond0" if system is System.LINUX else "lagg0"
    arrive(worker.kernel)
    worker.run()
    news = worker.news()
    assert news[0] == (CAME, f"{vf} is there, the VF of {label}")
    assert (STEP, f"join {vf} to {label}") in news
    told = [one for one in news if one[0] is not STEP]
    assert told[1] == (JOINED, f"{vf} has joined {label}")
    assert all(one.mac == MAC for one in worker.entries)
    noticed = Path(f"{tmp_path}{RUN_DIRECTORY[system]}/noticed.json")
    before = noticed.stat()
    worker.run()
    assert worker.news() == []
    assert noticed.stat() == before, "what is as before is not written again"
    worker.kernel.remove(vf)
    worker.run()
    assert (LEFT, f"{vf} is gone, the VF of {label}") in worker.news()
    worker.run()
    assert worker.news() == []


def test_another_vf_under_the_same_name_is_another(tmp_path: Path) -> None:
    """As after a live migration that was over before the worker looked."""
    worker = Worker(machine(System.LINUX, vf=True), tmp_path)
    worker.run()
    worker.news()
    worker.kernel.remove(VF[System.LINUX])
    arrive(worker.kernel)
    worker.run()
    assert [happening for happening, _ in worker.news() if happening is not STEP] == [
        LEFT,
        CAME,
        MOVED,
        JOINED,
        MOVED,
    ]


def test_how_often_the_traffic_moved_is_counted_until_the_next_boot(tmp_path: Path) -> None:
    worker = Worker(machine(System.LINUX, vf=True), tmp_path)
    worker.run()
    for _ in range(2):
        worker.kernel.remove(VF[System.LINUX])
        worker.run()
        arrive(worker.kernel)
        worker.run()
    moved = [one for one in worker.entries if one.happening is MOVED]
    assert counted(tmp_path, System.LINUX) == (len(moved), 0) and len(moved) >= 4
    worker.reboot()
    worker.run()
    assert counted(tmp_path, System.LINUX) == (0, 0)


def counted(root: Path, system: System) -> tuple[int, int]:
    """How often the traffic moved by itself, and by drains."""
    noticed = read_noticed(f"{root}{RUN_DIRECTORY[system]}")
    assert noticed is not None
    return noticed.pairs[0].moves, noticed.pairs[0].drain_moves


@pytest.mark.parametrize("pair", ["bond", "lagg", "kernel"])
def test_a_drain_and_its_end_are_no_failovers(pair: str, tmp_path: Path) -> None:
    system = System.FREEBSD if pair == "lagg" else System.LINUX
    worker = Worker(
        transparent() if pair == "kernel" else machine(system, vf=True),
        tmp_path,
        TRANSPARENT if pair == "kernel" else None,
    )
    worker.run()
    before, _ = counted(tmp_path, system)
    worker.drain()
    assert counted(tmp_path, system) == (before, 1)
    worker.undrain()
    assert counted(tmp_path, system) == (before, 2)
    # What ends with the VF's return is a drain's as well.
    worker.drain()
    worker.kernel.remove(VF[system])
    worker.run()
    assert counted(tmp_path, system) == (before, 3)


@pytest.mark.parametrize("mode", [Mode.AGGREGATE, Mode.TRANSPARENT])
def test_a_drain_and_its_end_are_told_with_their_owner(mode: Mode, tmp_path: Path) -> None:
    kernel = machine(System.LINUX, aggregate=mode is Mode.AGGREGATE)
    if mode is Mode.TRANSPARENT:
        arrive(kernel, master="eth0", up=True)
    else:
        arrive(kernel)
    worker = Worker(kernel, tmp_path, TRANSPARENT if mode is Mode.TRANSPARENT else None)
    worker.run()
    worker.drain()
    worker.undrain()
    told = [
        (one.happening, one.owner)
        for one in worker.entries
        if one.happening in (Happening.DRAINED, Happening.UNDRAINED)
    ]
    assert told == [(Happening.DRAINED, "person"), (Happening.UNDRAINED, "person")]


def test_a_drain_is_told_once_it_is_done_and_over_when_its_owner_is_gone(tmp_path: Path) -> None:
    """Not where it fails, and not where its VF comes and goes."""
    worker = Worker(machine(System.LINUX, vf=True), tmp_path)
    worker.run()
    of_drains = (Happening.DRAINED, Happening.UNDRAINED)

    def told() -> list[Happening]:
        return [happening for happening, _ in worker.news() if happening in of_drains]

    worker.kernel.drains = begun(worker.kernel.read(), worker.state, {MAC}, NOW, "azure:F1")
    healthy = worker.kernel.before_command

    def refuses() -> None:
        raise HypervNetError("Input/output error")

    worker.kernel.before_command = refuses
    worker.run()
    assert told() == []
    worker.kernel.before_command = healthy
    worker.run()
    assert told() == [Happening.DRAINED]
    worker.kernel.remove(VF[System.LINUX])
    worker.run()
    arrive(worker.kernel, "vf1")
    worker.run()
    assert told() == []
    worker.kernel.drains = ended(worker.kernel.read(), {MAC}, "azure:F1")
    worker.run()
    assert told() == [Happening.UNDRAINED]


def test_a_failure_is_told_once_for_as_long_as_it_goes_on(tmp_path: Path) -> None:
    worker = Worker(machine(System.LINUX, vf=True), tmp_path)
    healthy = worker.kernel.before_command

    def refuses() -> None:
        raise HypervNetError("Input/output error")

    worker.kernel.before_command = refuses
    for _ in range(3):
        assert worker.run().failures
    told = [one for one in worker.entries if one.happening is FAILED]
    assert len(told) == len({one.text for one in told}) >= 1
    assert all(one.mac == MAC and one.text.startswith("cannot ") for one in told)
    worker.kernel.before_command = healthy
    worker.run()
    arrive(worker.kernel, "vf1")
    worker.news()
    worker.kernel.remove(VF[System.LINUX])
    worker.kernel.before_command = refuses
    worker.run()
    assert FAILED in dict(worker.news())


def test_a_step_that_was_taken_before_all_fails_is_told(tmp_path: Path) -> None:
    """Such as a look that cannot be: what was done until then is known all the same."""
    worker = Worker(machine(System.LINUX, vf=True), tmp_path)
    looks = iter([worker.kernel.read])

    def read() -> object:
        look = next(looks, None)
        if look is None:
            raise HypervNetError("ip: failed")
        return look()

    original = worker.kernel.read
    looks = iter([original])
    worker.kernel.read = read  # type: ignore[method-assign,assignment]
    with pytest.raises(HypervNetError):
        worker.run()
    assert STEP in dict(worker.news())


def test_what_each_nic_has_carried_stands_with_what_became_of_the_pair(tmp_path: Path) -> None:
    for name, count in (("eth0", 7), (VF[System.LINUX], 1000)):
        for file, more in (("rx_packets", 0), ("tx_packets", 1)):
            put(tmp_path, f"sys/class/net/{name}/statistics/{file}", f"{count + more}\n")
    worker = Worker(machine(System.LINUX, vf=True), tmp_path)
    worker.run()
    synthetic = Carried("eth0", Role.SYNTHETIC, 7, 8)
    vf = Carried(VF[System.LINUX], Role.VF, 1000, 1001)
    came = next(one for one in worker.entries if one.happening is CAME)
    assert came.carried == (synthetic, vf)
    worker.kernel.remove(VF[System.LINUX])
    worker.run()
    left = next(one for one in worker.entries if one.happening is LEFT)
    assert left.carried == (synthetic,)


def test_a_journal_that_cannot_be_written_is_said_and_the_vf_joins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / KEPT_IN[System.LINUX]
    folder.parent.mkdir(parents=True)
    folder.write_text("")
    worker = Worker(machine(System.LINUX, vf=True), tmp_path)
    outcome = worker.run()
    assert outcome.settled and not outcome.failures
    said = capsys.readouterr().err
    assert said.startswith("hyperv-net: ") and FILE in said and said.count("\n") == 1
    worker.run()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "hyperv-net/noticed/1"}', "\udcff"])
def test_a_record_of_the_last_run_that_is_none_is_as_at_a_boot(text: str, tmp_path: Path) -> None:
    worker = Worker(machine(System.LINUX, vf=True), tmp_path)
    file = Path(f"{tmp_path}{RUN_DIRECTORY[System.LINUX]}/noticed.json")
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    worker.run()
    assert worker.news()[0][0] is CAME
    worker.run()
    assert worker.news() == []


CALLS = {
    "drain": Worker.drain,
    "undrain": Worker.undrain,
    "run": Worker.run,
    "reboot": Worker.reboot,
}


@each_system
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_who_reads_the_journal_knows_the_machine(system: System, data: st.DataObject) -> None:
    """Whatever happens to it: what came and has not left is there, and so for drains."""
    happens = st.one_of(st.sampled_from(sorted(EVENTS)), st.sampled_from(sorted(CALLS)))
    with TemporaryDirectory() as folder:
        worker = Worker(machine(system), Path(folder))
        boots = 0
        for name in data.draw(st.lists(happens, max_size=14)):
            if name in EVENTS:
                EVENTS[name](worker.kernel)
            else:
                CALLS[name](worker)
            if name == "reboot":
                boots = len(worker.entries)
        worker.run()
        present: set[str] = set()
        owners: set[str] = set()
        for one in worker.entries[boots:]:
            vf = one.text.partition(" ")[0]
            if one.happening is CAME:
                present.add(vf)
            elif one.happening is LEFT:
                present.remove(vf)
            elif one.happening is Happening.DRAINED:
                owners.add(one.owner)
            elif one.happening is Happening.UNDRAINED:
                owners.remove(one.owner)
        noticed = read_noticed(f"{folder}{RUN_DIRECTORY[system]}")
        assert noticed is not None
        (pair,) = noticed.pairs
        assert present == set(worker.kernel.vfs())
        assert owners == set(pair.drained_by)
