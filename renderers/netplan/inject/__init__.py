"""netplan's files: which device has a NIC's settings, and new addresses in their place.

netplan merges its files by the order of their names, and joins lists of
addresses, routes and name servers, so that no later file can take an address
back (netplan(5), "General structure").  So the device's lists are cut out of
the files they are in, and a file of our own, merged last, has them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from hyperv_net.errors import HypervNetError
from hyperv_net.marks import FROM_HOST
from hyperv_net.model import RenderedFile
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.files import (
    as_list,
    as_mapping,
    device_of,
    files_of,
    kind_of,
    merged_network,
    network_of,
    owners_above,
)
from hyperv_net.renderers.netplan.inject.yaml_cut import cut
from hyperv_net.renderers.netplan.keys import DEVICES
from hyperv_net.renderers.netplan.paths import INJECTED
from hyperv_net.renderers.parts import Addressing, topmost
from hyperv_net.renderers.plain_yaml import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from typing import Any

    from hyperv_net.model import Rendered
    from hyperv_net.renderers.netplan.files import (
        File,
        Network,
    )

#: What the last file can set anew, and what only a cut takes back.
_SWITCHES = ("dhcp4", "dhcp6")
_LISTS = ("addresses", "gateway4", "nameservers", "routes")
_EVERYWHERE = {"0.0.0.0/0": 4, "0/0": 4, "::/0": 6, "default": None}


def owner(existing: Mapping[str, str], name: str, mac: str | None) -> str:
    """The id that has the settings of the NIC: of an aggregate or bridge above it, or its own.

    The NIC is told by its name, or else by its address.  Raises
    HypervNetError where a file cannot be read.
    """
    network = merged_network(files_of(existing))
    return topmost(_entry(network, name, mac) or name, owners_above(network))


def interface(existing: Mapping[str, str], device: str, name: str) -> str:
    """The interface of the device, which was found for the NIC `name`."""
    return name if kind_of(merged_network(files_of(existing)), device) == "ethernets" else device


def addressing(existing: Mapping[str, str], device: str, mac: str | None = None) -> Addressing:
    """What the files make of the device, merged as netplan merges them."""
    merged = device_of(merged_network(files_of(existing)), device)
    return Addressing(
        dhcp=merged.get("dhcp4") is True,
        addresses=tuple(dict.fromkeys(_addresses(merged))),
        nameservers=tuple(_nameservers(merged)),
    )


def nameservers(existing: Mapping[str, str]) -> list[str]:
    """The name servers of all devices, each once."""
    network = merged_network(files_of(existing))
    devices = (
        as_mapping(device) for kind in DEVICES for device in as_mapping(network.get(kind)).values()
    )
    return list(dict.fromkeys(server for device in devices for server in _nameservers(device)))


def is_networkmanagers(existing: Mapping[str, str], device: str) -> bool:
    """Whether netplan hands the device to NetworkManager."""
    network = merged_network(files_of(existing))
    own = device_of(network, device).get("renderer")
    return (own or network.get("renderer")) == "NetworkManager"


def put(
    existing: Mapping[str, str],
    device: str,
    settings: Mapping[str, Any],
    render: Callable[[Mapping[str, str]], Rendered],
    *,
    replaces_ipv6: bool,
    mac: str | None = None,
) -> list[RenderedFile]:
    """The files that change for the device to have `settings`, a network config's device.

    What the device has of the other family stays, and moves to our file where
    it is in a list.  Raises HypervNetError where a file stands in the way.
    """
    found = files_of(existing)
    merged = merged_network(found)
    kind, own = kind_of(merged, device), _own_name(found, device)
    rendered = render({})
    document = network_of(rendered.files[0].path, rendered.files[0].text)
    earlier = next((file.network for file in found if file.name == own), {})
    said = device_of(earlier, device)
    switches = {key: said[key] for key in _SWITCHES if key in said}
    new = _with_kept(
        {**switches, **document["ethernets"][device]},
        device_of(merged, device),
        replaces_ipv6=replaces_ipv6,
    )
    cuts = (*_LISTS, "gateway6") if replaces_ipv6 else _LISTS
    files = []
    for file in found:
        if file.name in INJECTED:
            continue
        said = device_of(file.network, device)
        going = [key for key in cuts if key in said]
        if file.name > own:
            going += [key for key in _SWITCHES if key in said and key in new]
        if going and not file.path.startswith("etc/"):
            raise HypervNetError(
                f"sets {', '.join(going)}, and is no file of this machine's own",
                where=Place(file.path, (kind, device)),
                hint=f"put an empty file of that name into /etc/netplan, or remove {file.path}",
            )
        if going:
            at = ("network", kind, device)
            files.append(RenderedFile(file.path, cut(existing[file.path], file.path, at, going)))
    network = _with_device(earlier, kind, device, new, members=owners_above(merged))
    files += [RenderedFile(f"etc/netplan/{own}", FROM_HOST + dump({"network": network}), 0o600)]
    return files


def _with_device(
    earlier: Network, kind: str, device: str, new: Network, *, members: Container[str]
) -> dict[str, Any]:
    """Our file with one device's settings anew; what it had for a NIC that is a member now goes."""
    kept: dict[str, Any] = {
        of_kind: {one: entry for one, entry in as_mapping(devices).items() if one not in members}
        for of_kind, devices in earlier.items()
        if of_kind in DEVICES
    }
    kept[kind] = {**kept.get(kind, {}), device: new}
    devices = {
        of_kind: dict(sorted(kept[of_kind].items())) for of_kind in DEVICES if kept.get(of_kind)
    }
    return {"version": 2, **devices}


def _entry(network: Network, name: str, mac: str | None) -> str | None:
    """The entry for the NIC: by its configured name, by its id, by what it matches."""
    ethernets = {
        one: as_mapping(entry) for one, entry in as_mapping(network.get("ethernets")).items()
    }
    for device_id, entry in ethernets.items():
        if entry.get("set-name") == name:
            return device_id
    if device_of(network, name).get("set-name", name) == name and any(
        name in as_mapping(network.get(kind)) for kind in DEVICES
    ):
        return name
    for device_id, entry in ethernets.items():
        match = as_mapping(entry.get("match"))
        if match and _fits(match, name, mac) and "set-name" not in entry:
            return device_id
    return None


def _fits(match: Network, name: str, mac: str | None) -> bool:
    """Whether a match without a rename is the NIC's; one for all other drivers is the VF's."""
    drivers = match.get("driver", [])
    if any(
        str(one).startswith("!") for one in (drivers if isinstance(drivers, list) else [drivers])
    ):
        return False
    if "macaddress" in match:
        return mac is not None and str(match["macaddress"]).lower() == mac
    return "name" in match and fnmatchcase(name, str(match["name"]))


def _own_name(files: Iterable[File], device: str) -> str:
    """The name of our file: one that every file about the device comes before, if there is one."""
    others = [
        file.name for file in files if file.name not in INJECTED and device_of(file.network, device)
    ]
    last = max(others, default="")
    ours = [file.name for file in files if file.name in INJECTED]
    return ours[0] if ours else next((name for name in INJECTED if name > last), INJECTED[-1])


def _with_kept(new: Network, before: Network, *, replaces_ipv6: bool) -> dict[str, Any]:
    """The new settings, and those of the lists before that say nothing about what is replaced."""
    replaced = (4, 6) if replaces_ipv6 else (4,)
    kept_addresses = [
        one
        for one in as_list(before.get("addresses"))
        if (6 if ":" in _text(one) else 4) not in replaced
    ]
    kept_routes = [
        one for one in as_list(before.get("routes")) if _default_of(as_mapping(one)) not in replaced
    ]
    servers = dict(as_mapping(before.get("nameservers")))
    if new.get("dhcp4") is True:
        # Those of an earlier injection, where the lease has others now.
        servers.pop("addresses", None)
    servers.update(as_mapping(new.get("nameservers")))
    lists = {
        "addresses": [*new.get("addresses", []), *kept_addresses],
        "routes": [*new.get("routes", []), *kept_routes],
        "nameservers": servers,
    }
    switches = {key: new[key] for key in _SWITCHES if key in new}
    return {**switches, **{key: value for key, value in lists.items() if value}}


def _default_of(route: Network) -> int | None:
    """The family of a default route; None for any other."""
    to, via = str(route.get("to", "")), str(route.get("via", ""))
    if to not in _EVERYWHERE or "table" in route:
        return None
    return _EVERYWHERE[to] or (6 if ":" in via else 4)


def _nameservers(device: Network) -> Iterator[str]:
    from ipaddress import ip_address

    for one in as_list(as_mapping(device.get("nameservers")).get("addresses")):
        try:
            yield str(ip_address(str(one).partition("%")[0]))
        except ValueError:
            continue


def _addresses(device: Network) -> Iterator[str]:
    from ipaddress import ip_interface

    for one in as_list(device.get("addresses")):
        try:
            yield str(ip_interface(_text(one)))
        except ValueError:
            continue


def _text(address: Any) -> str:
    """An address, which may be the one key of a mapping with its options."""
    return str(next(iter(address), "") if isinstance(address, Mapping) else address)
