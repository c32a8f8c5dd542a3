"""What somebody may have meant by a word that is not known."""

from __future__ import annotations

from functools import lru_cache

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How alike two words must be, from 0 to 1: one letter of five may be another.
_ALIKE = 0.75
#: Of how many letters a word is at most that is alike to too many others.
_SHORT = 3
#: From how many letters on a slip is taken for one.
_ONE_SLIP = 5
#: From how many letters on one of the slips may be another letter: of a shorter word that makes
#: words of their own (`shared`, `stared`).  A part without `-` of as many may have two slips.
_LONG = 8


def did_you_mean(word: object, known: Iterable[str]) -> str:
    """`did you mean 'dhcp4'?`, by the known word that is most alike; empty where none is."""
    # It takes its time to load, and most words are known.
    from difflib import get_close_matches

    written, words = str(word), list(known)
    # In a short word two letters that have changed places are too many for what follows.
    found = [one for one in _swapped(written) if one in words]
    found = found or get_close_matches(written, words, 1, _ALIKE)
    return f"did you mean {found[0]!r}?" if found else ""


def _swapped(word: str) -> Iterator[str]:
    """The words that it may have been before two letters beside each other changed places."""
    for at in range(len(word) - 1):
        yield f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"


def slip_of(word: str, known: Iterable[str]) -> str:
    """`did you mean 'gateway'?`, by the word that `meant_by` finds; empty where it finds none."""
    found = meant_by(word, known)
    return f"did you mean {found!r}?" if found else ""


def meant_by(word: str, known: Iterable[str]) -> str:
    """The known word from which one slip of a finger leads to this one.

    A letter too many, too few, another one, or two that changed places.  Empty where none does,
    for a known word, and for one of up to three letters, which may be one of its own.
    """
    words = list(known)
    if len(word) <= _SHORT or word in words:
        return ""
    return next((one for one in words if _is_within(word, one, 1, 1)), "")


def is_mistyped(word: str, known: Iterable[str]) -> bool:
    """Whether a word is one of the known ones but for slips, and none of them.

    A `-` counts on neither side.  In a known word of five letters or more that is one slip: a
    letter too many, too few, or two that changed places; and from eight on another letter.  Two
    are taken where eight letters are together, one of them at most another letter.  In a word
    of four letters two may have changed places.
    """
    bare = word.replace("-", "")
    letters, length = frozenset(bare), len(bare)
    for one in known:
        its, its_letters, slips = _measured(one)
        # Most words are told apart by their lengths and letters alone.
        if abs(length - len(its)) > slips or len(letters ^ its_letters) > 2 * slips:
            continue
        if word == one or len(its) <= _SHORT:
            continue
        changed = int(len(its) >= _LONG)
        if _is_within(bare, its, slips, changed) or (not slips and its in _swapped(bare)):
            return True
    return False


@lru_cache(maxsize=256)
def _measured(known: str) -> tuple[str, frozenset[str], int]:
    """A known word without `-`, its letters, and how many slips may have been made in it."""
    bare, together = known.replace("-", ""), max(map(len, known.split("-")))
    return bare, frozenset(bare), (len(bare) >= _ONE_SLIP) + (together >= _LONG)


def _is_within(word: str, other: str, slips: int, changed: int) -> bool:
    """Whether so many slips lead from the one to the other, `changed` of them another letter."""
    at = next((at for at, pair in enumerate(zip(word, other)) if pair[0] != pair[1]), None)
    at = min(len(word), len(other)) if at is None else at
    rest, wanted = word[at:], other[at:]
    if not slips or rest == wanted:
        return rest == wanted
    ways = [(rest[1:], wanted, changed), (rest, wanted[1:], changed)]
    if changed:
        ways.append((rest[1:], wanted[1:], changed - 1))
    if rest[1::-1] == wanted[:2]:
        ways.append((rest[2:], wanted[2:], changed))
    return any(_is_within(mine, its, slips - 1, more) for mine, its, more in ways)
