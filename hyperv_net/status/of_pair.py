"""What is wrong with one pair."""

from __future__ import annotations

from hyperv_net.hotplug.look.managers import DHCP_CLIENTS
from hyperv_net.model import Finding, Mode, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load
from hyperv_net.status.addresses import parsed
from hyperv_net.status.of_drain import drain_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.hotplug.look.managers import Manager
    from hyperv_net.status.model import MachineStatus, Member, PairStatus


def findings_of(
    pair: PairStatus, status: MachineStatus, now: str, uptime: float | None = None
) -> Iterator[Finding]:
    """All findings of a pair; the times are as for `judge`."""
    if pair.is_taken:
        yield from _rivals(pair, status)
        return
    if pair.mode is Mode.AGGREGATE and not pair.is_configured:
        yield from _not_configured(pair)
        return
    if pair.mode is Mode.AGGREGATE:
        yield from _of_aggregate(pair)
    elif pair.mode is Mode.TRANSPARENT:
        yield from _of_transparent(pair)
    if pair.mode in (Mode.AGGREGATE, Mode.TRANSPARENT):
        yield from _vfs(pair, status)
        yield from _addresses(pair)
        yield from _rivals(pair, status)
        yield from drain_findings(pair, now, uptime)
    if pair.mode is Mode.TRANSPARENT and status.is_guarded:
        yield from _unmarked(pair, status)


def _not_configured(pair: PairStatus) -> Iterator[Finding]:
    if pair.aggregate is not None and pair.aggregate.is_present:
        return
    yield Finding(
        "not-configured",
        Severity.WARNING if pair.vfs else Severity.NOTE,
        f"the pair needs an aggregate ({pair.reason}), and hyperv-net has configured none",
        pair.label,
        "see `hyperv-net plan`",
    )


def _of_aggregate(pair: PairStatus) -> Iterator[Finding]:
    aggregate, synthetic = pair.aggregate, pair.synthetic
    assert aggregate is not None
    if pair.is_kernels:
        yield Finding(
            "kernel-owns-pair",
            Severity.ERROR,
            f"{aggregate.name} cannot be made: {pair.obstacle}",
            aggregate.name,
            "write the configuration anew with `hyperv-net apply`",
        )
        return
    if not aggregate.is_present:
        yield Finding(
            "aggregate-missing",
            Severity.ERROR,
            f"{aggregate.name} is not there",
            aggregate.name,
            "see `hyperv-net reconcile --dry-run`, and the log of what configures the network",
        )
        return
    if synthetic is None:
        yield Finding(
            "synthetic-missing",
            Severity.WARNING,
            "there is no synthetic NIC: the next migration cuts the machine off",
            aggregate.name,
            "see `hyperv-net inventory`",
        )
    elif not synthetic.is_joined:
        yield Finding(
            "synthetic-not-joined",
            Severity.ERROR,
            f"{synthetic.name} is not in {aggregate.name}: the next migration cuts the machine off",
            synthetic.name,
            "see `hyperv-net reconcile --dry-run`",
        )
    elif pair.obstacle:
        yield Finding(
            "aggregate-unfit",
            Severity.ERROR,
            f"the VF cannot join: {pair.obstacle}",
            aggregate.name,
            "put the aggregate right, or write it anew with `hyperv-net apply`",
        )
    elif not aggregate.is_up or not any(_can_send(one) for one in pair.members):
        yield Finding(
            "no-path",
            Severity.ERROR,
            f"no member of {aggregate.name} can send" if aggregate.is_up else "it is down",
            aggregate.name,
            "look at the links of its members",
        )


def _can_send(member: Member) -> bool:
    return member.is_joined and member.is_up and member.link != "down"


def _of_transparent(pair: PairStatus) -> Iterator[Finding]:
    if pair.synthetic is None:
        yield Finding(
            "synthetic-missing",
            Severity.WARNING,
            "there is no synthetic NIC: the next migration cuts the machine off",
            pair.label,
            "see `hyperv-net inventory`",
        )


def _vfs(pair: PairStatus, status: MachineStatus) -> Iterator[Finding]:
    if not pair.vfs:
        yield Finding(
            "vf-away",
            Severity.NOTE,
            f"no VF: {pair.active or 'nothing'} carries the traffic",
            pair.label,
            "lasting more than some minutes, see whether accelerated networking is on",
        )
    is_held = pair.drain is not None
    joined = [vf for vf in pair.vfs if vf.is_joined]
    for vf in pair.vfs:
        if not vf.is_joined and not joined:
            yield _not_joined(pair, vf, status)
        elif not vf.is_joined:
            yield _warning("vf-second", f"{vf.name} is a second VF and stays down", vf.name)
        elif not vf.is_up and not is_held:
            yield _warning(
                "vf-down", f"{vf.name} is down: its traffic takes the slow path", vf.name
            )
        elif vf.link == "down" and not is_held:
            yield _warning("vf-no-link", f"{vf.name} has no link", vf.name)
        elif pair.active not in (vf.name, None) and not is_held and len(joined) == 1:
            yield _warning(
                "vf-not-active",
                f"{vf.name} has joined, and {pair.active} carries the traffic",
                vf.name,
            )


def _warning(rule: str, message: str, where: str) -> Finding:
    return Finding(rule, Severity.WARNING, message, where, "see `hyperv-net reconcile --dry-run`")


def _not_joined(pair: PairStatus, vf: Member, status: MachineStatus) -> Finding:
    if pair.mode is Mode.TRANSPARENT or pair.is_kernels:
        return Finding(
            "vf-not-joined",
            Severity.ERROR,
            f"the kernel has not taken {vf.name}",
            vf.name,
            "look for netvsc or failover in the kernel's log",
        )
    # The name is followed by a blank or the end of what was done: mce1 is not mce10.
    failures = status.last.run.failures if status.last is not None else ()
    why = next((one for one in failures if vf.name in one.replace(":", " ").split()), "")
    name = pair.aggregate.name if pair.aggregate is not None else "its aggregate"
    return Finding(
        "vf-not-joined",
        Severity.ERROR,
        f"{vf.name} is not in {name}" + (f": {why}" if why else ""),
        vf.name,
        "see `hyperv-net reconcile --dry-run`",
    )


def _addresses(pair: PairStatus) -> Iterator[Finding]:
    is_transparent = pair.mode is Mode.TRANSPARENT or pair.is_kernels
    for member in pair.members:
        if is_transparent:
            # A NIC below the kernel's own master may have a link-local address.
            own = _routable(member.addresses) if member.name != pair.label else []
        else:
            own = list(member.addresses)
        if own:
            yield Finding(
                "member-address",
                Severity.ERROR,
                f"{member.name} has {', '.join(own)}, which belongs on {pair.label}",
                member.name,
                _whose(member.managers),
            )


def _whose(managers: tuple[Manager, ...]) -> str:
    """Who may have put an address there; one that joins the NIC to a bond gives it none."""
    names = [str(one) for one in managers if not one.aggregate]
    if not names:
        return "no manager is known to have it: it may have been put there by hand"
    return f"it may come from {' or '.join(names)}"


def _routable(addresses: tuple[str, ...]) -> list[str]:
    return [one for one in addresses if (ip := parsed(one)) is None or not ip.is_link_local]


def _unmarked(pair: PairStatus, status: MachineStatus) -> Iterator[Finding]:
    for vf in pair.vfs:
        if vf.name in status.unmarked:
            yield Finding(
                "vf-not-marked",
                Severity.WARNING,
                f"udev has not marked {vf.name} by the rules of `hyperv-net guard`",
                vf.name,
                "run `udevadm control --reload` and `udevadm trigger --action=change "
                f"/sys/class/net/{vf.name}`; if that does not help, see its log",
            )


def _way_out(pair: PairStatus, manager: Manager, status: MachineStatus) -> str:
    """What keeps a manager off a VF that it has taken."""
    if pair.mode is not Mode.TRANSPARENT or pair.is_configured:
        return f"tell {manager.name} to leave it alone"
    if not status.is_guarded:
        return "`hyperv-net guard` keeps everybody off it"
    return f"{manager.name} had it before the rules: boot again, with them in the initramfs too"


def _rivals(pair: PairStatus, status: MachineStatus) -> Iterator[Finding]:
    for member in pair.members:
        for manager in member.managers:
            if _is_rival(manager, member, pair, status.target):
                where = pair.label if pair.mode is Mode.AGGREGATE else "the kernel"
                where = "the program that has its synthetic NIC" if pair.is_taken else where
                yield Finding(
                    "vf-managed" if member.role == "VF" else "member-managed",
                    Severity.ERROR,
                    f"{manager} manages {member.name}, which belongs to {where}",
                    member.name,
                    _way_out(pair, manager, status),
                )


def _is_rival(manager: Manager, member: Member, pair: PairStatus, target: str | None) -> bool:
    if pair.mode is Mode.TRANSPARENT:
        # The synthetic NIC bears the settings, so somebody has to manage it.
        return member.role == "VF"
    if manager.name in DHCP_CLIENTS:
        return True
    if member.role != "VF":
        return False
    if manager.aggregate:
        return pair.aggregate is None or manager.aggregate != pair.aggregate.name
    # One whose file cannot be read is believed while the VF is where it belongs.
    joins = load(target).joins if target else ()
    return manager.name not in joins or not member.is_joined
