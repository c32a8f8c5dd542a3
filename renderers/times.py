"""Times of bonds and bridges: as netplan has them, and as somebody can say them who counts coarser.

Without a suffix most of a bond are in milliseconds and all others in seconds (netplan-yaml(5),
bonds and bridges).  The kernel has a bond's in milliseconds, but for lp_interval (bonding.rst), and
a bridge's in hundredths of a second (USER_HZ, br_netlink.c); networkd cuts what is finer
(src/network/netdev/bond.c and bridge.c of systemd), so that 500us would be none at all.  What
cannot be said is the nearest that can, never 0 for a time that is not, and it is told.
"""

from __future__ import annotations

import re

from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node, format_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.tree import Path

MILLISECOND, HUNDREDTH, SECOND = 1_000, 10_000, 1_000_000
"""Microseconds: what a step of those who count is."""

_TIME = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,6}))?(us|ms|s|m|min|h)?\Z")
_UNITS = {
    **{"us": 1, "ms": MILLISECOND, "s": SECOND},
    **{"m": 60 * SECOND, "min": 60 * SECOND, "h": 3600 * SECOND},
}
_BOND = {
    **dict.fromkeys(
        ("mii-monitor-interval", "up-delay", "down-delay", "arp-interval"), MILLISECOND
    ),
    "learn-packet-interval": SECOND,
}
_BRIDGE = ("ageing-time", "aging-time", "forward-delay", "hello-time", "max-age")


class _Time(NamedTuple):
    """A time as a fraction of microseconds, so that nothing of it is lost."""

    numerator: int
    denominator: int

    def steps(self, step: int) -> int:
        """The nearest number of steps, at least one where it is a time at all."""
        doubled, whole = 2 * self.numerator, 2 * self.denominator * step
        return max((doubled + self.denominator * step) // whole, int(self.numerator > 0))

    def is_whole(self, step: int) -> bool:
        """Whether nothing has to be rounded."""
        return self.numerator % (self.denominator * step) == 0


def _time(value: object, unit: int) -> _Time:
    found = None if isinstance(value, bool) else _TIME.match(str(value))
    if found is None:
        raise RefusedError("not a time")
    decimals = found[2] or ""
    digits = int(f"{found[1]}{decimals}")
    return _Time(digits * (_UNITS[found[3]] if found[3] else unit), 10 ** len(decimals))


def milliseconds(value: object) -> int:
    """A bond's time in whole milliseconds, which none of the suffixes means too."""
    return _time(value, MILLISECOND).steps(MILLISECOND)


def seconds(value: object) -> int:
    """A time in whole seconds, which none of the suffixes means too."""
    return _time(value, SECOND).steps(SECOND)


def hundredths(value: object) -> int:
    """A bridge's time in whole hundredths of a second; none of the suffixes means seconds."""
    return _time(value, SECOND).steps(HUNDREDTH)


def with_suffix(value: object, unit: int, step: int) -> str:
    """A time as it stands where it is so many whole steps, or the nearest that is.

    `unit` is what none of the suffixes means, and both are microseconds.
    """
    time = _time(value, unit)
    if time.is_whole(step):
        return str(value)
    return _shown(time.steps(step) * step)


def _shown(microseconds: int) -> str:
    if microseconds % SECOND:
        return f"{microseconds // MILLISECOND}ms"
    return f"{microseconds // SECOND}s"


def rounded(tree: Node, of_bridges: int) -> Iterator[tuple[Path, str]]:
    """The times of a config that are no whole steps, each with what it is rounded to.

    `of_bridges` is the step of bridges; those of bonds are the kernel's.
    """
    steps = {
        "bonds": {key: (unit, unit) for key, unit in _BOND.items()},
        "bridges": dict.fromkeys(_BRIDGE, (SECOND, of_bridges)),
    }
    for kind, known in steps.items():
        for one, device in (tree.get(kind) or Node({})).items():
            for key, node in (device.get("parameters") or Node({})).items():
                if key in known and _TIME.match(str(node.value)):
                    unit, step = known[key]
                    time = _time(node.value, unit)
                    if not time.is_whole(step):
                        yield (kind, one, "parameters", key), _shown(time.steps(step) * step)


def told(tree: Node, places: Mapping[Path, str], of_bridges: int) -> tuple[Finding, ...]:
    """A note for each time that stands rounded in a text, whose places are given."""
    found = []
    for path, text in rounded(tree, of_bridges):
        if path in places:
            node = tree
            for key in path:
                node = node.get(str(key)) or Node(None)
            found.append(
                Finding(
                    "rounded",
                    Severity.NOTE,
                    f"{format_path(path)}: {node.value} is {text} there, the nearest"
                    " that can be said",
                    places[path],
                )
            )
    return tuple(found)
