"""Which entries and names of a configuration speak of each pair."""

from __future__ import annotations

from hyperv_net.inventory.told import told_name
from hyperv_net.model import Nic
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.rewrite.devices import ids, referenced
from hyperv_net.rewrite.matching import entry_matches, is_catch_all
from hyperv_net.tree import at, natural

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from hyperv_net.model import Decision
    from hyperv_net.rewrite.devices import Devices
    from hyperv_net.tree import Node


class Work(NamedTuple):
    """A pair that needs an aggregate, and what the configuration says of it.

    `entries` are the ids below `ethernets` that fit one of its NICs, those of
    the synthetic NIC first.  `names` has every name by which something else
    may refer to the pair, with the id of the member it means.
    """

    decision: Decision
    synthetic: Nic
    entries: tuple[str, ...]
    synthetic_id: str
    vf_id: str
    names: Mapping[str, str]


def find_work(
    wanted: Collection[Decision], by_entry: Mapping[str, tuple[Nic, ...]], devices: Devices
) -> list[Work]:
    """A Work for every pair in `wanted` that the configuration speaks of.

    Their order does not depend on the kernel's names: those change from boot
    to boot, and must not decide which aggregate gets the first free name.
    """
    by_nic = _ids_by_nic(by_entry)
    by_mac = _ids_by_mac(devices)
    bearers = _bearers(devices)
    mentioned = set(referenced(devices))
    cards = [nic for one in wanted for nic in (one.pair.synthetic, one.pair.vf) if nic]
    narrowed = {one for nic in cards for one in by_nic.get(nic.name, ())}
    catch_alls = [
        one
        for one, entry in devices["ethernets"].items()
        if one not in narrowed and is_catch_all(entry)
    ]
    works = []
    for decision in wanted:
        synthetic, vf = decision.pair.synthetic, decision.pair.vf
        assert synthetic is not None
        of_synthetic = sorted(by_nic.get(synthetic.name, ()), key=natural)
        # An entry with the card's address that does not fit the synthetic NIC
        # speaks of the VF, also while that is away.
        told = decision.pair.vf_told
        of_vf = sorted(
            {
                *by_mac.get(told or decision.pair.mac, ()),
                *(by_nic.get(vf.name, ()) if vf else ()),
                *_named(told_name(told), devices),
            }
            - set(of_synthetic),
            key=natural,
        )
        entries = (*of_synthetic, *of_vf)
        synthetic_id = of_synthetic[0] if of_synthetic else _fresh(synthetic.name, bearers)
        vf_id = of_vf[0] if of_vf else _fresh(_vf_id(synthetic_id, catch_alls), bearers)
        members = ((vf, of_vf, vf_id), (synthetic, of_synthetic, synthetic_id))
        names: dict[str, str] = {}
        for nic, own, member in members:
            entries_of_nic = (devices["ethernets"][one] for one in own)
            borne = {*set_names(entries_of_nic), *((nic.name,) if nic else ())}
            # A name that some other device bears means that device.
            free = (name for name in borne if bearers.get(name, set()) <= set(entries))
            names.update(dict.fromkeys(free, member))
        # An id means its own entry, also where the other NIC's name is the same.
        names.update((one, member) for _, own, member in members for one in own)
        if entries or not mentioned.isdisjoint(names):
            works.append(Work(decision, synthetic, entries, synthetic_id, vf_id, names))
    return sorted(works, key=lambda work: natural(work.synthetic_id))


def _named(name: str | None, devices: Devices) -> Iterator[str]:
    """The entries for a NIC that is told by this name, be it there or not."""
    for one, entry in devices["ethernets"].items():
        if name and not is_catch_all(entry) and entry_matches(one, entry, Nic(name)):
            yield one


def _vf_id(synthetic_id: str, catch_alls: Iterable[str]) -> str:
    """The id of a VF's entry.

    A VF may come back under a name that a catch-all (`match: {name: "en*"}`)
    fits, and networkd takes the first file in the order of the ids.
    """
    plain = f"{synthetic_id}-vf"
    return f"0-{plain}" if any(one < plain for one in catch_alls) else plain


def _ids_by_nic(by_entry: Mapping[str, tuple[Nic, ...]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for device_id, nics in by_entry.items():
        for nic in nics:
            found.setdefault(nic.name, []).append(device_id)
    return found


def _ids_by_mac(devices: Devices) -> dict[object, list[str]]:
    found: dict[object, list[str]] = {}
    for device_id, entry in devices["ethernets"].items():
        mac = at(entry, ("match", "macaddress"))
        if mac is not None:
            found.setdefault(mac.value, []).append(device_id)
    return found


def _bearers(devices: Devices) -> dict[str, set[str]]:
    """Name → ids of the devices that bear it, as their id or by set-name."""
    bearers = {device_id: {device_id} for device_id in ids(devices)}
    for of_kind in devices.values():
        for device_id, device in of_kind.items():
            set_name = device.get("set-name")
            if set_name is not None:
                bearers.setdefault(str(set_name.value), set()).add(device_id)
    return bearers


def set_names(entries: Iterable[Node]) -> Iterator[str]:
    """The names that these entries give to their NICs."""
    for entry in entries:
        name = entry.get("set-name")
        if name is not None:
            yield str(name.value)


def _fresh(wanted: str, taken: Mapping[str, object]) -> str:
    return wanted if wanted not in taken else _fresh(f"{wanted}-member", taken)
