"""What the plan of the booting machine is made of, taken from cloud-init's view of it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from typing import Any

    from hyperv_net.model import Decision, Inventory, Pair, Settings
    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.target import Target

SOURCE = "network config"

CLASS_NET = "sys/class/net"


def make_boot_plan(config: Mapping[str, Any], target: Target) -> Plan | None:
    """The plan for the network config that cloud-init is about to render; None: there is no pair.

    Inventory, files and settings are those that `hyperv-net plan` reads on
    the same machine, so that both come to the same text.  Raises HypervNetError where a
    package is missing without which the aggregate would not be made: stock then has a network.
    """
    settings = _settings()
    _turn(settings)
    inventory = _inventory()
    if not _pairs_to_keep_up(inventory, settings):
        return None
    import json

    from hyperv_net.errors import HypervNetError
    from hyperv_net.netconfig.read import read_network_config
    from hyperv_net.plan.flow import make_plan, reads
    from hyperv_net.renderers.recognising import missing_packages
    from hyperv_net.root import files
    from hyperv_net.secrets.reading import remember

    text = json.dumps(config)
    remember(text)
    plan = make_plan(
        inventory,
        read_network_config(text, SOURCE),
        settings,
        target,
        files.read_matching(system_root(), reads(target)),
        is_first_boot=True,
    )
    for missing in missing_packages(target, plan.needs, system_root()):
        raise HypervNetError(missing.message, where=missing.where, hint=missing.hint)
    return plan if plan.changes else None


def hidden_vfs(names: Iterable[str]) -> frozenset[str]:
    """Those of Linux's NICs `names` that are VFs with a synthetic NIC beside them."""
    seen = _addresses_where_shared(names)
    return vfs_beside_synthetics(seen) if seen else frozenset()


def vfs_now() -> frozenset[str]:
    """The same, of all NICs that Linux has at this moment."""
    return hidden_vfs(_all_nics())


def pairs_to_keep_up() -> tuple[Decision, ...]:
    """The pairs of a Linux machine both NICs of which are there, and what each needs."""
    if not _addresses_where_shared(_all_nics()):
        return ()
    return _pairs_to_keep_up(_inventory(), _settings())


def _all_nics() -> list[str]:
    return [path.name for path in (system_root() / CLASS_NET).iterdir()]


def _addresses_where_shared(names: Iterable[str]) -> frozenset[tuple[str, bytes]]:
    """Name and MAC of each; none where every MAC is there once, as on most machines."""
    class_net = system_root() / CLASS_NET
    addresses = frozenset((name, mac) for name in names if (mac := _address(class_net / name)))
    distinct = {mac for _, mac in addresses}
    return frozenset() if len(distinct) == len(addresses) else addresses


def _address(directory: Path) -> bytes:
    try:
        # cloud-init's own reading would leave two lines in its log for each.
        return (directory / "address").read_bytes().strip()
    except OSError:
        return b""


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
    from hyperv_net.decision.pairing import find_pairs

    settings = _settings()
    if not settings.enabled:
        return ()
    return find_pairs(_inventory(), settings.synthetic_drivers, settings.pairs).pairs


def _pairs_to_keep_up(inventory: Inventory, settings: Settings) -> tuple[Decision, ...]:
    """Those for an aggregate or for the kernel; it takes no config to know that there is none."""
    from hyperv_net.decision.pairing import find_pairs

    found = find_pairs(inventory, settings.synthetic_drivers, settings.pairs).pairs
    if not found:
        return ()
    from hyperv_net.decision.modes import decide
    from hyperv_net.model import Mode

    decisions = decide(found, inventory, settings).decisions
    return tuple(one for one in decisions if one.mode in (Mode.AGGREGATE, Mode.TRANSPARENT))


def is_enabled() -> bool:
    """Whether hyperv-net may change what cloud-init sees."""
    return _settings().enabled


def _settings() -> Settings:
    return _settings_below(system_root())


@lru_cache(maxsize=1)
def _settings_below(root: Path) -> Settings:
    """Read once in a boot: what a later stage writes to them is for the next one."""
    from hyperv_net.root.cloud_config import find_settings

    return find_settings(root)


def _turn(settings: Settings) -> None:
    """Where no guard has done so, have what runs at an event follow the settings."""
    from hyperv_net.applying.turning import turn
    from hyperv_net.errors import HypervNetError
    from hyperv_net.sources.failsafe import say

    try:
        turn(system_root(), settings)
    except HypervNetError as error:
        say(f"events may not follow the setting 'enabled': {error}")


def _inventory() -> Inventory:
    from cloudinit import util

    if util.is_FreeBSD():
        from hyperv_net.inventory.freebsd import netifaces_link_addresses, read_freebsd
        from hyperv_net.inventory.gathering import run_tool

        return read_freebsd(run_tool, netifaces_link_addresses())
    from hyperv_net.inventory.gathering import gather

    return gather(system_root())


def system_root() -> Path:
    """Where `/` is: cloud-init's tests, and ours, give it a sysfs elsewhere."""
    from cloudinit import net

    class_net: str = net.get_sys_class_path()
    root, found, _ = class_net.rstrip("/").rpartition("/sys/class/net")
    return Path(root or "/") if found else Path("/")
