"""What rc.conf says of a pair and only a shell can work out: such a value is never replaced."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.further import Setting, further
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.freebsd.render.addresses import says_ipv4

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.places import Place
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
    from hyperv_net.tree import Node


class Obstacle(NamedTuple):
    """What is in the way: the rule, a clause, the place, what to do."""

    rule: str
    what: str
    where: Place
    hint: str


class Unread:
    """The questions about one rc.conf, of which each costs as much as the pair is large."""

    def __init__(self, rc: RcFile) -> None:
        self._rc = rc
        found = further(rc)
        self._ends, self._setting = found.ends, Setting(found)

    def of(self, bond: Node, interfaces: Iterable[str]) -> Obstacle | None:
        """Why the pair of these interfaces, the aggregate among them, cannot be written.

        Where `bond` itself says how the pair has IPv4, its main line is not needed.
        """
        if self._ends is not None:
            what = f"{FILE} ends its own reading, and what stands behind that has no effect"
            return Obstacle("rc-conf-ends-early", what, self._ends, "take the command out there")
        if says_ipv4(bond):
            return None
        rc, parts = self._rc, [variable_part(one) for one in interfaces]
        lines = [f"ifconfig_{part}" for part in parts]
        names = [*lines, *(f"{line}_name" for line in lines)]
        if not any(rc.is_foreign(line) for line in lines):
            names.append("ifconfig_DEFAULT")
        for name in names:
            if rc.is_unknown(name):
                what = f"{name} hangs on a condition, or has a value that only the shell works out"
                return _unknown(what, rc.line(name))
        for part in parts:
            found = self._setting.of(part)
            if found is not None:
                return _unknown(
                    f"{found[0]} is set by a command that only the shell runs", found[1]
                )
        return None


def _unknown(what: str, where: Place) -> Obstacle:
    hint = "write the value out there, or say it in a network config (--network-config FILE)"
    return Obstacle("rc-conf-unknown-value", what, where, hint)
