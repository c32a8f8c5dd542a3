"""Which NICs are to be tuned at this moment, and to what."""

from __future__ import annotations

from hyperv_net.facts import Mode
from hyperv_net.hotplug.decide.situation import is_in, situation
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.tuning import Tuning


class Tuned(NamedTuple):
    """A NIC of the pair with this MAC, and what it is to have; `ifindex` as `Link` has it."""

    mac: str
    name: str
    settings: Tuning
    ifindex: int = 0


def to_tune(actual: ActualState, wanted: Wanted) -> Iterator[Tuned]:
    """The NICs that are where they belong: in their aggregate, or with the kernel's driver.

    A VF outside of its aggregate is nobody's yet, and one that waits for its bond is tuned once
    it has joined: what a driver does to change a ring can take its link down for a moment.
    """
    for pair in wanted.pairs:
        if not (pair.vf_tuning or pair.synthetic_tuning):
            continue
        here = situation(pair, actual)
        is_kernels = pair.mode is Mode.TRANSPARENT or here.is_kernels
        nics = [(vf, pair.vf_tuning) for vf in here.card.vfs]
        nics += [(here.card.synthetic, pair.synthetic_tuning)] if here.card.synthetic else []
        for link, settings in nics:
            joined = here.aggregate is not None and is_in(link, here.aggregate)
            if settings and (is_kernels or joined):
                yield Tuned(pair.mac, link.nic.name, settings, link.ifindex)
