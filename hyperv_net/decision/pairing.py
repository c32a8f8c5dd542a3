"""Which NICs are one card seen twice.

Two NICs are a pair by their hardware address and by what they are: one has a
synthetic driver, the other a bus device of its own.  Names and PCI addresses
say nothing, since both change when a VF comes back.
"""

from __future__ import annotations

from hyperv_net.decision.told_pairs import find_told
from hyperv_net.drivers import FREEBSD_VF_DRIVERS, SYNTHETIC_DRIVERS, TOLD_APART, VF_DRIVERS
from hyperv_net.model import Finding, Kind, Pair, Severity, System
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.tree import natural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.inventory.told import ToldPair
    from hyperv_net.model import Inventory, Nic

_VFS_ALONE = {one.binds for one in VF_DRIVERS if one.is_vfs_alone}
#: The buses of NICs that are the hypervisor's own: they stay where others come and go.
_LASTING_BUSES = ("vmbus", "virtio", "xen")
_NO_ADDRESS = (None, "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff")


class Pairing(NamedTuple):
    """All pairs of an inventory in the natural order of their names, and what stood in the way."""

    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]


def find_pairs(
    inventory: Inventory, synthetic_drivers: Iterable[str], told: Iterable[ToldPair] = ()
) -> Pairing:
    """The pairs of `inventory`, with `synthetic_drivers` besides Hyper-V's own.

    Those that are `told` come first: of their NICs nothing else is asked.

    A synthetic NIC without a VF is a pair whose VF is None; a VF that no
    synthetic NIC stands beside is one whose synthetic is None.  More than two
    NICs with one address are an ERROR finding and no pair.
    """
    failover_masters = {nic.name: nic for nic in inventory.nics if nic.kind is Kind.FAILOVER}
    drivers = {*synthetic_drivers, *SYNTHETIC_DRIVERS}

    def is_synthetic(nic: Nic) -> bool:
        master = failover_masters.get(nic.master or "")
        return nic.driver in drivers or (master is not None and nic.driver == master.driver)

    by_hand = find_told(inventory, told)
    pairs: list[Pair] = [*by_hand.pairs]
    findings: list[Finding] = [*by_hand.findings]
    for mac, grouped in _by_address(inventory).items():
        nics = [nic for nic in grouped if nic.name not in by_hand.taken]
        synthetics = [nic for nic in nics if is_synthetic(nic)]
        others = [nic for nic in nics if not is_synthetic(nic) and nic.bus is not None]
        if len(synthetics) == 1 and len(others) <= 1:
            pairs.append(Pair(mac, synthetics[0], others[0] if others else None))
        elif synthetics:
            findings.append(_ambiguous(mac, synthetics + others))
        elif len(others) == 1 and _is_vf(others[0], inventory.system):
            pairs.append(Pair(mac, None, others[0]))
        elif len(others) > 1:
            findings.append(_unknown_synthetic(mac, others, inventory.system))
    return Pairing(tuple(sorted(pairs, key=_order)), tuple(findings))


def _by_address(inventory: Inventory) -> dict[str, list[Nic]]:
    """The NICs that could be half of a pair, by hardware address.

    On FreeBSD `hw.hn.vfmap` outranks the addresses: a port of a lagg shows
    the lagg's address, and not every release shows its own beside it.
    """
    by_name = {nic.name: nic for nic in inventory.nics}
    address = {nic.name: nic.hardware_mac for nic in inventory.nics}
    for synthetic, vf in inventory.vf_map:
        if synthetic in by_name and vf in by_name:
            address[vf] = address[synthetic]
    groups: dict[str, list[Nic]] = {}
    for nic in sorted(inventory.nics, key=lambda nic: natural(nic.name)):
        mac = address[nic.name]
        if nic.kind is Kind.ETHERNET and mac is not None and mac not in _NO_ADDRESS:
            groups.setdefault(mac, []).append(nic)
    return groups


def _is_vf(nic: Nic, system: System) -> bool:
    """Whether a lone NIC is a VF: Linux shows the PCI bus that Hyper-V makes below VMBus."""
    if system is System.FREEBSD:
        return nic.driver in FREEBSD_VF_DRIVERS
    return nic.driver in _VFS_ALONE or "vmbus" in (nic.device or "").lower()


def place(bus: str | None, device: str | None, name: str) -> tuple[object, ...]:
    """The order of NICs that nothing else tells apart; the first is the one to use.

    The hypervisor's own come before those of PCI, which may be unplugged, and both before
    any other (USB).  Then the place of the device counts: it is the same at every boot, while
    a name depends on which was probed first.
    """
    rank = 0 if bus in _LASTING_BUSES else 1 if bus == "pci" else 2
    return rank, device or "", natural(name)


def _order(pair: Pair) -> tuple[object, ...]:
    nic = pair.synthetic or pair.vf
    return natural(nic.name) if nic else ()


def _ambiguous(mac: str, nics: list[Nic]) -> Finding:
    names = ", ".join(f"{nic.name} ({nic.driver or 'no driver'})" for nic in nics)
    return Finding(
        rule="pair-ambiguous",
        severity=Severity.ERROR,
        message=f"{len(nics)} NICs share the MAC address {mac}: {names}; "
        "a pair is one synthetic NIC and one VF, so these are left alone",
        hint="give each card its own MAC address in the virtual machine's settings",
    )


def _unknown_synthetic(mac: str, nics: list[Nic], system: System) -> Finding:
    names = ", ".join(f"{nic.name} ({nic.driver or 'no driver'})" for nic in nics)
    drivers = sorted({nic.driver for nic in nics if nic.driver and nic.bus == "virtio"})
    hint = (
        f"if they are one card, pass --synthetic-driver {drivers[0]}"
        if drivers
        else "if one of them is synthetic, name its driver with --synthetic-driver"
    )
    message = f"{names} share the MAC address {mac}, and none has a synthetic driver"
    if system is System.LINUX and any(nic.driver not in TOLD_APART for nic in nics):
        first = min(nics, key=lambda nic: place(nic.bus, nic.device, nic.name))
        message += (
            f": cloud-init alone stops at them ('duplicate mac found') without a network; with "
            f"hyperv-net baked in it looks at {first.name} alone"
        )
    return Finding(rule="same-mac", severity=Severity.NOTE, message=message, hint=hint)
