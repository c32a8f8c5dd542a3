"""Keyfiles: which profile has a NIC's settings, and new addresses in its place."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.identity import profile_id
from hyperv_net.renderers.networkmanager.keyfile import read
from hyperv_net.renderers.networkmanager.paths import CONNECTIONS
from hyperv_net.renderers.networkmanager.profiles import (
    Nic,
    connects_itself,
    fits,
    is_ethernet,
    is_for_one_nic,
    master_of,
    rank,
    visible,
)
from hyperv_net.renderers.parts import Addressing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from hyperv_net.model import Rendered
    from hyperv_net.renderers.networkmanager.keyfile import Keyfile, Line

#: What an injection says itself; what else a section has stays.
_ABOUT_ADDRESSES = frozenset(("method", "gateway", "may-fail", "never-default", "link-local"))
_EVERYWHERE = ("0.0.0.0/0", "::/0")


def owner(existing: Mapping[str, str], name: str, mac: str | None) -> str:
    """The interface that has the settings of the NIC: of a bond or bridge over it, or itself."""
    found = _of_nic(existing, name, mac)
    seen = {name}
    while found is not None and master_of(found[1]):
        above = _above(existing, master_of(found[1]))
        if above is None or above[1].plain("connection", "interface-name") in seen:
            break
        found, name = above, above[1].plain("connection", "interface-name")
        seen.add(name)
    return name


def interface(existing: Mapping[str, str], device: str, name: str) -> str:
    """The interface of the device, which is called by it."""
    return device


def addressing(existing: Mapping[str, str], device: str, mac: str | None = None) -> Addressing:
    """What the profile of the device says."""
    found = _of_device(existing, device, mac)
    if found is None:
        return Addressing(dhcp=False)
    profile = found[1]
    return Addressing(
        dhcp=(profile.plain("ipv4", "method") or "auto") == "auto",
        addresses=tuple(dict.fromkeys(_addresses(profile))),
        nameservers=tuple(dict.fromkeys(_servers(profile))),
    )


def nameservers(existing: Mapping[str, str]) -> list[str]:
    """The name servers of all profiles, each once."""
    found = (one for _, profile in visible(existing) for one in _servers(profile))
    return list(dict.fromkeys(found))


def put(
    existing: Mapping[str, str],
    device: str,
    settings: Mapping[str, Any],
    render: Callable[[Mapping[str, str]], Rendered],
    *,
    replaces_ipv6: bool,
    mac: str | None = None,
) -> list[RenderedFile]:
    """The file of the device's profile with `settings`, a network config's device, in it.

    Raises HypervNetError where the profile is not this machine's own, or other NICs have it too.
    """
    new = read(next(file.text for file in render({}).files))
    found = _of_device(existing, device, mac)
    if found is None:
        raise HypervNetError(
            "no profile of NetworkManager is for it",
            where=device,
            hint=f"make one below /{CONNECTIONS[0]}",
        )
    path, profile = found
    if not path.startswith(f"{CONNECTIONS[0]}/"):
        raise HypervNetError(
            f"has the settings of {device}, and is no file of this machine's own",
            where=Place(path),
            hint=f"move it to /{CONNECTIONS[0]}",
        )
    if is_ethernet(profile) and not is_for_one_nic(profile):
        raise HypervNetError(
            f"has the settings of {device}, and is for other NICs too",
            where=profile.tells_nic(path),
            hint=f"give {device} a profile of its own, with interface-name={device}",
        )
    text = existing[path]
    has_servers = "nameservers" in settings or settings.get("dhcp4") is True
    for section in ("ipv4", "ipv6") if replaces_ipv6 else ("ipv4",):
        text = _with_section(text, section, new, has_servers=has_servers)
    text = text if _NOTE in text else f"{_NOTE}{text}"
    return [RenderedFile(path, text, 0o600)]


_NOTE = "# Addresses that the Hyper-V host injected are in it (hyperv-net kvp).\n"


def _with_section(text: str, section: str, new: Keyfile, *, has_servers: bool) -> str:
    """The file with a section's addresses anew, where the section stands; its other keys stay."""
    old = read(text)
    kept = [
        one
        for one in old.lines
        if one.section == section
        and not one.text.strip().startswith("[")
        and one.text.strip()
        and not _is_replaced(one, old, has_servers=has_servers)
    ]
    gone = {one.key.partition("_")[0] for one in kept if one.key}
    fresh = list(_fresh(new, section, gone))
    heading = next(
        (x.text for x in old.lines if x.section == section and x.text.strip().startswith("[")),
        f"[{section}]\n",
    )
    body = "".join(
        one if one.endswith("\n") else f"{one}\n"
        for one in (heading, *fresh, *(one.text for one in kept))
    )
    pieces, is_placed = [], False
    for one in old.lines:
        if one.section != section:
            pieces.append(one.text)
        elif not is_placed:
            pieces.append(f"{body}\n")
            is_placed = True
    if not is_placed:
        pieces.append(f"\n{body}")
    return "".join(pieces).rstrip("\n") + "\n"


def _is_replaced(line: Line, old: Keyfile, *, has_servers: bool) -> bool:
    key = line.key
    if key in _ABOUT_ADDRESSES or key.startswith("address"):
        return True
    if key == "dns":
        return has_servers
    number = key.partition("_")[0]
    if number.startswith("route") and number[5:].isdecimal():
        to = old.plain(line.section, number).partition(",")[0]
        return to in _EVERYWHERE and "table=" not in old.plain(line.section, f"{number}_options")
    return False


def _fresh(new: Keyfile, section: str, taken: set[str]) -> Iterator[str]:
    """The lines of the new section; a route whose number an old one keeps has another."""
    numbers: dict[str, str] = {}
    for one in new.lines:
        if one.section != section or not one.key:
            continue
        name, rest = one.key.partition("_")[0], one.key.partition("_")[1:]
        if name.startswith("route") and name[5:].isdecimal():
            if name not in numbers:
                number = 1
                while f"route{number}" in taken:
                    number += 1
                numbers[name] = f"route{number}"
                taken.add(numbers[name])
            name = numbers[name]
        yield f"{name}{''.join(rest)}={one.value}\n"


def _of_nic(existing: Mapping[str, str], name: str, mac: str | None) -> tuple[str, Keyfile] | None:
    """The profile that the NIC has; of its driver nothing is known here."""
    nic = Nic(name, name, mac or "", None)
    fitting = [one for one in visible(existing) if fits(one[1], nic)]
    return max(fitting, key=lambda one: (*rank(one[1]), one[0]), default=None)


def _of_device(
    existing: Mapping[str, str], device: str, mac: str | None
) -> tuple[str, Keyfile] | None:
    made = _above(existing, device)
    if made is not None:
        return made
    return _of_nic(existing, device, mac) if mac else _by_name(existing, device)


def _by_name(existing: Mapping[str, str], device: str) -> tuple[str, Keyfile] | None:
    """The profile of a NIC, of whose address nothing is known here.

    One that is told by an address is the NIC's where it is called so, or is the only one.
    """
    by_address = [
        one
        for one in visible(existing)
        if is_ethernet(one[1])
        and connects_itself(one[1])
        and one[1].plain("ethernet", "mac-address")
        and not one[1].plain("connection", "interface-name")
        and not master_of(one[1])
    ]
    called = [one for one in by_address if one[1].plain("connection", "id") == profile_id(device)]
    known = called or (by_address if len(by_address) == 1 else [])
    by_name = _of_nic(existing, device, None)
    found = [*known, *([by_name] if by_name is not None else [])]
    return max(found, key=lambda one: (*rank(one[1]), one[0]), default=None)


def _above(existing: Mapping[str, str], word: str) -> tuple[str, Keyfile] | None:
    """The profile that makes a device of this interface or UUID."""
    for path, profile in visible(existing):
        names = (profile.plain("connection", "interface-name"), profile.plain("connection", "uuid"))
        if word in names and not is_ethernet(profile):
            return path, profile
    return None


def _addresses(profile: Keyfile) -> Iterator[str]:
    from ipaddress import ip_interface

    for section in ("ipv4", "ipv6"):
        for _, value in profile.numbered(section, "address"):
            try:
                yield str(ip_interface(value.partition(",")[0].strip()))
            except ValueError:
                continue


def _servers(profile: Keyfile) -> Iterator[str]:
    from ipaddress import ip_address

    for section in ("ipv4", "ipv6"):
        for one in profile.elements(section, "dns"):
            try:
                yield str(ip_address(one.partition("%")[0].strip()))
            except ValueError:
                continue
