"""What the host does to the machine: a VF comes or goes, a cable is pulled.

The mapping of VFs to hn is that of hn_ifnet_attevent() and
hn_ifnet_detevent() in sys/dev/hyperv/netvsc/if_hn.c: by hardware address,
never a lagg or a vlan, and known before devd hears of the VF's Ethernet.
"""

from __future__ import annotations

from tests.freebsd_machine import kernel
from tests.freebsd_machine.links import settle
from tests.freebsd_machine.state import Interface, RefusedError, State


def attach_hn(state: State, unit: int, mac: str, **more: object) -> Interface:
    """A synthetic NIC, `hn<unit>`."""
    card = Interface(f"hn{unit}", 0, mac=mac, **more)  # type: ignore[arg-type]
    return kernel.attach(state, card)


def attach_vf(state: State, name: str, mac: str, **more: object) -> None:
    """A VF appears, down and named by its driver; the hn with its address takes it for its own."""
    if state.find(name) is not None:
        raise RefusedError("EEXIST")
    vf = Interface(name, 0, mac=mac, **more)  # type: ignore[arg-type]
    hn = next(
        (
            one
            for one in state.interfaces
            if one.driver == "hn" and one.own_mac == mac and not one.vf
        ),
        None,
    )
    if hn is not None:
        hn.vf = name
    kernel.attach(state, vf)


def detach_vf(state: State, name: str) -> None:
    """It goes without a word, whatever it is in."""
    kernel.detach(state, name)


def set_carrier(state: State, name: str, carrier: bool) -> None:
    """The cable of a card is put in, or pulled."""
    state.get(name).carrier = carrier
    settle(state)
