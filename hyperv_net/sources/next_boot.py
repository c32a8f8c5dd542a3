"""What cloud-init would do at the next first boot of a machine, told from the files it leaves.

The order of sources is that of cloudinit/sources/__init__.py (`DataSource.
network_config_sources`): kernel command line, initramfs, `network:` in the
configuration, datasource.  The pickled datasource is never opened: unpickling
runs code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from hyperv_net.drivers import LINUX_SYNTHETIC_DRIVER
from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.recognising import chosen_by_cloud_init
from hyperv_net.root import files
from hyperv_net.root.cloud_config import (
    KEPT_BY_CLOUD_INIT,
    Found,
    cloud_cfg_with,
    kernel_command_line,
)
from hyperv_net.sources.initramfs import of_synthetic_nics
from hyperv_net.tree import Node, to_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from hyperv_net.model import Decision, Inventory, System
    from hyperv_net.renderers.target import Target
    from hyperv_net.root.files import Root

#: Written by cloud-init's klibc initramfs (cloudinit/net/cmdline.py).
_INITRAMFS = ("run/net-*.conf", "run/net6-*.conf")
_INSTANCE_DATA = (
    "run/cloud-init/instance-data-sensitive.json",
    "run/cloud-init/instance-data.json",
)
_HINT = "name one with --network-config FILE"


def next_network_config(
    root: Root, inventory: Inventory, decisions: Sequence[Decision] = ()
) -> Found:
    """The network config that cloud-init would find on the machine at `root`.

    `decisions` are those for its pairs, of which the initramfs knows nothing.
    Raises HypervNetError where it would find one that leaves no file behind.
    """
    sources: tuple[Callable[[], Found | None], ...] = (
        lambda: _on_command_line(root),
        lambda: _of_initramfs(root, decisions),
        lambda: _of_system(root),
        lambda: _kept(root),
        lambda: _of_azure(root, inventory),
    )
    for source in sources:
        found = source()
        if found is not None:
            return found
    raise HypervNetError(
        "cloud-init has left no network config of its datasource here",
        where=str(root),
        hint=_HINT,
    )


def next_target(root: Root, system: System) -> Target:
    """The target whose renderer cloud-init would choose there."""
    preferred: list[str] = []
    for _, _, section in cloud_cfg_with(root, "system_info"):
        listed = (section.get("network") or Node({})).get("renderers")
        if listed is not None:
            preferred = [str(one.value) for one in listed.elements()]
    return chosen_by_cloud_init(root, system, preferred)


def _on_command_line(root: Root) -> Found | None:
    """`network-config=`: base64 of YAML that may be compressed, or `disabled`."""
    for word in reversed(kernel_command_line(root).split()):
        if word.startswith("network-config="):
            source = "kernel command line: network-config"
            return Found(_decoded(word.partition("=")[2], source), source)
    return None


def _decoded(word: str, source: str) -> str:
    import base64
    import zlib

    if word == "disabled":
        return "config: disabled\n"
    try:
        data = base64.b64decode(word, validate=True)
        if data[:2] == b"\x1f\x8b":
            unpack = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            data = unpack.decompress(data, files.SIZE_LIMIT)
            if not unpack.eof:
                raise ValueError("cut short, or larger than any network config")
        return data.decode("utf-8")
    except (ValueError, zlib.error):
        raise HypervNetError(
            "not base64 of a text, compressed or not", where=Place(source)
        ) from None


def _of_initramfs(root: Root, decisions: Sequence[Decision]) -> Found | None:
    """Not read here: cloud-init makes a config of what it says, and keeps that where it can."""
    words = kernel_command_line(root).split()
    asked = any(word.startswith(("ip=", "ip6=")) for word in words)
    conf = next(iter(files.read_matching(root, _INITRAMFS)), None)
    if not asked or conf is None:
        return None
    kept = _kept(root)
    if kept is not None and kept.source.endswith(".json"):
        return Found(json.dumps(of_synthetic_nics(_entries(kept), decisions)), kept.source)
    raise HypervNetError(
        "the initramfs has configured the network, which cloud-init takes over",
        where=Place(conf),
        hint=_HINT,
    )


def _entries(kept: Found) -> dict[str, Any]:
    """The config that cloud-init made of what the initramfs said."""
    from hyperv_net.netconfig.yaml_text import read_yaml

    config = to_plain(read_yaml(kept.text, kept.source))
    entries = _below(config, "config")
    if _is_list(entries) and all(
        isinstance(_below(entry, "name"), str)
        and _is_list(_below(entry, "subnets"))
        and all(isinstance(subnet, Mapping) for subnet in entry["subnets"])
        for entry in entries
    ):
        return dict(config)
    raise HypervNetError(
        "not what cloud-init makes of the files of an initramfs",
        where=Place(kept.source),
        hint=_HINT,
    )


def _of_system(root: Root) -> Found | None:
    for source, text, _ in reversed(list(cloud_cfg_with(root, "network"))):
        return Found(text, source)
    return None


def _kept(root: Root) -> Found | None:
    """What cloud-init last applied, which it keeps since 24.1, or the seed of NoCloud."""
    for path, text in files.read_matching(root, KEPT_BY_CLOUD_INIT).items():
        return Found(text, path)
    return None


def _of_azure(root: Root, inventory: Inventory) -> Found | None:
    """Azure's metadata, which every version keeps, made into the config that 22.4 makes of it."""
    from hyperv_net.netconfig.yaml_text import read_yaml

    for path, text in files.read_matching(root, _INSTANCE_DATA).items():
        data = to_plain(read_yaml(text, path))
        network = _below(data, "ds", "meta_data", "imds", "network")
        if _is_list(_below(network, "interface")):
            return Found(json.dumps(_azure_config(network["interface"], inventory)), path)
    return None


def _azure_config(interfaces: Sequence[Any], inventory: Inventory) -> dict[str, Any]:
    """cloudinit/sources/DataSourceAzure.py, generate_network_config_from_instance_network_metadata.

    The first address of each family comes by DHCP, further ones are static.
    """
    ethernets = {}
    for number, interface in enumerate(interfaces):
        overrides = {"route-metric": (number + 1) * 100}
        entry: dict[str, Any] = {"dhcp4": True, "dhcp4-overrides": overrides, "dhcp6": False}
        of_family = {
            family: _below(interface, family, "ipAddress") or [] for family in ("ipv4", "ipv6")
        }
        if of_family["ipv6"]:
            entry.update({"dhcp6": True, "dhcp6-overrides": dict(overrides)})
        static = [
            f"{_below(address, 'privateIpAddress')}/{_prefix(interface, family)}"
            for family, addresses in of_family.items()
            for address in addresses[1:]
        ]
        if static:
            entry["addresses"] = static
        mac = _mac(str(_below(interface, "macAddress")))
        match = {"macaddress": mac}
        drivers = {nic.driver for nic in inventory.nics if nic.hardware_mac == mac}
        if LINUX_SYNTHETIC_DRIVER in drivers:
            match["driver"] = LINUX_SYNTHETIC_DRIVER
        name = f"eth{number}"
        if any(of_family.values()):
            ethernets[name] = {**entry, "match": match, "set-name": name}
    return {"version": 2, "ethernets": ethernets}


def _prefix(interface: Any, family: str) -> Any:
    subnets = _below(interface, family, "subnet")
    given = _below(subnets[0], "prefix") if _is_list(subnets) and subnets else None
    return given or {"ipv4": "24", "ipv6": "128"}[family]


def _mac(text: str) -> str:
    """`000D3A112233` with colons."""
    return ":".join(text[i : i + 2] for i in range(0, len(text), 2)).lower()


def _below(value: Any, *keys: str) -> Any:
    """What is at the path of keys, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _is_list(value: Any) -> bool:
    return isinstance(value, list)
