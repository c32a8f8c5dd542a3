"""Having the running machine follow new settings of one device."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.inject import is_networkmanagers
from hyperv_net.renderers.parts import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.parts import Run

# networkctl(1) asks networkd over D-Bus, which a small image may lack; systemctl(1) needs none.
_NETWORKD_ANEW = ("systemctl", "restart", "systemd-networkd.service")


def activate(
    existing: Mapping[str, str], device: str, interface: str, run: Run
) -> tuple[Step, ...]:
    """By networkd for this interface alone: `netplan apply` would configure every one anew."""
    if is_networkmanagers(existing, device):
        return (Step(("netplan", "apply")),)
    return (
        Step(("netplan", "generate")),
        Step(("networkctl", "reload"), otherwise=_NETWORKD_ANEW),
        Step(("networkctl", "reconfigure", interface), otherwise=_NETWORKD_ANEW),
    )
