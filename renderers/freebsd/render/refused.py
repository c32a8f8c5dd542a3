"""Pairs that rc.conf cannot have an aggregate for: they are reported and left as they are."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.names import IFNAMSIZ
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import parse_main_line
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part, variable_part
from hyperv_net.renderers.freebsd.render.names import sources_of, vf_names
from hyperv_net.renderers.freebsd.render.unread import Unread
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hyperv_net.model import Aggregate, Rewritten
    from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
    from hyperv_net.renderers.freebsd.render.names import Names
    from hyperv_net.tree import Path

_CLONES = "cloned_interfaces"


class Refusal(NamedTuple):
    """Why an aggregate cannot be: as a finding, and as the reason of what is dropped."""

    finding: Finding
    reason: str


def refused_aggregates(rewritten: Rewritten, rc: RcFile, names: Names) -> Mapping[str, Refusal]:
    """Aggregate → what stands in its way, for those that cannot be written.

    A pair without its aggregate must keep what it has: half a lagg(4), or
    somebody else's, leaves the machine without a network.
    """
    refused: dict[str, Refusal] = {}
    unread, fixed = Unread(rc), _fixed_variables(rc)
    vfs_away = set(vf_names(rewritten, names, len(rewritten.aggregates))[1])
    for aggregate in rewritten.aggregates:
        found = (
            _unusable(aggregate, names)
            or _taken(rewritten, aggregate, rc, names, vfs_away)
            or _fixed(rewritten, aggregate, rc, names, fixed)
            or _unread(rewritten, aggregate, unread, names)
        )
        if found is not None:
            refused.setdefault(aggregate.name, found)
    return refused


def paths_of(rewritten: Rewritten, refused: Collection[str]) -> Iterator[tuple[str, Path]]:
    """The entries that belong to the refused aggregates, with the aggregate's name."""
    for aggregate in rewritten.aggregates:
        if aggregate.name in refused:
            yield aggregate.name, ("bonds", aggregate.name)
            yield aggregate.name, ("ethernets", aggregate.synthetic_id)
            yield aggregate.name, ("ethernets", aggregate.vf_id)


def without(rewritten: Rewritten, refused: Collection[str]) -> Rewritten:
    """The configuration without these aggregates and their members."""
    if not refused:
        return rewritten
    gone = {path for _, path in paths_of(rewritten, refused)}
    kinds = {
        kind: Node(
            {key: one for key, one in of_kind.items() if (kind, key) not in gone}, of_kind.origins
        )
        if kind in ("bonds", "ethernets")
        else of_kind
        for kind, of_kind in rewritten.tree.items()
    }
    return rewritten._replace(
        tree=Node(kinds, rewritten.tree.origins),
        aggregates=tuple(one for one in rewritten.aggregates if one.name not in refused),
    )


def _refusal(aggregate: Aggregate, rule: str, what: str, where: Place, hint: str) -> Refusal:
    message = f"{what}, so the pair of {aggregate.pair.mac} is left as it is"
    return Refusal(Finding(rule, Severity.ERROR, message, where, hint), what)


def _unusable(aggregate: Aggregate, names: Names) -> Refusal | None:
    for kind, device_id in (
        ("bonds", aggregate.name),
        ("ethernets", aggregate.synthetic_id),
        ("ethernets", aggregate.vf_id),
    ):
        reason = names.unusable.get(device_id)
        if reason is not None:
            where = Place("", (kind, device_id))
            hint = f"use another name, of at most {IFNAMSIZ - 1} letters, digits and . _ -"
            return _refusal(aggregate, "pair-name-unusable", reason, where, hint)
    return None


def _taken(
    rewritten: Rewritten, aggregate: Aggregate, rc: RcFile, names: Names, vfs_away: set[str]
) -> Refusal | None:
    """Whether rc.conf has a lagg(4) of that name over other NICs alone."""
    own = set(sources_of(rewritten, names, aggregate))
    bond = (rewritten.tree.get("bonds") or Node({})).get(aggregate.name) or Node({})
    for member in (bond.get("interfaces") or Node(())).elements():
        own |= set(names.interfaces.get(str(member.value), ()))
    renamed = rc.value(f"ifconfig_{variable_part(aggregate.name)}_name")
    for lagg in (aggregate.name, *((renamed,) if renamed else ())):
        variable = f"ifconfig_{variable_part(lagg)}"
        # Also one that a later line, perhaps on a condition, assigns anew.
        for value in rc.assigned(variable):
            ports = parse_main_line(value).ports
            if ports and own.isdisjoint(ports) and vfs_away.isdisjoint(ports):
                what = f"{variable} is a lagg over {' and '.join(ports)} already"
                hint = "give that lagg another name, or the pair a bond of another name"
                return _refusal(aggregate, "lagg-name-taken", what, rc.line(variable), hint)
    return None


def _fixed_variables(rc: RcFile) -> Mapping[str, str]:
    """Part of an interface's name, or `cloned_interfaces` → the `readonly` variable about it."""
    fixed: dict[str, str] = {}
    for variable in rc.names():
        if rc.is_fixed(variable):
            fixed.setdefault(interface_part(variable) or variable, variable)
    return fixed


def _fixed(
    rewritten: Rewritten,
    aggregate: Aggregate,
    rc: RcFile,
    names: Names,
    fixed: Mapping[str, str],
) -> Refusal | None:
    """Whether rc.conf makes a variable `readonly` that the pair needs."""
    clone = names.clone_of.get(aggregate.name, aggregate.name)
    needed = [variable_part(one) for one in (aggregate.name, clone)]
    needed += [variable_part(one) for one in sources_of(rewritten, names, aggregate)]
    if _CLONES in fixed and clone not in (rc.value(_CLONES) or "").split():
        needed.append(_CLONES)
    variable = next((fixed[one] for one in needed if one in fixed), None)
    if variable is None:
        return None
    what = f"{variable} is readonly in {FILE}"
    hint = "take the word readonly out"
    return _refusal(aggregate, "rc-conf-readonly", what, rc.line(variable), hint)


def _unread(
    rewritten: Rewritten, aggregate: Aggregate, unread: Unread, names: Names
) -> Refusal | None:
    """Whether a value that the pair's result depends on is known to the shell alone."""
    bond = (rewritten.tree.get("bonds") or Node({})).get(aggregate.name) or Node({})
    found = unread.of(bond, (aggregate.name, *sources_of(rewritten, names, aggregate)))
    if found is None:
        return None
    return _refusal(aggregate, found.rule, found.what, found.where, found.hint)
