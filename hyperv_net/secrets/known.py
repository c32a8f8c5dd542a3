"""The texts that this process has read, which may hold secrets, and what hides those.

Nothing is searched here, and nothing imported that could: most runs print little, and an
event's nothing of a file.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Hiding = Callable[[Iterable[str]], Callable[[str], str]]

_texts: dict[str, None] = {}
_changes = [0]
_hiding: list[Hiding] = []


def keep(text: str, hiding: Hiding) -> None:
    """Keep a text that was read; `hiding` makes of texts what hides their secrets in another."""
    _texts[text] = None
    _changes[0] += 1
    _hiding[:] = [hiding]


def changes() -> int:
    """A number that is another one whenever what is known is."""
    return _changes[0]


def hider() -> Callable[[str], str]:
    """What hides the secrets of the texts read so far."""
    return _hiding[0](tuple(_texts)) if _hiding else str


def forget() -> None:
    """Begin anew, as another run of the program does."""
    _texts.clear()
    _changes[0] += 1
