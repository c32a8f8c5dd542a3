"""What single values of YAML 1.1 mean: by PyYAML's table of types, but for numbers in base 60."""

from __future__ import annotations

import math

from yaml.resolver import Resolver

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.tree import Scalar

TAG = "tag:yaml.org,2002:"
STANDARD_TAGS = frozenset(TAG + name for name in ("str", "int", "float", "bool", "null"))

_MAX_DIGITS = 300
_TRUE = frozenset(("yes", "true", "on"))
_FALSE = frozenset(("no", "false", "off"))


def implicit_tag(text: str) -> str:
    """The type that YAML 1.1 gives to an unquoted value, by PyYAML's own table."""
    for tag, pattern in Resolver.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return tag if tag in STANDARD_TAGS else TAG + "str"
    return TAG + "str"


def value_of(tag: str, text: str) -> Scalar:
    """What a text means as a value of this type.  Raises ValueError where it is none of it."""
    name = tag[len(TAG) :]
    if name == "str" or (":" in text and name in ("int", "float")):
        return text
    if name == "null":
        return None
    if name == "bool":
        return _boolean(text.lower())
    if len(text) > _MAX_DIGITS:
        raise ValueError(text)
    digits = text.replace("_", "").lower()
    return _integer(digits) if name == "int" else _float(digits)


def _boolean(word: str) -> bool:
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError(word)


def _integer(digits: str) -> int:
    """An integer of YAML 1.1 (yaml.org/type/int): 0x and 0b, and a leading 0 for octal."""
    unsigned = digits.lstrip("+-")
    if unsigned.startswith("0") and unsigned != "0":
        base = {"0x": 16, "0b": 2}.get(unsigned[:2], 8)
        return int(digits, base)
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number
