"""The steps on Linux: bonding's files in sysfs, and ip(8) for the rest.

Documentation/networking/bonding.rst of torvalds/linux describes the files.
The kernel wants a device down before it joins, and sets it up itself
(bond_enslave() in drivers/net/bonding/bond_main.c).
"""

from __future__ import annotations

from contextlib import suppress

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.carrying_out import Means
from hyperv_net.hotplug.step import Step, StepKind
from hyperv_net.hotplug.wanted import Wanted, WantedPair

_CLASS_NET = "/sys/class/net"


def carry_out(step: Step, wanted: Wanted, means: Means) -> None:
    """Take one step.  Raises HypervNetError where it fails."""
    device = step.device
    bonding = f"{_CLASS_NET}/{step.master}/bonding"
    if step.kind is StepKind.STOP_CLIENT:
        means.stop_process(step.values[0])
    elif step.kind is StepKind.LOWER:
        _lower(step, means)
    elif step.kind is StepKind.RAISE:
        means.run(("ip", "link", "set", "dev", device, "up"))
    elif step.kind is StepKind.TAKE_ADDRESSES:
        means.run(("ip", "addr", "flush", "dev", device))
    elif step.kind is StepKind.LEAVE:
        means.run(("ip", "link", "set", "dev", device, "nomaster"))
    elif step.kind is StepKind.SET_MTU:
        means.run(("ip", "link", "set", "dev", device, "mtu", step.values[0]))
    elif step.kind is StepKind.JOIN:
        means.write(f"{bonding}/slaves", f"+{device}\n")
    elif step.kind is StepKind.SET_PRIMARY:
        means.write(f"{bonding}/primary", f"{device}\n")
    elif step.kind is StepKind.SET_RESELECT:
        means.write(f"{bonding}/primary_reselect", f"{step.values[0]}\n")
    elif step.kind is StepKind.ACTIVATE:
        means.write(f"{bonding}/active_slave", f"{device}\n")
    elif step.kind in (StepKind.RECEIVE_BY_ALL, StepKind.RECEIVE_BY_ACTIVE):
        text = "1\n" if step.kind is StepKind.RECEIVE_BY_ALL else "0\n"
        means.write(f"{bonding}/all_slaves_active", text)
    elif step.kind is StepKind.REBUILD:
        pair = next(one for one in wanted.pairs if one.aggregate == device)
        _rebuild(pair, wanted.target, means)


def _lower(step: Step, means: Means) -> None:
    """Set a device down, unless it is in the aggregate by now that it was seen outside of.

    udev joins a VF at the same time, and the member that is lowered then may
    carry all of the traffic.
    """
    master = means.target_of(f"{_CLASS_NET}/{step.device}/master").rpartition("/")[2]
    if master and master == step.master:
        raise HypervNetError(f"it has joined {master} meanwhile", where=step.device)
    means.run(("ip", "link", "set", "dev", step.device, "down"))


def _rebuild(pair: WantedPair, target: str, means: Means) -> None:
    """Make a bond that was deleted again, and have it configured.

    ifupdown, sysconfig's scripts and NetworkManager do all of it, the last by
    the name that cloud-init gives its connections (cloudinit/net/
    network_manager.py).  networkd configures a bond of a name it knows as soon
    as there is one, so there it is enough to make it: in one request, since a
    bond whose mode is still the kernel's default must not be seen.
    """
    if target == "ifupdown":
        # Its DHCP client outlived the bond, and would stay beside the new one.
        with suppress(HypervNetError):
            means.run_long(("ifdown", "--force", pair.aggregate))
        means.run_long(("ifup", "--force", pair.aggregate))
        return
    if target == "sysconfig":
        means.run_long(("ifup", pair.aggregate))
        return
    if target == "network-manager":
        means.run_long(("nmcli", "connection", "up", "id", f"cloud-init {pair.aggregate}"))
        return
    mtu = ("mtu", str(pair.mtu)) if pair.mtu is not None else ()
    options = (word for option in pair.options for word in option)
    means.run(("ip", "link", "add", "name", pair.aggregate, "up", *mtu, "type", "bond", *options))
