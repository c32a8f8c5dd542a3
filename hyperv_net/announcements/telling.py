"""How what happened is told: as a line, and as an entry of the journal."""

from __future__ import annotations

from hyperv_net.journal.entry import Entry
from hyperv_net.journal.kept import stamp
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.announcements.hearing import Happened


def sentence(happened: Happened) -> str:
    """What happened, and to what, with the time before which nothing begins."""
    announcement = happened.announcement
    if announcement is None:
        return happened.text
    text = f"{announcement.owner} {happened.happening.value}: {happened.text}"
    if announcement.not_before is None:
        return text
    return f"{text} (not before {stamp(announcement.not_before)})"


def entry_of(happened: Happened) -> Entry:
    """The journal's entry of it, of this moment."""
    announcement = happened.announcement
    if announcement is None:
        return Entry(stamp(), happened.happening, happened.text)
    not_before = announcement.not_before
    return Entry(
        stamp(),
        happened.happening,
        happened.text,
        owner=announcement.owner,
        not_before="" if not_before is None else stamp(not_before),
    )
