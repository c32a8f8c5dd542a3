"""What the entries of a journal come to: a story for each announcement, drain and lost VF."""

from __future__ import annotations

from hyperv_net.journal.entry import Happening
from hyperv_net.journal.packets import counted
from hyperv_net.journal.times import seconds_between
from hyperv_net.owners import PERSON
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hyperv_net.journal.entry import Entry
    from hyperv_net.journal.packets import Packets

#: What ends an announcement.
_ENDS = (Happening.OVER, Happening.CANCELLED, Happening.GIVEN_UP)

#: Seconds after which nothing that happens is taken for a part of a story that never ended: its
#: source may be asked no more.
_LONGEST = 86400.0

_TOLD_BY_SOURCES = (Happening.ANNOUNCED, Happening.CHANGED, Happening.STARTED)


class Absence(NamedTuple):
    """A VF's going and its coming, until it has joined; '' for what was not seen, or not yet."""

    left: str
    came: str = ""
    joined: str = ""

    @property
    def seconds(self) -> float | None:
        """How long it was away."""
        return seconds_between(self.left, self.came)


class PairStory(NamedTuple):
    """What became of one pair; the times are those of entries, '' for what was not seen.

    `absences` are those of its VF, in their order.
    `packets` is what each path carried from the drain, or where there was none from the VF's
    going, until the traffic was given back; None where that is not known.
    """

    mac: str
    label: str = ""
    drained: str = ""
    absences: tuple[Absence, ...] = ()
    undrained: str = ""
    packets: Packets | None = None

    @property
    def vf_left(self) -> str:
        """When the VF went first."""
        return next((one.left for one in self.absences if one.left), "")

    @property
    def vf_came(self) -> str:
        """When the VF came last; '' while it is away."""
        return self.absences[-1].came if self.absences else ""

    @property
    def joined(self) -> str:
        """When the VF joined last; '' where it has not since it went."""
        return self.absences[-1].joined if self.absences else ""

    @property
    def away(self) -> float | None:
        """Seconds for which the VF was away, all in all; None where one absence is not known."""
        seconds = [one.seconds for one in self.absences]
        known = [one for one in seconds if one is not None]
        return sum(known) if known and len(known) == len(seconds) else None

    def without_vf(self, time: str) -> tuple[Absence, ...]:
        """The absences, with one that begins; who is away already goes no second time."""
        is_away = bool(self.absences) and not self.vf_came and not self.joined
        return self.absences if is_away else (*self.absences, Absence(time))

    def with_vf(self, *, came: str = "", joined: str = "") -> tuple[Absence, ...]:
        """The absences, the last one over; its going may not have been seen."""
        *others, last = self.absences or (Absence(""),)
        return (*others, Absence(last.left, last.came or came, joined or last.joined))

    @property
    def is_over(self) -> bool:
        """Whether the traffic is where it was before."""
        came_back = not self.vf_left or bool(self.joined or (self.undrained and self.vf_came))
        return came_back and (not self.drained or bool(self.undrained))


class Story(NamedTuple):
    """An announcement, or a person's drain, or else ('') a VF that went unannounced.

    `ended` is how an announcement ended: over, cancelled or given-up.  `wrong` are the texts of
    what failed meanwhile.
    """

    owner: str
    began: str
    text: str = ""
    announced: str = ""
    not_before: str = ""
    acknowledged: str = ""
    started: str = ""
    over: str = ""
    ended: str = ""
    pairs: tuple[PairStory, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The time of the last that is told."""
        times = [self.began, self.announced, self.acknowledged, self.started, self.over]
        for pair in self.pairs:
            times += [pair.drained, pair.vf_left, pair.vf_came, pair.joined, pair.undrained]
        return max(times)

    @property
    def is_announced(self) -> bool:
        """Whether a source told of it."""
        return self.owner not in ("", PERSON)


def stories(entries: Iterable[Entry]) -> tuple[Story, ...]:
    """The stories in the order in which they began.

    An entry about a VF is part of each story that goes on with its pair, and of each
    announcement that goes on; one that goes when there is none is a story of its own.
    """
    told: list[_Telling] = []
    for entry in entries:
        if entry.owner:
            _of_owner(told, entry)
        elif entry.mac:
            _of_pair(told, entry)
    return tuple(one.story() for one in told)


class _Telling:
    """A story that goes on."""

    def __init__(self, entry: Entry) -> None:
        self.told = Story(entry.owner, entry.time)
        self.pairs: dict[str, PairStory] = {}
        self.entries: dict[str, list[Entry]] = {}

    def story(self) -> Story:
        pairs = (
            pair._replace(packets=counted(self.entries[mac])) for mac, pair in self.pairs.items()
        )
        return self.told._replace(pairs=tuple(pairs))

    def goes_on(self) -> bool:
        is_waiting = self.told.is_announced and not self.told.over
        return is_waiting or not all(one.is_over for one in self.pairs.values())

    def is_recent(self, time: str) -> bool:
        """Whether something has happened in it not long before that time."""
        return (seconds_between(self.story().last, time) or 0.0) <= _LONGEST

    def note(self, **fields: str) -> None:
        """Have the first time of each of these."""
        new: dict[str, Any] = {
            key: value for key, value in fields.items() if not getattr(self.told, key)
        }
        self.told = self.told._replace(**new)

    def took_part(self, entry: Entry, **fields: Any) -> None:
        """Have these of the entry's pair, and what its paths have carried by then."""
        pair = self.pairs.get(entry.mac, PairStory(entry.mac))
        was_over = pair.is_over and entry.mac in self.pairs
        fields["label"] = entry.label or pair.label
        self.pairs[entry.mac] = pair._replace(**fields)
        seen = self.entries.setdefault(entry.mac, [])
        # What comes after the traffic was given back is no longer of the switch.
        if entry.carried and not was_over:
            seen.append(entry)

    def failed(self, text: str) -> None:
        if text not in self.told.wrong:
            self.told = self.told._replace(wrong=(*self.told.wrong, text))


def _of_owner(told: list[_Telling], entry: Entry) -> None:
    """Take in an entry that names the story it is of."""
    one = next((one for one in reversed(told) if one.told.owner == entry.owner), None)
    before = one.pairs.get(entry.mac) if one is not None else None
    begins_anew = entry.happening in (Happening.DRAINED, *_TOLD_BY_SOURCES)
    is_second_drain = (
        entry.happening is Happening.DRAINED and entry.owner == PERSON and before is not None
    )
    if one is None or (begins_anew and not one.goes_on()) or is_second_drain:
        one = _Telling(entry)
        told.append(one)
    happening, time = entry.happening, entry.time
    if happening in _TOLD_BY_SOURCES:
        one.note(announced=time, text=entry.text)
        if entry.not_before:
            one.told = one.told._replace(not_before=entry.not_before)
        if happening is Happening.STARTED:
            one.note(started=time)
        elif entry.not_before:
            # It is still to come, whatever was told before.
            one.told = one.told._replace(started="")
    elif happening is Happening.ACKNOWLEDGED:
        one.note(acknowledged=time)
    elif happening in _ENDS:
        one.note(over=time, ended=happening.value)
    elif happening is Happening.DRAINED:
        drained = before.drained if before is not None and one.pairs else ""
        one.took_part(entry, drained=drained or time, undrained="")
    elif happening is Happening.UNDRAINED:
        one.took_part(entry, undrained=time)
    elif happening in (Happening.FAILED, Happening.NOT_DRAINED):
        one.failed(entry.text)


def _of_pair(told: list[_Telling], entry: Entry) -> None:
    """Take in an entry of which only the pair is known."""
    happening, time = entry.happening, entry.time
    concerned = [
        one
        for one in told
        if one.goes_on()
        and one.is_recent(time)
        and (one.told.is_announced or (entry.mac in one.pairs and not one.pairs[entry.mac].is_over))
    ]
    if happening is Happening.VF_LEFT and not concerned:
        concerned = [_Telling(entry)]
        told += concerned
    for one in concerned:
        pair = one.pairs.get(entry.mac)
        if happening is Happening.VF_LEFT:
            absences = (pair or PairStory(entry.mac)).without_vf(time)
            one.took_part(entry, absences=absences)
        elif happening is Happening.FAILED:
            one.failed(entry.text)
        elif pair is None:
            continue
        elif happening is Happening.VF_CAME:
            one.took_part(entry, absences=pair.with_vf(came=time))
        elif happening is Happening.JOINED:
            one.took_part(entry, absences=pair.with_vf(joined=time))
        elif entry.carried:
            one.took_part(entry)
