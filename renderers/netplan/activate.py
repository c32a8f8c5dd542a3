"""Having the running machine follow new settings of one device."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.files import as_mapping, files_of, merged_network
from hyperv_net.renderers.netplan.inject import is_networkmanagers
from hyperv_net.renderers.parts import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.parts import Run

# networkctl(1) asks networkd over D-Bus, which a small image may lack; systemctl(1) needs none.
_NETWORKD_ANEW = ("systemctl", "restart", "systemd-networkd.service")


def activation(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Step, ...]:
    """`netplan apply` leaves a device as it is that its files speak of no more, with its members.

    networkd does not move a VLAN to another device either.
    """
    return (
        *(
            Step(("ip", "link", "delete", name), may_fail=True)
            for name, under in _made(before).items()
            if _made(after).get(name) != under
        ),
        Step(("netplan", "apply")),
    )


def _made(existing: Mapping[str, str]) -> dict[str, str]:
    """The bonds, and the VLANs and bridges over them, those on top first; and a VLAN's `link`."""
    try:
        network = merged_network(files_of(existing))
    except HypervNetError:
        return {}
    return {
        name: str(as_mapping(settings).get("link"))
        for kind in ("bridges", "vlans", "bonds")
        for name, settings in as_mapping(network.get(kind)).items()
        if is_interface_name(name)
    }


def activate(
    before: Mapping[str, str], after: Mapping[str, str], device: str, interface: str, run: Run
) -> tuple[Step, ...]:
    """By networkd for this interface alone: `netplan apply` would configure every one anew."""
    if is_networkmanagers(after, device):
        return (Step(("netplan", "apply")),)
    return (
        Step(("netplan", "generate")),
        Step(("networkctl", "reload"), otherwise=_NETWORKD_ANEW),
        Step(("networkctl", "reconfigure", interface), otherwise=_NETWORKD_ANEW),
    )
