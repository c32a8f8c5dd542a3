"""The one way out to whoever reads: nothing else writes to standard output or standard error.

What is printed may be in part somebody else's: names of files below a root, lines of a
config, answers of a host.  So every character that a terminal would obey and not show stands
as an escape (`\\x1b`), apart from line ends, tabs and colours of our own; and what is known to
be a secret is hidden.  That holds for pipes too, since a log is read at a terminal later.
"""

from __future__ import annotations

import os
import sys

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets import known
from hyperv_net.visible import BOLD, GREEN, PLAIN, RED, YELLOW, in_one_line, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO, TypeVar

    _One = TypeVar("_One")

#: What lines for a log begin with, whatever a secret is.
_NAME = "hyperv-net: "

_COLOURS = (RED, YELLOW, GREEN, BOLD, PLAIN)

#: Fewer pieces of work than this are done before anybody has read how many they are.
_WORTH_SHOWING = 50

#: How wide a terminal is taken to be that does not tell.
_COLUMNS = 80


def one_line(text: str) -> str:
    """A text of others as part of one line of a log: visible, and without what is secret."""
    return in_one_line(hidden(text))


class _Secrets:
    """What is known of secrets in this run, and whether they may be shown; and other names."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.shown = False
        self.names: dict[str, str] = {}
        self._changes = -1
        self._hide: Callable[[str], str] = str

    def rename(self, text: str) -> str:
        for path, name in self.names.items():
            text = text.replace(path, name)
        return text

    def hide(self, text: str) -> str:
        text = self.rename(text)
        if self.shown:
            return text
        if known.changes() != self._changes:
            self._hide, self._changes = known.hider(), known.changes()
        return self._hide(text)


_SECRETS = _Secrets()


def hidden(text: str) -> str:
    """The text without what is known to be secret."""
    return _SECRETS.hide(text)


def renamed(text: str) -> str:
    """The text with this program's own folders as its user calls them; what is secret stays."""
    return _SECRETS.rename(text)


def begin() -> bool:
    """Begin a run: nothing is known of secrets.  False where there is no standard output."""
    known.forget()
    _SECRETS.begin()
    if sys.stdout is None:
        return False
    # A name in a file may be in letters that the terminal does not have.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    return True


def show_secrets() -> None:
    """From now on what is secret is shown: the owner asked for it."""
    _SECRETS.shown = True


def call(path: str, name: str) -> None:
    """From now on a folder of this program's own is called `name`, as its user calls it."""
    _SECRETS.names[path] = name


def say(line: str = "", *, is_hidden: bool = False) -> None:
    """Print one line, or several, on standard output; for `is_hidden` see write()."""
    write(f"{line}\n", is_hidden=is_hidden)


def write(
    text: str, *, coloured: bool = False, is_product: bool = False, is_hidden: bool = False
) -> bool:
    """Print a whole text on standard output; whether it stands there as it is, without escapes.

    With `coloured` the colours of this module stay.  A `is_product` text is what was asked
    for by its name, as files are, and is printed with the secrets in it.  One that `is_hidden`
    was made of texts without secrets (review/presenting.py), and is not searched for any.
    """
    plain = text if is_product or is_hidden else hidden(text)
    shown = _with_colours(plain) if coloured else visible(plain)
    _put(sys.stdout, shown)
    return shown == plain or coloured


def write_file(path: str, text: str) -> None:
    """Put a whole text into a file in place of standard output, as one that `is_hidden`.

    Raises OSError.
    """
    with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
        file.write(visible(text))


def complain(line: str, *, is_hidden: bool = False) -> None:
    """Print one line, or several, on standard error; for `is_hidden` see write()."""
    name = _NAME if line.startswith(_NAME) else ""
    told = line if is_hidden else f"{name}{hidden(line[len(name) :])}"
    _put(sys.stderr, visible(f"{told}\n"))


def write_error(text: str) -> None:
    """Print a whole text on standard error."""
    _put(sys.stderr, visible(hidden(text)))


def _put(stream: TextIO | None, text: str) -> None:
    if stream is not None:
        stream.write(text)


def _with_colours(text: str) -> str:
    """The text visible, but for colours."""
    for colour in _COLOURS:
        head, *others = text.split(colour)
        if others:
            return colour.join(map(_with_colours, (head, *others)))
    return visible(text)


def columns() -> int:
    """How wide the terminal is, as shutil.get_terminal_size() tells it."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _COLUMNS  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return _COLUMNS


def is_watched() -> bool:
    """Whether standard error is a terminal, with a person before it."""
    return _is_terminal(sys.stderr)


def width() -> int | None:
    """How long a line of standard output may be; None where that is no terminal."""
    return columns() if _is_terminal(sys.stdout) else None


def has_letter(letter: str) -> bool:
    """Whether standard output has a letter, or an escape in its place."""
    try:
        letter.encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def has_colours() -> bool:
    """Whether standard output is a terminal whose user wants colours (no-color.org)."""
    return _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def write_diff(diff: str, *, is_hidden: bool = False) -> None:
    """Print a unified diff, highlighted on a terminal where `rich` is installed.

    rich is the optional dependency `hyperv-net[review]`; it obeys NO_COLOR.  For `is_hidden`
    see write().
    """
    if not is_hidden:
        from hyperv_net.secrets.in_diffs import hidden_in_diff

        diff = hidden_in_diff(renamed(diff), hidden)
    if diff and _is_terminal(sys.stdout):
        try:
            from rich.console import Console
            from rich.syntax import Syntax
        except ImportError:
            pass
        else:
            shown = visible(diff)
            console = Console(file=sys.stdout, soft_wrap=True)
            console.print(Syntax(shown, "diff", theme="ansi_dark", background_color="default"))
            return
    if not write(diff, is_hidden=True):
        complain(
            "the diff has control characters, which are shown as escapes: patch(1) does not take it"
        )


def progress(what: str, work: Sequence[_One]) -> Iterable[_One]:
    """Go through `work`, with a bar on standard error while that lasts.

    Only on a terminal, and where `rich` is installed, as for diffs.
    """
    if len(work) < _WORTH_SHOWING or not _is_terminal(sys.stderr):
        return work
    try:
        from rich.console import Console
        from rich.progress import track
    except ImportError:
        return work
    return track(work, visible(what), console=Console(stderr=True), transient=True)


def flush() -> None:
    """Have what was printed go out.  Raises OSError where nobody takes it."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def discard() -> None:
    """Send what is still to be printed nowhere: its reader is gone, or the disk is full."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
