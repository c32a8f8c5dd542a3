"""Reading a network config: cloud-init's version 1 and 2, or OpenStack's, in version 2's shape."""

from __future__ import annotations

from hyperv_net import tree
from hyperv_net.errors import HypervNetError, joined
from hyperv_net.model import Kind, NetworkConfig
from hyperv_net.netconfig.checks import Notes
from hyperv_net.netconfig.structure import check_structure
from hyperv_net.netconfig.v2 import check_tree
from hyperv_net.netconfig.values import shown
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hyperv_net.model import Inventory
    from hyperv_net.tree import Path, Scalar


def read_network_config(
    text: str, source: str, names: Mapping[str, str] | None = None
) -> NetworkConfig:
    """The network config in `text`, YAML or JSON, on its own or below `network:`.

    OpenStack's network_data.json is one too, which calls NICs by their MAC addresses alone:
    `names` has those that they have on the machine.
    `source` is the file's name in errors and findings.  Raises HypervNetError,
    with the file, the line and the key's path, for whatever is not a network config or
    could not be one on any machine, all that is wrong at once; `config: disabled`
    (cloud-init's way to turn its networking off) is such an error too, since there
    is nothing to read.
    """
    notes = Notes(source)
    try:
        return _read(notes, text, names or {})
    except HypervNetError as error:
        # Only here, since a boot without an error has no use for lines.
        from hyperv_net.netconfig.spans import with_lines

        raised = joined([error, *notes.errors], notes.findings)
        raise with_lines(raised, {source: text}) from None


def with_names(
    config: NetworkConfig, text: str | None, inventory: Inventory, drivers: Collection[str]
) -> NetworkConfig:
    """The config that was read from `text`, its NICs with the names that they have on a machine.

    Of the NICs of a card that is the synthetic one, by its driver, as cloud-init has it.  The same
    where the config names its NICs itself.
    """
    if not config.is_nameless or text is None:
        return config
    names: dict[str, str] = {}
    for nic in sorted(inventory.nics, key=lambda one: one.driver not in drivers):
        if nic.kind is Kind.ETHERNET and nic.hardware_mac:
            names.setdefault(nic.hardware_mac, nic.name)
    return read_network_config(text, config.source, names)


def _read(notes: Notes, text: str, names: Mapping[str, str]) -> NetworkConfig:
    source = notes.source
    # In canonical order from the start, so that the order of keys in the file decides nothing.
    root = tree.canonical(_network(read_yaml(text, source, notes.errors), source))
    read, made_up = root, frozenset[str]()
    if root.get("version") is None and root.get("links") is not None:
        read, made_up = _from_openstack(notes, root, names)
    elif _version(notes, root) == 1:
        read = _from_v1(notes, root)
    checked = check_tree(notes, read)
    notes.refuse()
    check_structure(notes, checked)
    notes.refuse()
    return NetworkConfig(
        source=source,
        tree=tree.canonical(checked),
        leaves=tuple(_leaves(root)),
        dropped=tuple(notes.dropped.items()),
        findings=tuple(notes.findings),
        is_nameless=bool(made_up),
    )


def _network(document: Node, source: str) -> Node:
    """The network config itself; whatever else is in the file is not ours."""
    root = document.get("network") or document
    where = Place(source, ("network",) if root is not document else ())
    hint = "begin with 'version: 2'"
    if root.value is None:
        raise HypervNetError("is empty", where=where, hint=hint)
    if not isinstance(root.value, dict):
        what = "a list" if isinstance(root.value, tuple) else shown(root.value)
        raise HypervNetError(f"expected a network config, found {what}", where=where, hint=hint)
    config = root.get("config")
    if config is not None and config.value == "disabled":
        raise HypervNetError("cloud-init's networking is disabled here", where=where)
    return root


def _version(notes: Notes, root: Node) -> int:
    version = root.get("version")
    if version is None:
        raise notes.error(root, "has no version", "add 'version: 2'")
    if isinstance(version.value, bool) or str(version.value) not in ("1", "2"):
        raise notes.error(version, f"not version 1 or 2: {shown(version.value)}")
    return int(str(version.value))


def _from_v1(notes: Notes, root: Node) -> Node:
    # Most configs are version 2, and this runs while a machine boots.
    from hyperv_net.netconfig.v1 import read_v1

    notes.is_version_1 = True
    read = read_v1(notes, root)
    notes.refuse()  # What is half read would be found wanting once more.
    return read


def _from_openstack(
    notes: Notes, root: Node, names: Mapping[str, str]
) -> tuple[Node, frozenset[str]]:
    """The tree, and the NICs in it that have no name: theirs is an id and nothing to be set."""
    # cloud-init hands on version 1 where a machine boots.
    from hyperv_net.netconfig.openstack import as_version_1

    converted = as_version_1(notes, root, names)
    read = _from_v1(notes, converted.root)
    nics = read.get("ethernets") or Node({})
    unnamed = {
        name: Node({key: one for key, one in nic.items() if key != "set-name"}, nic.origins)
        for name, nic in nics.items()
        if name in converted.made_up
    }
    named = Node({**dict(nics.items()), **unnamed}, nics.origins)
    return Node({**dict(read.items()), "ethernets": named}, read.origins), converted.made_up


def _leaves(root: Node) -> Iterator[tuple[Path, Scalar]]:
    """Each leaf's path in the file and its value ('[]' and '{}' for what is empty)."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        value = node.value
        if value is None or isinstance(value, (str, int, float)):
            yield node.origins[0], value
        elif value:
            children = value if isinstance(value, tuple) else tuple(value.values())
            waiting.extend(reversed(children))
        else:
            yield node.origins[0], "[]" if isinstance(value, tuple) else "{}"
