"""What ifconfig and sysctl of FreeBSD print: an inventory and a state, and steps that name NICs."""

from __future__ import annotations

from hyperv_net.hotplug.decide.steps import obstacles, steps
from hyperv_net.hotplug.look.freebsd import freebsd_state
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.inventory.freebsd import inventory_from
from hyperv_net.inventory.snapshot import from_json, to_json
from hyperv_net.model import Mode, System
from hyperv_net.names import is_interface_name
from tests.building import mac
from tests.fuzz.inputs import refused_in_one_line, texts

WANTED = Wanted(
    System.FREEBSD,
    "freebsd",
    (WantedPair(mac(0), Mode.AGGREGATE, "hn0", ("hn",), "lagg0", 1500),),
)


def once(data: bytes) -> None:
    found = texts(data, 2)
    if found is None:
        return
    ifconfig, sysctl = found
    inventory = inventory_from(ifconfig, sysctl, {})
    assert all(is_interface_name(nic.name) for nic in inventory.nics)
    assert from_json(to_json(inventory), "again") == inventory
    with refused_in_one_line():
        state = freebsd_state(ifconfig, sysctl)
        for step in steps(state, WANTED):
            assert "\n" not in str(step)
        obstacles(state, WANTED)
