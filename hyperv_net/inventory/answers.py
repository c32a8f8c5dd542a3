"""What a machine's kernel and tools answered, kept in files: what no copy of its /sys has.

A capture (hyperv_net/capture/) has them in the folder FOLDER at its top, so that who reads it
is told what the machine itself was.  ANSWERS is one JSON object:

- `schema`: "hyperv-net/capture/1", and `program`, the release that made it.
- `system`: "linux" or "freebsd".
- `permanent_addresses`: Linux, of each card its permanent MAC by ETHTOOL_GPERMADDR, or null.
- `driver_statistics`: Linux, of each card that counts: counter to value, as `ethtool -S` has them.
- `link_addresses`: FreeBSD, what netifaces knows: name to address, or null.
- `left_out`: what could not be read, each with `path` and `why`; for people.

IFCONFIG and SYSCTL are what those of FreeBSD printed.
"""

from __future__ import annotations

import json

from hyperv_net.errors import HypervNetError
from hyperv_net.facts import System
from hyperv_net.inventory import identifiers
from hyperv_net.inventory.checked_json import parse, shown
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.inventory.checked_json import Value
    from hyperv_net.root.files import Root

SCHEMA = "hyperv-net/capture/1"
FOLDER = "hyperv-net-capture"
ANSWERS = f"{FOLDER}/answers.json"
IFCONFIG = f"{FOLDER}/ifconfig.txt"
SYSCTL = f"{FOLDER}/sysctl.txt"

_LARGEST_COUNT = 2**64 - 1


class Answers(NamedTuple):
    """The answers; `ifconfig` and `sysctl` are None where the tool did not run, and on Linux."""

    system: System
    permanent_addresses: Mapping[str, str | None]
    driver_statistics: Mapping[str, Mapping[str, int]]
    link_addresses: Mapping[str, str | None]
    ifconfig: str | None = None
    sysctl: str | None = None


def as_texts(answers: Answers, program: str, left_out: Mapping[str, str]) -> Mapping[str, str]:
    """Path → text of the files that hold them; `left_out` maps a path to why it is not there."""
    document = {
        "schema": SCHEMA,
        "program": program,
        "system": answers.system.value,
        "permanent_addresses": dict(answers.permanent_addresses),
        "driver_statistics": {
            name: dict(counters) for name, counters in answers.driver_statistics.items()
        },
        "link_addresses": dict(answers.link_addresses),
        "left_out": [{"path": path, "why": why} for path, why in sorted(left_out.items())],
    }
    texts = {ANSWERS: json.dumps(document, indent=1, sort_keys=True) + "\n"}
    for path, said in ((IFCONFIG, answers.ifconfig), (SYSCTL, answers.sysctl)):
        if said is not None:
            texts[path] = said
    return texts


def kept_answers(root: Root) -> Answers | None:
    """Those of the machine that the tree at `root` is a capture of; None where it is none.

    Raises HypervNetError, which names the file and the key, for what is not such a file.
    """
    texts = files.read_matching(root, (ANSWERS, IFCONFIG, SYSCTL))
    if ANSWERS not in texts:
        return None
    top = parse(texts[ANSWERS], ANSWERS)
    fields = top.fields()
    schema = fields.get("schema")
    if schema is None or schema.plain != SCHEMA:
        raise HypervNetError(
            f"{shown(schema.plain) if schema else 'no schema'} is not {SCHEMA}",
            where=Place(ANSWERS),
            hint="capture the machine again, with this release",
        )
    system = fields.get("system")
    if system is None:
        raise top.error("no `system`")
    statistics = _members(fields, "driver_statistics")
    return Answers(
        system=system.one_of(System),
        permanent_addresses=_addresses(fields, "permanent_addresses"),
        driver_statistics={name: _counters(one) for name, one in statistics.items()},
        link_addresses=_addresses(fields, "link_addresses"),
        ifconfig=texts.get(IFCONFIG),
        sysctl=texts.get(SYSCTL),
    )


def _members(fields: Mapping[str, Value], key: str) -> Mapping[str, Value]:
    return fields[key].fields() if key in fields else {}


def _addresses(fields: Mapping[str, Value], key: str) -> Mapping[str, str | None]:
    told = _members(fields, key)
    silent = fields[key].plain if key in fields else {}
    return {
        name: told[name].checked(identifiers.mac, "a MAC address of 6 bytes")
        if name in told
        else None
        for name in silent
    }


def _counters(value: Value) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for name, counter in value.fields().items():
        if type(counter.plain) is not int or not 0 <= counter.plain <= _LARGEST_COUNT:
            raise counter.error(f"not a counter: {shown(counter.plain)}")
        found[name] = counter.plain
    return found
