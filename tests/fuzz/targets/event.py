"""What the hook looks at when an event of udev wakes it: a sysfs of any content.

An event itself carries nothing: it only wakes the hook (udev's rules, devd-hook).
"""

from __future__ import annotations

from hyperv_net.hotplug.decide.steps import complete, obstacles, steps
from hyperv_net.hotplug.look.linux import addresses_of, read_linux
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, System
from tests.building import mac
from tests.fuzz.inputs import Folder, refused_in_one_line, texts

_ATTRIBUTES = (
    *("address", "addr_assign_type", "operstate", "mtu", "flags", "ifindex", "type", "uevent"),
    *("bonding/mode", "bonding/slaves", "bonding/active_slave", "bonding/all_slaves_active"),
    *("bonding/primary", "bonding_slave/perm_hwaddr"),
)
WANTED = Wanted(
    System.LINUX,
    "netplan",
    (
        WantedPair(
            *(mac(0), Mode.AGGREGATE, "eth0", ("hv_netvsc",), "bond0", 1500, True),
            (("mode", "active-backup"), ("miimon", "100")),
        ),
        WantedPair(mac(1), Mode.TRANSPARENT, "eth1", ("hv_netvsc",)),
    ),
)
_ROOT = Folder()
_NICS = ("eth0", "ens1", "bond0")


def once(data: bytes) -> None:
    found = texts(data, len(_NICS) * len(_ATTRIBUTES) + 1)
    if found is None:
        return
    names = [(nic, attribute) for nic in _NICS for attribute in _ATTRIBUTES]
    for (nic, attribute), text in zip(names, found):
        _ROOT.put(f"sys/class/net/{nic}/{attribute}", text)
    addresses_of(found[-1])
    with refused_in_one_line():
        state = read_linux(_ROOT.path, lambda _: found[-1], lambda _: None)
        for step in steps(state, WANTED):
            assert "\n" not in str(step)
        obstacles(state, WANTED)
        complete(state, WANTED)
