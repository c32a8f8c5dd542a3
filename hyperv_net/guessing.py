"""What somebody may have meant by a word that is not known."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How alike two words must be, from 0 to 1: one letter of five may be another.
_ALIKE = 0.75


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
