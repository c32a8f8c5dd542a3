"""References to ids that no file declares, for which netplan refuses all files.

`interface '…' is not defined` (handle_netdef_id_ref and process_document of canonical/netplan
src/parse.c).  What it says of which key is what 0.106 and 1.1.2 do, which the tests run: a name
that `set-name` gives is no id, and an id may be declared in any file.  The newer one lets
NetworkManager's VLANs and virtual Ethernets name what is made elsewhere.
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.netconfig.checks import place
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.netplan.files import as_mapping, network_of
from hyperv_net.renderers.netplan.keys import DEVICES
from hyperv_net.renderers.netplan.paths import FILE, in_order
from hyperv_net.rewrite.undeclared import hint_for, references

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.model import Rewritten
    from hyperv_net.rewrite.undeclared import Reference

_OFTEN_ELSEWHERE = ("vlans", "virtual-ethernets")


def undeclared(
    rewritten: Rewritten, source: str, existing: Mapping[str, str], *, is_adopted: bool
) -> Iterator[Finding]:
    """An error for each of them; a warning where only an older netplan refuses it."""
    missing = list(references(rewritten.tree))
    beside = set(_declared(existing)) if missing else set()
    for one in missing:
        if one.name in beside:
            continue
        is_theirs = _is_network_managers(rewritten, one)
        why = "netplan before 0.107" if is_theirs else "netplan"
        yield Finding(
            rule="undeclared-device",
            severity=Severity.WARNING if is_theirs else Severity.ERROR,
            message=f"no device is declared as {one.name!r}, and {why} refuses all files for that",
            where=Place(source, place(one.node)),
            hint=hint_for(one, rewritten, beside),
        )


def _declared(existing: Mapping[str, str]) -> Iterator[str]:
    """The ids of the other files; what is broken is told of elsewhere."""
    for path in in_order(existing):
        if path == FILE:
            continue
        try:
            network = network_of(path, existing[path])
        except HypervNetError:
            continue
        for kind in DEVICES:
            yield from as_mapping(network.get(kind))


def _is_network_managers(rewritten: Rewritten, reference: Reference) -> bool:
    renderer = reference.device.get("renderer") or rewritten.tree.get("renderer")
    is_theirs = renderer is not None and renderer.value == "NetworkManager"
    return is_theirs and reference.kind in _OFTEN_ELSEWHERE
