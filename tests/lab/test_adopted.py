"""A machine that somebody has configured by hand: adopted by `apply`, and given back."""

from __future__ import annotations

import json

import pytest

from tests.lab import cpio
from tests.lab.health import BOND, addresses
from tests.lab.image import image
from tests.lab.machine import SLOT, VF, Machine, Results, started, wait_for_boot
from tests.lab.network import GUEST
from tests.lab.scenario import plugin

pytestmark = pytest.mark.lab

NOT_CLOUD_INIT = "network: {config: disabled}\n"
FILE = "etc/network/interfaces"
BY_HAND = """\
# The uplink
auto lo eth0
iface lo inet loopback

iface eth0 inet dhcp
"""

NETPLAN_FILE = "etc/netplan/01-by-hand.yaml"
NETPLAN = "network: {version: 2, ethernets: {eth0: {dhcp4: true}}}\n"

NETWORKD_FILE = "etc/systemd/network/10-wired.network"
NETWORKD = "[Match]\nName=eth0\n\n[Network]\nDHCP=yes\n"

PROFILE_FILE = "etc/NetworkManager/system-connections/wired.nmconnection"
PROFILE = """\
[connection]
id=wired
uuid=7c6b1a2e-3f0d-4c55-9b0e-5f2d8f4e6a01
type=ethernet
interface-name=eth0

[ipv4]
method=auto

[ipv6]
method=auto
"""

CONFIGURED = {
    "bookworm-ifupdown": (FILE, BY_HAND),
    "trixie-netplan": (NETPLAN_FILE, NETPLAN),
    "trixie-networkd": (NETWORKD_FILE, NETWORKD),
    "trixie-network-manager": (PROFILE_FILE, PROFILE),
}


def by_hand(suite: str, renderer: str) -> list[cpio.Entry]:
    """The plugin, and a file of somebody's by which the synthetic NIC has DHCP."""
    path, text = CONFIGURED[f"{suite}-{renderer}"]
    return [
        *plugin(suite, renderer),
        cpio.file("etc/cloud/cloud.cfg.d/99-by-hand.cfg", NOT_CLOUD_INIT.encode()),
        cpio.file(path, text.encode(), 0o644 if renderer == "networkd" else 0o600),
        # A NIC that has no profile, as the VF has none in the end, is not to get one by itself.
        cpio.file("etc/NetworkManager/conf.d/50-lab.conf", b"[main]\nno-auto-default=*\n"),
    ]


@pytest.mark.parametrize("of", CONFIGURED)
def test_what_apply_prints_has_a_running_machine_follow_there_and_back(
    of: str, results: Results
) -> None:
    """Its default routes are the same throughout, and the bond is gone in the end."""
    suite, _, renderer = of.partition("-")
    files = by_hand(suite, renderer)
    name = f"{suite}-{renderer}-live"
    # Which of two NICs the kernel calls eth0 goes by which driver is first, so that one is later.
    with started(name, renderer, image(suite, renderer), files, results, None) as machine:
        has_its_address(machine, "eth0")
        gateway = default_gateway(machine, "eth0")
        machine.guest.attach_vf(SLOT)
        machine.guest.until(f"[ -e /sys/class/net/{VF} ]")
        follow(machine, "hyperv-net apply")
        has_its_address(machine, BOND)
        assert default_gateway(machine, BOND) == gateway
        members = f"/sys/class/net/{BOND}/bonding"
        machine.guest.until(f'[ "$(cat {members}/active_slave)" = {VF} ]')
        machine.saw("apply, as printed", "the bond has the address and the default route")

        follow(machine, "hyperv-net apply --rollback")
        has_its_address(machine, "eth0")
        assert default_gateway(machine, "eth0") == gateway
        assert machine.guest.run(f"[ -e /sys/class/net/{BOND} ]").status == 1
        machine.saw("rollback, as printed", "the synthetic NIC has them again; no bond is left")


def follow(machine: Machine, apply: str) -> None:
    """Run what `apply` prints for a machine that runs."""
    command = json.loads(machine.guest.ask(f"{apply} --format json"))["activate"]
    machine.guest.ask(command, 300)


def default_gateway(machine: Machine, nic: str) -> str:
    """The gateway of the IPv4 default route, which is to come to be on this NIC alone."""
    machine.guest.until(f"ip -4 route show default | grep -q 'dev {nic} '")
    (route,) = json.loads(machine.guest.ask("ip -j -4 route show default"))
    assert route["dev"] == nic
    gateway: str = route["gateway"]
    return gateway


def test_a_machine_configured_by_hand_is_adopted_and_given_back(results: Results) -> None:
    suite, renderer = "bookworm", "ifupdown"
    files, made = by_hand(suite, renderer), image(suite, renderer)
    name = f"{suite}-{renderer}-by-hand"
    with started(name, renderer, made, files, results) as machine:
        has_its_address(machine, "eth0")
        assert "hyperv-net" in machine.guest.ask("hyperv-net plan --format diff")
        machine.guest.ask("hyperv-net apply")
        reboot(machine)
        machine.settled("eth0", VF)
        machine.saw("adopted", "bond with both members after a reboot")

        machine.guest.ask("hyperv-net apply --rollback")
        assert machine.guest.ask(f"cat /{FILE}") == BY_HAND.strip()
        reboot(machine)
        has_its_address(machine, "eth0")
        assert machine.guest.run(f"[ -e /sys/class/net/{BOND} ]").status == 1
        machine.saw("given back", "the synthetic NIC has its address again")


def has_its_address(machine: Machine, nic: str) -> None:
    """Wait until the DHCP server's address is on this NIC; AssertionError where it is elsewhere."""
    machine.guest.until(f"ip -4 -o addr show dev {nic} | grep -q {GUEST}/")
    found = addresses(machine.guest.ask("ip -j -4 addr show"))
    assert [one for one, has in found.items() if has] == [nic]


def reboot(machine: Machine) -> None:
    """Boot again, to the end."""
    machine.guest.run("systemctl reboot")
    machine.guest.wait_for_boot()
    wait_for_boot(machine.guest)
