"""Ends at every step of an apply that is tried out: whatever was done, the way back is whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from hyperv_net.applying import confirming
from hyperv_net.applying.here import waiting
from tests.applying.disk import Disk, snapshot
from tests.applying.scenes import apply, cut, roll_back, run_with
from tests.applying.test_power_cut import SURVIVORS, folder_in_memory
from tests.applying.trials import FILE, FILES, NEW, OLD, Trial, by_hand

RECORDS = "var/lib/hyperv-net"
Prepare = Callable[[Path], Trial]


def tried(folder: Path) -> Trial:
    one = by_hand(folder)
    one.apply()
    return one


def on_top(folder: Path) -> Trial:
    """What an earlier apply wrote is there, and is what it goes back to."""
    one = by_hand(folder)
    apply(one.root, FILES[1])
    return one


def keep(one: Trial) -> None:
    if waiting(one.here) is not None:
        confirming.keep(one.here)


SCENES: dict[str, tuple[Prepare, Callable[[Trial], object]]] = {
    "it is begun": (by_hand, lambda one: one.apply()),
    "it is begun on top of another": (on_top, lambda one: one.apply()),
    "its time is over": (tried, lambda one: one.over()),
    "a boot takes it back": (tried, lambda one: one.boot()),
    "it is confirmed": (tried, keep),
}


def text_of(one: Trial) -> str:
    return (one.root / FILE).read_text()


@pytest.mark.parametrize("survivors", ["process-killed", "least"])
@pytest.mark.parametrize("scene", SCENES)
def test_power_is_cut_at_every_step_and_the_next_boot_puts_all_of_it_right(
    scene: str, survivors: str
) -> None:
    """It is what it was, or, where it had been confirmed, what it has become."""
    prepare, action = SCENES[scene]
    start = prepare_start(scene)
    with folder_in_memory() as folder:
        at, ended = 0, True
        while ended:
            at += 1
            (folder / str(at)).mkdir()
            one = prepare(folder / str(at))
            ended = cut(one.root, partial(action, one), at, SURVIVORS[survivors])
            one.boot()
            kept = text_of(one) == NEW
            assert not kept or scene == "it is confirmed", at
            if kept:
                roll_back(one.root)
            assert text_of(one) == OLD
            if files_of(one) != start:  # something half built, which the next one takes away
                one.apply()
                one.over()
            assert files_of(one) == start, at
            assert one.boot() == []
        assert at > 10


def files_of(one: Trial) -> dict[str, object]:
    """All but records, which are told apart by how often they were written."""
    found = snapshot(one.root)
    return {path: thing for path, thing in found.items() if not path.startswith(RECORDS)}


def prepare_start(scene: str) -> dict[str, object]:
    with folder_in_memory() as folder:
        prepare = on_top if scene == "it is begun on top of another" else by_hand
        return files_of(prepare(folder))


def test_a_process_that_is_killed_between_any_two_steps_leaves_a_timer_that_puts_it_right() -> None:
    """The same boot goes on: what was set before the first file was written does it."""
    with folder_in_memory() as folder:
        before = files_of(by_hand(folder / "before"))
        (folder / "steps").mkdir()
        counted = by_hand(folder / "steps")
        disk = Disk(counted.root)
        assert run_with(disk, lambda: counted.apply())
        disk.release()
        seen = set()
        for at in range(1, disk.steps + 1):
            (folder / str(at)).mkdir()
            one = by_hand(folder / str(at))
            assert cut(one.root, one.apply, at, SURVIVORS["process-killed"])
            state = ("armed" if one.armed else "not armed", text_of(one) == NEW, bool(one.ran))
            seen.add(state)
            if one.armed:
                one.over(one.armed[-1][0][3])
            else:
                assert text_of(one) == OLD, at
                one.over()
            if files_of(one) != before:  # something half built, which the next one takes away
                one.apply()
                one.over()
            assert files_of(one) == before, at
        assert {one[0] for one in seen} == {"armed", "not armed"}
        assert ("armed", True, False) in seen
