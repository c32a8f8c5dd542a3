"""A summary from its document, which may be anybody's: it was made on another machine."""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.fleet.model import LONGEST_ID, Found, Row
from hyperv_net.fleet.reading import is_id
from hyperv_net.fleet.summary import COUNTS, NUMBERS, SCHEMA, Group, Rule, Summary
from hyperv_net.inventory.checked_json import Value, parse, shown
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.verdict import LEVELS

if TYPE_CHECKING:
    from typing import Any

_MOST = 2**53
#: A digest is part of the name of a file.
_DIGEST = re.compile(r"[0-9a-f]{16}")


def from_json(text: str, where: str) -> Summary:
    """The summary in a text, which `where` names.  Raises HypervNetError where it is none."""
    return _from_value(parse(text, where))


def from_document(plain: Any, where: str) -> Summary:
    """The same of plain JSON values."""
    return _from_value(Value(plain, (), where))


def _from_value(top: Value) -> Summary:
    if not isinstance(top.plain, dict) or top.plain.get("schema") != SCHEMA:
        raise top.error(f"not {SCHEMA}", "give what 'review --fleet' wrote")
    try:
        return _summary(top)
    except HypervNetError as error:
        raise HypervNetError(f"not {SCHEMA}: {error.what}", where=error.where) from None


def _summary(top: Value) -> Summary:
    numbers: dict[str, Any] = {name: _number(_field(top, name)) for name in NUMBERS}
    counts: dict[str, Any] = {name: _counts(_field(top, name)) for name in COUNTS}
    groups = {one.example.shape: one for one in map(_group, _field(top, "groups").elements())}
    found = Summary(**numbers, **counts, groups=groups, rules=_rules(_field(top, "rules")))
    if len(groups) < len(_field(top, "groups").elements()):
        raise _field(top, "groups").error("two groups have one shape")
    if found.in_further_groups < 0:
        raise _field(top, "machines").error("less than there are in the groups")
    return found


def _group(value: Value) -> Group:
    return Group(_number(_field(value, "machines"), 1), row_from(_field(value, "example")))


def _rules(value: Value) -> dict[tuple[str, str], Rule]:
    rules: dict[tuple[str, str], Rule] = {}
    for one in value.elements():
        key = _line(_field(one, "rule")), _line(_field(one, "severity"))
        if key in rules:
            raise one.error("a second entry for this rule and severity")
        rules[key] = Rule(_number(_field(one, "machines")), _number(_field(one, "findings")))
    return rules


def row_from(value: Value) -> Row:
    """The row that a document has.  Raises HypervNetError where it is none."""
    fields = value.fields()
    return Row(
        id=_field(value, "id").checked(_id, f"one line of at most {LONGEST_ID} characters"),
        system=_line(fields["system"]) if "system" in fields else None,
        target=_line(fields["target"]) if "target" in fields else None,
        level=_field(value, "level").checked(_level, f"one of {', '.join(LEVELS)}"),
        modes=_counts(_field(value, "modes")),
        aggregates=tuple(map(_line, _field(value, "aggregates").elements())),
        settings=_counts(_field(value, "settings")),
        files=_counts(_field(value, "files")),
        severities=_counts(_field(value, "severities")),
        found=tuple(map(_found, _field(value, "found").elements())),
        further=_number(_field(value, "further")),
        shape=_field(value, "shape").checked(_digest, "a digest"),
        exact=_field(value, "exact").checked(_digest, "a digest"),
        errors=tuple(map(_line, _field(value, "errors").elements())),
    )


def _found(value: Value) -> Found:
    parts = value.elements()
    if len(parts) != len(Found.__dataclass_fields__):
        raise value.error("not a rule, a severity, a place and a number")
    rule, severity, where, count = parts
    return Found(_line(rule), _line(severity), _line(where), _number(count, 1))


def _counts(value: Value) -> dict[str, int]:
    for key in value.fields():
        _line(Value(key, value.path, value.source))
    return {key: _number(one) for key, one in value.fields().items()}


def _field(value: Value, key: str) -> Value:
    found = value.fields().get(key)
    if found is None:
        raise value.error(f"has no {key!r}")
    return found


def _number(value: Value, least: int = 0) -> int:
    if type(value.plain) is not int or not least <= value.plain <= _MOST:
        raise value.error(f"not a number of what there are: {shown(value.plain)}")
    return value.plain


def _line(value: Value) -> str:
    return value.checked(lambda text: text if len(text.splitlines()) <= 1 else None, "one line")


def _id(text: str) -> str | None:
    return text if is_id(text) else None


def _level(text: str) -> str | None:
    return text if text in LEVELS else None


def _digest(text: str) -> str | None:
    return text if _DIGEST.fullmatch(text) else None
