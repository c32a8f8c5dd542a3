"""Renders a rewritten configuration as NetworkManager's keyfiles (nm-settings-keyfile(5)).

The ports of a pair's bond are told apart by `[match] driver=`, with `!` for the VF, since both have
the permanent address of `mac-address=` (since 1.26).  Each has the priority that cloud-init gives
its own profiles, so that none which a NIC got elsewhere comes first.
"""

from __future__ import annotations

from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Rendered, RenderedFile
from hyperv_net.names import is_device_id
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times, values
from hyperv_net.renderers.account import Account
from hyperv_net.renderers.networkmanager.identity import path_of, profile_id, uuid_of
from hyperv_net.renderers.networkmanager.render.device import fill
from hyperv_net.renderers.networkmanager.render.link import Surroundings
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY, Profile
from hyperv_net.renderers.networkmanager.render.rivals import superseded
from hyperv_net.renderers.networkmanager.render.routes import make_route
from hyperv_net.renderers.networkmanager.render.servers import has_servers, name_servers
from hyperv_net.renderers.networkmanager.render.starting import Starting
from hyperv_net.renderers.orphans import device_for_gateway, with_addresses
from hyperv_net.renderers.told_places import paths_of
from hyperv_net.renderers.values import RefusedError
from hyperv_net.rewrite.devices import DEVICE_TYPES, members_of
from hyperv_net.tree import Node, at, leaves, natural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.model import Finding, Rewritten
    from hyperv_net.tree import Path

#: What cloud-init gives its own, and what those have that are for NICs yet unseen.
PRIORITY, _LATER = 120, 110


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """A profile for each device, and what an earlier boot left for the same NICs set aside."""
    account = Account(rewritten.tree)
    around, starting = _surroundings(rewritten)
    made: dict[tuple[str, str], Profile] = {}
    for kind, one, device in _devices(rewritten.tree):
        path = (kind, one)
        try:
            made[path] = _profile(kind, one, device, around, rewritten)
        except RefusedError as refusal:
            account.drop(path, str(refusal))
    _orphans(rewritten, made, account)
    for (kind, one), profile in made.items():
        _account(account, rewritten.tree, (kind, one), profile)
    later = [_for_later(one, entry) for one, entry in rewritten.catch_alls]
    files = [
        RenderedFile(path_of(each.name), FROM_CONFIG + "\n" + each.text(), 0o600)
        for each in (*made.values(), *later)
        if each is not None
    ]
    aside, findings = superseded(rewritten, existing, {file.path for file in files})
    for key, node in rewritten.tree.items():
        if node.is_leaf and key in DEVICE_TYPES:
            account.place((key,), "no such device")
    account.place(("version",), "the format of nm-settings-keyfile(5)")
    account.place_backends("NetworkManager configures here")
    places = account.places()
    return Rendered(
        files=(*files, *aside),
        places=places,
        dropped=account.dropped(otherwise=NO_WAY),
        findings=(*findings, *starting, *times.told(rewritten.tree, places, times.SECOND)),
    )


def _devices(tree: Node) -> Iterator[tuple[str, str, Node]]:
    for kind in DEVICE_TYPES:
        of_kind = dict((tree.get(kind) or Node({})).items())
        for one in sorted(of_kind, key=natural):
            yield kind, one, of_kind[one]


def _surroundings(rewritten: Rewritten) -> tuple[Surroundings, tuple[Finding, ...]]:
    names: dict[str, str] = {}
    known: dict[str, str] = {}
    above: dict[str, tuple[str, str]] = {}
    bridges: dict[str, Node] = {}
    vfs = frozenset(each.vf_id for each in rewritten.aggregates)
    for kind, one, device in _devices(rewritten.tree):
        given = device.get("set-name")
        otherwise = given.value if given is not None and isinstance(given.value, str) else one
        names[one] = one if one in vfs else rewritten.interfaces.get(one, otherwise)
        if kind != "ethernets" or one in rewritten.interfaces or device.get("match") is None:
            known[one] = rewritten.interfaces.get(one, names[one])
        if kind in ("bonds", "bridges", "vrfs"):
            for member in members_of(device):
                above.setdefault(member, (kind, one))
            if kind == "bridges":
                bridges[one] = device
    starting = Starting(_devices(rewritten.tree), above)
    around = Surroundings(
        names,
        above,
        vfs,
        known,
        bridges,
        held=starting.held,
        pulling=starting.pulling,
        paths=paths_of(rewritten),
    )
    return around, starting.findings(names)


def _profile(
    kind: str, one: str, device: Node, around: Surroundings, rewritten: Rewritten
) -> Profile:
    name = around.names[one]
    if not is_device_id(name):
        raise RefusedError("not a name that a profile can bear")
    made = Profile(name)
    _head(made, PRIORITY)
    fill(made, kind, one, device, around)
    given = device.get("set-name")
    if given is not None:
        if rewritten.kernel_names.get(one) == given.value:
            made.placed["set-name",] = "the kernel's own name"
        else:
            made.refused["set-name",] = (
                "NetworkManager names no NIC: cloud-init does, at a boot of its own"
            )
    return made


def _head(made: Profile, priority: int) -> None:
    made.set("connection", "id", profile_id(made.name))
    made.set("connection", "uuid", uuid_of(made.name))
    made.set("connection", "autoconnect-priority", priority)


def _for_later(one: str, entry: Node) -> Profile | None:
    """The profile of NICs that are attached later; a VF has one that comes before it."""
    made = Profile(f"{one}-later")
    _head(made, _LATER)
    around = Surroundings({one: made.name}, {}, frozenset(), {}, {})
    try:
        fill(made, "ethernets", one, entry, around)
    except RefusedError:
        return None
    return made


def _account(account: Account, tree: Node, path: Path, made: Profile) -> None:
    """Take over what a profile says of its leaves; a leaf below a placed node may be refused."""
    for below, reason in made.refused.items():
        account.drop((*path, *below), reason)
    file = path_of(made.name)
    # What is said of a leaf comes before what is said of all that is above it.
    for below, where in sorted(made.placed.items(), key=lambda one: -len(one[0])):
        top = (*path, *below)
        for leaf, _ in leaves(at(tree, top) or Node({}), top):
            inside = leaf[len(path) :]
            if not any(inside[:length] in made.refused for length in range(len(inside) + 1)):
                account.place(leaf, f"{file}: {where}")


def _orphans(
    rewritten: Rewritten, made: Mapping[tuple[str, str], Profile], account: Account
) -> None:
    """The name servers and routes of no device, given to devices as cloud-init does."""
    tree, members = rewritten.tree, rewritten.member_ids
    servers = tree.get("nameservers")
    if servers is not None:
        takers = [made[one] for one in with_addresses(tree, members) if one in made]
        for each in [one for one in takers if not has_servers(one)] or takers:
            with each.apart() as apart:
                name_servers(each, servers, ())
            _account(account, tree, ("nameservers",), apart)
    for index, route in enumerate((tree.get("routes") or Node(())).elements()):
        via = route.get("via")
        try:
            gateway = values.address(via.value) if via is not None else ""
        except RefusedError as refusal:
            account.drop(("routes", index), str(refusal))
            continue
        taker = device_for_gateway(tree, members, gateway) if gateway else None
        if taker is None or taker not in made:
            account.drop(("routes", index), "no device reaches its gateway")
            continue
        with made[taker].apart() as apart:
            make_route(made[taker], route, ())
        _account(account, tree, ("routes", index), apart)
