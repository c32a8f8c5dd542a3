"""A card whose two NICs have a MAC address each, as oVirt and KubeVirt give them: told, and tuned.

The host's switch is one that would drop what a NIC sends from another address than its own, so
that the bond has to leave each its own.
"""

from __future__ import annotations

import pytest

from tests.lab import cpio
from tests.lab.health import BOND
from tests.lab.image import image
from tests.lab.machine import (
    OTHER_SLOT,
    OTHER_VF,
    SLOT,
    VF,
    Machine,
    Results,
    is_unbroken,
    started,
)
from tests.lab.network import GUEST, MAC
from tests.lab.scenario import DHCP, plugin

pytestmark = pytest.mark.lab

OWN = "52:54:00:77:00:01"
SETTINGS = f"""\
hyperv_net:
  synthetic_drivers: [hv_netvsc]
  pairs: ["eth0={OWN}"]
  tuning:
    - {{rx_ring: 512, gro: off}}
    - {{lro: on, channels: 5}}
"""
#: A server that goes by MAC gives each of the two another address.
STATIC = DHCP.replace("dhcp4: true", f"addresses: [{GUEST}/24]\n    accept-ra: false")
TUNED = """
python3 -c 'from hyperv_net.inventory.tunables import tuned
print(*(tuned("{vf}", one) for one in ("rx_ring", "gro", "lro")))'
"""


@pytest.mark.parametrize(
    ("suite", "renderer"),
    [("trixie", "netplan"), ("bookworm", "ifupdown")],
    ids=["trixie-netplan", "bookworm-ifupdown"],
)
def test_a_told_vf_with_an_address_of_its_own_carries_the_traffic_and_is_tuned_at_each_return(
    suite: str, renderer: str, results: Results
) -> None:
    """It is away at the first boot; what e1000e refuses to be tuned to is told."""
    files = [
        *plugin(suite, renderer),
        cpio.file("etc/cloud/cloud.cfg.d/99-told.cfg", SETTINGS.encode()),
        cpio.file("var/lib/cloud/seed/nocloud/network-config", STATIC.encode()),
    ]
    name = f"{suite}-{renderer}-told"
    with started(name, renderer, image(suite, renderer), files, results, None) as machine:
        machine.settled("eth0")
        assert address(machine, BOND) == MAC
        with machine.probed() as end:
            for slot, vf in ((SLOT, VF), (OTHER_SLOT, OTHER_VF)):
                end.window()
                machine.guest.attach_vf(slot, mac=OWN)
                machine.settled("eth0", vf)
                attach = end.window()
                assert is_unbroken(attach)
                assert (address(machine, BOND), address(machine, vf)) == (OWN, OWN)
                assert address(machine, "eth0") == MAC
                machine.rest()
                assert machine.guest.ask(TUNED.format(vf=vf)) == "512 off off"
                status = machine.guest.run("hyperv-net status")
                assert f"lro of {vf} is off, not on" in status.out
                machine.guest.detach_vf()
                machine.settled("eth0")
                detach = end.window()
                assert is_unbroken(detach)
                assert address(machine, BOND) == MAC
                machine.saw(
                    f"told by MAC, back as {vf}",
                    f"attach {attach.lost} lost, detach {detach.lost} lost; tuned",
                )
                machine.rest()
        journal = machine.guest.ask("journalctl -u hyperv-net-reconcile -o cat --no-pager")
        assert f"lro of {VF} is off, not on: Operation not supported" in journal


def address(machine: Machine, nic: str) -> str:
    """The MAC address that a NIC has now."""
    return machine.guest.ask(f"cat /sys/class/net/{nic}/address")
