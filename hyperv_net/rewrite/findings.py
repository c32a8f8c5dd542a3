"""What a person should know of pairs and the aggregates that they get."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.rewrite.aggregates import mode_of
from hyperv_net.tree import Node, at, natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hyperv_net.model import Aggregate, Decision, Inventory, Nic
    from hyperv_net.rewrite.work import Work


def about_aggregate(
    aggregate: Aggregate, before: Node | None, bond: Node, source: str
) -> list[Finding]:
    """What is remarkable about an administrator's bond, or one whose NICs have an address each."""
    where = Place(source, ("bonds", aggregate.name, "parameters"))
    parameters = bond.get("parameters") or Node({})
    primary = parameters.get("primary")
    findings = []
    if primary is not None and primary.value == aggregate.synthetic_id:
        message = f"{primary.value} is the synthetic NIC, so its VF is not used"
        hint = f"name {aggregate.vf_id} there, or leave primary out"
        where_primary = where.below("primary")
        findings.append(
            Finding("aggregate-primary", Severity.WARNING, message, where_primary, hint)
        )
    interval = "mii-monitor-interval"
    if before is not None and parameters.get(interval) and not at(before, ("parameters", interval)):
        message = "the bond watched no link, and does now: a VF's link is late when it comes back"
        findings.append(Finding("aggregate-unwatched", Severity.WARNING, message, where))
    asking = [key for key in ("dhcp4", "dhcp6") if (one := bond.get(key)) and one.value is True]
    if aggregate.pair.vf_told and asking:
        message = (
            f"the MAC address of {aggregate.name} is another when its VF comes or goes, and a "
            "DHCP server that goes by it gives another lease"
        )
        hint = "have the server go by the client identifier, or give static addresses"
        where_asked = Place(source, ("bonds", aggregate.name, asking[0]))
        findings.append(Finding("told-pair-lease", Severity.WARNING, message, where_asked, hint))
    return findings


def spreading(bond: Node, name: str, works: Sequence[Work], source: str) -> Finding:
    """The bond sends over several members at once, so that no VF of these pairs joins it."""
    mode = mode_of(bond.get("parameters") or Node({}))
    pairs = " and ".join(f"{one.synthetic.name} ({one.decision.pair.mac})" for one in works)
    left = "pair is" if len(works) == 1 else "pairs are"
    message = (
        f"its mode is {mode}, which sends over all its members at once, so it gets no VF and the"
        f" {left} left alone: {pairs}"
    )
    where = Place(source, ("bonds", name, "parameters", "mode"))
    return Finding("aggregate-mode", Severity.WARNING, message, where, "use active-backup")


def torn(work: Work, over: Iterable[str], source: str) -> Finding:
    """The pair's NICs are members of several aggregates."""
    return Finding(
        rule="pair-in-two-aggregates",
        severity=Severity.ERROR,
        message=f"the synthetic NIC and the VF of {work.decision.pair.mac} are members of "
        f"{' and '.join(sorted(over, key=natural))}, so the pair is left alone",
        where=Place(source, ("bonds",)),
        hint="put both into one bond of mode active-backup",
    )


#: The rule of a configuration none of whose entries fits a NIC: machine and config do not meet.
STRANGER = "config-without-nic"


def unmet(
    tree: Node,
    by_entry: Mapping[str, tuple[Nic, ...]],
    inventory: Inventory,
    left: bool,
    source: str,
) -> list[Finding]:
    """The entries that speak of no NIC of the machine, where that is no more than it should be.

    One for a NIC that is away is ordinary, so that a single entry is told of only where
    a pair was `left` without settings.
    """
    macs = {mac for nic in inventory.nics for mac in (nic.mac, nic.hardware_mac) if mac}
    addresses = {one: at(tree, ("ethernets", one, "match", "macaddress")) for one in by_entry}
    # A member's entry stays while its VF is away.
    missing = {
        one: f"{one} ({mac.value})" if mac is not None else one
        for one, mac in addresses.items()
        if not by_entry[one] and (mac is None or mac.value not in macs)
    }
    if by_entry and len(missing) == len(by_entry):
        message = f"no NIC of this machine fits {', '.join(missing.values())}"
        hint = (
            "give the inventory of the machine it is for, add --bind to one of its kind, "
            "or mend its names and addresses"
        )
        return [Finding(STRANGER, Severity.WARNING, message, Place(source, ("ethernets",)), hint)]
    if not left:
        return []
    return [
        Finding(
            rule="entry-without-nic",
            severity=Severity.WARNING,
            message=f"no NIC of this machine fits {shown}, and a pair is left without settings",
            where=Place(source, ("ethernets", one)),
            hint="mend its name or address",
        )
        for one, shown in missing.items()
    ]


def unconfigured(wanted: Iterable[Decision], works: Iterable[Work], source: str) -> list[Finding]:
    """The pairs that the configuration does not speak of."""
    done = {work.decision.pair.mac for work in works}
    return [
        Finding(
            rule="pair-without-settings",
            severity=Severity.NOTE,
            message=f"nothing in it speaks of {one.pair.synthetic.name} ({one.pair.mac}), "
            "so the pair is left alone",
            where=Place(source),
        )
        for one in wanted
        if one.pair.mac not in done and one.pair.synthetic is not None
    ]
