"""What reaches the user as one line: the one exception, and texts of others."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeVar

    from hyperv_net.facts import Finding
    from hyperv_net.places import Where

    _T = TypeVar("_T")


class HypervNetError(Exception):
    """Something the user can put right: what, where, and what to do about it.

    `where` is the place in a file, or text where it is in none: an option, a NIC, a
    program; `hint` is an imperative sentence.  The command line prints the three as one
    line and exits with 1.  `others` are what is wrong besides, each told on a line of its own,
    `findings` what was noticed on the way to them, and `texts` those of the files that all of
    these are about, by name, where they are known.  `is_of_key` says that the key itself is wrong,
    and not its value.
    """

    def __init__(
        self, what: str, *, where: Where = "", hint: str = "", is_of_key: bool = False
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint
        self.is_of_key = is_of_key
        self.others: tuple[HypervNetError, ...] = ()
        self.findings: tuple[Finding, ...] = ()
        self.texts: Mapping[str, str] = {}

    def __str__(self) -> str:
        return self.told(str)

    def told(self, hide: Callable[[str], str]) -> str:
        """Its line, with what `hide` hides of the sentences: a place has names alone."""
        what = hide(self.what)
        located = f"{self.where}: {what}" if self.where else what
        line = f"{located} ({hide(self.hint)})" if self.hint else located
        return " ".join(line.split())


class UsageError(HypervNetError):
    """Options that do not go together; the command line exits with 64."""


class BusyError(HypervNetError):
    """Another hyperv-net is at work there, and is done in a while."""


def raise_together(errors: Iterable[HypervNetError], findings: Iterable[Finding] = ()) -> None:
    """Raise the first of the errors, if there is one, with all others and the findings in it."""
    found = list(errors)
    if found:
        raise joined(found, findings)


def joined(errors: Iterable[HypervNetError], findings: Iterable[Finding] = ()) -> HypervNetError:
    """The first of the errors, of which there is one at least, with all else in it, each once."""
    found = list(dict.fromkeys(one for error in errors for one in (error, *error.others)))
    noticed = dict.fromkeys([*(each for one in found for each in one.findings), *findings])
    texts = {name: text for one in found for name, text in one.texts.items()}
    for one in found:
        one.others, one.findings, one.texts = (), (), {}
    first = found[0]
    first.others, first.findings, first.texts = tuple(found[1:]), tuple(noticed), texts
    return first


def attempted(errors: list[HypervNetError], step: Callable[[], _T]) -> _T | None:
    """What a step comes to; None where it fails, with its error among the `errors`.

    For steps of which none needs another, so that what is wrong with each is told at once.
    """
    try:
        return step()
    except UsageError:
        raise
    except HypervNetError as error:
        errors.append(error)
        return None


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
