"""[ipv4] and [ipv6] of a profile: methods, addresses, what is taken of a lease, name servers.

What may stand beside which method is in verify() of nm-setting-ip4-config.c and
nm-setting-ip6-config.c of libnm-core-impl: a profile that breaks it is not loaded at all.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import values
from hyperv_net.renderers.networkmanager.render.overrides import make_overrides
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY, SECTIONS
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from hyperv_net.renderers.networkmanager.render.profile import Profile
    from hyperv_net.tree import Path

#: Methods under which a family has addresses, and so name servers and search domains.
_WITH_ADDRESSES = frozenset(("auto", "dhcp", "manual"))
_LEASES = frozenset(("auto", "dhcp"))


class Asked(NamedTuple):
    """What a device asks for, before there is a profile."""

    dhcp4: bool
    dhcp6: bool
    accept_ra: bool | None
    stateless: bool
    has4: bool
    has6: bool
    link_local: tuple[str, ...]
    routes4: bool
    routes6: bool


def make_addressing(made: Profile, rest: dict[str, Node]) -> None:
    """Both sections, without routes and name servers."""
    asked = _asked(made, rest)
    is_vrf = made.get("connection", "type") == "vrf"
    method4, method6 = _method4(asked, is_vrf=is_vrf), _method6(asked, is_vrf=is_vrf)
    made.set("ipv4", "method", method4)
    made.set("ipv6", "method", method6)
    for path, section in (("dhcp4", "ipv4"), ("dhcp6", "ipv6"), ("accept-ra", "ipv6")):
        made.placed.setdefault((path,), f"{section}.method")
    made.placed["dhcp6-stateless",] = made.placed["link-local",] = "ipv6.method"
    if "ipv4" in asked.link_local and method4 in ("auto", "manual"):
        # NM_SETTING_IP4_LL_ENABLED, since 1.40
        made.set("ipv4", "link-local", 3)
    _may_fail(made, asked, method4, method6)
    for index, address in enumerate(rest.pop("addresses", Node(())).elements()):
        _address(made, index, address)
    for key, family in (("gateway4", 4), ("gateway6", 6)):
        _gateway(made, rest, key, family)
    _ipv6(made, rest)
    make_overrides(made, rest)
    identifier = made.checked(rest, "dhcp-identifier", values.word)
    if identifier in ("mac", "duid"):
        made.set("ipv4", "dhcp-client-id", identifier, ("dhcp-identifier",))
    elif identifier is not None:
        made.refused["dhcp-identifier",] = NO_WAY


def has_routes(made: Profile, family: int) -> bool:
    """Whether the family is one whose routes by way of the device are set."""
    return made.get(SECTIONS[family], "method") in (*_WITH_ADDRESSES, "link-local")


def has_addresses(made: Profile, family: int) -> bool:
    """Whether the family is one that has addresses."""
    return made.get(SECTIONS[family], "method") in _WITH_ADDRESSES


def _asked(made: Profile, rest: dict[str, Node]) -> Asked:
    families = [family_of(_text(one)) for one in (rest.get("addresses") or Node(())).elements()]
    routes = [
        family_of(str(node.value))
        for route in (rest.get("routes") or Node(())).elements()
        for node in (route.get("to"), route.get("via"))
        if node is not None and node.value != "default"
    ]
    local = rest.pop("link-local", None)
    return Asked(
        dhcp4=made.checked(rest, "dhcp4", values.boolean) is True,
        dhcp6=made.checked(rest, "dhcp6", values.boolean) is True,
        accept_ra=made.checked(rest, "accept-ra", values.boolean),
        stateless=made.checked(rest, "dhcp6-stateless", values.boolean) is True,
        has4=4 in families,
        has6=6 in families,
        # netplan(5): the default is to have IPv6's
        link_local=("ipv6",) if local is None else tuple(str(x.value) for x in local.elements()),
        routes4=4 in routes,
        routes6=6 in routes,
    )


def _method4(asked: Asked, *, is_vrf: bool) -> str:
    """A VRF's routes are in its own table, and need no address of it.

    NetworkManager before 1.46 sets none where a device has no address at all
    (_commit_collect_routes() of nm-l3cfg.c), so that such a VRF gets a link-local one, as from
    netplan (src/nm.c).
    """
    if asked.dhcp4:
        return "auto"
    if asked.has4:
        return "manual"
    return "link-local" if "ipv4" in asked.link_local or (is_vrf and asked.routes4) else "disabled"


def _method6(asked: Asked, *, is_vrf: bool) -> str:
    """Router advertisements count where nothing is said, and something is asked for at all.

    So has cloud-init it, which says nothing of [ipv6] then, and the kernel.
    """
    if asked.dhcp6:
        return "dhcp" if asked.accept_ra is False else "auto"
    if asked.accept_ra or asked.stateless:
        return "auto"
    if asked.has6:
        return "manual"
    if "ipv6" not in asked.link_local:
        return "link-local" if is_vrf and asked.routes6 else "disabled"
    says_nothing = asked.accept_ra is None and (asked.dhcp4 or asked.has4)
    return "auto" if says_nothing else "link-local"


def _may_fail(made: Profile, asked: Asked, method4: str, method6: str) -> None:
    """What is asked for is waited for, as cloud-init has it; of two leases one is enough."""
    is4 = asked.dhcp4 or asked.has4
    is6 = asked.dhcp6 or asked.has6 or bool(asked.accept_ra) or asked.stateless
    if is4 and is6 and method4 in _LEASES and method6 in _LEASES:
        return
    if is4:
        made.set("ipv4", "may-fail", value=False)
    if is6:
        made.set("ipv6", "may-fail", value=False)


def _text(address: Node) -> str:
    """An address, which may be the one key of a mapping with its options."""
    return str(next(iter(dict(address.items())), address.value))


def family_of(text: str) -> int:
    """4 or 6, of an address."""
    return 6 if ":" in text else 4


def _address(made: Profile, index: int, address: Node) -> None:
    path: Path = ("addresses", index)
    text = _text(address)
    try:
        plain = values.interface(text)
    except RefusedError as refusal:
        made.refused[path] = str(refusal)
        return
    section = SECTIONS[family_of(plain)]
    made.set(section, f"address{_next(made, section, 'address')}", plain, path)
    for key in dict((address.get(text) or Node({})).items()):
        made.refused[(*path, text, key)] = NO_WAY


def _next(made: Profile, section: str, prefix: str) -> int:
    number = 1
    while made.get(section, f"{prefix}{number}") is not None:
        number += 1
    return number


def _gateway(made: Profile, rest: dict[str, Node], key: str, family: int) -> None:
    gateway = made.checked(rest, key, values.address)
    if gateway is None:
        return
    section = SECTIONS[family]
    if not has_addresses(made, family):
        made.refused[key,] = f"NetworkManager has no address of {section} here"
    elif made.get(section, "address1") is None:
        # `gateway` is of the addresses that the profile has (nm-setting-ip-config.c).
        everywhere = "0.0.0.0/0" if family == 4 else "::/0"
        made.set(
            section, f"route{_next(made, section, 'route')}", f"{everywhere},{gateway}", (key,)
        )
    else:
        made.set(section, "gateway", gateway, (key,))


def _ipv6(made: Profile, rest: dict[str, Node]) -> None:
    privacy = made.checked(rest, "ipv6-privacy", values.boolean)
    if privacy is not None:
        made.set("ipv6", "ip6-privacy", 2 if privacy else 0, ("ipv6-privacy",))
    made.take(rest, "ipv6-mtu", values.number, "ipv6", "mtu")
    generation = made.checked(rest, "ipv6-address-generation", values.word)
    token = made.checked(rest, "ipv6-address-token", values.address)
    if token is not None:
        made.set("ipv6", "addr-gen-mode", "eui64")
        made.set("ipv6", "token", token, ("ipv6-address-token",))
    if generation in ("eui64", "stable-privacy"):
        if token is not None and generation != "eui64":
            made.refused["ipv6-address-generation",] = "a token goes with eui64 alone"
        else:
            made.set("ipv6", "addr-gen-mode", generation, ("ipv6-address-generation",))
    elif generation is not None:
        made.refused["ipv6-address-generation",] = NO_WAY
