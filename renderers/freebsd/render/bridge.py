"""if_bridge(4): bridges and their spanning tree."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times, values
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.freebsd.render.main_line import mtu_words, place_main_line, warn_of_losses
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.tree import Path

#: netplan's parameter → ifconfig(8)'s word, least and greatest value.
_OF_BRIDGE = {
    "priority": ("priority", 0, 61440),
    "forward-delay": ("fwddelay", 4, 30),
    "max-age": ("maxage", 6, 40),
    "ageing-time": ("timeout", 0, 2**31 - 1),
}


def place_bridge(draft: Draft, interface: str, device: Node, path: Path, fib: int | None) -> None:
    """A bridge: `addm` for each member, then what the bridge is told about them."""
    main = f"ifconfig_{variable_part(interface)}"
    members = []
    for index, member in enumerate((device.get("interfaces") or Node(())).elements()):
        at, names = (*path, "interfaces", index), draft.names.interfaces.get(str(member.value), ())
        if names:
            members += [name for name in names if name not in members]
            draft.place(main, [at])
        else:
            draft.account.drop(at, f"rc.conf has no name for {member.value}")
    middle = [word for name in members for word in ("addm", name)]
    middle += _parameters(draft, device, path, main, members)
    place_main_line(
        draft,
        interface,
        device,
        path,
        middle=tuple(middle),
        tail=mtu_words(draft, device, path, main),
        existing=draft.main_line(interface),
        fib=fib,
    )
    warn_of_losses(draft, interface, (interface,))


def _parameters(draft: Draft, device: Node, path: Path, main: str, members: list[str]) -> list[str]:
    at = (*path, "parameters")
    words: list[str] = []
    for key, parameter in (device.get("parameters") or Node({})).items():
        if key == "stp":
            words += [word for name in members for word in ("stp", name) if parameter.value is True]
            draft.place(main, [(*at, key)])
        elif key in ("path-cost", "port-priority"):
            words += _of_members(draft, key, parameter, (*at, key), main)
        elif key in _OF_BRIDGE:
            word, least, greatest = _OF_BRIDGE[key]
            number = _number(key, parameter.value)
            if number is not None and least <= number <= greatest:
                words += [word, str(number)]
                draft.place(main, [(*at, key)])
            else:
                reason = f"if_bridge(4) takes {least} to {greatest}"
                draft.account.drop((*at, key), reason)
        elif key == "hello-time":
            reason = "if_bridge(4) speaks RSTP, whose hello time is fixed"
            draft.account.drop((*at, key), reason)
    return words


def _of_members(draft: Draft, key: str, by_member: Node, path: Path, main: str) -> list[str]:
    """`ifpathcost` and `ifpriority`; a port's priority has steps of 16 in 0 to 240 here."""
    words: list[str] = []
    for member, cost in by_member.items():
        name, number = draft.names.one(member), cost.value
        if name is None or isinstance(number, bool) or not isinstance(number, int):
            draft.account.drop((*path, member), f"rc.conf has no name for {member}")
        elif key == "path-cost" and 0 <= number <= 200_000_000:
            words += ["ifpathcost", name, str(number)]
            draft.place(main, [(*path, member)])
        elif key == "port-priority" and 0 <= number <= 60 and number % 4 == 0:
            # Linux counts the field's upper six bits, FreeBSD the whole octet.
            words += ["ifpriority", name, str(number * 4)]
            draft.place(main, [(*path, member)])
        else:
            draft.account.drop((*path, member), "if_bridge(4) cannot have this value")
    return words


def _number(key: str, value: object) -> int | None:
    """A priority, or a time in whole seconds."""
    try:
        return values.number(value) if key == "priority" else times.seconds(value)
    except RefusedError:
        return None
