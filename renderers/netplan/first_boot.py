"""What cloud-init does once netplan's file is written."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from hyperv_net.plan.flow import Plan


def follow_up(renderer: Any, stock: Any, plan: Plan) -> None:
    """As render_network_state of cloudinit/net/netplan.py does after writing."""
    from cloudinit import subp

    if renderer.clean_default:
        stock._clean_default(target=None)
    if renderer._postcmds and plan.differs:
        subp.subp(renderer.NETPLAN_GENERATE, capture=True)
    renderer._net_setup_link(run=renderer._postcmds)
