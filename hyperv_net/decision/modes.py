"""What each pair needs, and on what evidence."""

from __future__ import annotations

from hyperv_net.decision.kernels import FIRST_TRANSPARENT_KERNEL, kernel_release, ownership
from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER, is_hv_netvsc
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


#: lagg_port_create() of sys/net/if_lagg.c sets it on each port; there is no fail_over_mac.
_ONE_ADDRESS = "a lagg gives its ports one MAC address, and this card has two"


class Decisions(NamedTuple):
    """One decision a pair, and what a person should know about them."""

    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]


class _Ownership(NamedTuple):
    """Why the kernel owns a pair: a clause for the reason, and its evidence.

    Where that is not certain the pair is left to it all the same: a NIC without a bond has
    a network, and one that the kernel has taken refuses the bond.
    """

    because: str
    evidence: tuple[str, ...]
    is_certain: bool = True


def decide(pairs: tuple[Pair, ...], inventory: Inventory, settings: Settings) -> Decisions:
    """The mode of every pair under the given settings.

    An aggregate that is forced (`aggregate: always`) on a pair the kernel
    owns is an ERROR finding, since the kernel would refuse it with EBUSY, and
    a WARNING where it only may own it.
    """
    by_name = {nic.name: nic for nic in inventory.nics}
    decisions: list[Decision] = []
    findings: list[Finding] = []
    for pair in pairs:
        owned = _kernel_ownership(pair, inventory, by_name)
        decision = _decide_one(pair, owned, inventory, by_name, settings)
        decisions.append(decision)
        if owned is not None and _forced(settings):
            findings.append(_forced_on_kernel(owned, inventory.system))
        if pair.vf_told and inventory.system is System.FREEBSD:
            findings.append(_two_addresses(pair))
    return Decisions(tuple(decisions), tuple(findings))


def _forced(settings: Settings) -> bool:
    return settings.enabled and settings.aggregate is AggregatePolicy.ALWAYS


def _decide_one(
    pair: Pair,
    owned: _Ownership | None,
    inventory: Inventory,
    by_name: Mapping[str, Nic],
    settings: Settings,
) -> Decision:
    synthetic, vf = pair.synthetic, pair.vf
    if synthetic is None and vf is not None and pair.mac in inventory.taken_macs:
        return Decision(
            pair,
            Mode.TRANSPARENT,
            f"another program (DPDK?) has the synthetic NIC of {pair.mac}, so its VF {vf.name} is "
            "left alone",
            (f"VMBus: a synthetic NIC of {pair.mac} without a network device", _alone(vf)),
        )
    if synthetic is None:
        name = vf.name if vf else "?"
        return Decision(
            pair,
            Mode.VF_ONLY,
            f"no synthetic NIC has the MAC address of {name}, so it is an ordinary NIC",
            (f"{name}: {_driver(vf)}", f"{name}: no NIC with a synthetic driver shares {pair.mac}"),
        )
    if owned is not None:
        return Decision(
            pair,
            Mode.TRANSPARENT,
            f"{owned.because}, so the settings stay on {synthetic.name}",
            owned.evidence,
        )
    existing = _aggregate_over(synthetic, by_name)
    presence = _presence(pair, synthetic)
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
    presence = _presence(pair, synthetic)
    if pair.vf_told and inventory.system is System.FREEBSD:
        reason = f"{_ONE_ADDRESS}, so it is left alone"
        return Decision(pair, Mode.SYNTHETIC_ONLY, reason, (presence,))
    if existing is not None:
        return Decision(
            pair,
            Mode.AGGREGATE,
            f"{existing} already exists over {synthetic.name}, and the VF joins it",
            (f"{synthetic.name}: master {existing}", presence),
            existing,
        )
    if pair.vf is not None:
        one_card = "are told to be one card" if pair.is_told else "are one card"
        reason = f"{unowned}, and {synthetic.name} and {pair.vf.name} {one_card}"
    elif pair.is_told:
        reason = f"{unowned}, and the VF that is told of {synthetic.name} may come later"
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
    pair: Pair, inventory: Inventory, by_name: Mapping[str, Nic]
) -> _Ownership | None:
    synthetic, vf = pair.synthetic, pair.vf
    if synthetic is None:
        return None
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
    if not is_hv_netvsc(synthetic):
        return None
    if vf is not None and vf.master and vf.master == _aggregate_over(synthetic, by_name):
        return None  # bond_enslave() refuses a VF that the kernel has taken.
    return _of_hv_netvsc(synthetic, vf, inventory)


def _of_hv_netvsc(synthetic: Nic, vf: Nic | None, inventory: Inventory) -> _Ownership | None:
    """What its counters say, or else the kernel's release."""
    said = ownership(inventory.kernel)
    evidence = (_kernel(inventory), f"{synthetic.name}: {_driver(synthetic)} on vmbus")
    if synthetic.counts_vf is not None:
        if not synthetic.counts_vf:
            return None
        counters = f"{synthetic.name}: counters vf_* (ethtool -S)"
        because = f"hv_netvsc counts what a VF of {synthetic.name} carries, and takes it itself"
        return _Ownership(because, (*evidence, counters))
    if said.takes_vf:
        return _Ownership(f"{said.kernel} takes the VF itself", evidence)
    if said.takes_vf is None and kernel_release(inventory.kernel) is not None:
        because = f"{said.kernel}, which takes the VF itself"
        return _Ownership(because, evidence, is_certain=False)
    if said.takes_vf is None and vf is None:
        since = ".".join(map(str, FIRST_TRANSPARENT_KERNEL))
        because = f"{said.kernel}, and hv_netvsc takes the VF itself since Linux {since}"
        return _Ownership(because, evidence)
    return None


def _why_unowned(synthetic: Nic, vf: Nic | None, inventory: Inventory) -> str:
    if inventory.system is System.FREEBSD and _is_hn(synthetic):
        if inventory.vf_transparent is None:
            return "this kernel has no hw.hn.vf_transparent, so it leaves the pair to a lagg"
        return "hw.hn.vf_transparent is 0, so the kernel leaves the pair to a lagg"
    if is_hv_netvsc(synthetic):
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
    if synthetic.counts_vf is False:
        evidence.append(f"{synthetic.name}: no counters vf_* (ethtool -S)")
    if pair.vf is not None:
        evidence.append(f"{pair.vf.name}: {_master(pair.vf)}")
    return tuple(evidence)


def _aggregate_over(synthetic: Nic, by_name: Mapping[str, Nic]) -> str | None:
    master = by_name.get(synthetic.master or "")
    return master.name if master and master.kind in (Kind.BOND, Kind.LAGG) else None


def _is_hn(nic: Nic) -> bool:
    """Whether the NIC is hn(4)'s, the only driver that hw.hn.vf_transparent speaks of."""
    return nic.driver == FREEBSD_SYNTHETIC_DRIVER


def _alone(vf: Nic) -> str:
    return f"{vf.name}: {_driver(vf)}"


def _presence(pair: Pair, synthetic: Nic) -> str:
    vf = pair.vf
    if vf is None:
        awaited = f"NIC that is {pair.vf_told}" if pair.vf_told else f"VF with {pair.mac}"
        return f"{synthetic.name}: no {awaited}"
    if pair.vf_told:
        return f"{vf.name}: {_driver(vf)}, {vf.bus}, told to be the VF of {synthetic.name}"
    return f"{vf.name}: {_driver(vf)}, {vf.bus}, MAC {pair.mac} as {synthetic.name}"


def _kernel(inventory: Inventory) -> str:
    return f"kernel {inventory.kernel}" if inventory.kernel else "kernel unknown"


def _driver(nic: Nic | None) -> str:
    return f"driver {nic.driver}" if nic and nic.driver else "no driver"


def _master(nic: Nic) -> str:
    return f"master {nic.master}" if nic.master else "no master"


def _two_addresses(pair: Pair) -> Finding:
    return Finding(
        rule="told-pair",
        severity=Severity.ERROR,
        message=f"{pair.mac} and its VF get no aggregate: {_ONE_ADDRESS}",
        where=f"pairs: {pair.vf_told}",
        hint="give both NICs of the card one MAC address in the virtual machine's settings",
    )


def _forced_on_kernel(owned: _Ownership, system: System) -> Finding:
    if system is System.FREEBSD:
        refusal = "a lagg over it would never see the VF"
        hint = "set hw.hn.vf_transparent=0 in loader.conf, or leave the setting at auto"
    else:
        refusal = "bonding refuses a NIC that the kernel has taken (EBUSY)"
        hint = "leave the setting at auto"
    how = "cannot be" if owned.is_certain else "is not"
    return Finding(
        rule="kernel-owns-pair",
        severity=Severity.ERROR if owned.is_certain else Severity.WARNING,
        message=f"'aggregate: always' {how} done: {owned.because}, and {refusal}",
        hint=hint,
    )
