"""udev's rules of a root, as far as one line tells (udev(7)).

What GOTO jumps over is not known here: those who ask take no line for what it does not say
itself.
"""

from __future__ import annotations

import re

from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root.drop_ins import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FOLDERS = tuple(f"{one}/udev/rules.d" for one in ("etc", "run", "usr/local/lib", "usr/lib", "lib"))
RULES = tuple(f"{one}/*.rules" for one in _FOLDERS)

_TOKEN = re.compile(r'([A-Z]+)(?:\{([^}]*)\})?\s*(==|!=|\+=|-=|:=|=)\s*[ei]?"((?:[^"\\]|\\.)*)"')


class Token(NamedTuple):
    """`KEY{attribute}operator"value"`."""

    key: str
    attribute: str
    operator: str
    value: str

    @property
    def asks(self) -> bool:
        """Whether it is a condition."""
        return self.operator in ("==", "!=")


class Rule(NamedTuple):
    """The tokens of a rule, and the line where it begins."""

    where: Place
    tokens: tuple[Token, ...]

    def value_of(self, key: str, attribute: str = "") -> str:
        """What the last token of a key has; empty without one."""
        values = [one.value for one in self.tokens if (one.key, one.attribute) == (key, attribute)]
        return values[-1] if values else ""


def rules_of(texts: Mapping[str, str]) -> Iterator[Rule]:
    """All rules in the order that udev has: by the files' names, whatever their folder."""
    for path in in_order(texts, _FOLDERS):
        whole, first = "", 0
        for number, line in enumerate(texts[path].splitlines(), start=1):
            if not whole and line.lstrip().startswith("#"):
                continue
            first = first or number
            whole += line.removesuffix("\\")
            if line.endswith("\\"):
                continue
            tokens = tuple(Token(*found) for found in _TOKEN.findall(whole))
            if tokens:
                yield Rule(Place(path, line=first), tokens)
            whole, first = "", 0
