"""The steps on FreeBSD, with ifconfig(8).

A lagg's primary is the port that joined first of those that are there: it is
changed by taking that out and adding it again (lagg_port_create() and
lagg_port_destroy() of the same file).

`SIOCSLAGGPORT` in sys/net/if_lagg.c of freebsd/freebsd-src takes a port's
IPv6 addresses off and sets its MTU to the lagg's, or refuses it; it leaves the
port down.
"""

from __future__ import annotations

from hyperv_net.facts import Kind
from hyperv_net.hotplug.act.rebuilding import rebuild
from hyperv_net.hotplug.decide.step import StepKind
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.hotplug.act.means import Means
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.wanted import Wanted

_IFCONFIG = "/sbin/ifconfig"


def carry_out(step: Step, wanted: Wanted, means: Means) -> None:
    """Take one step.  Raises HypervNetError where it fails."""
    device = step.device
    if step.kind is StepKind.STOP_CLIENT:
        means.stop_process(step.values[0])
    elif step.kind is StepKind.LOWER:
        means.run((_IFCONFIG, device, "down"))
    elif step.kind is StepKind.RAISE:
        means.run((_IFCONFIG, device, "up"))
    elif step.kind is StepKind.TAKE_ADDRESSES:
        for address in step.values:
            family = "inet6" if ":" in address else "inet"
            means.run((_IFCONFIG, device, family, address, "-alias"))
    elif step.kind is StepKind.MOVE_ADDRESSES:
        for address in step.values:
            family, length = ("inet6", "128") if ":" in address else ("inet", "32")
            means.run((_IFCONFIG, device, family, address, "-alias"))
            means.run((_IFCONFIG, step.master, family, f"{address}/{length}", "alias"))
    elif step.kind is StepKind.LEAVE:
        verb = "deletem" if Kind.BRIDGE.value in step.values else "-laggport"
        means.run((_IFCONFIG, step.master, verb, device))
    elif step.kind is StepKind.DISABLE_IPV6:
        means.run((_IFCONFIG, device, "inet6", "ifdisabled"))
    elif step.kind is StepKind.SET_MTU:
        means.run((_IFCONFIG, device, "mtu", step.values[0]))
    elif step.kind is StepKind.JOIN:
        means.run((_IFCONFIG, step.master, "laggport", device))
    elif step.kind is StepKind.SET_PRIMARY:
        for port in step.values:
            means.run((_IFCONFIG, step.master, "-laggport", port))
            means.run((_IFCONFIG, step.master, "laggport", port))
    elif step.kind is StepKind.REBUILD:
        rebuild(step, wanted, means)
