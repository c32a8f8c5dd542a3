"""What dhclient(8) is to leave alone of a lease: `interface` declarations in etc/dhclient.conf.

dhclient has no word for an option that is to be ignored, so that it is not requested.
A server sends what is requested, and may send what is not (RFC 2131, 4.3.1): of such a
one the option is taken all the same.  A declaration has the requests that stood
above it, and those of its own replace them: parse_interface_declaration() and
read_client_conf() of sbin/dhclient/clparse.c (freebsd/freebsd-src), whose defaults
are here.  So ours stand last.
"""

from __future__ import annotations

import re

from hyperv_net.marks import BEGIN, END, find_block
from hyperv_net.model import RenderedFile
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.freebsd.render.requests import requests_in
from hyperv_net.tree import Node, natural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.renderers.freebsd.render.requests import Asked, Requests
    from hyperv_net.tree import Path

PATH = "etc/dhclient.conf"

_REQUESTED = (
    *("subnet-mask", "broadcast-address", "time-offset", "classless-routes", "routers"),
    *("domain-name", "domain-name-servers", "host-name", "domain-search", "interface-mtu"),
)
_ROUTES = ("classless-routes", "routers")
#: netplan's keys, and the options that are not asked for where one is false.
_OPTIONS = {
    "use-dns": ("domain-name-servers",),
    "use-domains": ("domain-name", "domain-search"),
    "use-hostname": ("host-name",),
    "use-mtu": ("interface-mtu",),
    "use-routes": _ROUTES,
}
_DECLARED = re.compile(r'^interface "([^"\n]+)" \{\n.*?^\}\n', re.M | re.S)
_DECLARES = re.compile(r'^([ \t]*interface[ \t]+")([^"\n]+)(?=")', re.M)


def place_overrides(draft: Draft, interface: str, device: Node, path: Path, main: str) -> None:
    """Account for `dhcp4-overrides` of a device that has DHCP; `main` is its variable."""
    unasked = draft.unasked.setdefault(interface, [])
    overrides = device.get("dhcp4-overrides") or Node({})
    unwanted = {key: _OPTIONS[key] for key, value in overrides.items() if _is_refused(key, value)}
    lowest = min(draft.metrics.values(), default=None)
    metric = overrides.get("route-metric")
    is_later = metric is not None and lowest is not None and _number(metric) > lowest
    if is_later and "use-routes" not in unwanted:
        unwanted["route-metric"] = _ROUTES
    gone = [option for options in unwanted.values() for option in options]
    asked = draft.requests.of(
        [interface, *(one for one in draft.moved if draft.moved[one] == interface)]
    )
    if asked is None:
        unasked += gone
    _note_of_unasked(draft, interface, [key for key in unwanted if key != "route-metric"])
    for key, value in overrides.items():
        here = (*path, "dhcp4-overrides", key)
        if key in unwanted and asked is not None and set(unwanted[key]) & set(asked.options):
            draft.account.drop(here, _advice(interface, asked, unwanted[key], gone))
        elif key in unwanted:
            draft.account.place(here, f"{PATH}: request")
            if key == "route-metric":
                _note_of_routes(draft, interface, lowest)
        elif key in _OPTIONS and value.value is True:
            draft.place(main, [here])
        elif key == "route-metric":
            _place_metric(draft, path, here, is_without_routes="use-routes" in unwanted)
        else:
            draft.account.drop(here, f"dhclient(8) is told such things in /{PATH}")


def _is_refused(key: str, value: Node) -> bool:
    return key in _OPTIONS and value.value is False


def _number(metric: Node) -> int:
    return metric.value if isinstance(metric.value, int) else 0


def _advice(interface: str, asked: Asked, unwanted: Sequence[str], gone: Sequence[str]) -> str:
    """What to do where the administrator's own requests ask for what is not wanted here.

    A list that is for all interfaces stays whole: the others may live on what is in it.
    """
    if asked.is_interfaces:
        among = " and ".join(one for one in unwanted if one in asked.options)
        return f"/{PATH} has a request of its own for {interface}: take {among} out of it"
    # An empty list is no statement (parse_option_list() of clparse.c).
    rest = ", ".join(one for one in asked.options if one not in gone) or "subnet-mask"
    return (
        f"/{PATH} has a request of its own for all interfaces: leave that, and add at its end "
        f'interface "{interface}" {{ request {rest}; }}'
    )


def _place_metric(draft: Draft, path: Path, here: Path, *, is_without_routes: bool) -> None:
    """A metric that no other lease's is lower than."""
    if is_without_routes:
        draft.account.place(here, f"{PATH}: no routes are asked for")
    elif path in draft.metrics and len(set(draft.metrics.values())) > 1:
        draft.account.place(here, f"{PATH}: the others with a metric ask for no routes")
    else:
        draft.account.drop(here, "FreeBSD's routes have no metric")


def _note_of_routes(draft: Draft, interface: str, lowest: int | None) -> None:
    """FreeBSD has one default route: of several leases that of the lowest metric brings it."""
    draft.note(
        "dhcp-routes-of-one",
        f"{interface} asks DHCP for no routes: FreeBSD has one default route, and that of "
        f"the lease with metric {lowest} is preferred; what a server sends unasked is taken",
        Place(PATH, (interface,)),
        "write routes that are wanted through it into the network config",
    )


def _note_of_unasked(draft: Draft, interface: str, keys: Sequence[str]) -> None:
    if keys:
        draft.note(
            "dhcp-may-come-unasked",
            f"{', '.join(keys)}: {interface} does not request this of DHCP; what a server sends "
            "unasked is taken",
            Place(PATH, (interface,)),
            "have the server send it to those alone that ask",
        )


def own_requests(text: str) -> Requests:
    """The requests of a dhclient.conf that are not ours."""
    return requests_in(_apart(text)[0])


def _apart(text: str) -> tuple[str, str]:
    """What of the file is not ours, and our block."""
    found = find_block(text)
    if found is None:
        return text, ""
    begin, end = found
    return f"{text[:begin].rstrip()}\n{text[end:]}".lstrip("\n"), text[begin:end]


def dhclient_conf(draft: Draft, text: str, moved: Mapping[str, str]) -> str:
    """The file with members' declarations given to their aggregates, and ours at its end.

    Where the configuration says nothing about an interface's DHCP, what an earlier
    run wrote for it stays.
    """
    own, block = _apart(text)
    declared = {one[1]: one[0] for one in _DECLARED.finditer(block)}
    kept = {name: one for name, one in declared.items() if _goes_on(draft, name)}
    ours = {name: _declaration(name, options) for name, options in draft.unasked.items() if options}
    own = _DECLARES.sub(lambda found: found[1] + moved.get(found[2], found[2]), own)
    merged = {**kept, **ours}
    if not merged:
        return own
    lines = "".join(merged[name] for name in sorted(merged, key=natural))
    before = f"{own.rstrip()}\n\n" if own.strip() else ""
    return f"{before}{BEGIN}\n{lines}{END}\n"


def dhclient_files(
    draft: Draft, existing: Mapping[str, str], moved: Mapping[str, str]
) -> tuple[RenderedFile, ...]:
    """The file, where it changes."""
    before = existing.get(PATH, "")
    text = dhclient_conf(draft, before, moved)
    return (RenderedFile(PATH, text, in_place=True),) if text != before else ()


def _goes_on(draft: Draft, interface: str) -> bool:
    """Whether an interface has DHCP of which the configuration does not speak."""
    if interface in draft.unasked:
        return False
    line = draft.variables.get(f"ifconfig_{variable_part(interface)}", "")
    return draft.keeps_block or parse_main_line(line).dhcp is not None


def _declaration(interface: str, unasked: list[str]) -> str:
    asked = ", ".join(one for one in _REQUESTED if one not in unasked)
    return f'interface "{interface}" {{\n\trequest {asked};\n}}\n'
