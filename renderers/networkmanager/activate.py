"""Having the running machine follow new keyfiles."""

from __future__ import annotations

from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.profiles import (
    connects_itself,
    is_ethernet,
    is_for_one_nic,
    master_of,
    visible,
)
from hyperv_net.renderers.parts import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.renderers.parts import Run

_RELOAD = Step(("nmcli", "connection", "reload"))
#: What stands on others comes up after them.
_ORDER = ("ethernet", "802-3-ethernet", "bond", "bridge", "vrf", "vlan")


def activation(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Step, ...]:
    """Devices that only the old files made go, and what is new or changed comes up.

    A reload takes in what the files say and changes no device that is up (nmcli(1)).
    """
    gone = [name for name in _made(before) if name not in _made(after)]
    return (
        _RELOAD,
        *(Step(("nmcli", "device", "delete", name), may_fail=True) for name in gone),
        *(Step(("nmcli", "connection", "up", "filename", path)) for path in _new(before, after)),
    )


def _made(existing: Mapping[str, str]) -> list[str]:
    """The interfaces of devices that are made, those on top first."""
    found = [
        (profile.plain("connection", "type"), profile.plain("connection", "interface-name"))
        for _, profile in visible(existing)
        if not is_ethernet(profile)
    ]
    return [name for _, name in sorted(found, key=lambda one: -_rank(one[0])) if _is_name(name)]


def _is_name(name: str) -> bool:
    return is_interface_name(name) and name != "lo"


def _new(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """The files to bring up: not ports, which come with their masters, nor what is for any NIC."""
    changed = [
        (_rank(profile.plain("connection", "type")), f"/{path}")
        for path, profile in visible(after)
        if before.get(path) != after[path]
        and connects_itself(profile)
        and (not is_ethernet(profile) or is_for_one_nic(profile))
        and not (is_ethernet(profile) and master_of(profile))
    ]
    return (path for _, path in sorted(changed))


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def activate(
    before: Mapping[str, str], after: Mapping[str, str], device: str, interface: str, run: Run
) -> tuple[Step, ...]:
    """The one device takes in its addresses without going down, where it can."""
    again = ("nmcli", "device", "connect", interface)
    return (_RELOAD, Step(("nmcli", "device", "reapply", interface), otherwise=again))
