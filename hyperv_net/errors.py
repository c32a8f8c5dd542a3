"""What reaches the user as one line: the one exception, and texts of others."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hyperv_net.places import Where


class HypervNetError(Exception):
    """Something the user can put right: what, where, and what to do about it.

    `where` is the place in a file, or text where it is in none: an option, a NIC, a
    program; `hint` is an imperative sentence.  The command line prints the three as one
    line and exits with 1.  `others` are what is wrong in the same file besides, each told on
    a line of its own, and `text` is that of the file where it is known.
    """

    def __init__(self, what: str, *, where: Where = "", hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.others: tuple[HypervNetError, ...] = ()
        self.text = ""

    def __str__(self) -> str:
        located = f"{self.where}: {self.what}" if self.where else self.what
        line = f"{located} ({self.hint})" if self.hint else located
        return " ".join(line.split())


class UsageError(HypervNetError):
    """Options that do not go together; the command line exits with 64."""


class BusyError(HypervNetError):
    """Another hyperv-net is at work there, and is done in a while."""


def raise_together(errors: Iterable[HypervNetError]) -> None:
    """Raise the first of the errors, if there is one, with all others in it."""
    found = [one for error in errors for one in (error, *error.others)]
    for one in found:
        one.others = ()
    if found:
        found[0].others = tuple(found[1:])
        raise found[0]


def of_file(path: str, what: str, hint: str = "") -> HypervNetError:
    """What is wrong with a whole file, to be raised by what starts at every event of a VF."""
    from hyperv_net.places import Place

    return HypervNetError(what, where=Place(path), hint=hint)


def first_of(told: Sequence[str]) -> str:
    """The first of several texts, and how many more there are; '' where there is none."""
    more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
    return f"{told[0]}{more}" if told else ""


def printable(text: str) -> str:
    """The text, with escapes in it where it has what no terminal should get."""
    return text if text.isprintable() else ascii(text)
