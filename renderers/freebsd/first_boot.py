"""What cloud-init does once rc.conf is written."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from hyperv_net.plan.flow import Plan


def follow_up(renderer: Any, stock: Any, plan: Plan) -> None:
    """As render_network_state of cloudinit/net/bsd.py does after writing."""
    renderer.interface_configurations = dict.fromkeys(_with_dhcp(plan), "DHCP")
    renderer.start_services(run=renderer._postcmds)


def _with_dhcp(plan: Plan) -> list[str]:
    from hyperv_net.rewrite.devices import devices_of

    devices = devices_of(plan.rewritten.tree)
    return [
        plan.rewritten.interfaces.get(device_id, device_id)
        for kind in ("ethernets", "bonds")
        for device_id, device in devices[kind].items()
        if (dhcp := device.get("dhcp4")) is not None and dhcp.value is True
    ]
