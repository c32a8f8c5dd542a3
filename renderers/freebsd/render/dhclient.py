"""What dhclient(8) is to leave alone of a lease: `interface` declarations in etc/dhclient.conf.

dhclient has no word for an option that is to be ignored; what it does not request,
a server does not send (RFC 2131, 4.3.1).  A declaration has the requests that stood
above it, and those of its own replace them: parse_interface_declaration() and
read_client_conf() of sbin/dhclient/clparse.c (freebsd/freebsd-src), whose defaults
are here.  So ours stand last.
"""

from __future__ import annotations

import re

from hyperv_net.marks import BEGIN, END
from hyperv_net.model import RenderedFile
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.tree import Node, at, natural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.freebsd.render.draft import Draft
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
_BLOCK = re.compile(rf"\n*^{re.escape(BEGIN)}\n(.*?)^{re.escape(END)}\n?", re.M | re.S)
_DECLARED = re.compile(r'^interface "([^"\n]+)" \{\n.*?^\}\n', re.M | re.S)
_DECLARES = re.compile(r'^([ \t]*interface[ \t]+")([^"\n]+)(?=")', re.M)
_OWN_REQUEST = re.compile(r"^[^#\n]*\brequest\b", re.M)


def place_overrides(draft: Draft, interface: str, device: Node, path: Path, main: str) -> None:
    """Account for `dhcp4-overrides` of a device that has DHCP; `main` is its variable."""
    unasked = draft.unasked.setdefault(interface, [])
    overrides = device.get("dhcp4-overrides") or Node({})
    for key, value in overrides.items():
        here = (*path, "dhcp4-overrides", key)
        if key in _OPTIONS and value.value is True:
            draft.place(main, [here])
        elif key in _OPTIONS and value.value is False:
            _leave_out(draft, unasked, _OPTIONS[key], here)
        elif key == "route-metric":
            _place_metric(draft, interface, unasked, here, value.value)
        else:
            draft.account.drop(here, f"dhclient(8) is told such things in /{PATH}")


def _leave_out(draft: Draft, unasked: list[str], options: tuple[str, ...], here: Path) -> bool:
    if draft.requests_itself:
        reason = f"/{PATH} has a request of its own: take {' and '.join(options)} out of it"
        draft.account.drop(here, reason)
        return False
    unasked += options
    draft.account.place(here, f"{PATH}: request")
    return True


def _place_metric(
    draft: Draft, interface: str, unasked: list[str], here: Path, metric: object
) -> None:
    """FreeBSD has one default route: of several leases that of the lowest metric brings it."""
    metrics = _metrics(draft.tree)
    lowest = min(metrics.values(), default=None)
    if len(set(metrics.values())) < 2 or lowest is None:
        draft.account.drop(here, "FreeBSD's routes have no metric")
    elif metric == lowest:
        draft.account.place(here, f"{PATH}: the others with a metric ask for no routes")
    elif _leave_out(draft, unasked, _ROUTES, here):
        draft.note(
            "dhcp-routes-of-one",
            f"{interface} asks DHCP for no routes: FreeBSD has one default route, and that of "
            f"the lease with metric {lowest} is preferred",
            f"{PATH}: {interface}",
            "write routes that are wanted through it into the network config",
        )


def _metrics(tree: Node) -> Mapping[Path, int]:
    """The metrics that devices with DHCP have."""
    found: dict[Path, int] = {}
    for kind, of_kind in tree.items():
        for device_id, device in of_kind.items() if isinstance(of_kind.value, dict) else ():
            metric, dhcp4 = at(device, ("dhcp4-overrides", "route-metric")), at(device, ("dhcp4",))
            has_lease = dhcp4 is not None and dhcp4.value is True
            if has_lease and metric is not None and isinstance(metric.value, int):
                found[(kind, device_id)] = metric.value
    return found


def requests_itself(text: str) -> bool:
    """Whether a dhclient.conf has a list of requests that is not ours."""
    return _OWN_REQUEST.search(_BLOCK.sub("\n", text)) is not None


def dhclient_conf(draft: Draft, text: str, moved: Mapping[str, str]) -> str:
    """The file with members' declarations given to their aggregates, and ours at its end.

    Where the configuration says nothing about an interface's DHCP, what an earlier
    run wrote for it stays.
    """
    block = _BLOCK.search(text)
    declared = {one[1]: one[0] for one in _DECLARED.finditer(block[1])} if block else {}
    kept = {name: one for name, one in declared.items() if _goes_on(draft, name)}
    ours = {name: _declaration(name, options) for name, options in draft.unasked.items() if options}
    own = _BLOCK.sub("\n", text).lstrip("\n") if block else text
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
