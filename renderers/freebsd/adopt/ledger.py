"""What became of each variable of an adopted rc.conf that is about a pair's NICs."""

from __future__ import annotations

import re

from hyperv_net.model import Action, Entry
from hyperv_net.names import PLAIN_CHARACTERS
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part, variable_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import Rendered

_ALIAS = re.compile(r"(.*_alias)[0-9]+")
#: What may be an interface in a value.
WORD = re.compile(rf"[{PLAIN_CHARACTERS}]+")


def ledger_of(rendered: Rendered, moved: Mapping[str, str], before: RcFile) -> tuple[Entry, ...]:
    """What became of each variable that is about a pair's NICs, told from the text itself."""
    text = next((one.text for one in rendered.files if one.path == FILE), None)
    if text is None or not moved:
        return ()
    after = RcFile(text, FILE)
    parts = {variable_part(old): variable_part(new) for old, new in moved.items()}
    numbered = _by_alias(after)
    main = {f"ifconfig_{part}" for part in parts}
    entries = []
    for variable in before.names():
        part = interface_part(variable)
        if before.is_ours(variable):
            continue
        if variable == "ifconfig_DEFAULT" and not main & set(before.names()):
            # network.subr takes it for a NIC without a line of its own.
            entries.append(
                entry_of(
                    variable, f"ifconfig_{next(iter(parts.values()))}", before, after, numbered
                )
            )
        elif part in parts:
            entries.append(
                entry_of(variable, _renamed(variable, part, parts), before, after, numbered)
            )
        elif any(word in moved for word in WORD.findall(before.raw(variable))):
            entries.append(entry_of(variable, variable, before, after, numbered))
    return tuple(entries)


def _renamed(variable: str, part: str, parts: Mapping[str, str]) -> str:
    at = variable.index(part, variable.index("_") + 1)
    return f"{variable[:at]}{parts[part]}{variable[at + len(part) :]}"


def _by_alias(rc: RcFile) -> Mapping[tuple[str, str | None], str]:
    """What an alias is called but for its number, and its value → its name."""
    found: dict[tuple[str, str | None], str] = {}
    for name in rc.names():
        alias = _ALIAS.fullmatch(name)
        if alias is not None:
            found.setdefault((alias[1], rc.value(name)), name)
    return found


def entry_of(
    variable: str,
    renamed: str,
    before: RcFile,
    after: RcFile,
    numbered: Mapping[tuple[str, str | None], str],
) -> Entry:
    """What became of a variable that would be called `renamed`; `numbered` has the aliases."""
    value = _shown(before, variable)
    is_main = variable == f"ifconfig_{interface_part(variable)}"
    alias = _ALIAS.fullmatch(renamed)
    if alias and after.value(renamed) != before.value(variable):
        # It may have another number, if one of ours has that one.
        renamed = numbered.get((alias[1], before.value(variable)), renamed)
    to = [name for name in dict.fromkeys((renamed, variable)) if after.has(name)]
    if not to:
        reason = "what it says is in the aggregate's variables already"
        return Entry(
            (variable,), value, Action.DROPPED, reason=reason, where=before.stands(variable)
        )
    result = _shown(after, to[0])
    action = Action.MOVED
    if to[0] == variable:
        action = Action.KEPT if result == value else Action.REWRITTEN
    return Entry(
        source=(variable,),
        value=value,
        action=action,
        to=tuple((name,) for name in to),
        result=result,
        places=tuple(f"{FILE}: {name}" for name in to),
        reason=_not_carried(value) if is_main and renamed != variable else "",
        where=before.stands(variable),
    )


def _not_carried(value: str) -> str:
    """Why some of a main line is not in the result; empty where all of it is."""
    others = parse_main_line(value).others
    return f"{' '.join(others)!r} is not understood and left out" if others else ""


def _shown(rc: RcFile, variable: str) -> str:
    value = rc.value(variable)
    return value if value is not None else rc.raw(variable)
