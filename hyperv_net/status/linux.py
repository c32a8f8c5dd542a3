"""What can be seen of a Linux machine."""

from __future__ import annotations

import errno
import os

from hyperv_net.companions.udev_rules import KEEP_OFF_RULES, KEPT_OFF, VF_MARK
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept import last
from hyperv_net.hotplug.kept.drains import read_drains
from hyperv_net.hotplug.kept.worker import seen_aggregates
from hyperv_net.hotplug.look.counters import sysfs_counters
from hyperv_net.hotplug.look.linux import read_linux
from hyperv_net.hotplug.look.managers import dhcp_clients, managers_of
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.inventory import rooted
from hyperv_net.inventory.answers import kept_answers
from hyperv_net.inventory.driver_statistics import counts_vf
from hyperv_net.inventory.sysfs import read_sysfs
from hyperv_net.inventory.unbound import with_unbound_cards
from hyperv_net.model import System
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import targets
from hyperv_net.root import files
from hyperv_net.status.routes import LINUX, families

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hyperv_net.hotplug.kept.last import Last
    from hyperv_net.hotplug.look.counters import Counters
    from hyperv_net.hotplug.look.managers import Manager
    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.inventory.answers import Answers
    from hyperv_net.model import Inventory
    from hyperv_net.root.files import Root


def _places() -> tuple[str, ...]:
    """Where managers tell of their NICs; a machine has those of the managers that run on it."""
    return (*(one.traces for one in targets(System.LINUX) if one.traces is not None), "/proc")


class Seen(NamedTuple):
    """All facts that `status` works from.

    `addresses_are_known` is false where no address could be seen at all,
    `default_routes` are the families, 4 and 6, that have one (None: not seen), and
    `driver_statistics` asks a live NIC's driver.
    """

    inventory: Inventory
    actual: ActualState
    managers: Mapping[str, tuple[Manager, ...]]
    counters: Mapping[str, Counters]
    last: Last | None
    addresses_are_known: bool
    not_seen: tuple[str, ...] = ()
    waagent: str = ""
    stock_scripts: tuple[str, ...] = ()
    default_routes: frozenset[int] | None = None
    driver_statistics: Callable[[str], Mapping[str, int] | None] = lambda name: None
    is_guarded: bool = False
    unmarked: frozenset[str] = frozenset()


class Live(NamedTuple):
    """What can be asked of the machine that this runs on, beside its files."""

    run: Callable[[Sequence[str]], str]
    permanent_address: Callable[[str], str | None]
    driver_statistics: Callable[[str], Mapping[str, int] | None]


def see_linux(root: str, live: Live | None) -> Seen:
    """The facts of the machine whose files are below `root`; `live` where it is this one.

    Of a capture its kernel's answers are known as well.  Raises HypervNetError where there is
    no sysfs.
    """
    tree = rooted.open_root(root)
    run_directory = RUN_DIRECTORY[System.LINUX]
    places = (run_directory, *_places())
    not_seen = [f"{place}: {why}" for place in places for why in _closed(tree, place)]
    kept = kept_answers(root) if live is None else None
    ask, statistics = _answering(live, kept)
    counts = (lambda name: counts_vf(statistics(name))) if live or kept else None
    inventory = with_unbound_cards(read_sysfs(root, ask, counts), root)
    try:
        actual = read_linux(root, live.run if live is not None else None, ask)
        are_known = live is not None
        if live is None:
            not_seen.append("addresses: a captured tree has no file that shows them")
    except HypervNetError as error:
        actual, are_known = read_linux(root, None, ask), False
        not_seen.append(f"addresses: {error}")
    directory = f"{tree.base}{run_directory}"
    actual = actual._replace(seen=seen_aggregates(directory), drains=read_drains(directory))
    routes = None
    if live is not None:
        try:
            routes = families(LINUX, live.run)
        except HypervNetError as error:
            not_seen.append(f"default routes: {error}")
    cards = [link for link in actual.links if link.nic.bus is not None]
    clients = dhcp_clients(tree, [link.nic.name for link in cards])
    return Seen(
        inventory=inventory,
        actual=actual,
        managers={
            link.nic.name: (
                *managers_of(tree, link.nic.name, link.ifindex),
                *clients.get(link.nic.name, ()),
            )
            for link in cards
        },
        counters={
            link.nic.name: found
            for link in cards
            if (found := sysfs_counters(tree, link.nic.name)) is not None
        },
        last=last.read(directory),
        addresses_are_known=are_known,
        not_seen=tuple(not_seen),
        waagent=_waagent(tree),
        default_routes=routes,
        driver_statistics=statistics,
        is_guarded=is_guarded(root),
        unmarked=frozenset(link.nic.name for link in cards if _is_unmarked(tree, link.ifindex)),
    )


def is_guarded(root: Root) -> bool:
    """Whether the machine at `root` has the rules of `hyperv-net guard`."""
    return files.exists_below(root, KEEP_OFF_RULES)


def _is_unmarked(tree: rooted.Root, index: int) -> bool:
    """Whether udev has gone through its rules for a NIC, and none of ours took it for a VF.

    Its database has a file for each (device_update_db() of src/libsystemd/sd-device of
    systemd/systemd), with a line for each property.
    """
    noted = rooted.file_text(tree, "/run/udev/data", f"n{index}")
    return noted is not None and not any(
        f"\nE:{one}=" in f"\n{noted}" for one in (KEPT_OFF, VF_MARK)
    )


def _answering(
    live: Live | None, kept: Answers | None
) -> tuple[Callable[[str], str | None] | None, Callable[[str], Mapping[str, int] | None]]:
    """Who tells a NIC's permanent address (None: nobody), and what its driver counts."""
    if live is not None:
        return live.permanent_address, live.driver_statistics
    if kept is not None:
        return kept.permanent_addresses.get, kept.driver_statistics.get
    return None, lambda name: None


def _closed(tree: rooted.Root, place: str) -> Sequence[str]:
    """Why a directory that is there cannot be read, if so."""
    try:
        os.scandir(tree.base + place).close()
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            return (f"{error.strerror} (run it as root)",)
    return ()


def _waagent(tree: rooted.Root) -> str:
    """The setting that makes a running waagent restart interfaces; empty without it.

    WALinuxAgent restarts the network where the host's name changes, with
    ifdown and ifup on some distributions (azurelinuxagent/common/osutil).
    """
    pid = rooted.file_text(tree, "/run", "waagent.pid") or ""
    is_running = pid.isdecimal() and "waagent" in (
        rooted.file_text(tree, f"/proc/{int(pid)}", "cmdline") or ""
    )
    settings = rooted.file_text(tree, "/etc", "waagent.conf") or ""
    lines = (line.partition("#")[0].strip() for line in settings.splitlines())
    watches = "Provisioning.MonitorHostName=y" in lines
    return "etc/waagent.conf: Provisioning.MonitorHostName" if is_running and watches else ""
