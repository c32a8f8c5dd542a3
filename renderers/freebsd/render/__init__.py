"""FreeBSD: etc/rc.conf and what names members beside it, and etc/resolv.conf."""

from __future__ import annotations

from hyperv_net.model import Finding, Rendered, RenderedFile, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times
from hyperv_net.renderers.account import Account
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.rcfile import RcFile
from hyperv_net.renderers.freebsd.rc_conf.variables import interface_part, variable_part
from hyperv_net.renderers.freebsd.render.bridge import place_bridge
from hyperv_net.renderers.freebsd.render.carry import carry_over
from hyperv_net.renderers.freebsd.render.devices import (
    member_mtus,
    place_ethernet,
    place_vlan,
    table_of_members,
)
from hyperv_net.renderers.freebsd.render.dhclient import PATH as DHCLIENT_CONF
from hyperv_net.renderers.freebsd.render.dhclient import dhclient_files, own_requests
from hyperv_net.renderers.freebsd.render.draft import Draft
from hyperv_net.renderers.freebsd.render.elsewhere import (
    dhcpv6_client,
    fib_count,
    named_later,
    not_looked_into,
    overrides,
    renamed_later,
    still_named,
)
from hyperv_net.renderers.freebsd.render.lagg import place_aggregate, place_bond
from hyperv_net.renderers.freebsd.render.lease_hook import lease_hook_files
from hyperv_net.renderers.freebsd.render.leases import metrics_of_leases
from hyperv_net.renderers.freebsd.render.lists import write_lists
from hyperv_net.renderers.freebsd.render.names import name_devices, sources_of, vf_names
from hyperv_net.renderers.freebsd.render.refused import paths_of, refused_aggregates, without
from hyperv_net.renderers.freebsd.render.resolver import place_resolver, resolver_files
from hyperv_net.renderers.freebsd.render.routes import place_routes, write_routes
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.model import Aggregate, Rewritten

#: Device types that rc.conf could hold only in part, or not at all.
_NOT_RENDERED = {
    "tunnels": "tunnels are not rendered for FreeBSD",
    "wifis": "wpa_supplicant.conf is not rendered",
    "modems": "ppp.conf is not rendered",
    "nm-devices": "FreeBSD has no NetworkManager",
    "openvswitch": "rc.conf cannot configure Open vSwitch",
    "dummy-devices": "FreeBSD has no dummy devices; a cloned lo(4) comes closest",
    "virtual-ethernets": "epair(4) names its ends itself",
}


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The rewritten configuration as FreeBSD's rc(8) wants it.

    rc.conf is edited: what it says about a pair's NICs and the configuration
    does not is moved to the aggregate, everything else stays byte for byte.
    A pair that cannot be written whole is an ERROR finding and left alone.
    Raises HypervNetError where rc.conf is no complete shell script.
    """
    rc = RcFile(existing.get(FILE, ""), FILE)
    names = name_devices(rewritten, rc)
    account, pairs = Account(rewritten.tree), len(rewritten.aggregates)
    refused = refused_aggregates(rewritten, rc, names)
    left_out = list(paths_of(rewritten, refused))
    for name, path in left_out:
        account.drop(path, refused[name].reason)
    rewritten = without(rewritten, refused)
    names = names.without({str(path[-1]) for _, path in left_out})
    moved = {
        source: names.one(aggregate.name) or aggregate.name
        for aggregate in rewritten.aggregates
        for source in sources_of(rewritten, names, aggregate)
    }
    draft = Draft(
        rewritten=rewritten,
        rc=rc,
        names=names,
        account=account,
        fibs=fib_count(existing),
        dhcpv6=dhcpv6_client(rc),
        keeps_block=bool(refused),
        requests=own_requests(existing.get(DHCLIENT_CONF, "")),
        metrics=metrics_of_leases(rewritten, names),
        moved=moved,
    )
    draft.findings += [one.finding for one in refused.values()]
    present, away = vf_names(rewritten, names, pairs)
    vfs = frozenset((*present, *away))
    draft.account.place(("version",), "how the configuration is written")
    for kind, reason in _NOT_RENDERED.items():
        draft.account.drop((kind,), reason)
    for interface in names.clones:
        draft.element("cloned_interfaces", interface)

    _place_devices(draft, vfs)
    _place_vfs(draft, present, away)
    own_laggs = {one.name for one in rewritten.aggregates if not one.administrators}
    write_lists(draft, moved, vfs)
    carry_over(draft, moved, vfs | own_laggs)
    if draft.keeps_block:
        _keep_block(draft)
    unwritten = _assign(draft)
    draft.findings += overrides(existing, draft.variables)
    draft.findings += not_looked_into(existing)
    draft.findings += named_later(existing, moved)
    dhclient = dhclient_files(draft, existing, moved)
    draft.findings += still_named({**existing, **{one.path: one.text for one in dhclient}}, moved)

    files = (
        RenderedFile(FILE, rc.text(), in_place=True),
        *(RenderedFile(at, text, in_place=True) for _, text, at in renamed_later(existing, moved)),
        *resolver_files(draft, existing),
        *dhclient,
        *lease_hook_files(moved.values(), existing, keeps_block=draft.keeps_block),
    )
    draft.account.place_backends("rc(8) configures here")
    places = draft.account.places()
    lost = {path: unwritten[at] for path, at in places.items() if at in unwritten}
    kept = {path: at for path, at in places.items() if at not in unwritten}
    return Rendered(
        files=files,
        places=kept,
        dropped={**draft.account.dropped(otherwise="rc.conf has no way to say this"), **lost},
        findings=(*draft.findings, *times.told(rewritten.tree, kept, times.SECOND)),
    )


def _keep_block(draft: Draft) -> None:
    """Keep what an earlier run wrote: the pairs that are left alone may live on it."""
    rendered = {variable_part(one) for found in draft.names.interfaces.values() for one in found}
    for name in draft.rc.names():
        value = draft.rc.value(name)
        if draft.rc.is_ours(name) and value is not None and interface_part(name) not in rendered:
            draft.variables.setdefault(name, value)


def _assign(draft: Draft) -> dict[str, str]:
    """Write the variables; of those that are readonly, the place and the reason."""
    unwritten: dict[str, str] = {}
    for name, value in draft.variables.items():
        if draft.rc.is_fixed(name) and draft.rc.value(name) != value:
            reason = f"{name} is readonly in {FILE}"
            unwritten[f"{FILE}: {name}"] = reason
            message = f'{reason}, and "{value}" cannot be put there'
            hint = "take the word readonly out"
            where = draft.rc.line(name)
            finding = Finding("rc-conf-readonly", Severity.ERROR, message, where, hint)
            draft.findings.append(finding)
        else:
            draft.rc.assign(name, value)
            _check_reach(draft, name)
    return unwritten


def _place_devices(draft: Draft, vfs: frozenset[str]) -> None:
    tree, names = draft.tree, draft.names
    for device_id, reason in names.unusable.items():
        for kind in ("ethernets", "bonds", "bridges", "vlans"):
            draft.account.drop((kind, device_id), reason)
    fibs, mtus = table_of_members(draft), member_mtus(tree)
    aggregates: dict[str, list[Aggregate]] = {}
    for one in draft.rewritten.aggregates:
        aggregates.setdefault(one.name, []).append(one)
    members = draft.rewritten.member_ids
    claimed = set(_members_of_others(tree))
    for device_id, device in (tree.get("bonds") or Node({})).items():
        interface = names.one(device_id)
        if interface is None:
            continue
        _name_clone(draft, interface)
        if device_id in aggregates:
            place_aggregate(draft, aggregates[device_id], device, fibs.get(device_id), vfs)
        else:
            place_bond(draft, interface, device_id, device, fibs.get(device_id))
    for device_id, device in (tree.get("ethernets") or Node({})).items():
        if device_id not in members:
            for interface in names.interfaces.get(device_id, ()):
                place_ethernet(
                    draft,
                    interface,
                    device,
                    ("ethernets", device_id),
                    member_mtu=mtus.get(device_id),
                    fib=fibs.get(device_id),
                    standalone=device_id not in claimed,
                )
    for device_id, device in (tree.get("vlans") or Node({})).items():
        interface = names.one(device_id)
        if interface is not None:
            place_vlan(draft, interface, device, ("vlans", device_id), fibs.get(device_id))
    for device_id, device in (tree.get("bridges") or Node({})).items():
        interface = names.one(device_id)
        if interface is not None:
            _name_clone(draft, interface)
            place_bridge(draft, interface, device, ("bridges", device_id), fibs.get(device_id))
    _place_routes(draft)
    place_resolver(draft, tree, ())


def _members_of_others(tree: Node) -> Iterator[str]:
    """The ids that some bond or bridge has as a member."""
    for kind in ("bonds", "bridges"):
        for _, device in (tree.get(kind) or Node({})).items():
            for member in (device.get("interfaces") or Node(())).elements():
                yield str(member.value)


def _name_clone(draft: Draft, interface: str) -> None:
    """A clone is created as `lagg0` or `bridge0` and renamed before it is configured."""
    created = draft.name_at_boot.get(interface)
    if created is not None:
        draft.assign(f"ifconfig_{variable_part(created)}_name", interface)


def _place_routes(draft: Draft) -> None:
    tree, routes = draft.tree, []
    for kind in ("bonds", "ethernets", "vlans", "bridges"):
        for device_id, device in (tree.get(kind) or Node({})).items():
            interface = draft.names.one(device_id)
            if interface is not None:
                path = (kind, device_id)
                routes += place_routes(draft, device, path, interface, draft.fib_of.get(interface))
    for device_id, vrf in (tree.get("vrfs") or Node({})).items():
        table = vrf.get("table")
        if table is not None and isinstance(table.value, int):
            routes += place_routes(draft, vrf, ("vrfs", device_id), None, table.value)
    routes += place_routes(draft, tree, (), None, None)
    write_routes(draft, routes)


def _place_vfs(draft: Draft, present: tuple[str, ...], away: tuple[str, ...]) -> None:
    """`NOAUTO` for every name a VF has or may return with: only the hook brings it up."""
    by_default = bool(draft.rc.value("ifconfig_DEFAULT"))
    for name in (*present, *away):
        variable = f"ifconfig_{variable_part(name)}"
        line = draft.main_line(name)
        if name in away and line is not None and line.inet:
            draft.warn(
                "vf-name-in-use",
                f"{name}, a name that a VF may return with, has an address there, and is left so",
                draft.rc.line(variable),
                "take the line out unless such a NIC exists",
            )
            continue
        draft.assign(variable, "NOAUTO")
        if by_default:
            draft.assign(f"{variable}_ipv6", "")
    for aggregate in draft.rewritten.aggregates:
        path = ("ethernets", aggregate.vf_id)
        vf = draft.names.one(aggregate.vf_id)
        where = f"{FILE}: ifconfig_{vf}" if vf else f"{FILE}: NOAUTO for each name it may have"
        for key in ("match", "dhcp4", "dhcp6", "accept-ra", "link-local", "optional"):
            draft.account.place((*path, key), where)
        draft.account.drop(path, "a VF comes and goes, and has no settings of its own")


def _check_reach(draft: Draft, name: str) -> None:
    """Say where an assignment that hangs on a condition, or on the shell, is in our way."""
    rc = draft.rc
    if rc.conditional(name):
        draft.warn(
            "rc-conf-conditional",
            f"{name} is also set where it hangs on a condition, which may undo what is written",
            rc.line(name),
            "take it out there",
        )
    elif rc.is_foreign(name) and rc.is_unknown(name):
        draft.note(
            "rc-conf-unknown-value",
            f"{name} had a value that only the shell can work out",
            rc.line(name),
        )
