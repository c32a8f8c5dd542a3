"""Having a running machine follow rc.conf, whatever was there before.

In the order of a boot, which rc.d/netif and rc.d/routing of freebsd/freebsd-src's libexec/rc
are made for.  `service routing restart` comes after DHCP and the advertisements of routers:
it flushes every route, and nobody puts theirs back.  A client whose lease is good adds none
(dhclient-script: at BOUND, REBOOT or with a new address), and `service dhclient start` says
that it runs already.  So the routes are flushed ahead of `netif`, and only added behind it.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

from hyperv_net.errors import HypervNetError
from hyperv_net.names import is_plain_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.inject import values_of
from hyperv_net.renderers.freebsd.paths import FILE, OVERRIDES
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.variables import is_configurable, variable_part
from hyperv_net.renderers.parts import Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hyperv_net.renderers.freebsd.rc_conf.ifconfig import MainLine

_RENAMED = re.compile(r"ifconfig_([A-Za-z0-9_]+)_name\Z")
_CHILDREN = re.compile(r"vlans_([A-Za-z0-9_]+)\Z")
_MAIN = re.compile(r"ifconfig_([A-Za-z0-9_]+)\Z")
#: What a NIC has of which nothing is said (ETHERMTU in sys/net/ethernet.h).
_ETHERNET = 1500


def activation(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Step, ...]:
    """For the whole machine.

    `netif restart` takes away what the new files speak of, and nothing else.  What
    is only in the old ones goes first: a lagg would keep its ports, and what a port sends by
    itself is refused (lagg_port_output() in sys/net/if_lagg.c).
    """
    old, new = read_values(before), read_values(after)
    sizes = _new_sizes(old, new)
    clients, going = (
        with_dhcp(new),
        tuple(dict.fromkeys((*_going(old, new), *_made_anew(old, sizes)))),
    )
    return (
        *(
            # One that is about to notice that its interface is gone would be in the next one's way.
            Step(("service", "dhclient", "forcestop", name), may_fail=True)
            for name in with_dhcp(old)
            if name not in clients or name in going
        ),
        *(step for name in _let_go(old, new) for step in _released(name)),
        *(Step(("ifconfig", name, "destroy"), may_fail=True) for name in going),
        *(
            Step(("ifconfig", port, "mtu", str(mtu)), may_fail=True)
            for ports in sizes.values()
            for port, mtu in ports.items()
        ),
        # netif gives a new name to what bears its first one.
        *(
            Step(("ifconfig", name, "name", born), may_fail=True)
            for born, name in _renamed(old).items()
            if _renamed(new).get(born) != name and born not in map(variable_part, _clones(old))
        ),
        Step(("service", "routing", "stop"), may_fail=True),
        Step(("service", "netif", "restart")),
        # It says that it failed where one of its routes is there.
        Step(("service", "routing", "start"), may_fail=True),
        # devd starts a client where a link comes up, which that of a new VLAN does not.
        *(Step(("service", "dhclient", "quietstart", name), may_fail=True) for name in clients),
    )


def read_values(existing: Mapping[str, str]) -> dict[str, str]:
    """What the files say, of which others may be given too; nothing where they cannot be read."""
    patterns = (FILE, *OVERRIDES)
    of_rc = {
        path: text
        for path, text in existing.items()
        if any(fnmatchcase(path, pattern) for pattern in patterns)
    }
    try:
        return values_of(of_rc)
    except HypervNetError:
        return {}


def _clones(values: Mapping[str, str]) -> list[str]:
    names = (word.partition(":")[0] for word in values.get("cloned_interfaces", "").split())
    return list(filter(is_plain_name, names))


def _renamed(values: Mapping[str, str]) -> dict[str, str]:
    """The kernel's name of an interface, as variables have it, and the one it is given."""
    found = ((_RENAMED.match(name), value) for name, value in values.items())
    return {match[1]: value for match, value in found if match and is_plain_name(value)}


def _children(values: Mapping[str, str]) -> dict[str, list[str]]:
    """The VLANs by the part of the variable that names their parent (childif_create())."""
    parents = {variable_part(name): name for name in _named(values)}
    return {
        match[1]: [
            f"{parents.get(match[1], match[1])}.{word}" if word.isdigit() else word
            for word in value.split()
            if is_plain_name(word)
        ]
        for name, value in values.items()
        if (match := _CHILDREN.match(name))
    }


def _named(values: Mapping[str, str]) -> list[str]:
    return [*_clones(values), *_renamed(values).values()]


def _going(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """The interfaces that are made by the old files alone, those on top first."""
    stay = _children(new)
    for parent, names in _children(old).items():
        yield from (name for name in names if name not in stay.get(parent, ()))
    for clone in _clones(old):
        if clone not in _clones(new):
            yield _renamed(old).get(variable_part(clone), clone)


def _new_sizes(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """The laggs that stay and whose ports get another MTU, which those have only outside.

    A port's own is fixed (lagg_port_ioctl() in sys/net/if_lagg.c), and devd may have put it
    into the new lagg before rc comes to its line.  Nobody puts back one that has gone.
    """
    found: dict[str, dict[str, int]] = {}
    for lagg in (name for name in _clones(old) if name in _clones(new)):
        for port in _line(new, lagg).ports:
            was, wanted = _line(old, port).mtu or _ETHERNET, _line(new, port).mtu or _ETHERNET
            if was != wanted and is_configurable(port):
                found.setdefault(lagg, {})[port] = wanted
    return found


def _line(values: Mapping[str, str], name: str) -> MainLine:
    return parse_main_line(values.get(f"ifconfig_{variable_part(name)}", ""))


def _made_anew(old: Mapping[str, str], laggs: Collection[str]) -> Iterator[str]:
    """Laggs of the old files with the VLANs upon them, which a lagg that goes would orphan."""
    children, renamed = _children(old), _renamed(old)
    for lagg in laggs:
        name = renamed.get(variable_part(lagg), lagg)
        yield from children.get(variable_part(name), ())
        yield name


def _let_go(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """The interfaces that were started and are NOAUTO now: `netif restart` passes them by."""
    for name, value in new.items():
        match = _MAIN.match(name)
        if match and is_configurable(match[1]) and "NOAUTO" in value.upper().split():
            before = old.get(name, old.get("ifconfig_DEFAULT", "NOAUTO"))
            if "NOAUTO" not in before.upper().split():
                yield match[1]


def _released(name: str) -> tuple[Step, ...]:
    """A DHCP client is not ended by `netif stop` where the files say nothing of DHCP."""
    client = ("service", "dhclient", "forcestop", name)
    return (
        Step(client, may_fail=True),
        Step(("service", "netif", "stop", name), may_fail=True),
    )


def with_dhcp(values: Mapping[str, str]) -> list[str]:
    """The interfaces whose own line asks for DHCP."""
    children = [name for names in _children(values).values() for name in names]
    names = {variable_part(name): name for name in (*_named(values), *children)}
    return [
        names.get(match[1], match[1])
        for name, value in values.items()
        if (match := _MAIN.match(name))
        and is_configurable(match[1])
        and parse_main_line(value).dhcp is not None
    ]
