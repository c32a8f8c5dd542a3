"""Plain block YAML that YAML 1.1 and 1.2 readers understand alike.

PyYAML's own output depends on whether its C half is there, and without that
it takes seconds for a thousand pairs; what is written here is the same bytes
everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*\Z")
_RESERVED = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
# A longer key has to be announced (YAML 1.1, "simple keys" of 1024 characters).
_LONGEST_KEY = 1000
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def dump(mapping: Mapping[str, Any]) -> str:
    """The text of a mapping of mappings, lists and scalars; keys in the order given."""
    return "".join(f"{line}\n" for line in _block(mapping))


def _block(value: Any) -> Iterator[str]:
    """The lines of a container that is not empty."""
    if isinstance(value, Mapping):
        for key, child in value.items():
            start = _scalar(key)
            if len(start) > _LONGEST_KEY:
                yield f"? {start}"
                start = ""
            if isinstance(child, (Mapping, list)) and child:
                yield f"{start}:"
                yield from (f"  {line}" for line in _block(child))
            else:
                yield f"{start}: {_scalar(child)}"
    else:
        for child in value:
            if isinstance(child, (Mapping, list)) and child:
                lines = _block(child)
                yield f"- {next(lines)}"
                yield from (f"  {line}" for line in lines)
            else:
                yield f"- {_scalar(child)}"


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        if _PLAIN.match(value) and value.lower() not in _RESERVED:
            return value
        return f'"{"".join(map(_escaped, value))}"'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    return str(value) if isinstance(value, int) else "{}" if isinstance(value, Mapping) else "[]"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if " " <= character <= "~":
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _float(value: float) -> str:
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    # YAML 1.1 reads 1e+16 as a string unless there is a point in it.
    mantissa, exponent, power = repr(value).partition("e")
    return (mantissa if "." in mantissa else f"{mantissa}.0") + exponent + power
