"""Adoption of netplan: its merged YAML is the network config, and its files are edited in place.

Of the merged result nothing is written twice.  A file that is there keeps every
key that is as it should be, gets other scalars where a value has changed
(`link: eth0`), and loses what has moved; a file of our own has the rest: the
aggregate and its members.  Netplan must read it first, since an id that is
named in a file has to be declared in it or in one before (0.106 and 1.1.2 do
so, which the tests run).

How netplan merges is in netplan-generate(8): files in the order of their
names, /run before /etc before /lib where two have one name, mappings key by
key, lists one behind the other, a later scalar instead of an earlier.
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError, raise_together
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import (
    Finding,
    RenderedFile,
    Severity,
)
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.adopt.merging import (
    NOTHING,
    at,
    leaves,
    missing,
    revise,
    same,
)
from hyperv_net.renderers.netplan.adopt.reading import (
    File,
    merged,
    merged_config,
    read_files,
    standing,
)
from hyperv_net.renderers.netplan.adopt.standing import stands_of
from hyperv_net.renderers.netplan.adopt.yaml_edit import edited
from hyperv_net.renderers.netplan.files import with_backends
from hyperv_net.renderers.netplan.keys import DEVICES
from hyperv_net.renderers.netplan.render import render as render_whole
from hyperv_net.renderers.parts import Adopted
from hyperv_net.renderers.plain_yaml import dump
from hyperv_net.tree import format_path, to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from hyperv_net.model import (
        Inventory,
        Rendered,
        Rewritten,
        Settings,
    )
    from hyperv_net.renderers.netplan.adopt.merging import (
        Plain,
        Scalars,
    )
    from hyperv_net.tree import Path

_EDITED = "etc/netplan/"
#: Netplan refuses such a device where a file has it without its link, table and so on.
_COMPLETE = frozenset(("vlans", "vrfs", "tunnels", "virtual-ethernets"))
_OWN_NAMES = ("00-hyperv-net.yaml", "0-hyperv-net.yaml")


def adopt(existing: Mapping[str, str], inventory: Inventory, settings: Settings) -> Adopted | None:
    """What netplan's files configure; None where there is no device."""
    config = merged_config(existing)
    if config is None:
        return None
    stands = stands_of(config.tree, standing(_files(existing)))
    return Adopted(config._replace(stands=stands), render)


def _files(existing: Mapping[str, str]) -> list[File]:
    """The files of an adoption, which has refused those with an error."""
    errors: list[HypervNetError] = []
    found = read_files(existing, errors)
    raise_together(errors)
    return found


def render(rewritten: Rewritten, existing: Mapping[str, str]) -> Rendered:
    """The edits of netplan's files, and the file of our own."""
    whole = render_whole(rewritten, {})
    (rendered,) = whole.files
    wanted = to_plain(read_yaml(rendered.text, rendered.path))["network"]
    files = _files(existing)
    others = [file for file in files if not file.is_own]
    together = merged(others)
    revised, findings = [], list[Finding]()
    for other in others:
        if other.path.startswith(_EDITED):
            revised.append(_revised(other, wanted, together))
        else:
            revised.append(other)
            findings += _in_the_way(other, wanted)
    own = _declaring(missing(wanted, merged(revised)) or {}, wanted)
    own_path = f"{_EDITED}{_first_name(others)}"
    written = [
        RenderedFile(after.path, after.text, in_place=True)
        for before, after in zip(others, revised)
        if before.text != after.text
    ]
    if own:
        network = {"version": 2, **own}
        written.append(RenderedFile(own_path, FROM_CONFIG + dump({"network": network}), 0o600))
    return whole._replace(
        files=tuple(written),
        places={path: _place(path, revised, own_path) for path in whole.places},
        findings=(*whole.findings, *findings),
        superseded=tuple(file.path for file in files if file.is_own),
    )


def _place(path: Path, files: Sequence[File], own_path: str) -> str:
    for file in reversed(files):
        if _has(file.network, path):
            return f"{file.path}: {format_path(path)}"
    return f"{own_path}: {format_path(path)}"


def _has(plain: Any, path: Path) -> bool:
    return at(plain, path) is not NOTHING


def _revised(file: File, wanted: Plain, together: Plain) -> File:
    """The file without what is not wanted there, and with the scalars that are."""
    gone: set[Path] = set()
    scalars: Scalars = {}
    network = revise(file.network, wanted, together, ("network",), gone, scalars)
    if not gone and not scalars:
        return file
    if not network:
        # Netplan refuses a `network:` with nothing behind it.
        gone, scalars = set(), {("network",): {}}
    texts = {path: dump({"x": value})[len("x: ") :].rstrip("\n") for path, value in scalars.items()}
    text = edited(file.text, file.path, gone, texts)
    document = to_plain(read_yaml(text, file.path))
    if (document.get("network") or {}) != network:
        raise HypervNetError(
            "is written in a way that cannot be edited key by key",
            where=Place(file.path),
            hint="write it as plain block YAML, or give the config with --network-config",
        )
    return File(file.path, text, network)


def _declaring(own: Plain, wanted: Plain) -> Plain:
    """The file of our own with all that netplan wants to know of a device in its first file.

    That is what makes a device of software, and every NIC that is named must be declared.
    """
    for kind in _COMPLETE & own.keys():
        own = {**own, kind: {one: _made(wanted[kind][one], own[kind][one]) for one in own[kind]}}
    named = {
        one
        for kind in DEVICES
        for device in own.get(kind, {}).values()
        for one in (*device.get("interfaces", ()), device.get("link"))
    }
    ethernets = own.get("ethernets", {})
    bare: Plain = {one: {} for one in wanted.get("ethernets", {}) if one in named - set(ethernets)}
    return {**own, "ethernets": {**ethernets, **bare}} if bare else own


def _made(whole: Plain, part: Plain) -> Plain:
    return {**{key: one for key, one in whole.items() if not isinstance(one, (dict, list))}, **part}


def _in_the_way(file: File, wanted: Plain) -> Iterator[Finding]:
    """An error for each key of a file that is not edited and should be."""
    for path, value in leaves(with_backends(file.network), ()):
        if value is not None and not (_has(wanted, path) and same(value, at(wanted, path))):
            yield Finding(
                "adopted-elsewhere",
                Severity.ERROR,
                f"says {format_path(path)}, and only files in /{_EDITED} are edited",
                Place(file.path),
                f"move the file to /{_EDITED}",
            )


def _first_name(files: Sequence[File]) -> str:
    """A file name that netplan reads before all the others.

    Raises HypervNetError where there is a file with a name that no number comes before.
    """
    first = min((file.path.rpartition("/")[2] for file in files), default="~")
    for name in _OWN_NAMES:
        if name < first:
            return name
    raise HypervNetError(
        f"netplan reads it before {_OWN_NAMES[-1]}, which it must not",
        where=Place(next(file.path for file in files if file.path.endswith(f"/{first}"))),
        hint="rename it so that it begins with a number or a letter",
    )
