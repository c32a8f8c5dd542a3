"""The cards that netplan's files are for, where no machine can be asked."""

from __future__ import annotations

from hyperv_net.decision.binding import NamedCard
from hyperv_net.inventory import identifiers
from hyperv_net.names import is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.given_names import completed, is_of_vfs
from hyperv_net.renderers.netplan.adopt.reading import merged, read_files, standing
from hyperv_net.renderers.netplan.files import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def cards(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    """Those of `ethernets`, by `match` or by their ids, with what they are given."""
    return completed(_own(existing), existing)


def _own(existing: Mapping[str, str]) -> Iterator[NamedCard]:
    files = read_files(existing, [])
    stands = standing(files)
    for one, entry in as_mapping(merged(files).get("ethernets")).items():
        match = as_mapping(entry).get("match")
        asked = as_mapping(match)
        drivers = as_list(asked.get("driver")) or [asked.get("driver") or ""]
        if is_of_vfs(map(str, drivers)):
            continue
        address = identifiers.mac(str(asked.get("macaddress") or "")) or ""
        # What it is to be called where it is found by its address, or else what it has to be.
        named = as_mapping(entry).get("set-name") if address else None
        said = str(named or asked.get("name") or (one if match is None else ""))
        name = said if is_interface_name(said) or not address else ""
        if name or address:
            path = ("ethernets", one, *(("match", "macaddress") if address else ()))
            yield NamedCard(name, address, stands(path) or Place("", path))
