"""Plain trees that are merged as netplan merges its files, and the way back.

What is to come out is known, and what goes in: so what has to be taken out of
each part and what is missing then can be told.
"""

from __future__ import annotations

import json

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from hyperv_net.tree import Path

    Plain = dict[str, Any]
    Scalars = dict[Path, Any]

NOTHING = object()
"""What is at a path where there is nothing."""


def merge(first: Any, second: Any) -> Any:
    """Two trees as one: mappings key by key, lists one behind the other, else the second."""
    if isinstance(first, dict) and isinstance(second, dict):
        return {
            key: merge(first.get(key), second[key]) if key in second else first[key]
            for key in (*first, *(key for key in second if key not in first))
        }
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    if isinstance(first, dict) and second is None:
        return first
    return second


def at(plain: Any, path: Path) -> Any:
    """What is at a path of mappings and lists, or `NOTHING`."""
    for key in path:
        inside = isinstance(plain, dict) and key in plain
        if not inside and not (isinstance(plain, list) and key in range(len(plain))):
            return NOTHING
        plain = plain[key]
    return plain


def revise(
    theirs: Plain, wanted: Plain, together: Plain, path: Path, gone: set[Path], scalars: Scalars
) -> Plain:
    """What is left of a mapping; `gone` and `scalars` learn what has to be done to it."""
    kept: Plain = {}
    for key, value in theirs.items():
        at, of_all = (*path, key), together.get(key)
        if key not in wanted:
            gone.add(at)
        elif isinstance(value, dict) and isinstance(wanted[key], dict):
            below_gone: set[Path] = set()
            below_scalars: Scalars = {}
            below = of_all if isinstance(of_all, dict) else {}
            inner = revise(value, wanted[key], below, at, below_gone, below_scalars)
            if value and not inner:
                gone.add(at)
            else:
                gone |= below_gone
                scalars.update(below_scalars)
                kept[key] = inner
        elif isinstance(value, list):
            inner_list = revise_list(value, wanted[key], of_all, at, scalars)
            if inner_list is None:
                gone.add(at)
            else:
                kept[key] = inner_list
        elif value is None and isinstance(wanted[key], dict):
            kept[key] = value
        elif isinstance(wanted[key], (dict, list)) or isinstance(value, dict):
            gone.add(at)
        else:
            kept[key] = wanted[key]
            if not same(value, wanted[key]):
                scalars[at] = wanted[key]
    return kept


def revise_list(
    theirs: list[Any], wanted: Any, together: Any, path: Path, scalars: Scalars
) -> list[Any] | None:
    """The list with other elements in place of some; None where it cannot be had that way.

    Netplan puts the lists of several files one behind the other, so that each
    is kept as it is or none.
    """
    if same(together, wanted):
        return theirs
    if not same(together, theirs) or not isinstance(wanted, list) or len(wanted) != len(theirs):
        return None
    changed: Scalars = {}
    kept = []
    for index, (old, new) in enumerate(zip(theirs, wanted)):
        if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
            gone: set[Path] = set()
            kept.append(revise(old, new, old, (*path, index), gone, changed))
            if gone:
                return None
        elif isinstance(old, (dict, list)) or isinstance(new, (dict, list)):
            if not same(old, new):
                return None
            kept.append(old)
        else:
            kept.append(new)
            if not same(old, new):
                changed[(*path, index)] = new
    scalars.update(changed)
    return kept


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same in YAML, where true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def missing(wanted: Any, given: Any) -> Any:
    """What has to be merged into `given` to make it `wanted`; None for nothing."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        inner = {
            key: value if key not in given else missing(value, given[key])
            for key, value in wanted.items()
            if key not in given or not same(value, given[key])
        }
        return {key: value for key, value in inner.items() if value is not None} or None
    if wanted == {} and given is None:
        return None
    return wanted


def leaves(plain: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every value that is no mapping."""
    if not isinstance(plain, dict):
        yield path, plain
        return
    for key, value in plain.items():
        yield from leaves(value, (*path, key))
