"""An inventory of a kind of machine, made one of the machine that a network config is for.

Machines of a kind have the same cards and other hardware addresses.  A config that names
cards by address says which these are.
"""

from __future__ import annotations

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from hyperv_net.model import Inventory, NetworkConfig, Nic

#: An Ethernet address has as many; one of InfiniBand, with 20 bytes, has 19.
_COLONS = 5


def bound(
    inventory: Inventory, config: NetworkConfig, synthetic_drivers: Collection[str]
) -> Inventory:
    """The inventory with the addresses that the config names, on its cards in their order.

    A card that has one of them keeps it.  Raises HypervNetError where the config names more
    cards than there are.
    """
    wanted = _named(config)
    cards = [one.mac for one in find_pairs(inventory, synthetic_drivers).pairs]
    free, new = [mac for mac in cards if mac not in wanted], _unknown(wanted, inventory)
    if len(new) > len(free):
        raise HypervNetError(
            f"it names {len(wanted)} cards by address, and the inventory has {len(cards)}",
            where=Place(config.source, ("ethernets",)),
            hint="give the inventory of a machine with as many",
        )
    return _renamed(inventory, free, new)


def bound_to_both(
    inventory: Inventory,
    base: NetworkConfig,
    head: NetworkConfig,
    synthetic_drivers: Collection[str],
) -> Inventory:
    """The one machine that was configured as `base` says, and is to be as `head` says.

    A card that the base names keeps that address, whatever the head says of it; what the head
    names besides are further cards, as far as there are any.  Raises as `bound` does for the base.
    """
    machine = bound(inventory, base, synthetic_drivers)
    wanted = [*_named(base), *_named(head)]
    cards = [one.mac for one in find_pairs(machine, synthetic_drivers).pairs]
    free = [mac for mac in cards if mac not in wanted]
    return _renamed(machine, free, _unknown(_named(head), machine))


def _named(config: NetworkConfig) -> list[str]:
    """The addresses that the config names cards by, in its order, without InfiniBand's."""
    ethernets = config.tree.get("ethernets") or Node({})
    named = [at(entry, ("match", "macaddress")) for _, entry in ethernets.items()]
    macs = dict.fromkeys(str(one.value) for one in named if one is not None)
    return [mac for mac in macs if mac.count(":") == _COLONS]


def _unknown(macs: Iterable[str], inventory: Inventory) -> list[str]:
    own = {nic.hardware_mac for nic in inventory.nics}
    return [mac for mac in macs if mac not in own]


def _renamed(inventory: Inventory, free: Iterable[str], new: Iterable[str]) -> Inventory:
    """The inventory with the first of the new addresses on the first free card, and so on."""
    renamed = dict(zip(free, new))
    return inventory._replace(nics=tuple(_readdressed(nic, renamed) for nic in inventory.nics))


def _readdressed(nic: Nic, renamed: dict[str, str]) -> Nic:
    """A NIC or what is stacked on it, with the card's new address for the old."""
    mac, permanent = nic.mac or "", nic.permanent_mac or ""
    return nic._replace(
        mac=renamed.get(mac, nic.mac), permanent_mac=renamed.get(permanent, nic.permanent_mac)
    )
