"""The commands of Linux and the files of bonding, as far as the hook uses them."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.link_change import LinkChange, What
from hyperv_net.model import Kind
from tests.hotplug.kernel.devices import Device, Devices


def run(on: Devices, words: list[str]) -> None:
    """A command of ip(8), ifup or ifdown."""
    if words[:4] == ["ip", "link", "add", "name"]:
        _make_bond(on, words[4], words[5:])
    else:
        assert words[1] == "--force", words
        if words[0] == "ifdown":
            raise HypervNetError("Cannot find device")
        assert words[0] == "ifup", words
        on.make_aggregate(words[2])


def change(on: Devices, one: LinkChange, name: str, other: str) -> None:
    """What rtnetlink is asked for of a device; `other` is the one whose index is the value."""
    device = on.device(name)
    if one.what in (What.UP, What.DOWN):
        device.up = one.what is What.UP
    elif one.what is What.NO_MASTER:
        on.release(name)
    elif one.what is What.MTU:
        on.set_mtu(device, one.value)
    elif one.what is What.FLUSH:
        device.addresses.clear()
    elif one.what is What.MASTER and device.master == other:
        pass  # do_set_master() of net/core/rtnetlink.c
    elif one.what is What.MASTER:
        if device.master is not None:
            on.release(name)
        _enslave(on, other, on.device(other), name)
        on.choose()
    else:
        on.device(other)
        _set_active(on, name, device, other)
        on.choose()


def _make_bond(on: Devices, name: str, words: list[str]) -> None:
    if name in on.devices:
        raise HypervNetError("File exists")
    kind = words.index("type")
    options = dict(zip(words[kind + 2 :: 2], words[kind + 3 :: 2]))
    mtu = int(words[words.index("mtu") + 1]) if "mtu" in words[:kind] else 1500
    up = "up" in words[:kind]
    on.add(name, Kind.BOND, mode=options.get("mode", "balance-rr"), up=up, mtu=mtu)


def write(on: Devices, place: list[str], text: str) -> None:
    """A line into a file below a bond's folder in /sys/class/net."""
    bond = on.device(place[0])
    if place[2] == "primary_reselect":
        assert text in ("always", "better", "failure")
        bond.reselect = text
    elif place[2] == "all_slaves_active":
        assert text in ("0", "1")
        bond.all_receive = text == "1"
    else:
        assert place[2] == "primary", place
        is_member = text in on.members(place[0])
        bond.primary_name = text or None
        bond.primary = text if is_member else None
        bond.is_primary_forced = is_member
    on.choose()


def _set_active(on: Devices, name: str, bond: Device, member: str) -> None:
    on.choose()
    is_able = member in on.members(name) and on.sends(member)
    if bond.active != member and (bond.active is None or not is_able):
        raise HypervNetError("Invalid argument")
    bond.active = member


def _enslave(on: Devices, name: str, bond: Device, member: str) -> None:
    device = on.device(member)
    if device.master is not None:
        raise HypervNetError("Device or resource busy")
    if device.up:
        raise HypervNetError("Operation not permitted")
    on.set_mtu(device, bond.mtu)
    device.master, device.up = name, True
    if bond.primary_name == member:
        bond.primary, bond.is_primary_forced = member, True
