"""The pairs that a person has told, found among the NICs of a machine."""

from __future__ import annotations

from hyperv_net.inventory.told import is_told, told_mac
from hyperv_net.model import Finding, Kind, Pair, Severity
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.inventory.told import ToldPair
    from hyperv_net.model import Inventory, Nic


class Told(NamedTuple):
    """The pairs, the names of their NICs, and what stood in the way."""

    pairs: tuple[Pair, ...]
    taken: frozenset[str]
    findings: tuple[Finding, ...]


def find_told(inventory: Inventory, told: Iterable[ToldPair]) -> Told:
    """The pairs of `told`, whatever addresses and drivers their NICs have.

    A VF may be away.  Where the synthetic NIC is, there is a WARNING and no pair; what cannot
    be one card is an ERROR.
    """
    pairs: list[Pair] = []
    taken: set[str] = set()
    findings: list[Finding] = []
    for one in told:
        found = _find(inventory, one, taken)
        if isinstance(found, Finding):
            findings.append(found)
            continue
        pairs.append(found)
        taken.update(nic.name for nic in (found.synthetic, found.vf) if nic is not None)
    return Told(tuple(pairs), frozenset(taken), tuple(findings))


def _find(inventory: Inventory, told: ToldPair, taken: set[str]) -> Pair | Finding:
    synthetics, vfs = _fitting(inventory, told.synthetic), _fitting(inventory, told.vf)
    if not synthetics:
        message = f"no NIC of the machine is {told.synthetic}, so there is no such pair"
        hint = "tell one that `hyperv-net inventory` lists"
        return _finding(told, message, hint, Severity.WARNING)
    synthetic = synthetics[0]
    if vfs == [synthetic] and told_mac(told.vf) is None:
        return _finding(told, f"both are {synthetic.name}", "tell the two NICs of one card")
    vfs = [nic for nic in vfs if nic is not synthetic]
    for word, nics in ((told.synthetic, synthetics), (told.vf, vfs)):
        if len(nics) > 1:
            names = " and ".join(nic.name for nic in nics)
            return _finding(told, f"{word} means {names}", "tell it by its name")
    vf = vfs[0] if vfs else None
    for nic in (synthetic, vf):
        if nic is not None and nic.name in taken:
            return _finding(told, f"{nic.name} is in another pair too", "tell each NIC once")
    if vf is not None and vf.driver == synthetic.driver:
        driver = f"the driver {vf.driver}" if vf.driver else "no driver"
        message = f"{synthetic.name} and {vf.name} have {driver} both, so that none is the VF"
        return _finding(told, message, "bond them by hand")
    mac = synthetic.hardware_mac
    if mac is None:
        return _finding(told, f"{synthetic.name} has no MAC address", "bond them by hand")
    of_vf = vf.hardware_mac if vf is not None else told_mac(told.vf)
    # With one address for both, the VF is found under whatever name it comes back.
    return Pair(mac, synthetic, vf, is_told=True, vf_told="" if of_vf == mac else told.vf)


def _fitting(inventory: Inventory, told: str) -> list[Nic]:
    return [nic for nic in inventory.nics if nic.kind is Kind.ETHERNET and is_told(told, nic)]


def _finding(
    told: ToldPair, message: str, hint: str, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(
        rule="told-pair",
        severity=severity,
        message=message,
        where=f"pairs: {told.synthetic}={told.vf}",
        hint=hint,
    )
