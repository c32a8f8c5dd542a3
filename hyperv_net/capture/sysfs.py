"""What of /sys says which NICs there are: links, and the files of a line.

The whole of it is Documentation/ABI/testing/sysfs-class-net in torvalds/linux; a capture has
the attributes of each network device, of its bond or bridge, and of the device on a bus below
it, and of the buses what tells a card without a network device.
"""

from __future__ import annotations

from hyperv_net.inventory import rooted
from hyperv_net.inventory.rooted import CLASS_NET
from hyperv_net.inventory.unbound import BUSES
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from hyperv_net.capture.tree import Tree

_FOLDERS_OF_NICS = ("bonding", "bonding_slave", "bridge", "statistics")
_FILES_OF_DEVICES = (
    *("class", "class_id", "device", "modalias", "numa_node", "revision", "uevent", "vendor"),
    *("subsystem_device", "subsystem_vendor", "sriov_numvfs", "state"),
)
_LINKS_OF_DEVICES = ("driver", "physfn", "subsystem")
#: Of a PCI device's class (pci_ids.h): a network controller.
_NETWORK = "0x02"


def add_sysfs(tree: Tree, root: str) -> None:
    """Put into `tree` what of the /sys below `root` is read."""
    source = rooted.open_root(root)
    tree.folders.add(CLASS_NET[1:])
    for name in sorted(rooted.entries(source, CLASS_NET) or ()):
        target = rooted.link(source, CLASS_NET, name)
        if target is None and not rooted.is_directory(source, f"{CLASS_NET}/{name}"):
            _add_text(tree, source, CLASS_NET, name)
            continue
        if target is not None:
            _add_link(tree, CLASS_NET, name, target)
        _add_nic(tree, source, rooted.nic_directory(source, name))
    for bus in BUSES:
        for name in sorted(rooted.entries(source, bus) or ()):
            target = rooted.link(source, bus, name)
            directory = rooted.target_path(bus, target) if target is not None else None
            if target is not None and directory and _is_of_network(source, directory):
                _add_link(tree, bus, name, target)
                _add_device(tree, source, directory)


def _is_of_network(source: rooted.Root, directory: str) -> bool:
    kind = rooted.file_text(source, directory, "class")
    return kind is None or kind.startswith(_NETWORK)


def _add_nic(tree: Tree, source: rooted.Root, directory: str) -> None:
    _add_folder(tree, source, directory, None)
    for name, entry in sorted((rooted.entries(source, directory) or {}).items()):
        if entry.is_symlink():
            _add_link(tree, directory, name, rooted.link(source, directory, name))
        elif name in _FOLDERS_OF_NICS:
            _add_folder(tree, source, f"{directory}/{name}", None)
    target = rooted.link(source, directory, "device")
    device = rooted.target_path(directory, target) if target is not None else None
    if device is not None:
        _add_device(tree, source, device)


def _add_device(tree: Tree, source: rooted.Root, device: str) -> None:
    _add_folder(tree, source, device, _FILES_OF_DEVICES)
    for name in _LINKS_OF_DEVICES:
        _add_link(tree, device, name, rooted.link(source, device, name))
    # That there is a network device below it, and not which.
    if rooted.is_directory(source, f"{device}/net"):
        tree.folders.add(f"{device}/net"[1:])


def _add_folder(
    tree: Tree, source: rooted.Root, directory: str, names: Collection[str] | None
) -> None:
    """A folder with those of its files that are in `names`, or with all."""
    found = rooted.entries(source, directory)
    if found is None:
        return
    tree.folders.add(directory[1:])
    for name, entry in found.items():
        if (names is None or name in names) and entry.is_file(follow_symlinks=False):
            _add_text(tree, source, directory, name)


def _add_text(tree: Tree, source: rooted.Root, directory: str, name: str) -> None:
    text = rooted.file_text(source, directory, name)
    # Of many attributes the kernel says that this device has none.
    if text is not None:
        tree.texts[f"{directory}/{name}"[1:]] = f"{text}\n"


def _add_link(tree: Tree, directory: str, name: str, target: str | None) -> None:
    if target is not None:
        tree.links[f"{directory}/{name}"[1:]] = target
