"""Reading a network config: cloud-init's version 1 and 2, checked, in version 2's shape."""

from __future__ import annotations

from hyperv_net import tree
from hyperv_net.errors import HypervNetError, joined
from hyperv_net.model import NetworkConfig
from hyperv_net.netconfig.checks import Notes
from hyperv_net.netconfig.structure import check_structure
from hyperv_net.netconfig.v2 import check_tree
from hyperv_net.netconfig.values import shown
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.tree import Node, Path, Scalar


def read_network_config(text: str, source: str) -> NetworkConfig:
    """The network config in `text`, YAML or JSON, on its own or below `network:`.

    `source` is the file's name in errors and findings.  Raises HypervNetError,
    with the file, the line and the key's path, for whatever is not a network config or
    could not be one on any machine, all that is wrong at once; `config: disabled`
    (cloud-init's way to turn its networking off) is such an error too, since there
    is nothing to read.
    """
    notes = Notes(source)
    try:
        return _read(notes, text)
    except HypervNetError as error:
        # Only here, since a boot without an error has no use for lines.
        from hyperv_net.netconfig.spans import with_lines

        raised = joined([error, *notes.errors], notes.findings)
        raise with_lines(raised, {source: text}) from None


def _read(notes: Notes, text: str) -> NetworkConfig:
    source = notes.source
    # In canonical order from the start, so that the order of keys in the file decides nothing.
    root = tree.canonical(_network(read_yaml(text, source, notes.errors), source))
    version = _version(notes, root)
    checked = check_tree(notes, _from_v1(notes, root) if version == 1 else root)
    notes.refuse()
    check_structure(notes, checked)
    notes.refuse()
    return NetworkConfig(
        source=source,
        tree=tree.canonical(checked),
        leaves=tuple(_leaves(root)),
        dropped=tuple(notes.dropped.items()),
        findings=tuple(notes.findings),
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
