"""Renders a rewritten configuration as systemd-networkd's own files.

A file for each device, and further ones where it is of software (.netdev) or where udev has to
be told of a NIC (.link).  Settings are those that netplan makes of the same config, which
Debian's and Ubuntu's cloud images have (src/networkd.c of canonical/netplan), but for what
networkd can say and netplan does not: DHCP overrides for each family, members that are not told
by their names.  Keys are those of systemd 247 and later; `newer` tells of lines that an
older one than the newest passes by.
"""

from __future__ import annotations

from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Finding, Rendered, RenderedFile, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times
from hyperv_net.renderers.account import Account
from hyperv_net.renderers.networkd.paths import FIRST, OPEN, OURS, PAIRS
from hyperv_net.renderers.networkd.render.around import joined_first, look_around
from hyperv_net.renderers.networkd.render.device import KINDS, Above, make
from hyperv_net.renderers.networkd.render.links import links_of_vfs
from hyperv_net.renderers.networkd.render.newer import newer
from hyperv_net.renderers.networkd.render.orphans import give_orphans
from hyperv_net.renderers.networkd.render.standing import Standing, devices_in
from hyperv_net.renderers.networkd.render.values import RefusedError
from hyperv_net.renderers.told_places import paths_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.model import Rewritten
    from hyperv_net.renderers.networkd.render.unit import Made, Unit
    from hyperv_net.tree import Node, Path

_NO_WAY = "networkd has no such setting"
_NO_KIND = "networkd has no device of this type"


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """All files of the devices of a config."""
    account = Account(rewritten.tree)
    tree = give_orphans(rewritten, account)
    refused = dict(_refused(tree, rewritten))
    there = {one for _, one, _ in devices_in(tree)} - refused.keys()
    standing = Standing(tree, there, account)
    software = {
        one for kind, one, _ in devices_in(tree) if kind != "ethernets" and one not in refused
    }
    around = look_around(rewritten, existing, software)
    files: list[RenderedFile] = []
    notes: dict[str, str] = {}
    bases: dict[str, str] = {}
    paths = paths_of(rewritten)
    for kind, one, device in devices_in(tree):
        if one in refused:
            account.drop((kind, one), refused[one])
            continue
        is_members, above = one in rewritten.member_ids, standing.above(one)
        made = make(kind, one, device, above, is_members=is_members, paths=paths.get(one, ()))
        base = f"{around.prefix if made.prefix == PAIRS else made.prefix}{one}"
        bases[one] = f"{OURS}{base}"
        _account(account, (kind, one), made, bases[one])
        for file in _files(made, base):
            files.append(file)
            notes.update(newer(file))
    for path, (below, where) in standing.ties.items():
        account.place(path, f"{bases[below]}.network: {where}")
    for one, device in rewritten.catch_alls:
        files += _for_later_nics(one, device)
    of_vfs = [*links_of_vfs(rewritten, existing)]
    written = {file.path for file in files}
    files += [file for file, _ in of_vfs if file is not None and file.path not in written]
    if around.prefix == FIRST:
        files.append(joined_first())
    _account_for_the_rest(account, rewritten.tree)
    places = account.places()
    return Rendered(
        files=tuple(files),
        places=places,
        dropped=account.dropped(otherwise=_NO_WAY),
        findings=(
            *around.findings,
            *(finding for _, finding in of_vfs),
            *_of_newer(notes),
            *times.told(rewritten.tree, places, times.HUNDREDTH),
        ),
    )


def _refused(tree: Node, rewritten: Rewritten) -> Iterator[tuple[str, str]]:
    """The devices that there can be no file of, and why; what stands on one has none either."""
    for kind, one, device in devices_in(tree):
        try:
            make(kind, one, device, Above(), is_members=one in rewritten.member_ids)
        except RefusedError as refusal:
            yield one, str(refusal)


def _files(made: Made, base: str) -> Iterator[RenderedFile]:
    units: list[tuple[str, Unit]] = [("network", made.network)]
    if made.has_netdev:
        units.insert(0, ("netdev", made.netdev))
    if any(one.lines for one in made.link.sections if one.name == "Link"):
        units.append(("link", made.link))
    for kind, unit in units:
        yield RenderedFile(f"{OURS}{base}.{kind}", f"{FROM_CONFIG}{unit.text()}")


def _for_later_nics(one: str, device: Node) -> list[RenderedFile]:
    """Say again what was said for NICs yet unseen, behind all that is said of known ones."""
    try:
        made = make("ethernets", one, device, Above(), is_members=False)
    except RefusedError:
        return []
    return [*_files(made, f"{OPEN}later-{one}")]


def _account(account: Account, path: Path, made: Made, base: str) -> None:
    for below, reason in made.rest():
        if reason is None:
            account.place((*path, *below), f"{base}.{made.place_of(below)}")
        elif below in made.refused or any(
            below[:length] in made.refused for length in range(len(below))
        ):
            account.drop((*path, *below), reason)


def _account_for_the_rest(account: Account, tree: Node) -> None:
    for key, node in tree.items():
        if key in KINDS and node.is_leaf:
            account.place((key,), f"{OURS} (no such device)")
        elif key not in (*KINDS, "version", "renderer", "nameservers", "routes"):
            account.drop((key,), _NO_KIND)
    account.place(("version",), f"{OURS} (the format of systemd.network(5))")
    account.place_backends("networkd configures here")


def _of_newer(notes: Mapping[str, str]) -> Iterator[Finding]:
    """One note for all, since nothing tells which systemd will read the files."""
    if notes:
        said = "; ".join(f"{since}: {what}" for what, since in sorted(notes.items()))
        message = f"an earlier systemd passes these lines by and logs it: {said}"
        yield Finding("networkd-newer", Severity.NOTE, message, Place(OURS))
