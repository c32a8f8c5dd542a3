"""An inventory of a kind of machine, made one of the machine that a configuration is for.

Machines of a kind have the same cards and other hardware addresses.  A network config, or the
files of a root, that name cards by address say which these are.
"""

from __future__ import annotations

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from hyperv_net.model import Inventory, NetworkConfig, Nic, Pair
    from hyperv_net.places import Where

#: An Ethernet address has as many; one of InfiniBand, with 20 bytes, has 19.
_COLONS = 5


class NamedCard(NamedTuple):
    """A card by the name of its synthetic NIC, by its hardware address, or by both.

    What is not said of it is empty.  `where` is what says it.  An address that `is_given` is
    one that no config says: what names NICs says it, maybe of another machine's.
    """

    name: str
    mac: str
    where: Where
    is_given: bool = False


def cards_of(config: NetworkConfig) -> tuple[NamedCard, ...]:
    """The cards that a network config names, in its order."""
    return tuple(_cards_of(config))


def _cards_of(config: NetworkConfig) -> Iterator[NamedCard]:
    where = Place(config.source, ("ethernets",))
    for one, entry in (config.tree.get("ethernets") or Node({})).items():
        mac = at(entry, ("match", "macaddress"))
        if mac is not None:
            # Whatever it is called: the rewrite finds it by the address alone.
            yield NamedCard("", str(mac.value), where)
        elif entry.get("match") is None:
            yield NamedCard(one, "", where)


def bound(
    inventory: Inventory, cards: Collection[NamedCard], synthetic_drivers: Collection[str]
) -> Inventory:
    """The inventory with the addresses and names that are said of `cards`.

    A card that has one of the addresses keeps it.  One that is called as a card is said to be
    gets its address, the others get theirs in their order, and those last of which the name alone
    is said.  A name that is said beside an address is the synthetic NIC's, where no NIC has it.
    Addresses that are given come after all others, and go to no card that is named otherwise.
    Raises HypervNetError where there are more addresses that are not given than cards.
    """
    return _bound(inventory, cards, cards, synthetic_drivers, is_whole=True)


def bound_to_both(
    inventory: Inventory,
    base: Collection[NamedCard],
    head: Collection[NamedCard],
    synthetic_drivers: Collection[str],
) -> Inventory:
    """The one machine that was configured as `base` says, and is to be as `head` says.

    A card that the base names keeps that address, whatever the head says of it; what the head
    names besides are further cards, as far as there are any.  Raises as `bound` does for the base.
    """
    machine = bound(inventory, base, synthetic_drivers)
    return _bound(machine, head, (*base, *head), synthetic_drivers, is_whole=False)


def _bound(
    inventory: Inventory,
    cards: Collection[NamedCard],
    staying: Iterable[NamedCard],
    synthetic_drivers: Collection[str],
    *,
    is_whole: bool,
) -> Inventory:
    """The inventory with `cards`; whoever has the address of one that is `staying` keeps it."""
    pairs = find_pairs(inventory, synthetic_drivers).pairs
    wanted, kept = _by_address(cards), _by_address(staying)
    own = {nic.hardware_mac for nic in inventory.nics}
    new = [one for mac, one in wanted.items() if mac not in own]
    free = [one for one in pairs if one.mac not in kept]
    said = [one for one in new if not one.is_given]
    if is_whole and len(said) > len(free):
        number = sum(not one.is_given for one in wanted.values())
        raise HypervNetError(
            f"it names {number} cards by address, and the inventory has {len(pairs)}",
            where=said[len(free)].where,
            hint="give the inventory of a machine with as many",
        )
    named_alone = {one.name for one in cards if not one.mac}
    macs = _assigned(free, new, named_alone)
    names = _given_names(inventory, pairs, macs, wanted)
    nics = tuple(_known_as(nic, macs, names) for nic in inventory.nics)
    vf_map = tuple((names.get(one, one), vf) for one, vf in inventory.vf_map)
    return inventory._replace(nics=nics, vf_map=vf_map)


def _by_address(cards: Iterable[NamedCard]) -> dict[str, NamedCard]:
    """Each Ethernet address with its card, whose name may be said elsewhere; in their order."""
    found: dict[str, NamedCard] = {}
    macs: dict[str, str] = {}
    for one in cards:
        if one.mac.count(":") != _COLONS or macs.get(one.name, one.mac) != one.mac:
            # What is called so has an address already: this one it is to get.
            continue
        if one.name:
            macs[one.name] = one.mac
        before = found.get(one.mac)
        if before is None or not before.name:
            found[one.mac] = one
    return found


def _assigned(
    free: Iterable[Pair], new: Iterable[NamedCard], named_alone: Collection[str]
) -> dict[str, str]:
    """The addresses of free cards → those that they get."""
    assigned: dict[str, str] = {}
    cards = list(new)
    left = sorted(free, key=lambda pair: not _names(pair).isdisjoint(named_alone))
    for is_given in (False, True):
        waiting = []
        for one in (card for card in cards if card.is_given is is_given):
            called_so = next((pair for pair in left if one.name in _names(pair)), None)
            if called_so is None:
                waiting.append(one)
            else:
                left.remove(called_so)
                assigned[called_so.mac] = one.mac
        if is_given:
            left = [pair for pair in left if _names(pair).isdisjoint(named_alone)]
        assigned.update((pair.mac, one.mac) for pair, one in zip(left, waiting))
        left = left[len(waiting) :]
    return assigned


def _names(pair: Pair) -> set[str]:
    return {nic.name for nic in (pair.synthetic, pair.vf) if nic is not None}


def _given_names(
    inventory: Inventory,
    pairs: Iterable[Pair],
    macs: Mapping[str, str],
    wanted: Mapping[str, NamedCard],
) -> dict[str, str]:
    """The names of synthetic NICs → those that are said beside their addresses."""
    taken = {nic.name for nic in inventory.nics}
    names: dict[str, str] = {}
    for pair in pairs:
        card = wanted.get(macs.get(pair.mac, pair.mac))
        if card is not None and card.name and card.name not in taken and pair.synthetic:
            names[pair.synthetic.name] = card.name
            taken.add(card.name)
    return names


def _known_as(nic: Nic, macs: Mapping[str, str], names: Mapping[str, str]) -> Nic:
    """A NIC or what is stacked on it, with the card's new address and name for the old."""
    mac, permanent, master = nic.mac or "", nic.permanent_mac or "", nic.master or ""
    return nic._replace(
        name=names.get(nic.name, nic.name),
        mac=macs.get(mac, nic.mac),
        permanent_mac=macs.get(permanent, nic.permanent_mac),
        master=names.get(master, nic.master),
        lowers=tuple(names.get(one, one) for one in nic.lowers),
    )
