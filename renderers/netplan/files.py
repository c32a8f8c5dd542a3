"""The trees in netplan's files, merged as netplan merges them (netplan(5), "General structure")."""

from __future__ import annotations

from collections.abc import Mapping

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.netplan.keys import DEVICES
from hyperv_net.renderers.netplan.paths import in_order
from hyperv_net.tree import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Network = Mapping[str, Any]


class File(NamedTuple):
    """One file: its path below the root, and what it has under `network`."""

    path: str
    network: Network

    @property
    def name(self) -> str:
        """The name without the folder, by which the files are ordered."""
        return self.path.rpartition("/")[2]


def files_of(existing: Mapping[str, str]) -> list[File]:
    """The files netplan reads, in its order: of one name, that of the first folder."""
    return [File(path, network_of(path, existing[path])) for path in in_order(existing)]


def network_of(path: str, text: str) -> dict[str, Any]:
    """What a file has under `network`; HypervNetError where it is not YAML."""
    from hyperv_net.netconfig.yaml_text import read_yaml

    return with_backends(as_mapping(as_mapping(to_plain(read_yaml(text, path))).get("network")))


def with_backends(network: Network) -> dict[str, Any]:
    """What a file has, with a `renderer` that stands beside devices in those that name none.

    It is that of this file's devices alone (handle_network_type of src/parse.c).
    """
    found = dict(network)
    for kind in DEVICES & found.keys():
        devices = dict(as_mapping(found[kind]))
        backend = devices.get("renderer")
        if backend is not None and not isinstance(backend, Mapping):
            del devices["renderer"]
            found[kind] = {
                one: {"renderer": backend, **as_mapping(device)} for one, device in devices.items()
            }
    return found


def merged_network(files: Iterable[File]) -> dict[str, Any]:
    """One tree of all files."""
    network: dict[str, Any] = {}
    for file in files:
        network = _merge(network, file.network)
    return network


def _merge(before: Any, after: Any) -> Any:
    """As netplan does: mappings key by key, lists joined, anything else replaced."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        both = dict(before)
        for key, value in after.items():
            both[key] = _merge(before[key], value) if key in before else value
        return both
    if isinstance(before, list) and isinstance(after, list):
        return [*before, *(one for one in after if one not in before)]
    return after


def owners_above(network: Network) -> dict[str, str]:
    """Member → the bond or bridge over it."""
    return {
        str(member): device_id
        for kind in ("bonds", "bridges")
        for device_id, entry in as_mapping(network.get(kind)).items()
        for member in as_list(as_mapping(entry).get("interfaces"))
    }


def kind_of(network: Network, device: str) -> str:
    """The type of a device; no id is there twice (netplan(5), "Common properties")."""
    return next((kind for kind in DEVICES if device in as_mapping(network.get(kind))), "ethernets")


def device_of(network: Network, device: str) -> Network:
    """The settings of a device; none where it is not there."""
    return as_mapping(as_mapping(network.get(kind_of(network, device))).get(device))


def as_list(value: Any) -> list[Any]:
    """The value where it is a list, and an empty one otherwise."""
    return value if isinstance(value, list) else []


def as_mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is a mapping, and an empty one otherwise."""
    return value if isinstance(value, Mapping) else {}
