"""References to devices that the configuration does not declare."""

from __future__ import annotations

from hyperv_net.guessing import did_you_mean
from hyperv_net.model import Finding, Severity
from hyperv_net.netconfig.checks import place
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.rewrite.devices import (
    DEVICE_TYPES,
    MEMBER_LISTS,
    SINGLE_REFERENCES,
    devices_of,
    ids,
)
from hyperv_net.rewrite.references import KEYED_BY_ID
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.model import Rewritten


class Reference(NamedTuple):
    """The name of a device in the settings of another, `device` of the type `kind`."""

    name: str
    node: Node
    kind: str
    device: Node


def references(tree: Node) -> Iterator[Reference]:
    """Those to a device that the tree does not declare, where a file has them."""
    known = {*ids(devices_of(tree)), *_ports(tree)}
    for kind in DEVICE_TYPES:
        for _, device in (tree.get(kind) or Node({})).items():
            for name, node in _of_device(device):
                if name not in known and place(node):
                    yield Reference(name, node, kind, device)


def unknown_names(
    rewritten: Rewritten, source: str, existing: Mapping[str, str], *, is_adopted: bool
) -> Iterator[Finding]:
    """A warning for each reference to what is neither a device nor a NIC of the machine.

    It is for targets whose devices may name any interface; their own files name what they like.

    cloud-init takes an undeclared member of a bond or bridge for an interface of the machine
    ("inject placeholder" in cloudinit/net/network_state.py), and a VLAN's link too.
    """
    if is_adopted:
        return
    names = {nic.name for nic in rewritten.inventory.nics}
    names |= {*rewritten.interfaces.values(), *rewritten.kernel_names.values()}
    names |= {
        str(named.value)
        for _, entry in (rewritten.tree.get("ethernets") or Node({})).items()
        for named in filter(None, [entry.get("set-name")])
    }
    for one in references(rewritten.tree):
        if one.name not in names:
            yield Finding(
                rule="undeclared-device",
                severity=Severity.WARNING,
                message=f"no device is declared as {one.name!r}, and no NIC here is called so",
                where=Place(source, place(one.node)),
                hint=hint_for(one, rewritten, names),
            )


def hint_for(reference: Reference, rewritten: Rewritten, others: Iterable[str]) -> str:
    """What to write there instead: the id of what is meant, or something like it in `others`."""
    named = [one for one, has in rewritten.interfaces.items() if has == reference.name]
    declared = ids(devices_of(rewritten.tree))
    if named and named[0] in declared:
        return f"name its id, {named[0]!r}"
    known = {*others, *declared}
    return did_you_mean(reference.name, sorted(known)) or "declare it, or name what is there"


def _ports(tree: Node) -> Iterator[str]:
    """The patch ports of Open vSwitch, which are declared at the top."""
    ports = (tree.get("openvswitch") or Node({})).get("ports") or Node(())
    for pair in ports.elements():
        yield from (str(port.value) for port in pair.elements())


def _of_device(device: Node) -> Iterator[tuple[str, Node]]:
    for key in MEMBER_LISTS:
        yield from ((str(one.value), one) for one in (device.get(key) or Node(())).elements())
    for key in SINGLE_REFERENCES:
        named = device.get(key)
        if named is not None and isinstance(named.value, str):
            yield named.value, named
    parameters = device.get("parameters") or Node({})
    primary = parameters.get("primary")
    if primary is not None:
        yield str(primary.value), primary
    for key in KEYED_BY_ID:
        yield from (parameters.get(key) or Node({})).items()
