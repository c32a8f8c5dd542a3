"""What people are told of what others do: the kernel, the host, the network's own program."""

from __future__ import annotations

from hyperv_net.hotplug.decide.situation import situation
from hyperv_net.model import Mode, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load
from hyperv_net.simulation.looking import view
from hyperv_net.simulation.model import actual, find
from hyperv_net.simulation.network import fitting

if TYPE_CHECKING:
    from hyperv_net.model import Decision
    from hyperv_net.simulation.imagined import Imagined


def configures(here: Imagined, decision: Decision) -> str:
    """What the network's own program has done for a pair."""
    program = load(here.plan.target).files
    pair = decision.pair
    if pair.synthetic is None:
        nic = here.vfs[pair.mac]
        if find(here.machine, nic.name) is None:
            return f"the card's only NIC is away ({program})"
        if fitting(here.plan, nic) is None:
            return f"no entry of the configuration fits {nic.name} ({program})"
        return f"{nic.name} is configured as any NIC ({program})"
    name = dict(here.network.names).get(pair.synthetic.name, pair.synthetic.name)
    own = next((one for one in here.wanted.pairs if one.mac == pair.mac), None)
    if decision.mode is Mode.AGGREGATE and own is not None:
        link = find(here.machine, own.aggregate)
        held = " and ".join(link.nic.lowers) if link is not None else name
        return f"{own.aggregate} is made over {held} ({program})"
    if decision.mode is Mode.TRANSPARENT:
        return f"{name} is configured, and the VF left alone ({program})"
    return f"{name} is configured, without an aggregate ({program})"


def whose(here: Imagined, decision: Decision) -> str:
    """Whose a VF is that has just appeared."""
    nic = here.vfs[decision.pair.mac]
    is_linux = here.machine.system is System.LINUX
    if decision.mode is Mode.VF_ONLY:
        return "it is an ordinary NIC, since no synthetic NIC stands beside it"
    if decision.mode is Mode.TRANSPARENT:
        if not is_linux:
            return "hn(4) drives it by itself (hw.hn.vf_transparent)"
        master = find(here.machine, nic.name)
        above = master.nic.master if master is not None else None
        return f"the kernel takes it for {above}, and opens it with that"
    own = next((one for one in here.wanted.pairs if one.mac == decision.pair.mac), None)
    if own is None:
        return "no aggregate is wanted, so that nobody of hyperv-net's joins it"
    card = situation(own, actual(here.machine)).card
    if nic.name not in (one.nic.name for one in card.vfs):
        return f"nothing shows that it is the pair's: that was told as {own.vf}"
    if is_linux:
        return "it is down; udev's marks keep managers off it, and wake the hook"
    return "it is down; devd wakes the hook"


def after_leaving(here: Imagined, decision: Decision) -> str:
    """What the kernel makes of a VF that has left."""
    now = view(here.machine, here.wanted, decision)
    if decision.mode is Mode.VF_ONLY:
        return "there is no other NIC to go on by, until it comes back"
    if not now.carries:
        return "nothing carries the traffic"
    if decision.mode is Mode.TRANSPARENT:
        return f"the kernel sends by {now.carries} from now on"
    if decision.mode is Mode.AGGREGATE:
        own = next((one for one in here.wanted.pairs if one.mac == decision.pair.mac), None)
        if own is not None:
            return (
                f"{own.aggregate} sends by {now.carries}: the kernel's own doing, before the hook"
            )
    return f"{now.carries} carried the traffic, and goes on"


def by_link(here: Imagined, decision: Decision) -> str:
    """What follows from the link of a VF that has come."""
    now = view(here.machine, here.wanted, decision)
    nic = here.vfs[decision.pair.mac]
    if now.carries == nic.name:
        return "the traffic goes by it now"
    return f"the traffic stays on {now.carries or 'nothing'}"
