"""Whose turn it is: what may be sent to each source now, a question or word to go ahead.

One spacing holds for whatever is sent to a source, and one thing is on its way at a time.  A
question goes when it is due.  Word to go ahead goes on the heels of a question that was answered,
one for each, so that what is told to go ahead was announced a moment ago, and the questions go
on however much there is to tell.
"""

from __future__ import annotations

from enum import Enum

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.announcements.source import Heard, Source, Took

#: Seconds between two questions to one source at the least, whatever it says.
LEAST = 1.0

_NEVER = float("inf")


class Sending(str, Enum):
    """What may be sent to a source."""

    NOTHING = "nothing"
    QUESTION = "question"
    WORD = "word"


class Turn(NamedTuple):
    """What is on its way to one source, and when there may be more; by a clock that nobody sets.

    `due` is when it is to be asked, and `free` before when nothing is sent to it.  `apart` is as
    in `Source`.  `is_asked` is whether a question is on its way, and `told` the owner of what it
    is being told to go ahead with, if it is.  `is_heard` is whether the last thing that was
    sent is a question that it has answered.  `telling` is before when it is told nothing, because
    it could not take that now, and `delays` how often it could not, one time after another.
    """

    due: float
    apart: float = 0.0
    free: float = 0.0
    is_asked: bool = False
    told: str = ""
    is_heard: bool = False
    telling: float = 0.0
    delays: int = 0

    @property
    def is_busy(self) -> bool:
        """Whether something is on its way."""
        return self.is_asked or bool(self.told)

    def sending(self, now: float, word: float | None) -> Sending:
        """What may be sent `now`; `word` is when there is word for it to go ahead, if ever."""
        if self.is_busy or now < self.free:
            return Sending.NOTHING
        if now >= self._word(word):
            return Sending.WORD
        return Sending.QUESTION if now >= self.due else Sending.NOTHING

    def next(self, word: float | None) -> float:
        """When something may be sent; `word` is as for `sending`."""
        if self.is_busy:
            return _NEVER
        return max(self.free, min(self.due, self._word(word)))

    def _word(self, word: float | None) -> float:
        return max(word, self.telling) if word is not None and self.is_heard else _NEVER

    def asking(self) -> Turn:
        """The same, with a question on its way."""
        return self._replace(is_asked=True, is_heard=False)

    def to_tell(self, owner: str) -> Turn:
        """The same, with word to go ahead on its way."""
        return self._replace(told=owner, is_heard=False)

    def heard(self, heard: Heard, now: float) -> Turn:
        """The same, with the answer to the question.  One in trouble is left in peace."""
        due = now + max(LEAST, heard.wait)
        is_heard = heard.announcements is not None
        free = now + self.apart if is_heard else max(now + self.apart, due)
        return self._replace(is_asked=False, due=due, free=free, is_heard=is_heard)

    def took(self, took: Took, now: float) -> Turn:
        """The same, with what became of the word."""
        is_delayed = bool(took.trouble) and not took.is_refused
        return self._replace(
            told="",
            free=now + self.apart,
            telling=now + took.wait if is_delayed else 0.0,
            delays=self.delays + 1 if is_delayed else 0,
        )


def turns_of(
    sources: Iterable[Source], now: float, before: Mapping[str, Turn] | None = None
) -> dict[str, Turn]:
    """The turns of `sources` from `now` on: each is to be asked as soon as it may be.

    `before` are the turns of the same sources in a time that is over: what was sent then counts,
    and what is on its way still is.
    """
    found = {}
    for one in sources:
        was = (before or {}).get(one.name, Turn(now, one.apart))
        found[one.name] = was._replace(due=now, is_heard=False)
    return found
