"""What is wrong with a machine: its status in, findings out.

A finding of severity ERROR means that a pair is unhealthy: its traffic does not
go where it should, or will not after the next migration.  docs/status.md lists
them all.
"""

from __future__ import annotations

from hyperv_net.model import Finding, Mode, Severity, System
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.status import routes
from hyperv_net.status.addresses import parsed
from hyperv_net.status.model import Verdict
from hyperv_net.status.of_pair import findings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.status.addresses import Address
    from hyperv_net.status.model import MachineStatus

#: What has a service watch, at this boot and at later ones.
_TO_WATCH = {
    System.LINUX: "`systemctl enable --now hyperv-net-watch`",
    System.FREEBSD: ("`sysrc hyperv_net_watch_enable=YES` and `service hyperv_net_watch start`"),
}


def judge(status: MachineStatus, now: str, uptime: float | None = None) -> Verdict:
    """All findings of a machine, pair after pair.

    `now` is RFC 3339 in UTC, and `uptime` the time by the clock that drains are counted by
    (`Drain.uptime`); None for what another machine has shown.
    """
    return Verdict(
        (
            *status.inventory_findings,
            *(one for pair in status.pairs for one in findings_of(pair, status, now, uptime)),
            *_duplicates(status),
            *_routes(status),
            *_last_run(status),
            *_waagent(status),
            *_answers(status),
            *_unwatched(status),
        )
    )


def _duplicates(status: MachineStatus) -> Iterator[Finding]:
    """One address on two devices; link-local ones are each link's own."""
    holders: dict[Address, list[str]] = {}
    for name, addresses in status.addresses or ():
        for address in map(parsed, addresses):
            if address is not None and not address.is_link_local and not address.is_loopback:
                holders.setdefault(address, []).append(name)
    ours = {member.name for pair in status.pairs for member in pair.members}
    ours |= {pair.aggregate.name for pair in status.pairs if pair.aggregate is not None}
    for address, names in holders.items():
        different = sorted(set(names))
        if len(different) > 1:
            is_pairs = bool(ours & set(different))
            yield Finding(
                "duplicate-address",
                Severity.ERROR if is_pairs else Severity.WARNING,
                f"{address} is on {' and '.join(different)}",
                different[0],
                "keep it on one device",
            )


def _routes(status: MachineStatus) -> Iterator[Finding]:
    """A machine without pairs is no concern of ours."""
    if status.pairs and status.asking is not None and status.default_routes is not None:
        yield from routes.findings(status.asking, status.default_routes)


def _last_run(status: MachineStatus) -> Iterator[Finding]:
    is_kept = any(pair.is_configured and pair.mode is Mode.AGGREGATE for pair in status.pairs)
    if status.last is None:
        if is_kept:
            yield Finding(
                "reconcile-never",
                Severity.NOTE,
                "no reconcile has run since the machine booted",
                "reconcile",
                "run `hyperv-net reconcile`, and see whether its hook is installed",
            )
        return
    run = status.last.run
    troubles = (*run.failures, *(() if run.settled else ("it ended with steps left",)))
    for trouble in troubles:
        yield Finding(
            "reconcile-failed",
            Severity.ERROR,
            f"the last reconcile ({run.time}): {trouble}",
            "reconcile",
            "run `hyperv-net reconcile` again",
        )


def _waagent(status: MachineStatus) -> Iterator[Finding]:
    if status.waagent and status.pairs:
        yield Finding(
            "waagent-restarts",
            Severity.NOTE,
            "waagent takes interfaces down and up when the host's name changes",
            Place(status.waagent),
            "set it to n",
        )


def _unwatched(status: MachineStatus) -> Iterator[Finding]:
    watching = status.watching
    if watching.sources and watching.is_running is False:
        yield Finding(
            "unwatched",
            Severity.WARNING,
            f"nobody watches for what {' and '.join(watching.sources)} announces",
            "watch",
            f"run {_TO_WATCH[status.system]}; why one ended is in its log",
        )


def _answers(status: MachineStatus) -> Iterator[Finding]:
    """FreeBSD's own scripts look at hn0 alone, and an upgrade of the base system restores them."""
    laggs = [pair.aggregate.name for pair in status.pairs if pair.aggregate is not None]
    if status.stock_scripts and laggs:
        yield Finding(
            "kvp-scripts-stock",
            Severity.WARNING,
            f"the host is answered by the base system's scripts, which know nothing of {laggs[0]}",
            ", ".join(status.stock_scripts),
            "run `hyperv-net bake --root / --force`, or see docs/kvp.md",
        )
