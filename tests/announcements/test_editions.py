"""A script that ends one migration and begins the next before anybody has looked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hyperv_net.announcements import drop_directory, kept
from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import IN_ALL, LONGEST, Known, begun, ended
from hyperv_net.announcements.following import Followed, take_up
from hyperv_net.announcements.source import Heard
from hyperv_net.journal.entry import Happening
from tests.announcements.test_drop_directory import drop, root  # noqa: F401 - a fixture
from tests.announcements.test_following import NOW, after, told
from tests.announcements.watched import World

FIRST = Announcement("directory", "migration", "migration", Stage.STARTED, edition="7-1")
SECOND = FIRST._replace(edition="8-2")
ME = FIRST.owner


def heard(*announcements: Announcement) -> dict[str, Heard]:
    return {"directory": Heard(announcements, 2)}


def held() -> Known:
    found = after(Known(), heard(FIRST))
    return drained_of(found)


def drained_of(found: Followed) -> Known:
    return begun(found.known, ME, is_done=True)


def test_another_edition_is_another_event_and_the_traffic_does_not_go_back_in_between() -> None:
    later = after(held(), heard(FIRST), 1000, at=1000)
    assert told(later) == []
    found = after(later.known, heard(SECOND), 2, at=1002)
    assert told(found) == [Happening.OVER, Happening.ANNOUNCED, Happening.STARTED]
    assert (found.begin, found.end) == ((ME,), ())
    assert [(one.held, one.holds) for one in found.known.courses] == [(1002, True)]
    assert after(drained_of(found), heard(SECOND), LONGEST - 1, at=3000).end == ()
    assert after(drained_of(found), heard(SECOND), LONGEST, at=3000).end == (ME,)


def test_another_edition_of_one_that_was_given_up_is_drained_for() -> None:
    found = after(held(), heard(FIRST), LONGEST + 1, at=1900)
    assert told(found) == [Happening.GIVEN_UP]
    assert after(found.known, heard(SECOND), 2, at=1902).begin == (ME,)


def test_another_edition_that_is_still_to_come_gives_the_traffic_back_until_then() -> None:
    later = SECOND._replace(stage=Stage.SCHEDULED, not_before=NOW + 5000)
    found = after(held(), heard(later), 5, at=5)
    assert told(found) == [Happening.OVER, Happening.ANNOUNCED]
    assert (found.begin, found.end) == ((), (ME,))


def test_what_has_not_begun_is_put_off_or_begins_by_another_edition() -> None:
    """Whoever puts it off, or says that it goes on now, writes its file anew."""
    early = FIRST._replace(stage=Stage.SCHEDULED, not_before=NOW + 900)
    known = after(Known(), heard(early)).known
    later = early._replace(not_before=NOW + 1800, edition="8-2")
    assert told(after(known, heard(later), 5, at=5)) == [Happening.CHANGED]
    assert told(after(known, heard(SECOND), 5, at=5)) == [Happening.STARTED]
    assert told(after(known, heard(later), 5, at=901)) == [
        Happening.OVER,
        Happening.ANNOUNCED,
    ]


@pytest.mark.parametrize("is_read_again", [False, True])
def test_a_file_that_is_touched_or_written_anew_with_the_same_in_it_is_the_same_event(
    is_read_again: bool, tmp_path: Path
) -> None:
    first = FIRST._replace(text="once")
    known = drained_of(after(Known(), heard(first)))
    if is_read_again:
        kept.keep(str(tmp_path), known, NOW, 0)
        known = kept.read_kept(str(tmp_path)).known
    touched = first._replace(edition="7-5", interrupts=3.0)
    found = after(known, heard(touched), 1000, at=1000)
    assert (told(found), found.begin, found.end) == ([], (), ())
    assert [one.held for one in found.known.courses] == [1000]
    over = after(found.known, heard(touched), LONGEST, at=1000 + LONGEST)
    assert (told(over), over.end) == ([Happening.GIVEN_UP], (ME,))
    again = after(ended(over.known, ME, is_done=True), heard(first), 60, at=5000)
    assert (told(again), again.begin) == ([], ())
    # Another text in the same file is another event.
    other = first._replace(edition="7-6", text="twice")
    assert told(after(known, heard(other), 5, at=5))[0] is Happening.OVER


def test_one_that_is_said_to_have_begun_after_its_time_is_the_same_event() -> None:
    early = FIRST._replace(stage=Stage.SCHEDULED, not_before=NOW + 900)
    known = drained_of(after(Known(), heard(early), at=890))
    found = after(known, heard(SECOND), 12, at=902)
    assert (told(found), found.begin, found.end) == ([Happening.STARTED], (), ())
    assert [one.held for one in found.known.courses] == [12]


def test_what_others_held_before_it_counts_until_the_traffic_has_gone_back() -> None:
    known = drained_of(after(held(), heard(SECOND), 1700, at=1700))
    later = SECOND._replace(stage=Stage.SCHEDULED, not_before=NOW + 9000, edition="9-3")
    off = after(known, heard(later), 100, at=1800)
    assert [(one.held, one.carried) for one in off.known.courses] == [(1800, 1800)]
    back = ended(off.known, ME, is_done=True)
    assert [(one.held, one.carried, one.holds) for one in back.courses] == [(0, 0, False)]
    assert [one.held for one in ended(off.known, ME, is_done=False).courses] == [1800]
    booted = take_up(off.known, [], ["directory"], 0, is_anew=True)
    assert [(one.held, one.carried) for one in booted.known.courses] == [(0, 0)]


some = st.builds(
    FIRST._replace,
    stage=st.sampled_from(Stage),
    not_before=st.one_of(st.none(), st.integers(-600, 20_000).map(lambda one: NOW + one)),
    text=st.sampled_from(["", "x"]),
    edition=st.builds("{}-{}".format, st.integers(7, 9), st.integers(1, 3)),
)
CHURN = [(900.0, FIRST._replace(edition=f"{number}-1")) for number in range(20)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(1, LONGEST), some), max_size=20), st.floats(1, 20_000))
@example(CHURN, 1.0)
@example(CHURN, 4000.0)
def test_whatever_is_written_again_and_again_holds_it_no_longer_at_a_stretch(
    course: list[tuple[float, Announcement]], restart: float
) -> None:
    end = sum(passed for passed, _ in course)

    def answer(name: str, passed: float) -> Heard:
        since = 0.0
        for lasts, one in course:
            since += lasts
            if passed < since:
                return Heard((one,), 2)
        return Heard((), 2)

    world = World(answer, wall=NOW)
    for until in sorted((restart, end + 100)):
        world.serve(["directory"], until)
    assert world.owners == {}
    assert world.longest <= IN_ALL + 1e-6


def test_a_service_that_takes_up_what_it_never_heard_takes_no_edition_for_another() -> None:
    taken = take_up(Known(), [ME], ["directory"], 0, is_anew=False)
    found = after(taken.known, heard(SECOND), 2)
    assert (found.begin, found.end) == ((), ())
    assert told(found) == [Happening.ANNOUNCED, Happening.STARTED]


def test_two_migrations_of_one_name_have_half_an_hour_each() -> None:
    """Nobody looks between the end of the first and the beginning of the second."""

    def answer(name: str, passed: float) -> Heard:
        return Heard((FIRST if passed < 1200 else SECOND,), 2)

    world = World(answer)
    world.serve(["directory"], 1200 + LONGEST - 10)
    assert ([*world.owners], world.went_back) == ([ME], 0)
    world.serve(["directory"], 1200 + LONGEST + 10)
    assert (world.owners, world.went_back) == ({}, 1)
    assert [one.happening for one in world.said].count(Happening.ANNOUNCED) == 2


def editions(root: Path) -> list[str]:  # noqa: F811
    return [one.edition for one in drop_directory.source(root).ask(0).announcements or ()]


def test_a_file_has_one_edition_until_another_is_put_in_its_place(root: Path) -> None:  # noqa: F811
    path = drop(root, "migration.json")
    first = editions(root)
    assert editions(root) == first and all(first)
    path.unlink()
    os.utime(drop(root, "migration.json"), ns=(5, 5))
    second = editions(root)
    os.utime(drop(root, ".migration"), ns=(5, 5))
    path.with_name(".migration").replace(path)
    third = editions(root)
    path.write_text(path.read_text())
    assert len({*first, *second, *third, *editions(root)}) == 4


def test_a_folder_in_the_place_of_a_file_takes_no_descriptor_with_it(root: Path) -> None:  # noqa: F811
    drop(root, "x.json")
    (root / "run/hyperv-net/announcements/folder.json").mkdir()
    source = drop_directory.source(root)
    source.ask(0)
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(5):
        assert "folder.json" in source.ask(0).trouble
    assert len([*Path("/proc/self/fd").iterdir()]) == before
