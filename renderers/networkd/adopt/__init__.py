"""Adoption of networkd's files: what configures a pair's synthetic NIC is said of its bond.

No file of somebody else's is changed.  The first that fits a device is used, so that files of our
own come before it: the members', and for the bond the text of the NIC's file.  Those
that netplan makes at run time are netplan's.
"""

from __future__ import annotations

from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Finding, Kind, NetworkConfig, Rendered, RenderedFile, Severity
from hyperv_net.names import is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.adopt.bonds import bond_of, link_of, made_by, missing_lines
from hyperv_net.renderers.networkd.adopt.checking import checker_of
from hyperv_net.renderers.networkd.adopt.files import configuring, read
from hyperv_net.renderers.networkd.adopt.moved import move
from hyperv_net.renderers.networkd.adopt.names import named_in
from hyperv_net.renderers.networkd.paths import OF_CLOUD_INIT, OURS
from hyperv_net.renderers.networkd.render import render as render_whole
from hyperv_net.renderers.parts import Adopted
from hyperv_net.renderers.standing import Stood, standing
from hyperv_net.rewrite.devices import pairs_alone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any

    from hyperv_net.model import Aggregate, Entry, Inventory, Nic, Rewritten, Settings
    from hyperv_net.renderers.networkd.adopt.files import File

_SEVERAL = "etc/systemd/network/*.network"


def adopt(existing: Mapping[str, str], inventory: Inventory, settings: Settings) -> Adopted | None:
    """The NICs that networkd's files configure; None where they configure none.

    Raises HypervNetError where nothing tells which file configures a NIC, and for what networkd
    takes for nothing.
    """
    theirs = (*read(existing, "network"), *read(existing, "netdev"), *read(existing, "link"))
    netdevs = read(existing, "netdev", with_ours=True)
    pairs = find_pairs(inventory, settings.synthetic_drivers, settings.pairs).pairs
    checker = checker_of(
        theirs, [nic for one in pairs for nic in (one.synthetic, one.vf) if nic is not None]
    )
    vfs = {one.vf.name for one in pairs if one.vf is not None and one.synthetic is not None}
    tree: dict[str, Any] = {"version": 2, "ethernets": {}}
    sources = []
    told: set[str] = set()
    for nic in inventory.nics:
        if nic.kind is not Kind.ETHERNET or nic.name in vfs or not nic.hardware_mac:
            continue
        try:
            file = _configuring(existing, nic)
        except HypervNetError as error:
            checker.errors += [error] if str(error.where) not in told else []
            told.add(str(error.where))
            continue
        if file is None:
            continue
        sources.append(file.path)
        entry = {"match": {"macaddress": nic.hardware_mac}, **link_of(file, "Link")}
        tree["ethernets"][nic.name] = Stood(entry, _match(file))
        bond = file.value("Network", "Bond")
        if is_interface_name(bond):
            member = Stood(nic.name, file.stands("Network", "Bond"))
            made = made_by(bond, netdevs)
            where = made.stands("NetDev", "Name") if made is not None else member.where
            known = tree.setdefault("bonds", {}).setdefault(
                bond, Stood({"interfaces": [], **bond_of(made)}, where)
            )
            known.value["interfaces"].append(member)
    # What is wrong may be why no NIC has a file.
    checker.refuse()
    if not sources:
        return None
    source = sources[0] if len(set(sources)) == 1 else _SEVERAL
    read_tree, stands = standing(tree)
    config = NetworkConfig(source, read_tree, leaves=(), stands=stands)
    return Adopted(checker.checked(config), render)


def _match(file: File) -> Place:
    """Where a file says for which NIC it is."""
    found = (line.stands(path) for path, line in file.lines if line.section == "Match" and line.key)
    return next(found, Place(file.path))


def _configuring(existing: Mapping[str, str], nic: Nic) -> File | None:
    """The file that would configure a NIC without ours; or ours, where that is all there is."""
    theirs = configuring(read(existing, "network"), nic)
    return theirs or configuring(read(existing, "network", with_ours=True), nic)


def taken_names(existing: Mapping[str, str], members: Collection[str]) -> frozenset[str]:
    """The devices of software that others' files make.

    Not those that cloud-init has made for the same config, which ours take the place of.
    """
    return frozenset(
        name
        for file in read(existing, "netdev")
        if not file.name.startswith(OF_CLOUD_INIT)
        for name in file.values("NetDev", "Name")
    )


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The files of the pairs.

    Raises HypervNetError where nothing tells which file configures a NIC.
    """
    whole = render_whole(pairs_alone(rewritten), existing)
    files = {file.path: file for file in whole.files}
    networks, netdevs = read(existing, "network"), read(existing, "netdev", with_ours=True)
    names = _new_names(rewritten)
    moved_from = set()
    ours = {path for path, text in existing.items() if FROM_CONFIG in text}
    are_sources = False
    entries: list[Entry] = []
    findings = list(whole.findings)
    for one in rewritten.aggregates:
        synthetic = one.pair.synthetic
        file = _configuring(existing, synthetic) if synthetic is not None else None
        if synthetic is None or file is None:
            continue
        are_sources |= file.path in ours
        of_bond, of_member = _path(whole, one.name), _path(whole, one.synthetic_id)
        if one.administrators:
            files.update(_beside_theirs(files, one, netdevs, of_bond, of_member))
        else:
            moved_from.add(file.path)
            moved = move(file, synthetic.name, names, of_bond, of_member)
            files[of_bond] = files[of_bond]._replace(text=moved.text)
            if moved.of_the_card:
                member = files[of_member]
                files[of_member] = member._replace(text=f"{member.text}\n{moved.of_the_card}")
            entries += moved.entries
        findings += _of_the_vf(one, networks, file)
    others = [*networks, *read(existing, "netdev")]
    findings += _references(names, [file for file in others if file.path not in moved_from])
    return Rendered(
        files=tuple(files[path] for path in sorted(files)),
        places=whole.places,
        dropped={},
        findings=tuple(dict.fromkeys(findings)),
        ledger=tuple(entries),
        superseded=() if are_sources else tuple(sorted(ours)),
    )


def _path(whole: Rendered, device: str) -> str:
    """Where the .network file of a device is."""
    name = f"hyperv-net-{device}.network"
    return next(file.path for file in whole.files if file.path.endswith(name))


def _beside_theirs(
    files: dict[str, RenderedFile], one: Aggregate, netdevs: list[File], bond: str, member: str
) -> dict[str, RenderedFile]:
    """An administrator's bond stays as they have made it, with what it lacks in a drop-in.

    It may be that of several pairs.
    """
    ours = files.pop(bond.replace(".network", ".netdev"), None)
    for path in (bond, member):
        files.pop(path, None)
    if ours is None:
        return {}
    theirs = next((each for each in netdevs if one.name in each.values("NetDev", "Name")), None)
    lines = missing_lines(ours.text, theirs)
    if theirs is None or not lines:
        return {}
    path = f"{OURS}{theirs.name}.d/50-hyperv-net.conf"
    return {path: RenderedFile(path, f"{FROM_CONFIG}[Bond]\n{lines}")}


def _of_the_vf(one: Aggregate, networks: list[File], file: File) -> Iterator[Finding]:
    """What a file says of the VF alone, which is a member now."""
    vf = one.pair.vf
    own = configuring(networks, vf) if vf is not None else None
    if vf is not None and own is not None and own.path != file.path:
        message = f"it configures {vf.name}, a member of {one.name} that has nothing of its own"
        hint = "move what is to hold for the card into the file of its synthetic NIC"
        if not own.value("Network", "Bond"):
            yield Finding("adopted-vf", Severity.WARNING, message, _match(own), hint)


def _new_names(rewritten: Rewritten) -> dict[str, str]:
    """Each NIC that becomes a member, and its bond, which is meant where the NIC is named."""
    return {
        nic.name: one.name
        for one in rewritten.aggregates
        if not one.administrators
        for nic in (one.pair.synthetic, one.pair.vf)
        if nic is not None
    }


def _references(names: Mapping[str, str], others: Iterable[File]) -> Iterator[Finding]:
    """Files of somebody else's that name a member, where its bond is meant now."""
    for other in others:
        for path, line in other.lines:
            for nic in named_in(line, names):
                bond, said = names[nic], f"[{line.section}] {line.key}={line.value}"
                message = f"{said}: {nic} is a member of {bond} now"
                hint = f"say {bond} there"
                where = line.stands(path)
                yield Finding("adopted-reference", Severity.WARNING, message, where, hint)
