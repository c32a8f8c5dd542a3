"""An announcement, in the words that all sources have in common."""

from __future__ import annotations

import re
from enum import Enum

from hyperv_net.owners import EVENT_ID, owner_of
from hyperv_net.records import NamedTuple
from hyperv_net.visible import visible

#: What an announcement may be called; its drain has an owner by this name.
ID = re.compile(EVENT_ID)

_KIND = re.compile(r"[a-z][a-z0-9-]{0,31}\Z")
_LONGEST_TEXT = 200  # characters

#: What an announcement is that does not say what, or not in a word.
UNKNOWN = "unknown"


class Stage(str, Enum):
    """Whether what is announced is still to come, or goes on; where it is over it is not told."""

    SCHEDULED = "scheduled"
    STARTED = "started"


class Announcement(NamedTuple):
    """Something that will take the VFs of this machine away, or does so now.

    `source` is the name of who tells (`registry`), and `id` what it is called there.  `kind` is
    the source's own word, in lower case, as in freeze.  `not_before` is when it may begin at the
    earliest, in seconds since the epoch (None: that is not told, or it has begun).  `is_mine` is
    whether it is about this machine, and `is_mine_alone` whether it is about no other;
    `names_nobody` is whether it does not say whom it is about.
    `interrupts` is how long it says that the machine stands still, in seconds (None: unknown).
    `text` is what the source says of it for people, in one line.
    `edition` tells it from another one by the same id, before it or after: what it is written in,
    as a file's number, a hyphen, and when; empty where the source gives no id twice.
    """

    source: str
    id: str
    kind: str
    stage: Stage
    not_before: float | None = None
    is_mine: bool = True
    is_mine_alone: bool = True
    interrupts: float | None = None
    text: str = ""
    names_nobody: bool = False
    edition: str = ""

    @property
    def owner(self) -> str:
        """Who owns the drains that are begun because of it."""
        return owner_of(self.source, self.id)

    def is_told_again(self, before: Announcement) -> bool:
        """Whether it says what the one `before` did, and is written in the same, whenever."""
        return self._said() == before._said()

    def _said(self) -> tuple[object, ...]:
        place, _, _ = self.edition.partition("-")
        # A time is kept in thousandths of a second.
        time = None if self.not_before is None else round(self.not_before, 3)
        return place, self.kind, self.stage, time, self.text


def kind_of(word: object) -> str:
    """A source's word for what is to happen, as `kind` has it; `UNKNOWN` where it is none."""
    kind = word.lower() if isinstance(word, str) else ""
    return kind if _KIND.match(kind) else UNKNOWN


def line_of(text: object) -> str:
    """What a source says for people, as `text` has it: one line, bounded, fit for a terminal."""
    line = visible(" ".join(text.split())) if isinstance(text, str) else ""
    return line if len(line) <= _LONGEST_TEXT else f"{line[:_LONGEST_TEXT]}..."
