"""What netplan's files do to the NICs that they fit.

netplan merges them by id, and makes a .network file of each entry, and a .link file of one with
`set-name`, both named after the id (generate/networkd.c and netplan-generate(8)); systemd's
rule of the first that fits holds for these.
"""

from __future__ import annotations

from hyperv_net.decision.claims import LINK_FILES, NETWORK_FILES
from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.spans import stands_at
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.files import (
    File,
    as_mapping,
    device_of,
    merged_network,
    network_of,
)
from hyperv_net.renderers.netplan.paths import in_order
from hyperv_net.renderers.networkd.paths import generated_name
from hyperv_net.rewrite.devices import members_of
from hyperv_net.rewrite.entry_claims import GIVE_ADDRESSES, configuring, names_given
from hyperv_net.tree import Node, from_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.decision.claims import Claim
    from hyperv_net.places import Place


def claims(texts: Mapping[str, str], paths: frozenset[str]) -> Iterator[Claim]:
    """Those of each entry, as the files together say it."""
    files = list(_readable(texts))
    network = from_plain(merged_network(files))
    joined = {
        member
        for kind in ("bonds", "bridges")
        for _, device in (network.get(kind) or Node({})).items()
        for member in members_of(device)
    }
    for device_id, entry in (network.get("ethernets") or Node({})).items():
        saying = [one for one in files if device_id in as_mapping(one.network.get("ethernets"))]
        where = _place(saying, texts, device_id, ("set-name",))
        for claim in names_given(device_id, entry, where):
            yield claim._replace(group=LINK_FILES, order=generated_name(device_id, "link"))
        if _manager(network, entry) == "networkd":
            where = _place(saying, texts, device_id, GIVE_ADDRESSES)
            for claim in configuring(device_id, entry, where, "networkd"):
                does = "" if device_id in joined else claim.does
                order = generated_name(device_id, "network")
                yield claim._replace(does=does, group=NETWORK_FILES, order=order)


def _readable(texts: Mapping[str, str]) -> Iterator[File]:
    """A file that netplan would not read either is told of elsewhere."""
    for path in in_order(texts):
        try:
            yield File(path, network_of(path, texts[path]))
        except HypervNetError:
            continue


def _place(
    saying: list[File], texts: Mapping[str, str], device_id: str, keys: tuple[str, ...]
) -> Place:
    """The entry in the last file that says one of `keys`, or anything where none does."""
    with_key = [
        one for one in saying if any(key in device_of(one.network, device_id) for key in keys)
    ]
    path = (with_key or saying)[-1].path
    return stands_at(path, texts[path], "network", "ethernets", device_id)


def _manager(network: Node, entry: Node) -> object:
    """Whose files netplan makes of an entry."""
    said = entry.get("renderer") or network.get("renderer")
    return said.value if said is not None else "networkd"
