"""A device's addresses, DHCP and router advertisements, as `ifconfig_X`, `_ipv6` and `_aliasN`."""

from __future__ import annotations

from ipaddress import IPv4Interface

from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import MainLine, inet_words
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.freebsd.render.dhclient import place_overrides
from hyperv_net.renderers.freebsd.render.parsed_addresses import parsed
from hyperv_net.renderers.freebsd.render.routes import has_gateway
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.renderers.freebsd.render.parsed_addresses import Address
    from hyperv_net.tree import Path


class MainWords(NamedTuple):
    """What addressing adds to the main line: words at its front, and rc's at its end."""

    front: tuple[str, ...]
    end: tuple[str, ...]


def place_addressing(
    draft: Draft,
    interface: str,
    device: Node,
    path: Path,
    existing: MainLine | None,
    *,
    sources: tuple[str, ...] = (),
    no_dad: bool = False,
) -> MainWords:
    """Put all that `device` says about addresses into the draft.

    Where it says nothing about IPv4, `existing` counts: the line that rc.conf
    has for a device of its own, None for a member of another.  Where it says
    nothing about IPv6, what rc.conf has for it or for the interfaces in
    `sources` is left to be carried over.  `no_dad` is for a lagg: duplicate
    address detection would hear its own question through the other member.
    """
    ipv4, ipv6 = parsed(draft, device, path)
    aliased = any(variable_part(one) in draft.aliased for one in (interface, *sources))
    words = _ipv4(draft, interface, device, path, ipv4, existing, has_more=aliased or bool(ipv4))
    if ipv6 or says_ipv6(device) or not _has_ipv6_line(draft, (interface, *sources)):
        _ipv6(draft, interface, device, path, ipv6, no_dad=no_dad, standalone=existing is not None)
    else:
        _dhcp6(draft, interface, device, path)
    return words


def says_ipv4(device: Node) -> bool:
    """Whether the configuration itself says how the device is to have IPv4, if at all."""
    return device.get("dhcp4") is not None or any(":" not in one for one in _listed(device))


def says_ipv6(device: Node) -> bool:
    """Whether the configuration itself says how the device is to have IPv6, if at all."""
    return any(":" in one for one in _listed(device)) or any(
        device.get(key) is not None for key in ("accept-ra", "dhcp6-stateless", "link-local")
    )


def _listed(device: Node) -> Iterator[str]:
    """The addresses of a device, be they given with options or without."""
    for one in (device.get("addresses") or Node(())).elements():
        yield str(next(iter(dict(one.items())), one.value))


def _ipv6_variable(interface: str) -> str:
    return f"ifconfig_{variable_part(interface)}_ipv6"


def _has_ipv6_line(draft: Draft, interfaces: tuple[str, ...]) -> bool:
    return any(draft.rc.is_foreign(_ipv6_variable(one)) for one in interfaces)


def place_loopback(draft: Draft, device: Node, path: Path) -> None:
    """lo0's addresses; network.subr gives it 127.0.0.1 and the kernel ::1."""
    ipv4, ipv6 = parsed(draft, device, path)
    for address in (*ipv4, *ipv6):
        if address.interface.ip.is_loopback and str(address.interface.ip) in ("127.0.0.1", "::1"):
            for at in address.paths:
                draft.account.place(at, "lo0 has it without being told")
        elif address.interface.version == 6:
            draft.alias("lo0", address.inet6, address.paths)
        else:
            draft.alias("lo0", f"inet {address.interface}", address.paths)


def _ipv4(
    draft: Draft,
    interface: str,
    device: Node,
    path: Path,
    addresses: list[Address],
    existing: MainLine | None,
    *,
    has_more: bool,
) -> MainWords:
    main = f"ifconfig_{variable_part(interface)}"
    dhcp4 = device.get("dhcp4")
    draft.place(main, [(*path, "dhcp4")])
    existing = existing or MainLine()
    front: list[str] = []
    end: list[str] = []
    if dhcp4 is not None and dhcp4.value is True:
        end.append(_dhcp_word(draft, interface, device, existing.dhcp or "DHCP", has_more))
        place_overrides(draft, interface, device, path, main)
    elif dhcp4 is None and not addresses:
        front += existing.inet
        if existing.dhcp:
            end.append(_dhcp_word(draft, interface, device, existing.dhcp, has_more))
    elif addresses:
        first = addresses.pop(0)
        front.append(inet_words(IPv4Interface(first.interface)))
        draft.place(main, first.paths)
        _aliases4(draft, interface, addresses, {IPv4Interface(first.interface).network})
        return MainWords(tuple(front), ())
    _aliases4(draft, interface, addresses, set())
    return MainWords(tuple(front), tuple(end))


def _aliases4(
    draft: Draft, interface: str, addresses: list[Address], networks: set[object]
) -> None:
    """The further IPv4 addresses: in a network that is there already, the mask must be /32."""
    for address in addresses:
        network = address.interface.network
        prefix = 32 if network in networks else network.prefixlen
        networks.add(network)
        draft.alias(interface, f"inet {address.interface.ip}/{prefix}", address.paths)


def _dhcp_word(draft: Draft, interface: str, device: Node, word: str, has_more: bool) -> str:
    """DHCP as rc.conf has it, but where the lease has to be there before something else.

    Routes through a gateway need it, and so do further addresses: dhclient-script(8)
    puts the lease in the place of the first address that it finds.
    """
    late = has_gateway(device)
    if word == "DHCP" and (late or has_more):
        return "SYNCDHCP"
    if word == "NOSYNCDHCP" and (late or has_more):
        draft.warn(
            "route-before-lease" if late else "address-before-lease",
            f"{interface} gets its address while routes are being added already"
            if late
            else f"{interface} gets its lease when its further addresses are there, and loses one",
            Place(FILE, (f"ifconfig_{variable_part(interface)}",)),
            "use SYNCDHCP",
        )
    return word


def _ipv6(
    draft: Draft,
    interface: str,
    device: Node,
    path: Path,
    addresses: list[Address],
    *,
    no_dad: bool,
    standalone: bool,
) -> None:
    variable = _ipv6_variable(interface)
    accept_ra, link_local = device.get("accept-ra"), device.get("link-local")
    default = (draft.rc.value("ifconfig_DEFAULT") or "").split()
    # Who says which addresses it has does not ask for those of a router besides.
    by_default = standalone and "accept_rtadv" in default and not _is_quiet(link_local)
    by_default = by_default and not addresses
    solicits = accept_ra.value is True if accept_ra is not None else by_default
    _dhcp6(draft, interface, device, path)
    generation = device.get("ipv6-address-generation")
    if generation is not None and generation.value == "eui64":
        # get_ifid() of sys/netinet6/in6_ifattach.c.
        draft.account.place((*path, "ipv6-address-generation"), "the kernel makes addresses so")
    linklocals = {str(one.value) for one in link_local.elements()} if link_local else set()
    flags = []
    if solicits:
        flags.append("accept_rtadv")
    elif accept_ra is not None and accept_ra.value is False and (addresses or linklocals):
        flags.append("-accept_rtadv")
    if "ipv6" in linklocals:
        flags.append("auto_linklocal")
    words = ["inet6", *(["no_dad"] if no_dad else []), *flags]
    if addresses:
        first = addresses.pop(0)
        words.append(first.inet6.split(" ", 1)[1])
        draft.place(variable, first.paths)
    enabled = bool(flags or len(words) > 1 + no_dad)
    for address in addresses:
        draft.alias(interface, address.inet6, address.paths)
    if enabled:
        draft.assign(variable, " ".join(words))
    elif default:
        draft.assign(variable, "")
    else:
        draft.unset.add(variable)
    _place_link_local(draft, link_local, (*path, "link-local"), variable, enabled=enabled)
    draft.place(variable, [(*path, "accept-ra")])


def _is_quiet(link_local: Node | None) -> bool:
    """Whether `link-local: []` takes IPv6 off the device."""
    return link_local is not None and not link_local.elements()


def _place_link_local(
    draft: Draft, link_local: Node | None, path: Path, variable: str, *, enabled: bool
) -> None:
    if link_local is None:
        return
    for index, one in enumerate(link_local.elements()):
        if one.value == "ipv6":
            draft.place(variable, [(*path, index)])
        else:
            draft.account.drop((*path, index), "FreeBSD has no IPv4 link-local addressing")
    if _is_quiet(link_local):
        if enabled:
            draft.account.drop(path, "rc gives a link-local address wherever IPv6 is on")
        else:
            draft.account.place(path, f"{FILE}: no {variable}, so IPv6 stays off")


def _dhcp6(draft: Draft, interface: str, device: Node, path: Path) -> None:
    """DHCPv6 by the client that rc.conf has; FreeBSD itself comes without one."""
    main = f"ifconfig_{variable_part(interface)}"
    dhcp4 = device.get("dhcp4")
    for key in ("dhcp6", "dhcp6-stateless"):
        wanted = device.get(key)
        if wanted is None:
            continue
        if wanted.value is not True:
            draft.place(main, [(*path, key)])
        elif draft.dhcpv6 == "dhcp6c":
            draft.element("dhcp6c_interfaces", interface)
            draft.place("dhcp6c_interfaces", [(*path, key)])
        elif draft.dhcpv6 == "dhcpcd":
            draft.place("dhcpcd_enable", [(*path, key)])
        elif draft.dhcpv6 == "dual-dhclient" and dhcp4 is not None and dhcp4.value is True:
            draft.place("dhclient_program", [(*path, key)])
        else:
            draft.account.drop(
                (*path, key),
                "rc.conf has no DHCPv6 client (dhcp6c_enable, dhcpcd_enable, or dual-dhclient as "
                "dhclient_program)",
            )
