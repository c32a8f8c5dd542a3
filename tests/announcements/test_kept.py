"""What is known of announcements, as it is kept."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.announcements import kept
from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import Course, Known, Standing

STARTED = Announcement("azure", "E1", "freeze", Stage.STARTED)


def test_what_is_kept_is_read_as_it_was(tmp_path: Path) -> None:
    course = Course(
        STARTED._replace(
            not_before=1_800_000_000.0, text="Host \N{SNOWMAN}", is_mine_alone=False, edition="7-1"
        ),
        Standing.GIVEN_UP,
        holds=True,
        held=12.5,
        limit=1860.0,
        is_moved=True,
        is_acknowledged=True,
        refusals=2,
    )
    kept.keep(str(tmp_path), Known((course,)), 1_800_000_000.0, 12.25)
    assert kept.read_kept(str(tmp_path)) == kept.Kept(Known((course,)), 1_800_000_000.0, (), 12.25)
