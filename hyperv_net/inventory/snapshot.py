"""An inventory as JSON: what `inventory --format json` prints and `--inventory` takes.

The file is one object:

- `schema`: "hyperv-net/inventory/1".  The number grows when a field changes
  its meaning or goes; a reader refuses any number but its own.
- `system`: "linux" or "freebsd".
- `kernel`: the kernel's release as uname(1) prints it, "" where unknown.
- `vf_transparent`: FreeBSD's hw.hn.vf_transparent as true or false, null
  where the kernel has no such sysctl, and on Linux.
- `vf_map`: FreeBSD's hw.hn.vfmap, a list of `{"synthetic": name, "vf": name}`.
- `nics`: a list of objects with the fields of hyperv_net.model.Nic: `name`,
  `kind` (a value of Kind), `mac`, `permanent_mac`, `driver`, `bus`, `device`,
  `vmbus_class_id`, `master`, `lowers` (a list of names), `state` (up, down or
  unknown), `mtu` (bytes) and `counts_vf` (true or false of hv_netvsc alone).
- `taken_macs`: addresses of Linux's synthetic NICs that another program has.
- `findings`: what could not be read, each with `rule`, `severity` (error,
  warning or note), `message`, `where` and `hint`, and the parts of `where` as
  far as they are known: `file`, `key` (a list), `line`, `column`, `end_line`
  and `end_column`.
- `pairs`: what follows from the rest, for people; the reader passes over it.

Only `schema`, `system`, `nics` and each NIC's `name` must be there; a field
that is missing or null is unknown, and a kind that is missing is ethernet.
A key that is none of these is passed over with a finding.
"""

from __future__ import annotations

import json
import re

from hyperv_net.facts import Finding, Inventory, Kind, Nic, Severity, System
from hyperv_net.inventory import identifiers
from hyperv_net.inventory.checked_json import Value, parse, shown
from hyperv_net.names import NAME_RULE, is_interface_name
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import Any, TypeVar

    from hyperv_net.tree import Key

    _T = TypeVar("_T")

SCHEMA = "hyperv-net/inventory/1"

_TOP_KEYS = frozenset(
    {
        *("schema", "system", "kernel", "vf_transparent", "vf_map", "nics", "taken_macs"),
        *("findings", "pairs"),
    }
)
_VF_MAP_KEYS = frozenset({"synthetic", "vf"})
_NIC_KEYS = Nic._fields
_FINDING_KEYS = (*Finding._fields, *Place._fields)
_STATES = ("up", "down", "unknown")
_RULE = re.compile(r"[a-z][a-z0-9-]{0,63}\Z")
_LAST_LINE = 2**31
_REMAKE = "make it anew with `hyperv-net inventory --format json`"


def as_document(inventory: Inventory) -> dict[str, Any]:
    """The inventory as the values of the JSON object, in the order of the file."""
    return {
        "schema": SCHEMA,
        "system": inventory.system.value,
        "kernel": inventory.kernel,
        "vf_transparent": inventory.vf_transparent,
        "vf_map": [{"synthetic": synthetic, "vf": vf} for synthetic, vf in inventory.vf_map],
        "nics": [_nic_document(nic) for nic in inventory.nics],
        "taken_macs": list(inventory.taken_macs),
        "findings": [finding.document() for finding in inventory.findings],
    }


def to_json(inventory: Inventory) -> str:
    """The inventory as JSON, with a newline at the end; the same bytes for the same inventory."""
    return json.dumps(as_document(inventory), indent=2) + "\n"


def from_json(text: str, source: str) -> Inventory:
    """The inventory that `text` holds; `source` is the file's name for messages.

    Raises HypervNetError, which names the file and the key, for text that is
    not JSON, another schema, and any value that is not what it should be.
    """
    top = parse(text, source)
    fields = top.fields()
    _check_schema(fields.get("schema"), top)
    nics = _required(top, "nics").elements()
    found = Inventory(
        system=_required(top, "system").one_of(System),
        kernel=_optional(fields, "kernel", _kernel) or "",
        nics=tuple(_nic(nic) for nic in nics),
        vf_transparent=_optional(fields, "vf_transparent", Value.boolean),
        vf_map=tuple(_vf_map_entry(entry) for entry in _elements(fields, "vf_map")),
        findings=tuple(_finding(finding) for finding in _elements(fields, "findings")),
        taken_macs=tuple(_mac(mac) for mac in _elements(fields, "taken_macs")),
    )
    _check_names_differ(nics)
    unknown = tuple(_unknown_key(parent, key) for parent, key in _unknown_keys(top))
    return found._replace(findings=found.findings + unknown)


def _nic_document(nic: Nic) -> dict[str, Any]:
    plain = {key: getattr(nic, key) for key in _NIC_KEYS}
    return {**plain, "kind": nic.kind.value, "lowers": list(nic.lowers)}


def _check_schema(schema: Value | None, top: Value) -> None:
    if schema is None:
        raise top.error("no `schema`: this is not an inventory of hyperv-net", _REMAKE)
    if schema.plain != SCHEMA:
        raise schema.error(f"{shown(schema.plain)} is not {SCHEMA}", _REMAKE)


def _required(parent: Value, key: str) -> Value:
    value = parent.fields().get(key)
    if value is None:
        raise parent.error(f"no `{key}`")
    return value


def _optional(fields: Mapping[str, Value], key: str, read: Callable[[Value], _T]) -> _T | None:
    return read(fields[key]) if key in fields else None


def _elements(fields: Mapping[str, Value], key: str) -> list[Value]:
    return fields[key].elements() if key in fields else []


def _name(value: Value) -> str:
    if not is_interface_name(value.text()):
        raise value.error(f"not an interface name: {shown(value.plain)}", f"it is {NAME_RULE}")
    return value.text()


def _mac(value: Value) -> str:
    return value.checked(identifiers.mac, "a MAC address of 6 bytes")


def _driver(value: Value) -> str:
    return value.checked(identifiers.driver, "the name of a driver or bus")


def _device(value: Value) -> str:
    return value.checked(identifiers.device, "a device's path or name")


def _class_id(value: Value) -> str:
    return value.checked(identifiers.class_id, "a VMBus class id in braces")


def _kernel(value: Value) -> str:
    return value.checked(lambda text: text and identifiers.release(text), "a kernel release")


def _state(value: Value) -> str:
    what = "up, down or unknown"
    return value.checked(lambda text: text if text in _STATES else None, what)


def _mtu(value: Value) -> int:
    mtu = value.plain
    if type(mtu) is not int or not 0 <= mtu <= identifiers.LARGEST_MTU:
        raise value.error(f"not an MTU in bytes: {shown(mtu)}")
    return mtu


def _nic(value: Value) -> Nic:
    fields = value.fields()
    return Nic(
        name=_name(_required(value, "name")),
        kind=_optional(fields, "kind", lambda kind: kind.one_of(Kind)) or Kind.ETHERNET,
        mac=_optional(fields, "mac", _mac),
        permanent_mac=_optional(fields, "permanent_mac", _mac),
        driver=_optional(fields, "driver", _driver),
        bus=_optional(fields, "bus", _driver),
        device=_optional(fields, "device", _device),
        vmbus_class_id=_optional(fields, "vmbus_class_id", _class_id),
        master=_optional(fields, "master", _name),
        lowers=tuple(_name(lower) for lower in _elements(fields, "lowers")),
        state=_optional(fields, "state", _state) or "unknown",
        mtu=_optional(fields, "mtu", _mtu),
        counts_vf=_optional(fields, "counts_vf", Value.boolean),
    )


def _vf_map_entry(value: Value) -> tuple[str, str]:
    return _name(_required(value, "synthetic")), _name(_required(value, "vf"))


def _finding(value: Value) -> Finding:
    fields = value.fields()
    return Finding(
        rule=_required(value, "rule").checked(_rule, "a rule's id"),
        severity=_required(value, "severity").one_of(Severity),
        message=_required(value, "message").checked(_line, "one line of text"),
        where=_place(fields) or _optional(fields, "where", _sentence) or "",
        hint=_optional(fields, "hint", _sentence) or "",
    )


def _place(fields: Mapping[str, Value]) -> Place | None:
    """The place whose parts stand beside its text."""
    file = _optional(fields, "file", _sentence)
    key = tuple(map(_key, _elements(fields, "key")))
    if not file and not key:
        return None
    numbers = (_optional(fields, name, _number) or 0 for name in Place._fields[2:])
    return Place(file or "", key, *numbers)


def _key(value: Value) -> Key:
    return _number(value) if isinstance(value.plain, int) else _sentence(value)


def _number(value: Value) -> int:
    if type(value.plain) is not int or not 0 <= value.plain <= _LAST_LINE:
        raise value.error(f"not a number of a line: {shown(value.plain)}")
    return value.plain


def _sentence(value: Value) -> str:
    return value.checked(_line, "one line of text")


def _rule(text: str) -> str | None:
    return text if _RULE.match(text) else None


def _line(text: str) -> str | None:
    return text if text.isprintable() else None


def _check_names_differ(nics: list[Value]) -> None:
    seen: set[str] = set()
    for nic in nics:
        name = nic.fields()["name"]
        if name.plain in seen:
            raise name.error(f"a second NIC with the name {name.plain}")
        seen.add(name.plain)


def _unknown_keys(top: Value) -> Iterator[tuple[Value, str]]:
    """Every object of the file with each key that is none of this file's."""
    fields = top.fields()
    objects: list[tuple[Value, Collection[str]]] = [
        (top, _TOP_KEYS),
        *((nic, _NIC_KEYS) for nic in _elements(fields, "nics")),
        *((entry, _VF_MAP_KEYS) for entry in _elements(fields, "vf_map")),
        *((finding, _FINDING_KEYS) for finding in _elements(fields, "findings")),
    ]
    for value, known in objects:
        for key in value.plain:
            if key not in known:
                yield value, key


def _unknown_key(parent: Value, key: str) -> Finding:
    return Finding(
        rule="inventory-key",
        severity=Severity.WARNING,
        message=f"the inventory's key {shown(key)} is not known, and has no effect",
        where=Place(parent.source, parent.path),
        hint="check its spelling",
    )
