"""interfaces(5): which device has a NIC's settings, and new addresses in its stanzas' place.

ifupdown applies every stanza of a name, wherever it stands, so all of them
give way.  Their lines that are not about addresses (a bond's options, hooks,
MTU) go to the new stanzas.
"""

from __future__ import annotations

import re

from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from hyperv_net.names import is_plain_name
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.ifupdown.existing import parts
from hyperv_net.renderers.ifupdown.paths import INTERFACES
from hyperv_net.renderers.parts import Addressing, topmost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from hyperv_net.model import Rendered
    from hyperv_net.renderers.ifupdown.existing import Part

#: Options of the methods static, dhcp and auto (interfaces(5)) that the new stanza says itself.
_ABOUT_ADDRESSES = frozenset(
    ("address", "netmask", "broadcast", "network", "gateway", "metric", "pointopoint")
)
_ABOUT_IPV6 = frozenset(
    ("accept_ra", "autoconf", "dad-attempts", "dhcp", "preferred-lifetime", "request_prefix")
)
_NAMESERVERS = frozenset(("dns-nameservers", "dns-nameserver"))
_PORTS = frozenset(["bond-slaves", "bond_slaves", "slaves", "bridge_ports", "bridge-ports"])
#: ifenslave makes a bond of a device with one of these.
_OF_BONDS = frozenset(("bond-slaves", "bond_slaves", "slaves", "bond-mode", "bond_mode"))
_DEFAULT_ROUTE = re.compile(r"\broute (add|replace|append|del) (default|0\.0\.0\.0/0|::/0)\b")
_STARTS = ("auto", "allow-auto", "allow-hotplug")


class _Stanza(NamedTuple):
    """One `iface` stanza, and the file it stands in."""

    path: str
    part: Part
    name: str
    family: str
    method: str


def owner(existing: Mapping[str, str], name: str, mac: str | None) -> str:
    """The device that has the settings of the NIC: a bond or bridge over it, or itself."""
    ports = {
        port: stanza.name
        for stanza in stanzas_of(existing)
        for option, *words in stanza.part.options
        if option in _PORTS
        for port in words
    }
    return topmost(name, ports)


def interface(existing: Mapping[str, str], device: str, name: str) -> str:
    """The interface of the device, which is named by it."""
    return device


def addressing(existing: Mapping[str, str], device: str, mac: str | None = None) -> Addressing:
    """What the stanzas of the device say."""
    found = [one for one in stanzas_of(existing) if one.name == device]
    return Addressing(
        dhcp=any((one.family, one.method) == ("inet", "dhcp") for one in found),
        addresses=tuple(
            dict.fromkeys(
                address for one in found if one.method == "static" for address in _addresses(one)
            )
        ),
        nameservers=tuple(dict.fromkeys(server for one in found for server in _servers(one))),
    )


def nameservers(existing: Mapping[str, str]) -> list[str]:
    """The name servers of all stanzas, each once."""
    return list(dict.fromkeys(one for stanza in stanzas_of(existing) for one in _servers(stanza)))


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

    Raises HypervNetError where a stanza takes its options from elsewhere.
    """
    families = ("inet", "inet6") if replaces_ipv6 else ("inet",)
    old = [one for one in stanzas_of(existing) if one.name == device]
    going = [one for one in old if one.family in families]
    for one in old:
        if "inherits" in one.part.words:
            raise HypervNetError(
                "inherits options from another stanza",
                where=one.part.stands(one.path),
                hint="write the options out in the stanza itself",
            )
    rendered = render({})
    new = [
        stanza
        for stanza in stanzas_of({INTERFACES: rendered.files[0].text})
        if stanza.name == device
    ]
    # With a lease the servers of an earlier injection go too.
    has_servers = "nameservers" in settings or settings.get("dhcp4") is True
    text = _text(new, going, has_servers=has_servers)
    if not any(_starts(path, device) for path in existing.items()):
        text = f"auto {device}\n{text}"
    place = going[0] if going else next(iter(old), None)
    if place is None:
        before = existing.get(INTERFACES, "")
        gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
        return [RenderedFile(INTERFACES, f"{before}{gap}{text}")]
    gone = _NAMESERVERS if has_servers else frozenset()
    return list(_edited(existing, old, going, place, text, gone))


def _edited(
    existing: Mapping[str, str],
    old: list[_Stanza],
    going: list[_Stanza],
    place: _Stanza,
    text: str,
    gone: frozenset[str],
) -> Iterator[RenderedFile]:
    """The files without the stanzas that are `going`, the new ones where the first of them stands.

    The other stanzas of the device lose the options that are `gone`.
    """
    for path, before in sorted(existing.items()):
        after, is_placed = "", False
        for part in parts(before):
            stanza = _stanza(path, part)
            if not is_placed and stanza == place:
                after, is_placed = f"{after}{text}\n", True
            if stanza in going:
                # What stands between two stanzas is taken for the end of the first.
                kept = [line for line in part.lines if line.lstrip().startswith("#")]
            elif stanza in old:
                kept = [line for line in part.lines if (line.split() or [""])[0] not in gone]
            else:
                kept = list(part.lines)
            after += "".join(kept)
        after = after if before.endswith("\n\n") else after.rstrip("\n") + "\n"
        if after != before:
            yield RenderedFile(path, after)


def _text(new: list[_Stanza], going: list[_Stanza], *, has_servers: bool) -> str:
    """The new stanzas, with what the old ones of each family said besides addresses."""
    pieces = []
    waiting = {
        family: [
            line
            for one in going
            if one.family == family
            for line in _kept(one, has_servers=has_servers)
        ]
        for family in ("inet", "inet6")
    }
    first = new[0].family if new else ""
    for stanza in new:
        lines = waiting.pop(stanza.family, [])
        if stanza.family == first:
            others = [one for one in waiting if not any(each.family == one for each in new)]
            lines += [line for one in others for line in waiting.pop(one)]
        body = [line.rstrip("\n") for line in stanza.part.lines if line.strip()]
        known = {line.strip() for line in body}
        body += [line for line in dict.fromkeys(lines) if line.strip() not in known]
        pieces.append("".join(f"{line}\n" for line in body))
    return "\n".join(pieces)


def _kept(stanza: _Stanza, *, has_servers: bool) -> Iterator[str]:
    """The lines of an old stanza that the new one goes on having."""
    gone = _ABOUT_ADDRESSES | (_NAMESERVERS if has_servers else frozenset())
    if stanza.family == "inet6":
        gone |= _ABOUT_IPV6
    for line in stanza.part.lines[1:]:
        option = (line.split() or [""])[0]
        is_said = option.startswith("#") or option in gone or _DEFAULT_ROUTE.search(line)
        if option and not is_said:
            yield line.rstrip("\n")


def stanzas_of(existing: Mapping[str, str]) -> Iterator[_Stanza]:
    """The stanzas of both families, wherever they stand."""
    for path in sorted(existing):
        for part in parts(existing[path]):
            stanza = _stanza(path, part)
            if stanza is not None:
                yield stanza


def _stanza(path: str, part: Part) -> _Stanza | None:
    verb, *words = part.words or ("",)
    if verb != "iface" or len(words) < 3 or words[1] not in ("inet", "inet6"):
        return None
    return _Stanza(path, part, words[0], words[1], words[2])


def bonds(existing: Mapping[str, str]) -> list[str]:
    """The bonds that the stanzas make, by their options for ifenslave."""
    return list(
        dict.fromkeys(
            stanza.name
            for stanza in stanzas_of(existing)
            if any(option in _OF_BONDS for option, *_ in stanza.part.options)
            and is_plain_name(stanza.name)
        )
    )


def _starts(file: tuple[str, str], device: str) -> bool:
    words = (part.words for part in parts(file[1]))
    return any(one and one[0] in _STARTS and device in one[1:] for one in words)


def _addresses(stanza: _Stanza) -> Iterator[str]:
    """The address of a static stanza with its prefix length; nothing where it is none."""
    from ipaddress import ip_interface

    said = {option: words[0] for option, *words in stanza.part.options if words}
    text, mask = said.get("address", ""), said.get("netmask")
    if mask is not None and "/" not in text:
        text = f"{text}/{mask}"
    try:
        yield str(ip_interface(text))
    except ValueError:
        return


def _servers(stanza: _Stanza) -> Iterator[str]:
    from ipaddress import ip_address

    for option, *words in stanza.part.options:
        for word in words if option in _NAMESERVERS else ():
            try:
                yield str(ip_address(word))
            except ValueError:
                continue
