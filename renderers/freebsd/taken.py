"""The laggs that rc.conf has over NICs of no pair: their names are somebody's."""

from __future__ import annotations

import re

from hyperv_net.drivers import FREEBSD_VF_DRIVERS
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part, variable_part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: A VF that is away may come back under any of these.
_OF_A_VF = re.compile(rf"({'|'.join(FREEBSD_VF_DRIVERS)})[0-9]+\Z")


def taken_names(existing: Mapping[str, str], members: Collection[str]) -> frozenset[str]:
    """The names at boot and those wanted of laggs over other NICs than `members` and VFs.

    Ports are in `ifconfig_X` or in `create_args_X` (network.subr).  A lagg that is
    ours, or that an administrator has over a pair, has one of `members` as a port.
    """
    try:
        rc = RcFile(existing.get(FILE, ""), FILE)
    except HypervNetError:
        return frozenset()  # The renderer refuses the file.
    own = set(members)
    own |= {name for one in members for name in _named(rc, one)}
    taken: set[str] = set()
    for variable in rc.names():
        lagg = interface_part(variable)
        if lagg is None or variable not in (f"ifconfig_{lagg}", f"create_args_{lagg}"):
            continue
        ports = {port for value in rc.assigned(variable) for port in parse_main_line(value).ports}
        if ports and own.isdisjoint(ports) and not any(map(_OF_A_VF.match, ports)):
            taken |= {lagg, *_named_so(rc, lagg)}
    return frozenset(taken)


def _named(rc: RcFile, name: str) -> tuple[str, ...]:
    """What rc.conf renames an interface to."""
    wanted = rc.value(f"ifconfig_{variable_part(name)}_name")
    return (wanted,) if wanted else ()


def _named_so(rc: RcFile, name: str) -> tuple[str, ...]:
    """The interfaces that rc.conf renames to this."""
    return tuple(
        variable[len("ifconfig_") : -len("_name")]
        for variable in rc.names()
        if variable.endswith("_name") and rc.value(variable) == name
    )
