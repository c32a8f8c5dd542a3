"""What stays on a member, what moves to the aggregate, and how the two are declared."""

from __future__ import annotations

from hyperv_net.inventory.told import told_mac, told_name
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.tree import Node, added, as_written, format_path, leaves, to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import Nic, Pair
    from hyperv_net.tree import Path

#: What belongs to the card itself, whatever stands above it (netplan-yaml,
#: "Properties for physical device types" and for type `ethernets`).
STAYS_ON_MEMBER = frozenset(
    (
        "auth",
        "delay-virtual-functions-rebind",
        "embedded-switch-mode",
        "emit-lldp",
        "generic-receive-offload",
        "generic-segmentation-offload",
        "infiniband-mode",
        "large-receive-offload",
        "link",
        "match",
        "receive-checksum-offload",
        "set-name",
        "tcp-segmentation-offload",
        "tcp6-segmentation-offload",
        "transmit-checksum-offload",
        "virtual-function-count",
        "wakeonlan",
    )
)

#: A member has no address and asks for none, and no boot waits for it.  DHCP is
#: set false rather than left out, because netplan merges files key by key.
QUIET: Mapping[str, Node] = {
    "dhcp4": added(False),
    "dhcp6": added(False),
    "accept-ra": added(False),
    "link-local": added([]),
    "optional": added(True),
}


#: Keys that mean something on an aggregate only; an entry that has them by mistake
#: must not decide about its members.
_OF_THE_AGGREGATE = ("interfaces", "parameters")


class Refused(NamedTuple):
    """A leaf that could not go to the aggregate: its origin and the reason."""

    origin: Path
    reason: str


def movable(entry: Node, *, is_member: bool) -> dict[str, Node]:
    """The settings of an entry that belong on the aggregate.

    What keeps a member quiet stays where it is once the entry is a member;
    on an entry that is none yet, `dhcp4: false` is a setting like any other.
    """
    return {
        key: child
        for key, child in entry.items()
        if key not in STAYS_ON_MEMBER
        and key not in _OF_THE_AGGREGATE
        and not (is_member and key in QUIET and to_plain(child) == to_plain(QUIET[key]))
    }


def misplaced(entry: Node) -> tuple[Refused, ...]:
    """What an entry says with a key that only an aggregate has."""
    reason = "an entry below ethernets has no such key, and on the aggregate it means another thing"
    wrong = (entry.get(key) for key in _OF_THE_AGGREGATE)
    return tuple(Refused(origin, reason) for node in wrong for origin in all_origins(node))


def declare_synthetic(entry: Node, nic: Nic, renderer: Node | None, *, was_member: bool) -> Node:
    """The synthetic NIC as a member: its identity, told apart from the VF by its driver.

    `was_member`: the entry was a member's already, so that its quiet settings
    are its own; otherwise they went to the aggregate.
    """
    match = _match(entry, nic, nic.driver)
    return _declare(entry, match, renderer, was_member=was_member)


def declare_vf(
    entry: Node, pair: Pair, renderer: Node | None, *, was_member: bool
) -> tuple[Node, tuple[Refused, ...]]:
    """The VF as a member, whatever name, PCI address or driver it comes back with.

    One that a person has told is matched as it was told.
    """
    synthetic = pair.synthetic
    assert synthetic is not None
    if pair.vf_told:
        match = _as_told(entry, pair)
    else:
        match = _match(entry, synthetic, f"!{synthetic.driver}" if synthetic.driver else None)
    kept = {key: child for key, child in entry.items() if key != "set-name"}
    declared = _declare(Node(kept, entry.origins), match, renderer, was_member=was_member)
    reason = "a VF is never renamed: its kernel finds it by its name"
    renamed = all_origins(entry.get("set-name"))
    return declared, tuple(Refused(origin, reason) for origin in renamed)


def _as_told(entry: Node, pair: Pair) -> dict[str, Node]:
    """A match by the VF's own address or by its name."""
    mac, before = told_mac(pair.vf_told), all_origins(entry.get("match"))
    key, value = ("macaddress", mac) if mac else ("name", told_name(pair.vf_told))
    return {key: Node(value, before)}


def _match(entry: Node, synthetic: Nic, driver: str | None) -> dict[str, Node]:
    """A match by address and driver, which are the same at every boot.

    The kernel's name for a NIC is not, so that one gives way to the address.
    """
    match = dict((entry.get("match") or Node({})).items())
    by_name = all_origins(match.pop("name", None))
    if synthetic.hardware_mac:
        address = match.get("macaddress", added(synthetic.hardware_mac))
        match["macaddress"] = Node(address.value, address.origins + by_name)
    if driver:
        match["driver"] = Node(driver, all_origins(match.get("driver")))
    return match


def _declare(
    entry: Node, match: dict[str, Node], renderer: Node | None, *, was_member: bool
) -> Node:
    stays = {key: child for key, child in entry.items() if key in STAYS_ON_MEMBER}
    quiet = {
        key: child
        for key, child in entry.items()
        if was_member and key in QUIET and to_plain(child) == to_plain(QUIET[key])
    }
    before = entry.get("match")
    declared = {**QUIET, **quiet, **stays, "match": Node(match, before.origins if before else ())}
    if renderer is not None:
        declared["renderer"] = Node(renderer.value)
    return Node(declared, entry.origins)


def all_origins(node: Node | None) -> tuple[Path, ...]:
    """The origins of every leaf of `node`, or its own where it has none below."""
    if node is None:
        return ()
    below = tuple(origin for _, leaf in leaves(node) for origin in leaf.origins)
    return below or node.origins


def merge(into: Node | None, setting: Node, path: Path) -> tuple[Node, tuple[Refused, ...]]:
    """The setting joined with what the aggregate has under the same key.

    Equal values become one with both origins, lists are joined, mappings
    merged; a value the aggregate contradicts is refused.
    """
    if into is None:
        return setting, ()
    if isinstance(into.value, dict) and isinstance(setting.value, dict):
        merged = dict(into.value)
        refused: tuple[Refused, ...] = ()
        for key, child in setting.value.items():
            merged[key], more = merge(merged.get(key), child, (*path, key))
            refused += more
        return Node(merged, into.origins + setting.origins), refused
    if isinstance(into.value, tuple) and isinstance(setting.value, tuple):
        return _join(into, setting), ()
    if to_plain(into) == to_plain(setting):
        return Node(into.value, into.origins + setting.origins), ()
    reason = f"{format_path(path)} says {as_written(to_plain(into))}"
    return into, tuple(Refused(origin, reason) for origin in all_origins(setting))


def _join(into: Node, setting: Node) -> Node:
    joined: dict[str, Node] = {}
    for one in (*into.elements(), *setting.elements()):
        # Mappings are in canonical order, so equal values have equal texts.
        text = repr(to_plain(one))
        joined[text] = _with_origins(joined[text], one) if text in joined else one
    return Node(tuple(joined.values()), into.origins + setting.origins)


def _with_origins(node: Node, other: Node) -> Node:
    """`node` with the origins of its equal `other` added, all the way down."""
    origins = node.origins + other.origins
    if isinstance(node.value, dict) and isinstance(other.value, dict):
        below = {key: _with_origins(child, other.value[key]) for key, child in node.value.items()}
        return Node(below, origins)
    if isinstance(node.value, tuple) and isinstance(other.value, tuple):
        pairs = zip(node.value, other.value)
        return Node(tuple(_with_origins(one, same) for one, same in pairs), origins)
    return Node(node.value, origins)
