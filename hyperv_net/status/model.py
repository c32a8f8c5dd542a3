"""What `status` tells of a machine; all of it is frozen, and none of it is judged yet."""

from __future__ import annotations

from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hyperv_net.announcements.course import Course
    from hyperv_net.hotplug.kept.last import Last
    from hyperv_net.hotplug.look.counters import Counters, Paths, Share
    from hyperv_net.hotplug.look.managers import Manager
    from hyperv_net.hotplug.look.state import Drain
    from hyperv_net.model import Finding, Mode, System
    from hyperv_net.status.routes import Asking


class Member(NamedTuple):
    """One NIC of a pair.

    `role` is synthetic or VF, `link` up, down or unknown (the carrier), and
    `is_joined` tells whether it is where it belongs: in the pair's aggregate,
    or taken by the kernel's driver.  `counters` are the packets it carried since
    it appeared.
    """

    name: str
    role: str
    driver: str | None
    is_up: bool
    link: str
    is_joined: bool
    master: str | None = None
    addresses: tuple[str, ...] = ()
    managers: tuple[Manager, ...] = ()
    counters: Counters | None = None


class AggregateStatus(NamedTuple):
    """The aggregate of a pair; `mode` is active-backup, failover and so on."""

    name: str
    is_present: bool
    is_up: bool = False
    mode: str | None = None
    primary: str | None = None
    addresses: tuple[str, ...] = ()


class PairStatus(NamedTuple):
    """One pair.

    `is_configured` tells whether hyperv-net configured it, and `reason` why it
    has its mode.  `active` is the NIC that carries the traffic, and `paths` what each path has
    carried (None: not known).  `obstacle` says why the aggregate cannot be what is wanted, if
    so.  `is_taken` tells that another program has the synthetic NIC, so that the VF is its too.
    """

    mac: str
    mode: Mode
    is_configured: bool
    reason: str = ""
    members: tuple[Member, ...] = ()
    aggregate: AggregateStatus | None = None
    active: str | None = None
    drain: Drain | None = None
    share: Share | None = None
    paths: Paths | None = None
    obstacle: str = ""
    is_kernels: bool = False
    is_taken: bool = False

    @property
    def vfs(self) -> tuple[Member, ...]:
        """Its VFs; more than one only while a machine is being changed."""
        return tuple(one for one in self.members if one.role == VF)

    @property
    def synthetic(self) -> Member | None:
        """Its synthetic NIC."""
        return next((one for one in self.members if one.role == SYNTHETIC), None)

    @property
    def label(self) -> str:
        """What a person calls it: the device that bears, or should bear, its settings."""
        if self.aggregate is not None:
            return self.aggregate.name
        synthetic = self.synthetic
        if synthetic is None:
            return self.members[0].name if self.members else self.mac
        # net_failover has a device of its own above both.
        shared = [vf.master for vf in self.vfs if vf.master and vf.master == synthetic.master]
        return shared[0] if shared else synthetic.name


SYNTHETIC = "synthetic"
VF = "VF"


class Watching(NamedTuple):
    """Whether announcements are watched for.

    `sources` are those that the settings name, and none where hyperv-net is turned off; `silent`
    are those that do not answer, `courses` what was announced when a service last knew, and
    `is_running` is whether one watches now (None: not seen).
    """

    sources: tuple[str, ...] = ()
    is_running: bool | None = None
    silent: tuple[str, ...] = ()
    courses: tuple[Course, ...] = ()


class MachineStatus(NamedTuple):
    """A machine.

    `target` is what configures its network, None where hyperv-net does not
    know.  `addresses` are those of all devices, None where they could not be
    seen.  `default_routes` are the families, 4 and 6, that have one, None where that was not
    seen, and `asking` is what the files ask for.  `stock_scripts` are those by which FreeBSD's
    hv_kvp_daemon answers the host without hyperv-net.  `is_guarded` tells that `guard` has its
    rules there, and `unmarked` are the NICs with a device that udev knows without a mark of them.
    `watching` is about announced migrations.  `not_seen` tells what else could not, one clause
    each.
    """

    system: System
    kernel: str
    target: str | None
    pairs: tuple[PairStatus, ...]
    last: Last | None = None
    addresses: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    not_seen: tuple[str, ...] = ()
    inventory_findings: tuple[Finding, ...] = ()
    waagent: str = ""
    stock_scripts: tuple[str, ...] = ()
    default_routes: frozenset[int] | None = None
    asking: Asking | None = None
    is_guarded: bool = False
    unmarked: frozenset[str] = frozenset()
    watching: Watching = Watching()


class Verdict(NamedTuple):
    """What is wrong with a machine, and what is worth knowing."""

    findings: tuple[Finding, ...]

    @property
    def is_healthy(self) -> bool:
        """False where a finding is an ERROR."""
        return all(one.severity is not Severity.ERROR for one in self.findings)
