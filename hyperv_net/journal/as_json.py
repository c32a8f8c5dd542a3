"""A history as versioned JSON (docs/history.md)."""

from __future__ import annotations

from hyperv_net.journal import document
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hyperv_net.journal.entry import Entry
    from hyperv_net.journal.packets import Packets
    from hyperv_net.journal.story import PairStory, Story


def history_document(
    stories: Sequence[Story], entries: Sequence[Entry], damaged: int
) -> document.HistoryDocument:
    """The history; keys are only ever added within a schema version."""
    return document.HistoryDocument(
        schema=document.SCHEMA,
        damaged=damaged,
        stories=tuple(map(plain_story, stories)),
        entries=tuple(map(_entry, entries)),
    )


def plain_story(story: Story) -> document.StoryOfHistory:
    """A story, as documents have it."""
    return document.StoryOfHistory(
        owner=story.owner or None,
        began=story.began,
        text=story.text,
        announced=story.announced or None,
        not_before=story.not_before or None,
        acknowledged=story.acknowledged or None,
        started=story.started or None,
        over=story.over or None,
        ended=story.ended or None,
        pairs=tuple(map(_pair, story.pairs)),
        wrong=story.wrong,
    )


def _pair(pair: PairStory) -> document.PairOfStory:
    return document.PairOfStory(
        mac=pair.mac,
        label=pair.label or None,
        drained=pair.drained or None,
        vf_left=pair.vf_left or None,
        vf_came=pair.vf_came or None,
        away_seconds=_rounded(pair.away),
        absences=tuple(
            document.AbsenceOfVf(
                one.left or None, one.came or None, one.joined or None, _rounded(one.seconds)
            )
            for one in pair.absences
        ),
        joined=pair.joined or None,
        undrained=pair.undrained or None,
        packets=_packets(pair.packets),
    )


def _rounded(seconds: float | None) -> float | None:
    return round(seconds, 3) if seconds is not None else None


def _packets(packets: Packets | None) -> document.PacketsMeanwhile | None:
    if packets is None:
        return None
    synthetic, vf = (document.CarriedByPath(*one) for one in packets)
    return document.PacketsMeanwhile(synthetic, vf)


def _entry(entry: Entry) -> document.EntryOfHistory:
    return document.EntryOfHistory(
        time=entry.time,
        happening=entry.happening,
        text=entry.text,
        mac=entry.mac or None,
        label=entry.label or None,
        owner=entry.owner or None,
        not_before=entry.not_before or None,
        carried=tuple(document.CarriedByNic(*one) for one in entry.carried),
    )
