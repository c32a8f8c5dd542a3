"""What a rendering adds up to before it is written: variables, aliases, lists, findings."""

from __future__ import annotations

import re

from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.model import Rewritten
    from hyperv_net.places import Place
    from hyperv_net.renderers.account import Account
    from hyperv_net.renderers.freebsd.rc_conf.ifconfig import MainLine
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
    from hyperv_net.renderers.freebsd.render.names import Names
    from hyperv_net.renderers.freebsd.render.requests import Requests
    from hyperv_net.tree import Node, Path

_FURTHER = re.compile(r"ifconfig_(\w+)_alias(?:[0-9]+|es)\Z|ipv4_addrs_(\w+)\Z")


def _with_further_addresses(rc: RcFile) -> Iterator[str]:
    for variable in rc.names():
        found = _FURTHER.match(variable)
        is_ipv6 = (rc.value(variable) or "").startswith("inet6")
        if found is not None and rc.is_foreign(variable) and not is_ipv6:
            yield found[1] or found[2]


class Draft:
    """Gathers, device by device, what etc/rc.conf is to say.

    `variables` is in the order in which new ones are written.  `aliases` has
    for each interface the values of its numbered aliases, `lists` the
    elements to be merged into variables that hold a list, `unset` the
    variables that must not be set, `fib_of` an interface's routing table
    where it is not the first, `name_at_boot` its former name where it is
    renamed.  `aliased` has, as variables name them, the interfaces to which
    rc.conf gives IPv4 addresses besides the main line's.  `vfs_present` are the
    VFs that are here, `searched` and `servers` what goes to resolv.conf.
    `unasked` has, for each interface to which the configuration gives DHCP, the
    options that are not to be requested, and `requests` are those of dhclient.conf
    that are not ours.  `metrics` has those of the leases that can bring a default route.
    `moved` has for a member the aggregate that has its settings now.  `keeps_block` is
    true where what an earlier run wrote must stay, because some pair cannot be written anew.
    """

    def __init__(
        self,
        rewritten: Rewritten,
        rc: RcFile,
        names: Names,
        account: Account,
        *,
        fibs: int = 1,
        dhcpv6: str | None = None,
        keeps_block: bool = False,
        requests: Requests,
        metrics: Mapping[Path, int],
        moved: Mapping[str, str],
    ) -> None:
        self.rewritten = rewritten
        self.rc = rc
        self.names = names
        self.account = account
        self.fibs = fibs
        self.dhcpv6 = dhcpv6
        self.keeps_block = keeps_block
        self.requests = requests
        self.metrics = metrics
        self.moved = moved
        self.unasked: dict[str, list[str]] = {}
        self.vfs_present = frozenset(names.one(one.vf_id) for one in rewritten.aggregates)
        self.name_at_boot = {wanted: boot for boot, wanted in names.renames.values()}
        self.aliased = frozenset(_with_further_addresses(rc))
        self.variables: dict[str, str] = {}
        self.aliases: dict[str, list[str]] = {}
        self.lists: dict[str, list[str]] = {}
        self.unset: set[str] = set()
        self.fib_of: dict[str, int] = {}
        self.servers: list[str] = []
        self.searched: list[str] = []
        self.findings: list[Finding] = []

    @property
    def tree(self) -> Node:
        """The rewritten configuration."""
        return self.rewritten.tree

    def assign(self, variable: str, value: str, paths: Iterable[Path] = ()) -> None:
        """Give `variable` a value that says what stands at `paths`."""
        self.variables[variable] = value
        self.place(variable, paths)

    def place(self, variable: str, paths: Iterable[Path]) -> None:
        """Say that what stands at `paths` is in `variable`."""
        for path in paths:
            self.account.place(path, f"{FILE}: {variable}")

    def alias(self, interface: str, value: str, paths: Iterable[Path]) -> None:
        """Add an alias to `interface`; `paths` say it."""
        of_interface = self.aliases.setdefault(interface, [])
        variable = f"ifconfig_{variable_part(interface)}_alias{len(of_interface)}"
        self.assign(variable, value, paths)
        of_interface.append(value)

    def reserve(self, variable: str) -> None:
        """Take the place in the order of new variables for one whose value comes later."""
        self.variables.setdefault(variable, "")

    def element(self, variable: str, value: str) -> None:
        """Add an element to a variable that holds a list."""
        elements = self.lists.setdefault(variable, [])
        if value not in elements:
            elements.append(value)

    def main_line(self, interface: str) -> MainLine | None:
        """What etc/rc.conf says in the interface's `ifconfig_X`, None where it says nothing."""
        value = self.rc.value(f"ifconfig_{variable_part(interface)}")
        return None if value is None else parse_main_line(value)

    def default_line(self) -> MainLine:
        """`ifconfig_DEFAULT`, which network.subr uses where an interface has no line."""
        return parse_main_line(self.rc.value("ifconfig_DEFAULT") or "")

    def warn(self, rule: str, message: str, where: Place, hint: str = "") -> None:
        """Add a finding of severity WARNING."""
        self.findings.append(Finding(rule, Severity.WARNING, message, where, hint))

    def note(self, rule: str, message: str, where: Place, hint: str = "") -> None:
        """Add a finding of severity NOTE."""
        self.findings.append(Finding(rule, Severity.NOTE, message, where, hint))
