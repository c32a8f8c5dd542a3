"""The commands of FreeBSD, as far as the hook uses them."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Kind
from tests.hotplug.kernel.devices import Device, Devices


def run(on: Devices, words: list[str]) -> None:
    """A command of ifconfig(8) or service(8)."""
    if words[:3] == ["/usr/sbin/service", "netif", "quietstart"]:
        on.make_aggregate(words[3])
        return
    if words == ["/usr/sbin/service", "routing", "quietstart"]:
        # As where one of its routes is there.
        raise HypervNetError("exited with status 1")
    assert words[0] == "/sbin/ifconfig"
    name, verb = words[1], words[2]
    device = on.device(name)
    if verb in ("up", "down"):
        device.up = verb == "up"
    elif verb == "mtu":
        on.set_mtu(device, int(words[3]))
    elif verb in ("-laggport", "deletem"):
        assert (device.kind is Kind.BRIDGE) == (verb == "deletem")
        on.release(words[3])
    elif verb == "laggport":
        _add_port(on, name, device, words[3])
    elif words[3] == "ifdisabled":
        device.ipv6_disabled = True
    elif words[4] == "alias":
        device.addresses.append(words[3].partition("/")[0])
    else:
        assert words[4] == "-alias", words
        if words[3] not in device.addresses:
            raise HypervNetError("Can't assign requested address")
        device.addresses.remove(words[3])


def _add_port(on: Devices, name: str, lagg: Device, port: str) -> None:
    device = on.device(port)
    if device.master is not None:
        raise HypervNetError("Device busy")
    if device.mtu != lagg.mtu:
        on.set_mtu(device, lagg.mtu)
    # All of them, where one is link-local.
    if any(one.startswith("fe80:") for one in device.addresses):
        device.addresses = [one for one in device.addresses if ":" not in one]
    device.master = name
