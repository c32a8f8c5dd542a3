"""The default routes that netplan's files ask for."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.files import as_list, as_mapping, files_of, merged_network
from hyperv_net.renderers.netplan.keys import DEVICES
from hyperv_net.renderers.parts import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


def default_routes(existing: Mapping[str, str]) -> tuple[Asked, ...]:
    """Those in the main table; DHCP and a router's advertisement may bring none."""
    try:
        network = merged_network(files_of(existing))
    except HypervNetError:
        return ()
    return tuple(
        asked
        for kind in DEVICES
        for name, device in as_mapping(network.get(kind)).items()
        for asked in _of_device(name, as_mapping(device))
    )


def _of_device(name: str, device: Mapping[str, Any]) -> Iterator[Asked]:
    overrides = as_mapping(device.get("dhcp4-overrides"))
    if device.get("dhcp4") is True and overrides.get("use-routes") is not False:
        yield Asked(4, f"dhcp4 of {name}", is_certain=False)
    if device.get("accept-ra") is True:
        yield Asked(6, f"accept-ra of {name}", is_certain=False)
    for key, family in (("gateway4", 4), ("gateway6", 6)):
        if device.get(key):
            yield Asked(family, f"{key} of {name}", is_certain=True)
    for route in map(as_mapping, as_list(device.get("routes"))):
        to, via = str(route.get("to")), str(route.get("via") or "")
        if to in ("default", "0.0.0.0/0", "0/0", "::/0") and via and "table" not in route:
            yield Asked(6 if ":" in via else 4, f"routes of {name}", is_certain=True)
