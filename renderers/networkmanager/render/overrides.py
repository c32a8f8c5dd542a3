"""What is taken of leases and of routers' advertisements.

NetworkManager has `ignore-auto-dns` once for each family, for name servers and domains alike, so
that [ipv6] has one for routers' advertisements and DHCPv6, and [hostname] `from-dhcp` is one for
both families.  Where a config has two values for one of them, one is said and the other is refused
with the reason.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import values
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY, SECTIONS
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from hyperv_net.renderers.networkmanager.render.profile import Profile
    from hyperv_net.tree import Path

_BY_ITSELF = "NetworkManager does so by itself"
_OF_LEASES = {4: "dhcp4-overrides", 6: "dhcp6-overrides"}
_OF_ROUTERS = "ra-overrides"
#: Each is one setting for what is said in several places.
_SHARED = ("use-dns", "use-domains", "use-hostname")


class _Said(NamedTuple):
    """A setting of a config: which, where, and its value."""

    path: Path
    value: bool


def make_overrides(made: Profile, rest: dict[str, Node]) -> None:
    """The overrides of both families and of routers."""
    found = {key: rest.pop(key, None) for key in (*_OF_LEASES.values(), _OF_ROUTERS)}
    for family, key in _OF_LEASES.items():
        if found[key] is not None:
            made.placed[key,] = SECTIONS[family]
            _of_a_lease(made, found[key] or Node({}), key, family)
    for name, _ in (found[_OF_ROUTERS] or Node({})).items():
        if name not in _SHARED:
            made.refused[_OF_ROUTERS, name] = NO_WAY
    # DHCPv6 is what a router's advertisement may ask for too.
    for family, keys in ((4, (_OF_LEASES[4],)), (6, (_OF_LEASES[6], _OF_ROUTERS))):
        servers, domains = (
            [one for key in keys for one in _said(made, found[key], key, name)]
            for name in _SHARED[:2]
        )
        _servers(made, family, servers)
        _domains(made, family, domains)
    names = [
        one for key in _OF_LEASES.values() for one in _said(made, found[key], key, "use-hostname")
    ]
    _host_name(made, names)


def _said(made: Profile, node: Node | None, key: str, name: str) -> list[_Said]:
    child = node.get(name) if node is not None else None
    if child is None:
        return []
    try:
        return [_Said((key, name), values.boolean(child.value))]
    except RefusedError as refusal:
        made.refused[key, name] = str(refusal)
        return []


def _settled(made: Profile, said: list[_Said], option: str) -> bool | None:
    """The one value: that which takes what is offered, where they differ.

    So no machine is left without what another part of its config asks for.
    """
    if not said:
        return None
    chosen = any(one.value for one in said)
    for one in said:
        if one.value != chosen:
            other = next(each.path for each in said if each.value == chosen)
            made.refused[one.path] = (
                f"NetworkManager has {option} for this and {'.'.join(map(str, other))} alike, which"
                " says otherwise"
            )
    return chosen


def _servers(made: Profile, family: int, said: list[_Said]) -> None:
    option = f"{SECTIONS[family]}.ignore-auto-dns"
    takes = _settled(made, said, option)
    if takes is None:
        return
    made.set(SECTIONS[family], "ignore-auto-dns", not takes)
    for one in said:
        if one.value == takes:
            made.placed[one.path] = option


def _domains(made: Profile, family: int, said: list[_Said]) -> None:
    ignores = made.get(SECTIONS[family], "ignore-auto-dns") == "true"
    for one in said:
        if one.value != ignores:
            made.placed[one.path] = "ignore-auto-dns" if ignores else _BY_ITSELF
        else:
            made.refused[one.path] = (
                "NetworkManager takes a lease's name servers and domains, or neither"
            )


def _host_name(made: Profile, said: list[_Said]) -> None:
    takes = _settled(made, said, "hostname.from-dhcp")
    for one in said:
        if one.value == takes:
            made.placed[one.path] = _BY_ITSELF if takes else "hostname.from-dhcp"
    if takes is False:
        made.set("hostname", "from-dhcp", 0)


def _of_a_lease(made: Profile, node: Node, key: str, family: int) -> None:
    section = SECTIONS[family]
    for name, child in node.items():
        path: Path = (key, name)
        try:
            if name in _SHARED:
                continue
            if name == "route-metric":
                made.set(section, "route-metric", values.number(child.value), path)
            elif name == "use-routes":
                ignores = not values.boolean(child.value)
                made.set(section, "ignore-auto-routes", ignores, path)
            elif name == "send-hostname":
                made.set(section, "dhcp-send-hostname", values.boolean(child.value), path)
            elif name == "hostname":
                made.set(section, "dhcp-hostname", values.host(child.value), path)
            elif name == "use-mtu":
                _use_mtu(made, child, path, family)
            elif name == "use-ntp" and values.boolean(child.value):
                made.placed[path] = "NetworkManager hands them to its dispatcher's scripts"
            else:
                made.refused[path] = (
                    "NetworkManager hands them to its dispatcher's scripts in any case"
                    if name == "use-ntp"
                    else NO_WAY
                )
        except RefusedError as refusal:
            made.refused[path] = str(refusal)


def _use_mtu(made: Profile, child: Node, path: Path, family: int) -> None:
    """A lease's counts where the profile has none (nm-device.c), and DHCPv6 has none."""
    if values.boolean(child.value) or family == 6:
        made.placed[path] = _BY_ITSELF
    elif made.get("ethernet", "mtu") is not None:
        made.placed[path] = "ethernet.mtu"
    else:
        made.refused[path] = "NetworkManager takes a lease's MTU where the device has no mtu"
