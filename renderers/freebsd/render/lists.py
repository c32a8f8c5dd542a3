"""Variables that hold a list: our elements joined with those that are there."""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.rc_conf.rcfile import is_safe
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.freebsd.render.draft import Draft

_CLONES = "cloned_interfaces"
#: Clones that are over no other interface, by the names of their cloners; a VLAN may have any name.
_BY_ITSELF = re.compile(r"(lo|tap|tun|gif|gre|stf|epair|lagg|disc|edsc|pflog|pfsync|wg)[0-9]+\Z")


def write_lists(draft: Draft, moved: Mapping[str, str], vfs: frozenset[str]) -> None:
    """Put every list of the draft into its variables, and correct `network_interfaces`.

    An element that an earlier run put there, and that nothing needs now, is
    told by what configures it: that stands in our block of rc.conf alone.
    """
    lists = {name: list(elements) for name, elements in draft.lists.items()}
    for name in ("cloned_interfaces", "static_routes", "ipv6_static_routes"):
        if draft.rc.value(name):
            lists.setdefault(name, [])
    for interface in draft.names.interfaces.values():
        for one in interface:
            name = f"vlans_{variable_part(one)}"
            if draft.rc.value(name):
                lists.setdefault(name, [])
    for name, ours in lists.items():
        _write_list(draft, name, ours, moved)
    _network_interfaces(draft, moved, vfs)


def _write_list(draft: Draft, name: str, ours: list[str], moved: Mapping[str, str]) -> None:
    rc = draft.rc
    sources = [name]
    if name.startswith("vlans_") and ours:
        # The VLANs of a pair's NICs are created on the aggregate.
        part = name[len("vlans_") :]
        sources += [
            f"vlans_{variable_part(old)}"
            for old, new in moved.items()
            if variable_part(new) == part
        ]
    if any(rc.is_foreign(one) and not _is_plain(rc.value(one)) for one in sources):
        # Only the shell knows what is in it: our elements go behind it.
        if ours and rc.is_fixed(name):
            draft.variables[name] = " ".join(ours)
        elif ours:
            rc.extend(name, ours)
            draft.note(
                "rc-conf-unknown-value",
                f"what {name} lists is worked out by the shell; {' '.join(ours)} is added to it",
                rc.line(name),
            )
        return
    had = [word for source in sources for word in (rc.value(source) or "").split()]
    wanted = set(ours)
    kept = [word for word in had if word in wanted or not _is_left_over(draft, name, word)]
    joined = _in_order(kept, ours) if name == _CLONES else [*kept, *ours]
    merged = list(dict.fromkeys(_moved(word, name, moved) for word in joined))
    if merged == had and rc.is_foreign(name):
        return
    if merged or rc.is_foreign(name):
        value = " ".join(merged)
        if name == _CLONES:
            draft.variables = {name: value, **draft.variables}
        else:
            draft.variables[name] = value


def _in_order(kept: list[str], ours: list[str]) -> list[str]:
    """New laggs in front of what may be made over them: rc makes and configures them in order."""
    laggs = [word for word in ours if word.startswith("lagg") and word not in kept]
    at = next((at for at, word in enumerate(kept) if not _BY_ITSELF.match(word)), len(kept))
    return [*kept[:at], *laggs, *kept[at:], *ours]


def _is_plain(value: str | None) -> bool:
    return value is not None and is_safe(value)


def _moved(word: str, name: str, moved: Mapping[str, str]) -> str:
    """An element with the interface it names replaced: `net:hn0` in static_routes."""
    if name.endswith("static_routes"):
        route, _, interface = word.partition(":")
        return f"{route}:{moved.get(interface, interface)}" if interface else word
    return moved.get(word, word) if name == "dhcp6c_interfaces" else word


def _is_left_over(draft: Draft, name: str, word: str) -> bool:
    """Whether an element is ours from an earlier run, and not to be kept."""
    if draft.keeps_block:
        return False
    if name == "cloned_interfaces":
        renamed = draft.rc.value(f"ifconfig_{variable_part(word)}_name")
        configured_by = f"ifconfig_{variable_part(renamed or word)}"
    elif name.endswith("static_routes"):
        configured_by = f"{name[: -len('static_routes')]}route_{word.partition(':')[0]}"
    elif name.startswith("vlans_"):
        parent = name[len("vlans_") :]
        interface = f"{parent}_{word}" if word.isdigit() else variable_part(word)
        configured_by = f"ifconfig_{interface}"
    else:
        return False
    return draft.rc.is_ours(configured_by)


def _network_interfaces(draft: Draft, moved: Mapping[str, str], vfs: frozenset[str]) -> None:
    """A list of interfaces instead of `auto` must have every NIC, and no VF: it ignores NOAUTO."""
    value = draft.rc.value("network_interfaces")
    if value is None or value.lower() in ("", "auto") or not is_safe(value):
        return
    clones = set(draft.names.clones) | set(draft.names.renamed.values())
    listed = [word for word in value.split() if word not in vfs]
    for device_id, _ in (draft.tree.get("ethernets") or Node({})).items():
        name = draft.names.one(device_id)
        if name is not None and name not in (*listed, *vfs) and name not in clones:
            listed.append(name)
    if listed != value.split():
        draft.variables["network_interfaces"] = " ".join(listed)
