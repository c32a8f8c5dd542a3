"""What each pair needs, and on what evidence."""

from __future__ import annotations

import re

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER, LINUX_SYNTHETIC_DRIVER
from hyperv_net.model import (
    AggregatePolicy,
    Decision,
    Finding,
    Kind,
    Mode,
    Severity,
    System,
)
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import (
        Inventory,
        Nic,
        Pair,
        Settings,
    )

#: The first Linux release whose hv_netvsc takes the VF itself: netvsc_vf_join()
#: in drivers/net/hyperv/netvsc_drv.c of torvalds/linux.
FIRST_TRANSPARENT_KERNEL = (4, 14)


class Decisions(NamedTuple):
    """One decision a pair, and what a person should know about them."""

    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]


class _Ownership(NamedTuple):
    """Why the kernel owns a pair: a clause for the reason, and its evidence."""

    because: str
    evidence: tuple[str, ...]


def decide(pairs: tuple[Pair, ...], inventory: Inventory, settings: Settings) -> Decisions:
    """The mode of every pair under the given settings.

    An aggregate that is forced (`aggregate: always`) on a pair the kernel
    owns is an ERROR finding, since the kernel would refuse it with EBUSY.
    """
    by_name = {nic.name: nic for nic in inventory.nics}
    decisions: list[Decision] = []
    findings: list[Finding] = []
    for pair in pairs:
        decision = _decide_one(pair, inventory, by_name, settings)
        decisions.append(decision)
        if decision.mode is Mode.TRANSPARENT and _forced(settings):
            findings.append(_forced_on_kernel(decision, inventory.system))
    return Decisions(tuple(decisions), tuple(findings))


def _forced(settings: Settings) -> bool:
    return settings.enabled and settings.aggregate is AggregatePolicy.ALWAYS


def _decide_one(
    pair: Pair, inventory: Inventory, by_name: Mapping[str, Nic], settings: Settings
) -> Decision:
    synthetic, vf = pair.synthetic, pair.vf
    if synthetic is None:
        name = vf.name if vf else "?"
        return Decision(
            pair,
            Mode.VF_ONLY,
            f"no synthetic NIC has the MAC address of {name}, so it is an ordinary NIC",
            (f"{name}: {_driver(vf)}", f"{name}: no NIC with a synthetic driver shares {pair.mac}"),
        )
    owned = _kernel_ownership(synthetic, vf, inventory, by_name)
    if owned is not None:
        return Decision(
            pair,
            Mode.TRANSPARENT,
            f"{owned.because}, so the settings stay on {synthetic.name}",
            owned.evidence,
        )
    existing = _aggregate_over(synthetic, by_name)
    presence = _presence(synthetic, vf)
    if not settings.enabled or settings.aggregate is AggregatePolicy.NEVER:
        setting = "enabled: false" if not settings.enabled else "aggregate: never"
        return Decision(
            pair,
            Mode.SYNTHETIC_ONLY,
            f"hyperv_net is set to '{setting}', so the settings stay on {synthetic.name}",
            (f"setting {setting}", presence),
            existing,
        )
    return _aggregate_or_not(pair, synthetic, inventory, settings, existing)


def _aggregate_or_not(
    pair: Pair, synthetic: Nic, inventory: Inventory, settings: Settings, existing: str | None
) -> Decision:
    """The decision for a pair that the kernel leaves to us."""
    unowned = _why_unowned(synthetic, pair.vf, inventory)
    presence = _presence(synthetic, pair.vf)
    if existing is not None:
        return Decision(
            pair,
            Mode.AGGREGATE,
            f"{existing} already exists over {synthetic.name}, and the VF joins it",
            (f"{synthetic.name}: master {existing}", presence),
            existing,
        )
    if pair.vf is not None:
        reason = f"{unowned}, and {synthetic.name} and {pair.vf.name} are one card"
    elif _forced(settings):
        reason = f"{unowned}, and 'aggregate: always' prepares {synthetic.name} for its VF"
    elif inventory.system is System.FREEBSD:
        reason = f"{unowned}, and the VF of {synthetic.name} may come later"
    else:
        return Decision(
            pair,
            Mode.SYNTHETIC_ONLY,
            f"no VF shares the MAC address of {synthetic.name} now "
            "('aggregate: always' prepares for one)",
            (presence,),
        )
    return Decision(pair, Mode.AGGREGATE, reason, (*_unowned_evidence(pair, inventory), presence))


def _kernel_ownership(
    synthetic: Nic, vf: Nic | None, inventory: Inventory, by_name: Mapping[str, Nic]
) -> _Ownership | None:
    if inventory.system is System.FREEBSD:
        if inventory.vf_transparent and _is_hn(synthetic):
            return _Ownership(
                "hw.hn.vf_transparent is 1: hn(4) drives the VF itself",
                ("sysctl hw.hn.vf_transparent=1",),
            )
        return None
    if vf is not None and vf.master == synthetic.name:
        return _Ownership(
            f"the kernel has made {synthetic.name} the master of {vf.name}",
            (f"{vf.name}: master {synthetic.name}", f"{synthetic.name}: {_driver(synthetic)}"),
        )
    for nic in (synthetic, vf):
        master = by_name.get(nic.master or "") if nic else None
        if nic is not None and master is not None and master.kind is Kind.FAILOVER:
            return _Ownership(
                f"the kernel's net_failover {master.name} owns the pair",
                (f"{nic.name}: master {master.name}", f"{master.name}: a failover master"),
            )
    if not _is_hv_netvsc(synthetic):
        return None
    release = kernel_release(inventory.kernel)
    driver = f"{synthetic.name}: {_driver(synthetic)} on vmbus"
    if release is not None and release >= FIRST_TRANSPARENT_KERNEL:
        return _Ownership(
            f"hv_netvsc of Linux {release[0]}.{release[1]} takes the VF itself",
            (f"kernel {inventory.kernel}", driver),
        )
    if release is None and vf is None:
        return _Ownership(
            "the kernel's release is unknown, and hv_netvsc takes the VF itself since Linux "
            + ".".join(map(str, FIRST_TRANSPARENT_KERNEL)),
            (_kernel(inventory), driver),
        )
    return None


def _why_unowned(synthetic: Nic, vf: Nic | None, inventory: Inventory) -> str:
    if inventory.system is System.FREEBSD and _is_hn(synthetic):
        if inventory.vf_transparent is None:
            return "this kernel has no hw.hn.vf_transparent, so it leaves the pair to a lagg"
        return "hw.hn.vf_transparent is 0, so the kernel leaves the pair to a lagg"
    if _is_hv_netvsc(synthetic):
        if kernel_release(inventory.kernel) is None:
            return f"the kernel has not made {synthetic.name} the master of its VF"
        return f"hv_netvsc of Linux {inventory.kernel} leaves the pair to a bond"
    return f"the kernel does not own pairs of {synthetic.driver}"


def _unowned_evidence(pair: Pair, inventory: Inventory) -> tuple[str, ...]:
    synthetic = pair.synthetic
    assert synthetic is not None
    if inventory.system is System.FREEBSD and _is_hn(synthetic):
        value = "absent" if inventory.vf_transparent is None else "0"
        return (f"sysctl hw.hn.vf_transparent: {value}",)
    evidence = [_kernel(inventory), f"{synthetic.name}: {_driver(synthetic)}"]
    if pair.vf is not None:
        evidence.append(f"{pair.vf.name}: {_master(pair.vf)}")
    return tuple(evidence)


def _aggregate_over(synthetic: Nic, by_name: Mapping[str, Nic]) -> str | None:
    master = by_name.get(synthetic.master or "")
    return master.name if master and master.kind in (Kind.BOND, Kind.LAGG) else None


def _is_hn(nic: Nic) -> bool:
    """Whether the NIC is hn(4)'s, the only driver that hw.hn.vf_transparent speaks of."""
    return nic.driver == FREEBSD_SYNTHETIC_DRIVER


def _is_hv_netvsc(nic: Nic) -> bool:
    """Whether the NIC is Hyper-V's own and not one whose driver borrows the name."""
    return nic.driver == LINUX_SYNTHETIC_DRIVER and nic.bus == "vmbus"


def _presence(synthetic: Nic, vf: Nic | None) -> str:
    if vf is None:
        return f"{synthetic.name}: no VF with {synthetic.hardware_mac}"
    return f"{vf.name}: {_driver(vf)}, {vf.bus}, MAC {synthetic.hardware_mac} as {synthetic.name}"


def _kernel(inventory: Inventory) -> str:
    return f"kernel {inventory.kernel}" if inventory.kernel else "kernel unknown"


def _driver(nic: Nic | None) -> str:
    return f"driver {nic.driver}" if nic and nic.driver else "no driver"


def _master(nic: Nic) -> str:
    return f"master {nic.master}" if nic.master else "no master"


def kernel_release(text: str) -> tuple[int, int] | None:
    """Major and minor of a release such as `4.13.0-1018-azure`; None where it has none."""
    found = re.match(r"([0-9]{1,4})\.([0-9]{1,4})", text)
    return (int(found[1]), int(found[2])) if found else None


def _forced_on_kernel(decision: Decision, system: System) -> Finding:
    because = decision.reason.split(", so ")[0]
    if system is System.FREEBSD:
        refusal = "a lagg over it would never see the VF"
        hint = "set hw.hn.vf_transparent=0 in loader.conf, or leave the setting at auto"
    else:
        refusal = "bonding refuses a NIC that the kernel has taken (EBUSY)"
        hint = "leave the setting at auto"
    return Finding(
        rule="kernel-owns-pair",
        severity=Severity.ERROR,
        message=f"'aggregate: always' cannot be done: {because}, and {refusal}",
        hint=hint,
    )
