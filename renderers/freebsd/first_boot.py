"""What follows once rc.conf is written at first boot."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.running import activation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.parts import Step

#: What ends something of one interface, by the words of `service`.
_STOPS = (("dhclient", "forcestop"), ("netif", "stop"))


def follow_up(renderer: Any, stock: Any, plan: Plan) -> None:
    """In the place of start_services of cloudinit/net/freebsd.py, where that would do something.

    Its `service routing restart` takes the default route of SYNCDHCP away for good, and
    that of a router's advertisement until the next.  rc(8) may have run netif before
    cloud-init, or have it still to run: adding once more what is there does no harm.
    """
    if renderer._postcmds:
        _carry_out(_steps(plan))


def _steps(plan: Plan) -> Sequence[Step]:
    files = [change for change in plan.changes if not change.is_companion]
    before = {one.file.path: one.before for one in files if one.before is not None}
    after = {one.file.path: one.file.text for one in files}
    # Where netif has yet to run a VF has no link, and is given to no command.
    started = {nic.name for nic in plan.inventory.nics if nic.state == "up"}
    steps = activation(before, after)
    return [one for one in steps if one.command[1:3] not in _STOPS or one.command[-1] in started]


def _carry_out(steps: Sequence[Step]) -> None:
    from cloudinit import subp

    for step in steps:
        try:
            subp.subp(list(step.command), capture=True)
        except subp.ProcessExecutionError:
            if not step.may_fail:
                raise
