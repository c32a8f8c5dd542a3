"""The texts that this process has read, which may hold secrets.

Whoever reads a file remembers it here, so that what is printed later, be it an error that
quotes a value, can be looked through for what those texts hold.  Nothing is searched here:
most runs print little, and an event's nothing of a file.
"""

from __future__ import annotations

_texts: dict[str, None] = {}


def remember(text: str) -> None:
    """Keep a text that was read."""
    _texts[text] = None


def texts() -> tuple[str, ...]:
    """The texts read so far, each once."""
    return tuple(_texts)


def forget() -> None:
    """Begin anew, as another run of the program does."""
    _texts.clear()
