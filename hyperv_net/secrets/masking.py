"""Hiding what is secret: at its places in a file's text, and as a value in any other.

In a file each secret is hidden where it stands, however short it is.  Elsewhere (an error
that quotes a value, what another program says) it is looked for as a text, in the forms that
quoting gives it; there a short one is left, which would be found in words of all kinds, and
one that is a word of every config (secrets/ordinary.py).
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.secrets import in_lines
from hyperv_net.secrets.hidden import HIDDEN
from hyperv_net.secrets.names import may_have_secrets
from hyperv_net.secrets.ordinary import is_ordinary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hyperv_net.model import RenderedFile
    from hyperv_net.secrets.places import Place

#: Characters that a value has to have to be hidden outside of its place …
_SHORTEST = 4
#: … and those with which it is hidden wherever they stand, be it in the middle of a word.
_LONG = 8
#: Characters of a long value that a message may have cut it to.
_CUT = 36

#: The mode of a file that holds a secret.
PRIVATE = 0o600


@lru_cache(maxsize=256)
def places(text: str) -> tuple[Place, ...]:
    """Where secrets stand in a text of whatever format, in order and apart from each other."""
    if not may_have_secrets(text):
        return ()
    # YAML takes long to load, and most texts are none.
    found = None
    if ":" in text:
        from hyperv_net.secrets import in_yaml

        found = in_yaml.find(text)
    if found is None:
        found = in_lines.find(text)
    else:
        found += in_lines.find(text, is_prose=True)
    return tuple(_apart(found))


def _apart(found: Iterable[Place]) -> list[Place]:
    """In order, and those that overlap as one."""
    apart: list[Place] = []
    for one in sorted(found):
        if apart and one.start < apart[-1].end:
            last = apart[-1]
            if one.end > last.end:
                apart[-1] = last._replace(end=one.end, value=f"{last.value}\n{one.value}")
        else:
            apart.append(one)
    return apart


def masked_line(text: str) -> str:
    """A line of a file, or what stands behind a name in one, with its secrets hidden."""
    return _masked(text, in_lines.find(text)) if may_have_secrets(text) else text


def masked_message(text: str) -> str:
    """A sentence, with the secrets hidden in what it quotes of a file's lines."""
    if not may_have_secrets(text):
        return text
    return _masked(text, in_lines.find(text, is_prose=True))


def masked(text: str, instead: str = HIDDEN) -> str:
    """The text with `instead` for each of its secrets; every line stays one."""
    return _masked(text, places(text), instead)


def _masked(text: str, found: Iterable[Place], instead: str = HIDDEN) -> str:
    pieces, at = [], 0
    for one in _apart(found):
        pieces += [text[at : one.start], _HIDDEN_LINE.sub(instead, text[one.start : one.end])]
        at = one.end
    return "".join((*pieces, text[at:]))


def moving(text: str, instead: str = HIDDEN) -> Callable[[int, int, bool], int]:
    """What gives, of a line and a column of the text, the column in `masked(text)`.

    Both count from 1, and the lines stay.  The third says whether something ends there: what
    is in the middle of a secret begins at its begin, and ends at its end.
    """
    by_line: dict[int, list[tuple[int, int]]] = {}
    for one in places(text):
        for hidden in _HIDDEN_LINE.finditer(text, one.start, one.end):
            begin = text.rfind("\n", 0, hidden.start()) + 1
            line = text.count("\n", 0, begin) + 1
            by_line.setdefault(line, []).append((hidden.start() - begin, hidden.end() - begin))

    def moved(line: int, column: int, is_end: bool) -> int:
        at, by = column - 1, 0
        for start, end in by_line.get(line, ()):
            if at <= start:
                break
            if at < end:
                return start + by + (len(instead) if is_end else 0) + 1
            by += len(instead) - (end - start)
        return at + by + 1

    return moved


#: What of a line is hidden: all behind its indentation.
_HIDDEN_LINE = re.compile(r"[^\s](?:[^\n]*[^\s])?")


def holds_secret(text: str) -> bool:
    """Whether there is a secret in the text."""
    return bool(places(text))


def mode_of(file: RenderedFile) -> int:
    """The mode that a file is to have: one with a secret is its owner's alone."""
    is_settings = not (file.is_link or file.is_own)
    return PRIVATE if is_settings and holds_secret(file.text) else file.mode


def hiding(texts: Iterable[str], instead: str = HIDDEN) -> Callable[[str], str]:
    """What puts, in any text, `instead` for the values of the secrets in `texts`."""
    long, short = set[str](), set[str]()
    words = set[str]()
    for text in texts:
        for one in places(text):
            for value in _parts(one.value):
                if not is_ordinary(value):
                    (long if len(value) >= _LONG else short).add(value)
    if short:
        # One that stands in the open as well is no more of a secret there than it was.
        words = {word for text in texts for word in _WORD.findall(masked(text))}
    forms = sorted({form for value in long for form in _forms(value)}, key=_longest_first)
    alone = sorted(short - words, key=_longest_first)

    def hide(text: str) -> str:
        for form in forms:
            # A message may have cut a long value off.
            if form[:_CUT] in text:
                text = text.replace(form, instead)
                if len(form) > _CUT:
                    text = re.sub(rf"{re.escape(form[:_CUT])}\S*", instead, text)
        for value in alone:
            if value in text:
                text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", instead, text)
        return text

    return hide


_WORD = re.compile(r"\w+")


def _longest_first(text: str) -> tuple[int, str]:
    return -len(text), text


def _parts(value: str) -> Iterator[str]:
    """A value, and those of its parts that tell enough of it."""
    whole = value.strip()
    if len(whole) >= _SHORTEST:
        yield whole
    # wepkey of ifconfig(8) may begin with the number of the key.
    for part in (*whole.splitlines(), re.sub(r"\A[0-9]:", "", whole)):
        if len(part.strip()) >= _LONG:
            yield part.strip()


def _forms(value: str) -> Iterator[str]:
    """A value as it is, and as JSON, YAML, Python and a shell quote it."""
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    # As it is in a text that is JSON's in turn.
    yield json.dumps(json.dumps(value)[1:-1])[1:-1]
    yield repr(value)[1:-1]
    yield value.encode("unicode_escape").decode("ascii")
    yield re.sub(r"([\"\\$`])", r"\\\1", value)
