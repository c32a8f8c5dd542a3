"""What is known of announcements, as it outlives the service and the machine's boot.

It has a folder of its own: the service, whose sandbox lets it write there, must not write what
else this program acts on as root.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress

from hyperv_net.announcements.announcement import ID, Announcement, Stage
from hyperv_net.announcements.course import Course, Known, Standing
from hyperv_net.announcements.hearing import SILENCE
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept.whole import replace
from hyperv_net.journal.kept import stamp
from hyperv_net.journal.times import seconds_of
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import believing, locks

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

SCHEMA = "hyperv-net/announced/1"

#: Below the folder of what outlives a boot (KEPT_IN of hotplug/wanted.py).
FOLDER = "announced"
FILE = f"{FOLDER}/known.json"

#: In the folder that each boot empties: what is kept was kept in this boot.
_MARK = "watched"

_LARGEST = 1 << 20
_LONGEST_TEXT = 500


#: Seconds for which a machine is taken to have been off at a boot, or not watched before it, at
#: the most: the wall clock, by which alone that is known, may have been set meanwhile, and must not
#: use up the time of a drain (LONGEST of course.py) by itself.
LONGEST_BOOT = 600.0

#: Seconds by which both clocks may differ in what has passed in one boot.
_SAME = 2.0


class Kept(NamedTuple):
    """What was known, and when.

    `time` is in seconds since the epoch, and `monotonic` in those of the boot that it was kept
    in.  `silent` are the sources that were, of which `known` has no count.
    """

    known: Known = Known()
    time: float | None = None
    silent: tuple[str, ...] = ()
    monotonic: float | None = None

    def passed(self, now: float, monotonic: float, *, is_anew: bool) -> float:
        """Seconds that have passed since, by both clocks; `is_anew`: there was a boot since.

        The monotonic clock begins with a boot, so that it tells how long this one has lasted.
        What was before that is told by the wall clock alone, if it was not set back.
        """
        if self.time is None:
            return 0.0
        by_wall = now - self.time
        if self.monotonic is not None and monotonic >= self.monotonic:
            since = monotonic - self.monotonic
            # A service may be killed once it has kept and before it has said so.
            if not is_anew or abs(by_wall - since) < _SAME:
                return since
        return monotonic + min(LONGEST_BOOT, max(0.0, by_wall - monotonic))

    def with_silence(self, known: Known, sources: Collection[str]) -> Known:
        """The same as `known`, with those of `sources` silent that were: that was told already."""
        unheard = tuple((name, SILENCE) for name in self.silent if name in sources)
        return known._replace(unheard=unheard)


def keep(directory: str, known: Known, now: float, monotonic: float) -> None:
    """Keep it in `directory`, one of KEPT_IN, with the times of both clocks.  Raises OSError."""
    locks.own_folder(f"{directory}/{FOLDER}", locks.READABLE)
    document = {
        "schema": SCHEMA,
        "time": stamp(now),
        "monotonic": monotonic,
        "announcements": [_plain(one) for one in known.courses],
        "silent": [name for name, count in known.unheard if count >= SILENCE],
    }
    replace(f"{directory}/{FILE}", json.dumps(document, indent=2) + "\n")


def read_kept(directory: str) -> Kept:
    """What was kept; nothing where no service has run, or where nothing there is believed.

    One that is damaged is passed over: what it began is seen by the drains that there are.
    """
    try:
        document = json.loads(believing.read(directory, FILE, _LARGEST) or b"")
        if document["schema"] != SCHEMA:
            return Kept()
        found = tuple(map(_course, document["announcements"]))
        silent = tuple(map(_text, document.get("silent", [])))
        monotonic = document.get("monotonic")
        return Kept(
            Known(found),
            seconds_of(document["time"]),
            silent,
            None if monotonic is None else _number(monotonic),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, HypervNetError):
        return Kept()


def is_first_since_boot(run_directory: str) -> bool:
    """Whether nothing was kept since the machine booted."""
    return not os.path.lexists(f"{run_directory}/{_MARK}")


def mark_boot(run_directory: str) -> None:
    """Whatever is kept from now on is of this boot, and what was kept last.  Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with suppress(FileExistsError):
        os.close(os.open(f"{run_directory}/{_MARK}", flags, 0o644))


def _plain(course: Course) -> dict[str, object]:
    announcement = course.announcement
    not_before = announcement.not_before
    return {
        **announcement._asdict(),
        "stage": announcement.stage.value,
        "not_before": None if not_before is None else stamp(not_before),
        "text": announcement.text[:_LONGEST_TEXT],
        "standing": course.standing.value,
        "holds": course.holds,
        "held": course.held,
        "limit": course.limit,
        "carried": course.carried,
        "is_moved": course.is_moved,
        "is_acknowledged": course.is_acknowledged,
        "refusals": course.refusals,
    }


def _course(plain: dict[str, Any]) -> Course:
    """One as it was kept.  Raises ValueError, KeyError or TypeError for what is none."""
    not_before = plain["not_before"]
    announcement = Announcement(
        source=_text(plain["source"]),
        id=_text(plain["id"]),
        kind=_text(plain["kind"]),
        stage=Stage(plain["stage"]),
        not_before=None if not_before is None else seconds_of(not_before),
        is_mine=plain["is_mine"] is True,
        is_mine_alone=plain["is_mine_alone"] is True,
        interrupts=None,
        text=_text(plain["text"]),
        edition=_text(plain.get("edition", "")),
    )
    if not (ID.match(announcement.source) and ID.match(announcement.id)):
        raise ValueError("no announcement's name")
    return Course(
        announcement,
        Standing(plain["standing"]),
        holds=plain["holds"] is True,
        held=_number(plain["held"]),
        limit=_number(plain["limit"]),
        carried=_number(plain.get("carried", 0.0)),
        is_moved=plain["is_moved"] is True,
        is_acknowledged=plain["is_acknowledged"] is True,
        refusals=int(_number(plain["refusals"])),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e9:
        raise ValueError("not a number of seconds")
    return value
