"""Everything that is changed in a running cloud-init, and why.

Each function is replaced by one that calls it and mends its result; where the
mending fails the result stands.  Checked with cloud-init 22.4.2, 25.1.4 and
26.2.  In a version that a patch is not for, or that has no such function, it
is left out.
"""

from __future__ import annotations

import functools

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.sources import machine
from hyperv_net.sources.failsafe import attempt, say
from hyperv_net.sources.stand_in import planned_state, stand_in_for_renderers

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Version = tuple[int, int]

_PATCHED = "_hyperv_net_patched"


class Patch(NamedTuple):
    """A function of cloud-init to wrap: where it is, with what, in which versions, and why.

    `since` is the first version it is known to fit, `until` the first that
    needs it no more (None: the newest seen does).
    """

    module: str
    name: str
    wrap: Callable[[Callable[..., Any]], Callable[..., Any]]
    since: Version
    until: Version | None
    reason: str


def _without_vfs(stock: Callable[..., list[str]]) -> Callable[..., list[str]]:
    def get_devicelist(*args: Any, **kwargs: Any) -> list[str]:
        names = stock(*args, **kwargs)

        def visible() -> list[str]:
            hidden = machine.hidden_vfs(names)
            return [name for name in names if name not in hidden]

        return attempt(visible, otherwise=lambda: names)

    return get_devicelist


def _without_doubles(stock: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    def get_interfaces(*args: Any, **kwargs: Any) -> list[Any]:
        nics = stock(*args, **kwargs)
        if any(one.startswith("filter_") for one in kwargs):
            return nics  # Who asks for more NICs than the usual ones makes no mapping of them.

        def visible() -> list[Any]:
            from hyperv_net.sources.alike import one_of_each

            return one_of_each(nics)

        return attempt(visible, otherwise=lambda: nics)

    return get_interfaces


def _with_synthetics(stock: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    def get_interfaces_by_mac_on_freebsd(*args: Any, **kwargs: Any) -> dict[str, str]:
        names = stock(*args, **kwargs)

        def mended() -> dict[str, str]:
            paired = ((pair.mac, pair.synthetic) for pair in machine.pairs(tuple(names.items())))
            synthetics = {mac: synthetic.name for mac, synthetic in paired if synthetic}
            return {mac: synthetics.get(mac, name) for mac, name in names.items()}

        return attempt(mended, otherwise=lambda: names)

    return get_interfaces_by_mac_on_freebsd


def _without_freebsd_vfs(stock: Callable[..., list[str]]) -> Callable[..., list[str]]:
    def find_candidate_nics_on_freebsd(*args: Any, **kwargs: Any) -> list[str]:
        names = stock(*args, **kwargs)

        def candidates() -> list[str]:
            hidden = machine.vfs_beside_synthetics(tuple(names))
            return [name for name in names if name not in hidden]

        return attempt(candidates, otherwise=lambda: names)

    return find_candidate_nics_on_freebsd


def _past_vfs(stock: Callable[..., None]) -> Callable[..., None]:
    def _rename_interfaces(renames: Any, *args: Any, **kwargs: Any) -> None:
        def mended() -> tuple[Any, Any]:
            from cloudinit import net

            from hyperv_net.sources.renaming import with_vfs_in_the_way

            return with_vfs_in_the_way(renames, net._get_current_rename_info)

        wanted, known = attempt(mended, otherwise=lambda: (renames, None))
        if known is not None:
            kwargs["current_info"] = known
        stock(wanted, *args, **kwargs)

    return _rename_interfaces


def _of_synthetic_nics(stock: Callable[..., Any]) -> Callable[..., Any]:
    def read_initramfs_config(*args: Any, **kwargs: Any) -> Any:
        config = stock(*args, **kwargs)

        def mended() -> Any:
            from hyperv_net.sources.initramfs import of_synthetic_nics

            return of_synthetic_nics(config, machine.pairs_to_keep_up())

        return attempt(mended, otherwise=lambda: config) if config else config

    return read_initramfs_config


def _with_our_plan(stock: Callable[..., Any]) -> Callable[..., Any]:
    def parse_net_config_data(*args: Any, **kwargs: Any) -> Any:
        state = attempt(lambda: planned_state(stock, args, kwargs), otherwise=lambda: None)
        return stock(*args, **kwargs) if state is None else state

    return parse_net_config_data


PATCHES = (
    Patch(
        "cloudinit.net",
        "get_devicelist",
        _without_vfs,
        (22, 4),
        None,
        "every look at the NICs of Linux begins with this list. With a VF in it, 22.4 cannot "
        "rename the synthetic NIC ('Failed to match a single device'); all versions raise "
        "'duplicate mac found' where the synthetic driver is not hv_netvsc, which leaves the "
        "machine without network; and the fallback NIC, which gets DHCP, may be the VF",
    ),
    Patch(
        "cloudinit.net",
        "get_interfaces",
        _without_doubles,
        (22, 4),
        None,
        "of two NICs with one MAC that are no pair it lists both, and whoever makes a mapping by "
        "MAC of that list raises 'duplicate mac found', which leaves the machine without network",
    ),
    Patch(
        "cloudinit.net.netplan",
        "get_devicelist",
        _without_vfs,
        (22, 4),
        None,
        "the same list under a name of its own: udev is told to apply .link files to each, and one "
        "that matches by MAC alone would give the VF the name of the synthetic NIC",
    ),
    Patch(
        "cloudinit.net",
        "_rename_interfaces",
        _past_vfs,
        (22, 4),
        None,
        "where the VF bears the name that the config gives to the synthetic NIC, it looks for a "
        "NIC with the driver of the VF ('nic not present'), and a VF that is not in the list of "
        "NICs does not give way",
    ),
    Patch(
        "cloudinit.net.cmdline",
        "read_initramfs_config",
        _of_synthetic_nics,
        (22, 4),
        None,
        "it gives the name of the VF to the synthetic NIC where the initramfs used the VF, and "
        "says of the settings that nobody else is to apply them, while the aggregate is not there "
        "yet",
    ),
    Patch(
        "cloudinit.net",
        "get_interfaces_by_mac_on_freebsd",
        _with_synthetics,
        (22, 4),
        None,
        "the last interface with a MAC wins, which is the VF or, later, the lagg: it is then "
        "renamed in rc.conf and given DHCP (canonical/cloud-init issue 6657)",
    ),
    Patch(
        "cloudinit.net",
        "find_candidate_nics_on_freebsd",
        _without_freebsd_vfs,
        (22, 4),
        None,
        "the fallback NIC, which gets the ephemeral DHCP of the Azure datasource, is the first "
        "that `ifconfig -l -u ether` prints, whatever its driver",
    ),
    Patch(
        "cloudinit.distros",
        "parse_net_config_data",
        _with_our_plan,
        (22, 4),
        None,
        "cloud-init's own state cannot hold what our renderers say, and before 25.3 it raises for "
        "`to: default`, in every version for a device type it does not know",
    ),
)


def apply_patches() -> None:
    """Put all patches and stand-ins in place, once in a process.

    Raises whatever goes wrong with the imports.
    """
    # cloudinit.net.bsd imports cloudinit.distros, which imports it in turn.
    import cloudinit.distros  # noqa: F401

    version = _version()
    for patch in PATCHES:
        if patch.since <= version and (patch.until is None or version < patch.until):
            attempt(functools.partial(_apply, patch), otherwise=lambda: None)
    attempt(stand_in_for_renderers, otherwise=lambda: None)


def _version() -> Version:
    """cloud-init's version without the packager's suffix; one that cannot be read is the newest."""
    import re

    from cloudinit.version import version_string

    found = re.match(r"([0-9]{1,4})\.([0-9]{1,4})", version_string())
    return (int(found[1]), int(found[2])) if found else (9999, 0)


def _apply(patch: Patch) -> None:
    import importlib

    module = importlib.import_module(patch.module)
    stock = getattr(module, patch.name, None)
    if stock is None:
        say(f"this cloud-init has no {patch.module}.{patch.name}, and goes without that patch")
    elif not hasattr(stock, _PATCHED):
        patched = functools.wraps(stock)(patch.wrap(stock))
        setattr(patched, _PATCHED, True)
        setattr(module, patch.name, patched)
