"""What netplan's files do to the NICs that they fit.

netplan makes a .network file of each entry, and a .link file of one with `set-name`, both named
after the id (generate/networkd.c and netplan-generate(8)); systemd's rule of the first that
fits holds for these.
"""

from __future__ import annotations

from hyperv_net.decision.claims import LINK_FILES, NETWORK_FILES
from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.paths import in_order
from hyperv_net.renderers.networkd.paths import generated_name
from hyperv_net.rewrite.devices import members_of
from hyperv_net.rewrite.entry_claims import configuring, names_given
from hyperv_net.root.places import place_of
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.decision.claims import Claim


def claims(texts: Mapping[str, str], paths: frozenset[str]) -> Iterator[Claim]:
    """Those of each entry; a file that netplan would not read either is told of elsewhere."""
    for path in in_order(texts):
        try:
            network = read_yaml(texts[path], path).get("network")
        except HypervNetError:
            continue
        if network is not None:
            yield from _of_network(network, path, texts[path])


def _of_network(network: Node, path: str, text: str) -> Iterator[Claim]:
    joined = {
        member
        for kind in ("bonds", "bridges")
        for _, device in (network.get(kind) or Node({})).items()
        for member in members_of(device)
    }
    for device_id, entry in (network.get("ethernets") or Node({})).items():
        where = place_of(path, text, "ethernets", device_id)
        for claim in names_given(device_id, entry, where):
            yield claim._replace(group=LINK_FILES, order=generated_name(device_id, "link"))
        if _manager(network, entry) == "networkd":
            for claim in configuring(device_id, entry, where, "networkd"):
                does = "" if device_id in joined else claim.does
                order = generated_name(device_id, "network")
                yield claim._replace(does=does, group=NETWORK_FILES, order=order)


def _manager(network: Node, entry: Node) -> object:
    """Whose files netplan makes of an entry."""
    of_all = at(network, ("renderer",)) or at(network, ("ethernets", "renderer"))
    said = entry.get("renderer") or of_all
    return said.value if said is not None else "networkd"
