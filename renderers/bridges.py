"""What a network config means for a bridge where it says nothing."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.tree import Node


def speaks_stp(bridge: Node) -> bool:
    """Whether a bridge is to speak the spanning tree protocol, as netplan has it.

    One with parameters does unless they say no (handle_bridge() of netplan's src/parse.c), and of
    one without any netplan says nothing to networkd (write_bridge_params_networkd()), so that the
    kernel has it off (br_netlink.c).  Managers differ in what they take nothing for.
    """
    parameters = bridge.get("parameters")
    if parameters is None or not parameters.value:
        return False
    said = parameters.get("stp")
    return said is None or said.value is not False
