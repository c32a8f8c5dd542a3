"""Default routes and name servers: those that there are, and those that the files ask for."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import load, targets
from hyperv_net.renderers.resolv_conf import nameservers
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from hyperv_net.model import System
    from hyperv_net.renderers.parts import Asked

_RESOLV = "etc/resolv.conf"
FREEBSD = {
    4: ("/usr/bin/netstat", "-rn", "-f", "inet"),
    6: ("/usr/bin/netstat", "-rn", "-f", "inet6"),
}
LINUX = {
    4: ("ip", "-4", "route", "show", "default"),
    6: ("ip", "-6", "route", "show", "default"),
}


class Asking(NamedTuple):
    """What a machine's files ask for; `has_nameservers` where resolv.conf has one."""

    default_routes: tuple[Asked, ...]
    has_nameservers: bool


def asking(root: Path, system: System, target: str | None) -> Asking | None:
    """By the target that hyperv-net configured, or the system's own; None where none is known."""
    own = (one for one in targets(system) if one.is_systems_own)
    found = load(target) if target is not None else next(own, None)
    if found is None:
        return None
    try:
        asked = found.asking.default_routes(files.read_matching(root, found.asking.reads))
        resolv = files.read_matching(root, (_RESOLV,)).get(_RESOLV, "")
    except HypervNetError:
        return None
    return Asking(tuple(asked), bool(nameservers(resolv)))


def families(
    commands: Mapping[int, tuple[str, ...]], run: Callable[[Sequence[str]], str]
) -> frozenset[int]:
    """The families that have a default route, 4 and 6.  Raises what `run` raises."""
    return frozenset(
        family
        for family, command in commands.items()
        if any(line.startswith("default") for line in run(command).splitlines())
    )


def findings(asking: Asking, there: frozenset[int]) -> Iterator[Finding]:
    """What is asked for and not there, a finding a family."""
    for family in (4, 6):
        asked = [one for one in asking.default_routes if one.family == family]
        if asked and family not in there:
            certain = [one for one in asked if one.is_certain]
            yield Finding(
                "no-default-route",
                Severity.ERROR if certain else Severity.WARNING,
                f"there is no IPv{family} default route, and {(certain or asked)[0].by} "
                f"asks for one",
                f"IPv{family}",
                "see the log of what configures the network, and have it configure anew",
            )
    if asking.default_routes and not asking.has_nameservers:
        yield Finding(
            "no-nameserver",
            Severity.WARNING,
            "it names no name server",
            Place(_RESOLV),
            "see what writes it, and what DHCP gave",
        )
