"""Renders a rewritten configuration as interfaces(5) for ifupdown and ifenslave.

A bond is given the synthetic NIC alone; the VF, which comes and goes under any
name, is joined by a udev rule (companions/udev_rules.py), and once more when the
bond comes up, since a VF that was there at boot raised its event before there
was a bond.
"""

from __future__ import annotations

from hyperv_net.companions.udev_rules import RULES_FILE
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.told import told_mac
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Rendered, RenderedFile
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times, values
from hyperv_net.renderers.account import Account
from hyperv_net.renderers.ifupdown import existing as others
from hyperv_net.renderers.ifupdown.hook import name_rule, trigger_command
from hyperv_net.renderers.ifupdown.paths import FILE, NAMES_FILE
from hyperv_net.renderers.ifupdown.render.device import nameserver_lines, section
from hyperv_net.renderers.ifupdown.render.notes import package_notes, rename_notes
from hyperv_net.renderers.ifupdown.render.order import KINDS, in_order
from hyperv_net.renderers.ifupdown.render.routes import route
from hyperv_net.renderers.ifupdown.render.section import Surroundings
from hyperv_net.renderers.ifupdown.render.vlan_names import is_made_on_a_member, vlans_renamed
from hyperv_net.renderers.orphans import device_for_gateway
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node, at, leaves, natural

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import Rewritten
    from hyperv_net.renderers.ifupdown.render.section import Section
    from hyperv_net.tree import Path

_NO_WAY = "ifupdown has no such setting"
_MEMBER = "a member, which has no settings of its own"
_QUIET = ("dhcp4", "dhcp6", "accept-ra", "link-local", "optional")
_IDENTITY = ("match", "set-name")


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The interfaces file, the udev rules for names, and edits of files that contradict them.

    HypervNetError for a pair whose MAC address cannot stand in a command.
    """
    account = Account(rewritten.tree)
    around = _surroundings(rewritten)
    sections = [_loopback(rewritten.tree, account)]
    synthetics = {each.synthetic_id: each.name for each in rewritten.aggregates}
    packages: set[str] = set()
    names: list[str] = []
    orphans = _orphan_routes(rewritten, around, account)
    for kind, one, device in in_order(rewritten.tree):
        path, name = (kind, one), around.names[one]
        if one in around.hook_joins:
            # It has no stanza: nothing but the hook ever raises it.
            _account_for_vf(account, path, device)
            continue
        if kind == "vlans" and is_made_on_a_member(rewritten, around.names, name):
            account.drop(
                path, "by its name ifupdown would make it on a member, and its other is taken"
            )
            continue
        try:
            if one in synthetics:
                for key in _QUIET:
                    account.place((*path, key), f"{FILE}: iface {name} ({_MEMBER})")
            aside = (*_IDENTITY, "renderer", *(_QUIET if one in synthetics else ()))
            kept = {key: node for key, node in device.items() if key not in aside}
            made = section(kind, name, Node(kept), around)
        except RefusedError as refusal:
            account.drop(path, str(refusal))
            continue
        if name == "lo":
            made.start = None
        elif one in synthetics:
            made.start = _start_of_member(made, synthetics[one])
        made.stanzas[-1].lines += orphans.get(one, [])
        _account(account, rewritten.tree, path, made)
        kernel_name = rewritten.kernel_names.get(one, one)
        names += _identity(account, path, device, name, kernel_name)
        packages |= made.packages
        sections.append(made.text())

    files = [RenderedFile(FILE, FROM_CONFIG + "\n" + "\n".join(sections))]
    if names:
        files.append(RenderedFile(NAMES_FILE, FROM_CONFIG + "".join(names)))
    edited, findings = others.revise(existing, FILE, _names_of_pairs(rewritten, around))
    for key, node in rewritten.tree.items():
        if node.is_leaf and key in KINDS:
            account.place((key,), f"{FILE} (no such device)")
    account.place(("version",), f"{FILE} (the format of interfaces(5))")
    account.place_backends("ifupdown configures here")
    places = account.places()
    return Rendered(
        files=(*files, *edited),
        places=places,
        dropped=account.dropped(otherwise=_NO_WAY),
        findings=(
            *package_notes(FILE, packages),
            *rename_notes(rewritten.tree, around.names),
            *findings,
            *times.told(rewritten.tree, places, times.HUNDREDTH),
        ),
        needs=tuple(sorted(packages)),
    )


def _start_of_member(made: Section, aggregate: str) -> str | None:
    """How a synthetic NIC's stanza comes to be read.

    Raised by itself the NIC would get an address by SLAAC, so ifenslave takes it in, and has
    ifup read its stanza only where an `allow-` line names the bond (/usr/share/doc/ifenslave,
    README.Debian; if-pre-up.d/ifenslave).
    """
    return f"allow-{aggregate}" if any(each.lines for each in made.stanzas) else None


def _surroundings(rewritten: Rewritten) -> Surroundings:
    names = {}
    for _, one, device in in_order(rewritten.tree):
        names[one] = rewritten.interfaces.get(one, _text(device.get("set-name"), one))
    names.update(vlans_renamed(rewritten, names))
    return Surroundings(
        names=names,
        hook_joins=frozenset(each.vf_id for each in rewritten.aggregates),
        hook_file=RULES_FILE,
        triggers=_triggers(rewritten),
    )


def _triggers(rewritten: Rewritten) -> dict[str, list[str]]:
    """The commands of each aggregate; an administrator's bond may be that of several pairs."""
    found: dict[str, list[str]] = {}
    for each in sorted(
        rewritten.aggregates, key=lambda one: (natural(one.name), natural(one.synthetic_id))
    ):
        try:
            told = each.pair.vf_told
            command = trigger_command(told_mac(told) if told else values.mac(each.pair.mac))
        except RefusedError as refusal:
            raise HypervNetError(
                f"nothing can look for the VF of {each.synthetic_id}: {refusal}",
                where=Place("", ("bonds", each.name)),
                hint="render for netplan, or leave this NIC out of the network config",
            ) from None
        found.setdefault(each.name, []).append(command)
    return found


def _identity(account: Account, path: Path, device: Node, name: str, kernel_name: str) -> list[str]:
    """The udev rule that gives a NIC its name, where its MAC is known; accounts for match."""
    match = device.get("match") or Node({})
    address, driver = match.get("macaddress"), match.get("driver")
    if address is None:
        account.place((*path, "match"), f"{FILE}: iface {name}")
        if name == kernel_name:
            account.place((*path, "set-name"), f"{FILE}: iface {name}")
        account.drop((*path, "set-name"), "without a MAC no udev rule names a NIC for certain")
        return []
    try:
        plain = driver.value if driver is not None else None
        rule = name_rule(
            values.mac(address.value),
            values.word(plain) if isinstance(plain, str) else None,
            values.name(name),
        )
    except RefusedError as refusal:
        account.drop((*path, "set-name"), str(refusal))
        return []
    for key in ("match", "set-name"):
        account.place((*path, key), f"{NAMES_FILE}: {name}")
    return [rule]


def _text(node: Node | None, otherwise: str) -> str:
    return node.value if node is not None and isinstance(node.value, str) else otherwise


def _account(account: Account, tree: Node, path: Path, made: Section) -> None:
    """Take over what a section says of its leaves; a leaf below a placed node may be refused."""
    for below, reason in made.refused.items():
        account.drop((*path, *below), reason)
    for below, where in made.placed.items():
        top = (*path, *below)
        for leaf, _ in leaves(at(tree, top) or Node({}), top):
            inside = leaf[len(path) :]
            if not any(inside[:length] in made.refused for length in range(len(inside) + 1)):
                account.place(leaf, f"{FILE}: iface {made.name}: {where}")


def _account_for_vf(account: Account, path: Path, device: Node) -> None:
    for key, _ in device.items():
        if key in ("match", *_QUIET):
            account.place((*path, key), f"{RULES_FILE} ({_MEMBER})")
        else:
            account.drop((*path, key), "nothing is known of a VF before it appears")


def _names_of_pairs(rewritten: Rewritten, around: Surroundings) -> others.Names:
    members = {}
    for each in rewritten.aggregates:
        members[around.names[each.synthetic_id]] = each.name
        for one in (each.synthetic_id, each.vf_id):
            for names in (rewritten.interfaces, rewritten.kernel_names):
                if one in names:
                    members[names[one]] = each.name
    return others.Names(frozenset(each.name for each in rewritten.aggregates), members)


def _loopback(tree: Node, account: Account) -> str:
    """The loopback, which is always up, bears the nameservers of no device, as in cloud-init."""
    placed: dict[Path, str] = {}
    refused: dict[Path, str] = {}
    lines = nameserver_lines(tree.get("nameservers"), placed, refused)
    for path, where in placed.items():
        account.place(path, f"{FILE}: iface lo: {where}")
    for path, reason in refused.items():
        account.drop(path, reason)
    return "".join(f"{line}\n" for line in ["auto lo", "iface lo inet loopback", *_indent(lines)])


def _indent(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _orphan_routes(
    rewritten: Rewritten, around: Surroundings, account: Account
) -> dict[str, list[str]]:
    """The routes of no device, as commands of the devices that reach their gateways."""
    members, found = rewritten.member_ids, dict[str, list[str]]()
    for index, entry in enumerate((rewritten.tree.get("routes") or Node(())).elements()):
        path: Path = ("routes", index)
        via = entry.get("via")
        try:
            gateway = values.address(via.value) if via is not None else ""
            taker = device_for_gateway(rewritten.tree, members, gateway) if gateway else None
            if taker is None:
                account.drop(path, "no device reaches its gateway")
                continue
            command = route(entry, values.name(around.names[taker[1]]))
        except RefusedError as refusal:
            account.drop(path, str(refusal))
            continue
        for below, reason in command.refused.items():
            account.drop((*path, *below), reason)
        for leaf, _ in leaves(entry, path):
            if leaf[len(path) :] not in command.refused:
                account.place(leaf, f"{FILE}: iface {around.names[taker[1]]}: post-up ip route")
        found.setdefault(taker[1], []).extend(command.lines())
    return found
