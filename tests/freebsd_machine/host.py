"""What the host does to the machine: a VF comes or goes, a cable is pulled.

The mapping of VFs to hn is that of hn_ifnet_attevent() and
hn_ifnet_detevent() in sys/dev/hyperv/netvsc/if_hn.c: by hardware address,
never a lagg or a vlan, and known before devd hears of the VF's Ethernet.
"""

from __future__ import annotations

from tests.freebsd_machine import kernel
from tests.freebsd_machine.links import active_port, settle
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


def path_of(state: State, name: str) -> str:
    """The card over which what is sent to `name` leaves the machine; '' where it is lost.

    What is sent to an hn whose VF has the datapath is lost, unless the kernel
    drives the two as one.  What a port sends by itself is, too (lagg_port_output()
    of sys/net/if_lagg.c: ENETDOWN).
    """
    return "" if state.lagg_of(name) is not None else _card_of(state, name)


def _card_of(state: State, name: str) -> str:
    interface = state.find(name)
    if interface is None or not interface.up:
        return ""
    if interface.kind == "lagg":
        return _card_of(state, active_port(state, interface))
    if interface.kind == "vlan":
        return path_of(state, interface.parent)
    if interface.kind != "ether" or interface.link != "up":
        return ""
    if interface.datapath and state.transparent:
        return interface.vf
    return name
