"""The default routes that networkd's files ask for."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.adopt.files import lines_of
from hyperv_net.renderers.networkd.paths import FOLDERS
from hyperv_net.renderers.parts import Asked
from hyperv_net.root.drop_ins import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EVERYWHERE = ("", "0.0.0.0/0", "::/0", "0.0.0.0", "::")
_YES = ("yes", "true", "1", "on")
#: What DHCP= says for a family, with the words of earlier releases (systemd.network(5)).
DHCP = {4: (*_YES, "ipv4", "v4", "both"), 6: (*_YES, "ipv6", "v6", "both")}


def default_routes(existing: Mapping[str, str]) -> tuple[Asked, ...]:
    """Gateways in the main table, and those of DHCP and advertisements, which may bring none."""
    return tuple(
        asked
        for path in in_order(existing, FOLDERS)
        if path.endswith(".network")
        for asked in _of_file(path.rpartition("/")[2], existing[path])
    )


def _of_file(name: str, text: str) -> Iterator[Asked]:
    sections: list[tuple[str, dict[str, str]]] = []
    for line in lines_of(text):
        if line.is_header:
            sections.append((line.section, {}))
        elif line.key and sections:
            sections[-1][1][line.key] = line.value
    merged: dict[str, dict[str, str]] = {}
    for section, of in sections:
        merged.setdefault(section, {}).update(of)
    network = merged.get("Network", {})
    is_left = merged.get("Link", {}).get("Unmanaged", "").lower() in _YES
    if network.get("Bond") or network.get("Bridge") or is_left:
        return
    takes_routes = all(
        merged.get(section, {}).get(key, "yes").lower() in _YES
        for section in ("DHCP", "DHCPv4")
        for key in ("UseRoutes", "UseGateway")
    )
    dhcp = network.get("DHCP", "").lower()
    if dhcp in DHCP[4] and takes_routes:
        yield Asked(4, f"DHCP= in {name}", is_certain=False)
    if network.get("IPv6AcceptRA", "").lower() in _YES:
        yield Asked(6, f"IPv6AcceptRA= in {name}", is_certain=False)
    if network.get("Gateway"):
        family = 6 if ":" in network["Gateway"] else 4
        yield Asked(family, f"Gateway= in {name}", is_certain=True)
    for section, of in sections:
        gateway, is_plain = of.get("Gateway", ""), of.get("Table", "main") in ("main", "254")
        is_default = of.get("Destination", "") in EVERYWHERE
        if section == "Route" and gateway and gateway[:1] != "_" and is_plain and is_default:
            yield Asked(6 if ":" in gateway else 4, f"[Route] in {name}", is_certain=True)
