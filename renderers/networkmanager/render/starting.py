"""Which devices start by hand, and what must not start them.

A port that connects by itself brings up what it is a port of, and a VLAN what it stands on
(_internal_activate_device() of src/core/nm-manager.c); what has ports brings all of them up,
whatever their own `autoconnect` says, where `autoconnect-slaves` is 1 (autoconnect_ports(), which
asks should_connect_ports() alone).
"""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.identity import path_of
from hyperv_net.rewrite.devices import members_of
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BY_HAND = ("manual", "off")
_WITH_PORTS = ("bonds", "bridges", "vrfs")


class Starting:
    """Those devices of a config that start by hand, and those that start all their ports, by id.

    `above` has for a port the type and the id of what it is a port of.
    """

    def __init__(
        self, devices: Iterable[tuple[str, str, Node]], above: Mapping[str, tuple[str, str]]
    ) -> None:
        known = list(devices)
        self._stands_on = {
            one: str((device.get("link") or Node(None)).value)
            for kind, one, device in known
            if kind == "vlans"
        }
        self._is_in = {one: master for one, (_, master) in above.items()}
        self._told = frozenset(one for _, one, device in known if _is_by_hand(device))
        self.held = self._held()
        self.pulling = frozenset(
            one
            for kind, one, device in known
            if kind in _WITH_PORTS
            and (one in self.held or self.held.isdisjoint(members_of(device)))
        )

    def _held(self) -> frozenset[str]:
        held: set[str] = set()
        more = set(self._told)
        while more:
            held |= more
            more = {
                one
                for needs in (self._stands_on, self._is_in)
                for one, other in needs.items()
                if other in more
            } - held
        return frozenset(held)

    def findings(self, names: Mapping[str, str]) -> tuple[Finding, ...]:
        """A note for each device that waits for a hand and was not told to.

        Ports need none: they come up with what they are ports of.
        """
        return tuple(
            Finding(
                "starts-by-hand",
                Severity.NOTE,
                f"{one} would bring {below} up, which is to start by hand, and so it does too",
                path_of(names[one]),
                f"'nmcli connection up' brings it up, and {below} with it",
            )
            for one, below in sorted(self._stands_on.items())
            if one in self.held - self._told and below in self.held
        )


def _is_by_hand(device: Node) -> bool:
    said = (device.get(key) for key in ("control", "activation-mode"))
    return any(one is not None and one.value in _BY_HAND for one in said)
