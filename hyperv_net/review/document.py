"""Dataclasses as JSON documents, and the JSON Schema of such a document, from the types alone."""

from __future__ import annotations

import dataclasses
import math
import typing
from enum import Enum
from typing import Annotated, Any, Union

_PLAIN: dict[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}


class LeftOut(Enum):
    """The value of a field whose key is not in the document at all."""

    LEFT_OUT = "left out"

    def __bool__(self) -> typing.Literal[False]:
        """There is nothing, as in None."""
        return False


LEFT_OUT = LeftOut.LEFT_OUT


def as_plain(value: Any) -> Any:
    """The value as dicts, lists and scalars; JSON has no infinity, so that becomes a text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((one.name, getattr(value, one.name)) for one in dataclasses.fields(value))
        return {name: as_plain(one) for name, one in fields if one is not LEFT_OUT}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [as_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: as_plain(one) for key, one in value.items()}
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def schema_of(document: type, name: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the documents that `as_plain` makes of a dataclass.

    `name` is the value of the document's field `schema`, where it has one.  Keys may be added
    within a version, so further ones are no mistake; a field with a default may be missing.
    """
    definitions: dict[str, Any] = {}
    top = _of_dataclass(document, definitions)
    if "schema" in top["properties"]:
        top["properties"]["schema"] = {"const": name}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{name.replace('/', ':')}",
        "title": name,
        **top,
        "$defs": definitions,
    }


def _of_dataclass(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls, include_extras=True)
    properties = {
        one.name: _of_type(hints[one.name], definitions) for one in dataclasses.fields(cls)
    }
    return {
        "type": "object",
        "description": " ".join((cls.__doc__ or "").split()),
        "properties": properties,
        "required": [
            one.name for one in dataclasses.fields(cls) if one.default is dataclasses.MISSING
        ],
    }


def _of_type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}  # so that a type that holds itself ends
            definitions[hint.__name__] = _of_dataclass(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return {**_of_type(arguments[0], definitions), "description": arguments[1]}
    if origin is Union:
        some = [_of_type(one, definitions) for one in arguments if one is not LeftOut]
        return some[0] if len(some) == 1 else {"anyOf": some}
    if origin in (tuple, list):
        return {"type": "array", "items": _of_type(arguments[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of_type(arguments[1], definitions)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [one.value for one in hint]}
    return {} if hint is Any else dict(_PLAIN[hint])
