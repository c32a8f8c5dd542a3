"""A script that ends one migration and begins the next before anybody has looked."""

from __future__ import annotations

import os
from pathlib import Path

from hyperv_net.announcements import drop_directory
from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import LONGEST, Known, begun
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
    assert [(one.held, one.holds) for one in found.known.courses] == [(0, True)]
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
