"""How a target takes its bytes apart, and what may come out of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from hyperv_net.errors import HypervNetError

_T = TypeVar("_T")

SEPARATOR = b"\xff"
"""Between the parts of an input; no part can hold it, since none is UTF-8 then."""


def texts(data: bytes, count: int) -> list[str] | None:
    """The parts of an input as so many texts, those that lack empty; None where one is not UTF-8.

    The program refuses a file that is not UTF-8 before any parser sees it (root/files.py).
    """
    parts = data.split(SEPARATOR, count - 1)
    try:
        found = [part.decode() for part in parts]
    except UnicodeDecodeError:
        return None
    return [*found, *[""] * (count - len(found))]


def choice(text: str, among: Sequence[_T]) -> tuple[_T, str]:
    """The one that the first character of a text stands for, and the rest of the text."""
    return among[ord(text[:1] or "\0") % len(among)], text[1:]


class Folder:
    """A folder of files that inputs are put into; a file that is as it was is not written again."""

    def __init__(self) -> None:
        self._made = TemporaryDirectory(prefix="fuzz-")
        self._texts: dict[str, str] = {}

    @property
    def path(self) -> str:
        return self._made.name

    def put(self, name: str, text: str) -> None:
        if self._texts.get(name) != text:
            path = Path(self.path, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            self._texts[name] = text


@contextmanager
def refused_in_one_line() -> Iterator[None]:
    """The one error that may come out: one line, which says something."""
    try:
        yield
    except HypervNetError as error:
        line = str(error)
        assert line and "\n" not in line, repr(line)
