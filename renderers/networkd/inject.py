"""networkd's files: which device has a NIC's settings, and new addresses in their place.

The first file that fits a device is all that it has, so that injected settings are a file of their
own that comes before every other, with all that stays of the one before it: no drop-in
takes an address back.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_interface

from hyperv_net.decision.claims import DRIVER, KERNEL_NAME, MAC, NAME, selects
from hyperv_net.errors import HypervNetError
from hyperv_net.marks import FROM_HOST
from hyperv_net.model import RenderedFile
from hyperv_net.names import is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.adopt.files import lines_of, read
from hyperv_net.renderers.networkd.asking import DHCP, EVERYWHERE
from hyperv_net.renderers.networkd.claims import selector
from hyperv_net.renderers.networkd.paths import OURS, injected_name
from hyperv_net.renderers.parts import Addressing
from hyperv_net.root.ini import Setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from hyperv_net.decision.claims import Selector
    from hyperv_net.model import Rendered
    from hyperv_net.renderers.networkd.adopt.files import File, Line

_ABOVE = ("Bond", "Bridge")
_NOT_TOLD = ("Path", "Kind", "Virtualization", "Property")


def owner(existing: Mapping[str, str], name: str, mac: str | None) -> str:
    """The bond or bridge over the NIC, whatever stands on that; or the NIC itself."""
    device, address, seen = name, mac, {name}
    while True:
        file = _file_of(existing, device, address)
        above = [file.value("Network", key) for key in _ABOVE] if file is not None else []
        over = next((one for one in above if is_interface_name(one)), "")
        if not over or over in seen:
            return device
        device, address = over, None
        seen.add(over)


def interface(existing: Mapping[str, str], device: str, name: str) -> str:
    """networkd's files call devices as the kernel does."""
    return device


def addressing(existing: Mapping[str, str], device: str, mac: str | None = None) -> Addressing:
    """What the first file for the device says."""
    file = _file_of(existing, device, mac)
    if file is None:
        return Addressing(dhcp=False)
    said = [*file.values("Network", "Address"), *file.values("Address", "Address")]
    return Addressing(
        dhcp=file.value("Network", "DHCP").lower() in DHCP[4],
        addresses=tuple(dict.fromkeys(_interfaces(said))),
        nameservers=tuple(dict.fromkeys(_servers(file))),
    )


def nameservers(existing: Mapping[str, str]) -> list[str]:
    """The name servers in all files, each once."""
    files = read(existing, "network", with_ours=True)
    return list(dict.fromkeys(server for file in files for server in _servers(file)))


def put(
    existing: Mapping[str, str],
    device: str,
    settings: Mapping[str, Any],
    render: Callable[[Mapping[str, str]], Rendered],
    *,
    replaces_ipv6: bool,
    mac: str | None = None,
) -> list[RenderedFile]:
    """A file of the device's that comes first, with `settings` and what they leave as it was.

    Raises HypervNetError where no file is for it: nothing is there that the host's settings
    could be held against.
    """
    file = _file_of(existing, device, mac)
    if file is None:
        raise HypervNetError(
            f"no file of networkd's is for {device}",
            where=Place("etc/systemd/network"),
            hint=f"say Name={device} in the one that is for it",
        )
    new = next(
        list(lines_of(one.text))
        for one in render({}).files
        if one.path.endswith(f"-{device}.network")
    )
    kept = _kept(file, (4, 6) if replaces_ipv6 else (4,), new)
    text = _joined(device, kept, new, _dhcp(file, settings, replaces_ipv6=replaces_ipv6))
    return [RenderedFile(f"{OURS}{injected_name(device)}", FROM_HOST + text)]


def _file_of(existing: Mapping[str, str], device: str, mac: str | None) -> File | None:
    """The first file for a device; not one that is for VFs, whose driver is another one.

    A NIC that a .link file names has the address by which that finds it.
    """
    macs = (mac,) if mac else tuple(_named_by_links(existing, device))
    values = {NAME: (device,), KERNEL_NAME: (device,), MAC: macs}
    for file in read(existing, "network", with_ours=True):
        found = _told(file)
        driver = (found or {}).pop(DRIVER, None)
        if not found or (driver is not None and driver.is_inverted):
            continue
        if selects(found, values):
            return file
    return None


def _told(file: File) -> Selector | None:
    """What a file picks a device out by, as far as its name and address go."""
    return selector(
        [
            Setting(line.section, line.key, line.value, 0)
            for _, line in file.lines
            if line.section == "Match" and line.key and line.key not in _NOT_TOLD
        ]
    )


def _named_by_links(existing: Mapping[str, str], device: str) -> Iterator[str]:
    for file in read(existing, "link", with_ours=True):
        found = _told(file)
        if found and MAC in found and file.value("Link", "Name") == device:
            yield from found[MAC].globs


def _dhcp(file: File, settings: Mapping[str, Any], *, replaces_ipv6: bool) -> str:
    """DHCP= with what the settings say of IPv4, and what was said of IPv6 unless that goes."""
    six = not replaces_ipv6 and file.value("Network", "DHCP").lower() in DHCP[6]
    words = {(True, True): "yes", (True, False): "ipv4", (False, True): "ipv6"}
    return words.get((settings.get("dhcp4") is True, six), "no")


def _kept(file: File, replaced: tuple[int, ...], new: list[Line]) -> list[list[Line]]:
    """The sections of a file without [Match] and without what is replaced, each with its lines."""
    sections: list[list[Line]] = []
    for _, line in file.lines:
        if line.is_header or not sections:
            sections.append([])
        sections[-1].append(line)
    has_servers = any(line.key == "DNS" for line in new)
    return [
        [line for line in section if not _goes(line, replaced, has_servers=has_servers)]
        for section in sections
        if section[0].section != "Match" and not _goes_whole(section, replaced)
    ]


def _goes(line: Line, replaced: tuple[int, ...], *, has_servers: bool) -> bool:
    if line.section != "Network":
        return False
    if line.key in ("Address", "Gateway"):
        return (6 if ":" in line.value else 4) in replaced
    return line.key == "DHCP" or (line.key == "DNS" and has_servers)


def _goes_whole(section: list[Line], replaced: tuple[int, ...]) -> bool:
    said = {line.key: line.value for line in section if line.key}
    if section[0].section == "Address":
        return (6 if ":" in said.get("Address", "") else 4) in replaced
    gateway = said.get("Gateway", "")
    is_default = said.get("Destination", "") in EVERYWHERE and "Table" not in said
    family = 6 if ":" in gateway else 4
    return section[0].section == "Route" and bool(gateway) and is_default and family in replaced


def _joined(device: str, kept: list[list[Line]], new: list[Line], dhcp: str) -> str:
    """The text: the device, [Network] with what is new of it first, the rest, the new routes."""
    added = [line.text for line in new if line.key in ("Address", "DNS")]
    stays = [_text(section[1:]) for section in kept if section[0].section == "Network"]
    others = [_text(section) for section in kept if section[0].section not in ("", "Network")]
    routes = [_text(section) for section in _routes(new)]
    network = f"[Network]\nDHCP={dhcp}\n{''.join((*added, *stays))}"
    return "\n".join((f"[Match]\nName={device}\n", network, *others, *routes))


def _routes(new: list[Line]) -> list[list[Line]]:
    found: list[list[Line]] = []
    for line in new:
        if line.section == "Route":
            if line.is_header:
                found.append([])
            found[-1].append(line)
    return found


def _text(section: list[Line]) -> str:
    """The lines of a section without the empty ones."""
    lines = [line.text for line in section if line.text.strip()]
    return "".join(one if one.endswith("\n") else f"{one}\n" for one in lines)


def _servers(file: File) -> Iterator[str]:
    for value in file.values("Network", "DNS"):
        for one in value.split():
            try:
                yield str(ip_address(one.partition("%")[0].partition("#")[0]))
            except ValueError:
                continue


def _interfaces(values: list[str]) -> Iterator[str]:
    for one in values:
        try:
            yield str(ip_interface(one))
        except ValueError:
            continue
