"""What assignments set their variables to, as far as it is known without a shell."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.rc_conf.words import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.renderers.freebsd.rc_conf.shell import Assignment


def values_of(found: Iterable[Assignment]) -> dict[str, str | None]:
    """Each variable's value after all of them; None where only the shell knows it."""
    values: dict[str, str | None] = {}
    for one in found:
        values[one.name] = value_of(one, values) if one.certain else None
    return values


def value_of(one: Assignment, before: Mapping[str, str | None]) -> str | None:
    """The value, given those that the lines before it set; None where it is not known."""
    if one.parts is None:
        return None
    value = ""
    for part in one.parts:
        if isinstance(part, Reference):
            known = before.get(part.name, "" if part.name == one.name else None)
            if known is None:
                return None
            value += known
        else:
            value += part
    return value
