"""The cards that interfaces(5) is about, where no machine can be asked."""

from __future__ import annotations

from hyperv_net.decision.binding import NamedCard
from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.given_names import completed
from hyperv_net.renderers.ifupdown.adopt.config import read_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def cards(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    """Those of stanzas, some of which set the NIC's own address, with what they are given.

    cloud-init tells by `hwaddress` which NIC it means (cloudinit/net/eni.py).
    """
    return completed(_own(existing), existing)


def _own(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    try:
        config = read_config(existing, {})
    except HypervNetError:
        return  # The adoption tells of it.
    ethernets = config.tree.get("ethernets") if config is not None else None
    if config is None or ethernets is None:
        return
    for name, device in ethernets.items():
        address = device.get("macaddress")
        node = address or device
        where = next((config.stands[one] for one in node.origins if one in config.stands), None)
        said = str(address.value) if address is not None else ""
        yield NamedCard(name, said, where or Place(config.source))
