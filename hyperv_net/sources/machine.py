"""What the plan of the booting machine is made of, taken from cloud-init's view of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hyperv_net.model import Inventory, Pair, Settings
    from hyperv_net.plan import Plan

#: What cloud-init calls a target → what this project calls it.
TARGETS = {"netplan": "netplan", "eni": "ifupdown", "freebsd": "freebsd"}

SOURCE = "network config"


def make_boot_plan(config: Mapping[str, Any], renderer: str) -> Plan | None:
    """The plan for the network config that cloud-init is about to render; None: nothing to do.

    `renderer` is cloud-init's name of its renderer.  Inventory, files and
    settings are those that `hyperv-net plan` reads on the same machine, so
    that both come to the same text.
    """
    settings = _settings()
    inventory = _inventory()
    if not _needs_aggregate(inventory, settings):
        return None
    import json

    from hyperv_net import files
    from hyperv_net.netconfig import read_network_config
    from hyperv_net.plan import make_plan
    from hyperv_net.renderers import load

    target = TARGETS.get(renderer, renderer)
    module = load(target)
    plan = make_plan(
        inventory,
        read_network_config(json.dumps(config), SOURCE),
        settings,
        target,
        module,
        files.read_matching(system_root(), module.READS),
    )
    return plan if plan.rewritten.aggregates else None


def hidden_vfs(names: Iterable[str]) -> frozenset[str]:
    """Those of Linux's NICs `names` that are VFs with a synthetic NIC beside them.

    The machine is looked at only where two of them share an address.
    """
    class_net = system_root() / "sys/class/net"
    addresses = frozenset((name, mac) for name in names if (mac := _address(class_net / name)))
    distinct = {mac for _, mac in addresses}
    return frozenset() if len(distinct) == len(addresses) else vfs_beside_synthetics(addresses)


def _address(directory: Path) -> str:
    try:
        # cloud-init's own reading would leave two lines in its log for each.
        return (directory / "address").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def vfs_beside_synthetics(seen: Hashable) -> frozenset[str]:
    """The VFs of this machine that a synthetic NIC stands beside; `seen` as for `pairs`."""
    return frozenset(pair.vf.name for pair in pairs(seen) if pair.synthetic and pair.vf)


# cloud-init asks a dozen times in a boot, and FreeBSD's answer takes several processes.
@lru_cache(maxsize=8)
def pairs(seen: Hashable) -> tuple[Pair, ...]:
    """The pairs of this machine; none where hyperv-net is turned off.

    `seen` is what cloud-init sees of its NICs; when that changes, the machine
    is looked at anew.
    """
    from hyperv_net.pairing import find_pairs

    settings = _settings()
    if not settings.enabled:
        return ()
    return find_pairs(_inventory(), settings.synthetic_drivers).pairs


def _needs_aggregate(inventory: Inventory, settings: Settings) -> bool:
    """Whether any pair does; most machines have none, and need no config read to know it."""
    from hyperv_net.model import Mode
    from hyperv_net.modes import decide
    from hyperv_net.pairing import find_pairs

    found = find_pairs(inventory, settings.synthetic_drivers).pairs
    return any(one.mode is Mode.AGGREGATE for one in decide(found, inventory, settings).decisions)


def _settings() -> Settings:
    from hyperv_net.found import find_settings

    return find_settings(system_root())


def _inventory() -> Inventory:
    from cloudinit import util

    if util.is_FreeBSD():
        from hyperv_net.inventory import run_tool
        from hyperv_net.inventory.freebsd import netifaces_link_addresses, read_freebsd

        return read_freebsd(run_tool, netifaces_link_addresses())
    from hyperv_net.inventory import gather

    return gather(system_root())


def system_root() -> Path:
    """Where `/` is: cloud-init's tests, and ours, give it a sysfs elsewhere."""
    from cloudinit import net

    class_net: str = net.get_sys_class_path()
    root, found, _ = class_net.rstrip("/").rpartition("/sys/class/net")
    return Path(root or "/") if found else Path("/")
