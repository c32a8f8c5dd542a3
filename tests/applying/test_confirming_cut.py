"""Ends at every step of an apply that is tried out: whatever was done, the way back is whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from hyperv_net.applying import confirming
from hyperv_net.applying.here import waiting
from tests.applying.disk import snapshot
from tests.applying.scenes import apply, cut, roll_back
from tests.applying.test_power_cut import SURVIVORS, folder_in_memory
from tests.applying.trials import BACK, FILE, FILES, NEW, Trial, by_hand

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
def test_it_ends_at_every_step_and_what_comes_next_puts_all_of_it_right(
    scene: str, survivors: str
) -> None:
    """That is the timer where a process was killed, and a boot where the power was cut."""
    prepare, action = SCENES[scene]
    is_boot = survivors == "least"
    with folder_in_memory() as folder:
        start = files_of((on_top if prepare is on_top else by_hand)(folder / "start"))
        prepared = prepare(folder / "prepared")
        at, ended = 0, True
        while ended:
            at += 1
            one = prepared.copied(folder / str(at))
            ended = cut(one.root, partial(action, one), at, SURVIVORS[survivors])
            kept = not (one.boot() if is_boot else one.over()) and text_of(one) == NEW
            assert not kept or scene == "it is confirmed", at
            assert is_boot or kept or one.ran[-2:] in ([], BACK, ["netplan generate"]), at
            if kept:
                roll_back(one.root)
            if files_of(one) != start:  # something half built, which the next one takes away
                one.apply()
                one.over()
            assert files_of(one) == start, at
            assert one.over() == []
            shutil.rmtree(one.root.parent)
        assert at > 10


def files_of(one: Trial) -> dict[str, object]:
    """All but records, which are told apart by how often they were written."""
    found = snapshot(one.root)
    return {path: thing for path, thing in found.items() if not path.startswith(RECORDS)}


def test_what_ends_the_time_is_set_before_the_first_file_is_written() -> None:
    """Whatever step it is killed at: what is written has its end already."""
    with folder_in_memory() as folder:
        prepared = by_hand(folder / "prepared")
        seen = set()
        at, ended = 0, True
        while ended:
            at += 1
            one = prepared.copied(folder / str(at))
            ended = cut(one.root, one.apply, at, SURVIVORS["process-killed"])
            seen.add((bool(one.armed), text_of(one) == NEW, bool(one.ran)))
            shutil.rmtree(one.root.parent)
        assert seen == {
            (False, False, False),
            (True, False, False),
            (True, True, False),
            (True, True, True),
        }
