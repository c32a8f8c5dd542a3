"""Packets and bytes that NICs have carried: Linux's sysfs and ethtool, FreeBSD's netstat."""

from __future__ import annotations

import re

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER
from hyperv_net.inventory import rooted
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hyperv_net.hotplug.decide.situation import Situation

#: One line a device and address; -b adds bytes, -W keeps names whole (netstat(1) of FreeBSD).
NETSTAT = ("/usr/bin/netstat", "-i", "-b", "-n", "-W")

_NUMBER = re.compile(r"[0-9]{1,20}\Z")

#: What is counted of a device, by the names of sysfs (sysfs-class-net-statistics of Linux'
#: Documentation/ABI) and the columns of netstat; the latter two may not be shown.
_SYSFS = ("rx_packets", "tx_packets", "rx_bytes", "tx_bytes")
_NETSTAT = ("Ipkts", "Opkts", "Ibytes", "Obytes")

#: The same of what hv_netvsc counts for its VF (vf_stats of drivers/net/hyperv/netvsc_drv.c in
#: torvalds/linux, whose netvsc_get_stats64() adds them to its own).
_VF_STATISTICS = tuple(f"vf_{name}" for name in _SYSFS)


class Bytes(NamedTuple):
    """Bytes received and sent."""

    received: int
    sent: int


class Counters(NamedTuple):
    """Packets received and sent, and their bytes where they are counted."""

    received: int
    sent: int
    bytes: Bytes | None = None


class Share(NamedTuple):
    """Packets that went over the VF, and all of the pair's."""

    vf: Counters
    all: Counters


class Paths(NamedTuple):
    """What each path of a pair carried, without the other's; `vf` is None without a VF.

    `counted_by` is the NIC that counts for the VF: itself, or the synthetic NIC for all VFs
    there were.
    """

    synthetic: Counters
    vf: Counters | None = None
    counted_by: str = ""


def sysfs_counters(tree: rooted.Root, name: str) -> Counters | None:
    """What the kernel counts for a device; None where it is not shown."""
    statistics = f"{rooted.nic_directory(tree, name)}/statistics"
    return _counters([rooted.file_text(tree, statistics, file) for file in _SYSFS])


def netstat_counters(text: str) -> Mapping[str, Counters]:
    """Device → counters, from what NETSTAT prints.

    A device's own line has `<Link#3>` where others have a network; it may have no address, and
    ends with the columns that the first line names behind that of addresses.
    """
    found: dict[str, Counters] = {}
    columns: list[str] = []
    for line in text.splitlines():
        words = line.split()
        if "Address" in words:
            columns = words[words.index("Address") + 1 :]
        elif columns and len(words) >= 3 + len(columns) and words[2].startswith("<Link#"):
            told = dict(zip(columns, words[-len(columns) :]))
            counters = _counters([told.get(column) for column in _NETSTAT])
            if is_interface_name(words[0].rstrip("*")) and counters is not None:
                found[words[0].rstrip("*")] = counters
    return found


def _counters(texts: Iterable[str | None]) -> Counters | None:
    """Counters of _SYSFS in their order; None where there are no packets."""
    received, sent, *bytes_told = (
        int(text) if text and _NUMBER.match(text) else None for text in texts
    )
    if received is None or sent is None:
        return None
    known = [one for one in bytes_told if one is not None]
    return Counters(received, sent, Bytes(*known) if len(known) == 2 else None)


def paths_of(
    here: Situation,
    is_transparent: bool,
    counters: Mapping[str, Counters],
    driver_statistics: Callable[[str], Mapping[str, int] | None],
) -> Paths | None:
    """What each path of a pair carried; None where that is not known.

    The members of an aggregate, and those of net_failover, count apart.
    hv_netvsc's own count has the VF's in it, and it keeps that of all VFs
    there were.  On FreeBSD the same is not known of a transparent hn(4).
    """
    card = here.card
    synthetic = counters.get(card.synthetic.nic.name) if card.synthetic is not None else None
    if card.synthetic is None or synthetic is None:
        return None
    vfs = [vf.nic.name for vf in card.vfs if vf.nic.name in counters]
    vf = _together([counters[name] for name in vfs])
    counted_by = vfs[0] if vfs else card.synthetic.nic.name
    if is_transparent and card.synthetic.nic.driver == FREEBSD_SYNTHETIC_DRIVER:
        return None
    if is_transparent and card.synthetic.nic.bus == "vmbus":
        own = driver_statistics(card.synthetic.nic.name) or {}
        of_driver = _counters([str(own.get(name, "")) for name in _VF_STATISTICS])
        if of_driver is not None:
            vf, counted_by = of_driver, card.synthetic.nic.name
        return Paths(_without(synthetic, vf), vf, counted_by)
    return Paths(synthetic, vf, counted_by) if vfs else Paths(synthetic)


def share_of(paths: Paths | None) -> Share | None:
    """The part of a pair's packets that its VF carried; None where that is not known."""
    vf = paths.vf if paths is not None else None
    if paths is None or vf is None:
        return None
    return Share(vf, _together([paths.synthetic, vf]))


def _together(counted: Sequence[Counters]) -> Counters:
    known = [one.bytes for one in counted if one.bytes is not None]
    return Counters(
        sum(one.received for one in counted),
        sum(one.sent for one in counted),
        Bytes(sum(one.received for one in known), sum(one.sent for one in known))
        if len(known) == len(counted)
        else None,
    )


def _without(all_: Counters, part: Counters) -> Counters:
    """What is left; the two were not looked at in one moment."""
    return Counters(
        max(0, all_.received - part.received),
        max(0, all_.sent - part.sent),
        Bytes(
            max(0, all_.bytes.received - part.bytes.received),
            max(0, all_.bytes.sent - part.bytes.sent),
        )
        if all_.bytes is not None and part.bytes is not None
        else None,
    )
