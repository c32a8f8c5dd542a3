"""What reaches the user as one line: the one exception, and texts of others."""

from __future__ import annotations


class HypervNetError(Exception):
    """Something the user can put right: what, where, and what to do about it.

    `where` names the file and, inside it, the key; `hint` is an imperative
    sentence.  The command line prints the three as one line and exits with 1.
    """

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        located = f"{self.where}: {self.what}" if self.where else self.what
        line = f"{located} ({self.hint})" if self.hint else located
        return " ".join(line.split())


class UsageError(HypervNetError):
    """Options that do not go together; the command line exits with 64."""


class BusyError(HypervNetError):
    """Another hyperv-net is at work there, and is done in a while."""


def printable(text: str) -> str:
    """The text, with escapes in it where it has what no terminal should get."""
    return text if text.isprintable() else ascii(text)
