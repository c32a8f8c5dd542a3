"""Packets that NICs have carried: Linux's sysfs and ethtool, FreeBSD's netstat."""

from __future__ import annotations

import re

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER
from hyperv_net.inventory import rooted
from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hyperv_net.hotplug.decide.situation import Situation

#: One line a device and address; -W keeps names whole (netstat(1) of FreeBSD).
NETSTAT = ("/usr/bin/netstat", "-i", "-n", "-W")

_NUMBER = re.compile(r"[0-9]{1,20}\Z")

#: What hv_netvsc counts for its VF, in netvsc_stats and vf_stats of
#: drivers/net/hyperv/netvsc_drv.c.
_VF_STATISTICS = ("vf_rx_packets", "vf_tx_packets")


class Counters(NamedTuple):
    """Packets received and sent."""

    received: int
    sent: int


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
    texts = [
        rooted.file_text(tree, statistics, file) or "" for file in ("rx_packets", "tx_packets")
    ]
    return Counters(*map(int, texts)) if all(_NUMBER.match(text) for text in texts) else None


def netstat_counters(text: str) -> Mapping[str, Counters]:
    """Device → counters, from what NETSTAT prints.

    A device's own line has `<Link#3>` where others have a network, and ends
    with Ipkts Ierrs Idrop Opkts Oerrs Coll.
    """
    found = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) < 9 or not words[2].startswith("<Link#"):
            continue
        name, received, sent = words[0].rstrip("*"), words[-6], words[-3]
        if is_interface_name(name) and _NUMBER.match(received) and _NUMBER.match(sent):
            found[name] = Counters(int(received), int(sent))
    return found


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
    vf = Counters(
        sum(counters[name].received for name in vfs), sum(counters[name].sent for name in vfs)
    )
    counted_by = vfs[0] if vfs else card.synthetic.nic.name
    if is_transparent and card.synthetic.nic.driver == FREEBSD_SYNTHETIC_DRIVER:
        return None
    if is_transparent and card.synthetic.nic.bus == "vmbus":
        own = driver_statistics(card.synthetic.nic.name)
        if own is not None and all(name in own for name in _VF_STATISTICS):
            vf = Counters(own[_VF_STATISTICS[0]], own[_VF_STATISTICS[1]])
            counted_by = card.synthetic.nic.name
        rest = Counters(max(0, synthetic.received - vf.received), max(0, synthetic.sent - vf.sent))
        return Paths(rest, vf, counted_by)
    return Paths(synthetic, vf, counted_by) if vfs else Paths(synthetic)


def share_of(paths: Paths | None) -> Share | None:
    """The part of a pair's packets that its VF carried; None where that is not known."""
    vf = paths.vf if paths is not None else None
    if paths is None or vf is None:
        return None
    own = paths.synthetic
    return Share(vf, Counters(own.received + vf.received, own.sent + vf.sent))
