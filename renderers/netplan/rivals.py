"""What other netplan files say about the members of a pair, and how to take it back.

Netplan merges its files key by key in the order of their names, and networkd
applies to a NIC the first .network file, by name, that matches it
(systemd.network(5)); netplan names that file after the device's id.  So a
member can be spoilt in two ways, and each has its remedy:

- another file sets a key of the member's id: a file that is merged last says
  the member's keys again;
- another file matches the NIC under an id that sorts before the member's, or
  adds to the member's id what cannot be taken back (an address, a route): the
  member is declared once more under an id that sorts before all, a stand-in.
"""

from __future__ import annotations

from collections.abc import Mapping

from hyperv_net.decision.claims import MAC, NAME
from hyperv_net.marks import FROM_CONFIG
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.netplan.files import as_mapping
from hyperv_net.renderers.netplan.paths import FOLDERS, INJECTED
from hyperv_net.rewrite.matching import selector_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from hyperv_net.decision.claims import Patterns

_STAND_IN = "0-hyperv-net-"
_LAST_FILES = ("99-hyperv-net.yaml", "zz-hyperv-net.yaml")
# Keys of another file that mean nothing on a member whose DHCP is off.
_HARMLESS = frozenset({"dhcp4-overrides", "dhcp6-overrides", "dhcp-identifier", "critical"})


class Member(NamedTuple):
    """One half of a pair: its id, what is declared of it, and what is known of its NIC."""

    id: str
    aggregate: str
    administrators: bool
    declaration: Mapping[str, Any]
    mac: str
    names: tuple[str, ...]
    synthetic_drivers: tuple[str, ...]
    is_vf: bool


class Around(NamedTuple):
    """The remedies: members to say again in `last_file`, and stand-ins by member id."""

    repeated: tuple[str, ...]
    last_file: str
    stand_ins: Mapping[str, str]
    findings: tuple[Finding, ...]


class _File(NamedTuple):
    path: str
    network: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def look_around(members: Sequence[Member], existing: Mapping[str, str], own: str) -> Around:
    """Compare the members with every file but `own` and those that hyperv-net made."""
    if not members:
        return Around((), "", {}, ())
    findings: list[Finding] = []
    others = _others(existing, own, findings)
    own_name = own.rpartition("/")[2]
    repeated, stand_ins = [], {}
    for member in members:
        for other in others:
            findings.extend(_conflicts(member, other))
            said = as_mapping(as_mapping(other.network.get("ethernets")).get(member.id))
            if said and other.name > own_name:
                repeated.append(member.id)
            first = _stand_in_reason(member, other, said)
            if first:
                stand_ins[member.id] = _STAND_IN + member.id
            if first or (said and other.name > own_name):
                findings.append(_note(member, other, first))
            findings.extend(_before_all(member, other))
    return Around(
        repeated=tuple(dict.fromkeys(repeated)),
        last_file=f"etc/netplan/{_last_name(others)}",
        stand_ins=stand_ins,
        findings=tuple(findings),
    )


def _others(existing: Mapping[str, str], own: str, findings: list[Finding]) -> list[_File]:
    """The files netplan reads besides ours, in its order: the first folder hides the later ones."""
    import yaml

    from hyperv_net.netconfig.yaml_text import LOADER

    chosen: dict[str, _File] = {}
    for folder in FOLDERS:
        for path in sorted(path for path in existing if path.rpartition("/")[0] == folder):
            text, name = existing[path], path.rpartition("/")[2]
            if path == own or text.startswith(FROM_CONFIG):
                continue
            if name == own.rpartition("/")[2] and folder == "run/netplan":
                hint = f"remove {path}"
                message = f"netplan reads this file in place of {own}"
                findings.append(
                    Finding("netplan-hidden", Severity.ERROR, message, Place(path), hint)
                )
            try:
                document = yaml.load(text, LOADER)
            except (yaml.YAMLError, RecursionError, ValueError):
                hint = "repair it or remove it: netplan reads no file while one is broken"
                message = "not YAML that can be read"
                findings.append(
                    Finding("netplan-broken", Severity.WARNING, message, Place(path), hint)
                )
                continue
            chosen.setdefault(name, _File(path, as_mapping(as_mapping(document).get("network"))))
    return [chosen[name] for name in sorted(chosen)]


def _conflicts(member: Member, other: _File) -> Iterator[Finding]:
    """What makes netplan refuse all files, or makes a member something else as well."""
    may_add = member.administrators or other.name in INJECTED
    for kind, devices in other.network.items():
        for one, device in as_mapping(devices).items():
            where = Place(other.path, (kind, one))
            hint = f"remove {kind}.{one} from {other.path}, or name the device differently"
            if (one == member.id and kind != "ethernets") or (
                one == member.aggregate and (kind != "bonds" or not may_add)
            ):
                message = f"another device is declared under the name of {one}"
                yield Finding("netplan-name-taken", Severity.ERROR, message, where, hint)
            listed = as_mapping(device).get("interfaces")
            if isinstance(listed, list) and member.id in listed and one != member.aggregate:
                message = f"{member.id} is a member here too, and of {member.aggregate}"
                yield Finding("netplan-member-taken", Severity.ERROR, message, where, hint)


def _stand_in_reason(member: Member, other: _File, said: Mapping[str, Any]) -> str:
    """Why the member needs a stand-in, or nothing."""
    extra = sorted(_keys(said) - _keys(member.declaration))
    if extra:
        return f"sets {', '.join(extra)} on {member.id}, which no later file can take back"
    for one, device in as_mapping(other.network.get("ethernets")).items():
        before = isinstance(one, str) and f"{one}.network" < f"{member.id}.network"
        if before and _may_match(one, as_mapping(device), member):
            return f"ethernets.{one} matches {member.id}'s NIC and comes before it"
    return ""


def _before_all(member: Member, other: _File) -> Iterator[Finding]:
    """An id that comes even before a stand-in, against which nothing can be done from here."""
    for one, device in as_mapping(other.network.get("ethernets")).items():
        first = isinstance(one, str) and f"{one}.network" < f"{_STAND_IN}{member.id}.network"
        if first and _may_match(one, as_mapping(device), member):
            message = f"matches {member.id}'s NIC, and networkd reads it first"
            where = Place(other.path, ("ethernets", one))
            hint = "give the device an id that begins with a letter"
            yield Finding("netplan-first", Severity.ERROR, message, where, hint)


def _keys(declaration: Mapping[str, Any]) -> set[str]:
    """The keys of a declaration, those of its match as `match.key`."""
    match = as_mapping(declaration.get("match"))
    keys = {key for key in declaration if isinstance(key, str)} - {"match"} - _HARMLESS
    return keys | {f"match.{key}" for key in match}


def _may_match(one: str, device: Mapping[str, Any], member: Member) -> bool:
    """Whether the device could be the member's NIC, as far as can be told beforehand."""
    if not isinstance(device.get("match"), Mapping):
        return one in member.names
    selector = selector_of(one, device)
    return selector is not None and all(
        _property_may_match(property_, patterns, member) for property_, patterns in selector.items()
    )


def _property_may_match(property_: str, patterns: Patterns, member: Member) -> bool:
    if property_ == MAC:
        return patterns.fit((member.mac,))
    if property_ == NAME:
        # A VF's is another after each return; a plain name is not held to be its next one.
        is_open = patterns.is_inverted or any(set(one) & set("*?[") for one in patterns.globs)
        return (member.is_vf and is_open) or patterns.fit(member.names)
    drivers = member.synthetic_drivers
    if member.is_vf:
        # It may return with any driver but the synthetic one's.
        return patterns.is_inverted or any(one not in drivers for one in patterns.globs)
    return any(patterns.fit((one,)) for one in drivers)


def _last_name(others: Sequence[_File]) -> str:
    """A file name that netplan reads after all the others."""
    last = max((other.name for other in others), default="")
    for name in _LAST_FILES:
        if name > last:
            return name
    return f"{last[: -len('.yaml')]}~{_LAST_FILES[0]}"


def _note(member: Member, other: _File, first: str) -> Finding:
    message = first or f"sets keys of {member.id}, a member of {member.aggregate}"
    hint = f"hyperv-net's files take it back; to be rid of it, remove it from {other.path}"
    where = Place(other.path, () if first else ("ethernets", member.id))
    return Finding("netplan-rival", Severity.NOTE, message, where, hint)
