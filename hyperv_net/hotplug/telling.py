"""The journal's entries of what a run saw and did."""

from __future__ import annotations

from hyperv_net.facts import System
from hyperv_net.hotplug.decide.drain import is_transparent
from hyperv_net.hotplug.decide.situation import situation
from hyperv_net.hotplug.look.counters import NETSTAT, netstat_counters, paths_of, sysfs_counters
from hyperv_net.inventory import rooted
from hyperv_net.journal.entry import Carried, Entry, Happening, Role
from hyperv_net.journal.kept import stamp
from hyperv_net.owners import whose
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.hotplug.decide.presence import Presence
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.look.counters import Counters
    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.wanted import Wanted, WantedPair


def of_step(step: Step) -> Entry:
    """The entry of a step that has just been taken."""
    return Entry(stamp(), Happening.STEP, str(step), step.mac)


def of_failure(text: str, mac: str) -> Entry:
    """The entry of a failure that has just been met."""
    return Entry(stamp(), Happening.FAILED, text, mac)


def changes(
    before: tuple[Presence, ...],
    now: tuple[Presence, ...],
    actual: ActualState,
    wanted: Wanted,
    root: str,
) -> list[Entry]:
    """What became of the pairs between two looks; `actual` is the state at the second one."""
    time, known = stamp(), {one.mac: one for one in before}
    pairs = {pair.mac: pair for pair in wanted.pairs}
    counters = _counters(actual, root)
    found = []
    for one in now:
        then = known.get(one.mac)
        if one == then:
            continue
        carried = _carried(pairs[one.mac], actual, counters, root)
        found += [
            Entry(time, happening, text, one.mac, owner, carried=carried, label=one.label)
            for happening, text, owner in differences(then, one)
        ]
    return found


def differences(before: Presence | None, now: Presence) -> Iterator[tuple[Happening, str, str]]:
    """What differs between two looks at a pair, as text, and whose drain it is about.

    Of one that was not seen since the boot, what is there has come.
    """
    label = now.label
    vfs = {(vf.name, vf.ifindex): vf for vf in now.vfs}
    then = {(vf.name, vf.ifindex): vf for vf in before.vfs} if before is not None else {}
    for key, vf in then.items():
        if key not in vfs:
            yield Happening.VF_LEFT, f"{vf.name} is gone, the VF of {label}", ""
    for key, vf in vfs.items():
        if key not in then:
            yield Happening.VF_CAME, f"{vf.name} is there, the VF of {label}", ""
        if vf.joined and (key not in then or not then[key].joined):
            yield Happening.JOINED, f"{vf.name} has joined {label}", ""
    came_from = before.carrier if before is not None else ""
    if came_from and now.carrier and came_from != now.carrier:
        text = f"the traffic of {label} goes through {now.carrier}, and before through {came_from}"
        yield Happening.MOVED, text, ""
    owners = before.drained_by if before is not None else ()
    for owner in now.drained_by:
        if owner not in owners:
            yield Happening.DRAINED, f"{label} is drained for {whose((owner,))}", owner
    for owner in owners:
        if owner not in now.drained_by:
            yield Happening.UNDRAINED, f"{label} is drained no more for {whose((owner,))}", owner


def _carried(
    pair: WantedPair, actual: ActualState, counters: Mapping[str, Counters], root: str
) -> tuple[Carried, ...]:
    """What each path of a pair has carried, as far as that is known."""
    from hyperv_net.inventory.driver_statistics import driver_statistics

    here = situation(pair, actual)
    ask = driver_statistics if root == "/" else lambda name: None
    paths = paths_of(here, is_transparent(pair, here), counters, ask)
    if paths is None or here.card.synthetic is None:
        return ()
    own, vf = paths.synthetic, paths.vf
    found = [Carried(here.card.synthetic.nic.name, Role.SYNTHETIC, own.received, own.sent)]
    if vf is not None:
        found.append(Carried(paths.counted_by, Role.VF, vf.received, vf.sent))
    return tuple(found)


def _counters(actual: ActualState, root: str) -> Mapping[str, Counters]:
    """What each device has carried; nothing where that cannot be asked."""
    if actual.system is System.FREEBSD:
        if root != "/":
            return {}
        from hyperv_net.errors import HypervNetError
        from hyperv_net.processes import output

        try:
            return netstat_counters(output(NETSTAT))
        except HypervNetError:
            return {}
    tree = rooted.open_root(root)
    found = {one.nic.name: sysfs_counters(tree, one.nic.name) for one in actual.links}
    return {name: counters for name, counters in found.items() if counters is not None}
