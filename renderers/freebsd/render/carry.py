"""Variables of a pair's NICs that rc.conf has already: they go to the aggregate.

The variables are those that network.subr and rc.d's scripts form from an
interface's name, and those in whose value such a name stands.
"""

from __future__ import annotations

import re
from ipaddress import ip_interface

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.rcfile import is_safe
from hyperv_net.renderers.freebsd.rc_conf.variables import (
    OF_INTERFACE,
    variable_part,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.renderers.freebsd.render.draft import Draft

_ALIAS = re.compile(r"ifconfig_(?P<name>[A-Za-z0-9_]+)_alias[0-9]+\Z")
#: Variables in whose value the name of an interface may stand.
NAMES_INTERFACES = re.compile(
    r"(ipv6_)?(static_routes|route_\w+)|(ipv6_)?defaultrouter\w*|ipv6_network_interfaces"
    r"|ipv6_default_interface|rtadvd_interfaces|firewall_(nat_interface|simple_[io]if(_ipv6)?)"
    r"|natd_interface|dhcp6c_interfaces|ipv6_cpe_wanif|pfsync_syncdev|autobridge_\w+"
    r"|create_args_\w+|ifconfig_\w+|jail_\w+_((vnet_)?interface|ip(_multi[0-9]+)?)"
)
FREE_TEXT = re.compile(r"_(name|descr)\Z")
_VLANDEV = re.compile(r"\bvlandev[ \t]+(\S+)")
PORTS = re.compile(r"\blaggport\b")


def carry_over(draft: Draft, moved: Mapping[str, str], never_renamed: frozenset[str]) -> None:
    """Move what rc.conf says about each interface in `moved` to the aggregate it maps to.

    `never_renamed` are the names of VFs and of our own laggs: an
    `ifconfig_X_name` for them, which stock cloud-init writes, breaks the pair
    and is removed.
    """
    rc = draft.rc
    by_part = {variable_part(old): new for old, new in moved.items()}
    parts_never_renamed = {variable_part(name) for name in never_renamed}
    with_aliases = {variable_part(name): name for name in (*draft.aliases, *moved.values())}
    aliases: dict[str, list[str]] = {}
    sources: dict[str, str] = {}
    for variable in rc.names():
        if not rc.is_foreign(variable) or rc.is_fixed(variable):
            continue
        alias = _ALIAS.match(variable)
        owner = by_part.get(alias["name"], with_aliases.get(alias["name"])) if alias else None
        found = OF_INTERFACE.match(variable)
        if owner is not None:
            aliases.setdefault(owner, []).append(variable)
        elif found is None:
            continue
        elif found["before"] == "ifconfig_" and found["after"] == "_name":
            if found["name"] in parts_never_renamed:
                _remove_name(draft, variable, found["name"])
        elif found["name"] in by_part:
            target, after = variable_part(by_part[found["name"]]), found["after"] or ""
            if found["before"] + after != "ifconfig_":
                _move(draft, variable, f"{found['before']}{target}{after}", sources)
            elif variable not in draft.variables:
                # The words of it that count are in the lines of the pair by now.
                _remove(draft, variable)
    for variable in sorted(draft.unset):
        if rc.is_fixed(variable):
            draft.warn(
                "rc-conf-readonly",
                f"{variable} is readonly, and stays where the network config wants no IPv6",
                rc.line(variable),
                "take it out by hand",
            )
        elif rc.is_foreign(variable):
            _unset(draft, variable)
    for interface, variables in aliases.items():
        _number_aliases(draft, interface, variables)
    for vlan in dict.fromkeys(_vlans_by_name(draft, moved)):
        ipv6 = f"ifconfig_{variable_part(vlan)}_ipv6"
        if rc.is_foreign(ipv6) and not rc.is_fixed(ipv6) and ipv6 not in draft.variables:
            _no_dad(draft, ipv6, ipv6)
    _names_in_values(draft, moved)


def _remove(draft: Draft, variable: str) -> None:
    draft.rc.remove(variable)
    if draft.rc.conditional(variable):
        draft.warn(
            "rc-conf-conditional",
            f"{variable} is set where it hangs on a condition, and cannot be taken out there",
            draft.rc.line(variable),
            "take it out by hand",
        )


def _unset(draft: Draft, variable: str) -> None:
    _remove(draft, variable)
    message = f"{variable} gives way to the network config, which wants no IPv6 there"
    draft.note("rc-conf-replaced", message, draft.rc.line(variable))


def _remove_name(draft: Draft, variable: str, name: str) -> None:
    _remove(draft, variable)
    draft.warn(
        "pair-renamed",
        f"{variable} is removed: hn(4) loses its VF when either is renamed that way",
        draft.rc.line(variable),
        f"rename the synthetic NIC, not {name}",
    )


def _move(draft: Draft, old: str, new: str, sources: dict[str, str]) -> None:
    """Rename a variable, unless something sets the new name; `sources` has who came first."""
    rc = draft.rc
    if new in draft.unset:
        _unset(draft, old)
        return
    merged = new.startswith("vlans_")  # its elements are in the new value already
    if (new in draft.variables and not merged) or new in sources or rc.is_foreign(new):
        stays = draft.variables.get(new, rc.value(sources.get(new, new)))
        _remove(draft, old)
        if rc.value(old) != stays and not merged:
            message = f"{old}={rc.value(old)!r} gives way to {new}={stays!r}"
            draft.note("rc-conf-replaced", message, rc.line(old))
        return
    rc.rename(old, new)
    sources[new] = old
    if new.endswith("_ipv6"):
        _no_dad(draft, old, new)


def _no_dad(draft: Draft, old: str, new: str) -> None:
    """Leave duplicate address detection out of what becomes the variable `new`.

    A lagg(4), and a VLAN over it, hears its own question through the other port.
    """
    value = draft.rc.value(old)
    words = (value or "").split()
    if value is None:
        draft.warn(
            "rc-conf-unknown-value",
            f"{old} stays as it stands, and no_dad could not be put into it",
            draft.rc.line(old),
            "put no_dad behind inet6 there: a lagg hears its own question through the other port",
        )
    elif words[:1] == ["inet6"] and "no_dad" not in words and is_safe(value):
        draft.variables[new] = " ".join(["inet6", "no_dad", *words[1:]])


def _vlans_by_name(draft: Draft, moved: Mapping[str, str]) -> Iterator[str]:
    """The VLANs over a pair that have a name of their own, and are not in the network config."""
    parts = {variable_part(one) for both in moved.items() for one in both}
    known = {name for found in draft.names.interfaces.values() for name in found}
    for variable in draft.rc.names():
        value = draft.rc.value(variable) or ""
        if variable.startswith("vlans_") and variable[len("vlans_") :] in parts:
            yield from (one for one in value.split() if not one.isdigit() and one not in known)
        device = _VLANDEV.search(value)
        if device is not None and variable_part(device[1]) in parts:
            yield variable.partition("create_args_")[2] or variable.partition("ifconfig_")[2]


def _number_aliases(draft: Draft, interface: str, variables: list[str]) -> None:
    """Let the aliases that rc.conf has keep their numbers, but those that ours or others have."""
    rc, part = draft.rc, variable_part(interface)
    ours = draft.aliases.get(interface, [])
    main = (draft.variables.get(f"ifconfig_{part}{end}", "") for end in ("", "_ipv6"))
    known = {_address(value) for value in (*ours, *main)} - {None}
    taken = set(range(len(ours)))
    own = f"ifconfig_{part}_alias"
    # The interface's own keep their numbers where they can, so they come first.
    for variable in sorted(variables, key=lambda one: (not one.startswith(own), _number(one))):
        address = _address(rc.value(variable) or "")
        if address is not None and address in known:
            _remove(draft, variable)
            continue
        number = _number(variable)
        if number in taken:
            number = next(
                free for free in range(len(variables) + len(ours) + 1) if free not in taken
            )
        taken.add(number)
        known.add(address)
        if f"{own}{number}" != variable:
            rc.rename(variable, f"{own}{number}")


def _number(variable: str) -> int:
    found = re.search(r"([0-9]+)\Z", variable)
    return int(found[1]) if found else 0


def _address(value: str) -> object:
    """The IP address a line is about."""
    for word in value.split():
        try:
            return ip_interface(word).ip
        except ValueError:
            continue
    return None


def _names_in_values(draft: Draft, moved: Mapping[str, str]) -> None:
    rc = draft.rc
    for variable in rc.names():
        if FREE_TEXT.search(variable) or not rc.is_foreign(variable):
            continue
        if NAMES_INTERFACES.fullmatch(variable):
            value = None if rc.is_fixed(variable) else rc.value(variable)
            if value is not None and not PORTS.search(value):
                rc.replace_words(variable, moved)
            elif value is not None:
                if variable not in draft.variables:
                    _check_ports(draft, variable, parse_main_line(value).ports, moved)
            elif value is None and any(name in rc.raw(variable) for name in moved):
                draft.warn(
                    "rc-conf-unknown-value",
                    f"{variable} seems to name a member of an aggregate, but its value is readonly "
                    "or worked out by the shell",
                    rc.line(variable),
                    f"put the aggregate's name there, see {FILE}",
                )


def _check_ports(
    draft: Draft, variable: str, ports: tuple[str, ...], moved: Mapping[str, str]
) -> None:
    """Warn of a second lagg(4) over a member: a port belongs to one, and the first takes it."""
    for port in ports:
        if port in moved:
            draft.warn(
                "rc-conf-conflict",
                f"{variable} takes {port}, which is a port of {moved[port]}",
                draft.rc.line(variable),
                "take one of the two out",
            )
