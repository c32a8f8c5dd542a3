"""An apply that is tried out on a running machine: not confirmed, cut off, rebooted, confirmed."""

from __future__ import annotations

import time

import pytest

from tests.lab import cpio
from tests.lab.health import BOND
from tests.lab.image import image
from tests.lab.machine import SLOT, VF, Machine, Results, started, wait_for_boot
from tests.lab.network import MAC, PEER
from tests.lab.scenario import plugin
from tests.lab.test_adopted import NETPLAN, NOT_CLOUD_INIT, default_gateway, has_its_address

pytestmark = pytest.mark.lab

IFUPDOWN = "auto lo eth0\niface lo inet loopback\n\niface eth0 inet dhcp\n"
ELSEWHERE = "192.0.2.9"
WRONG = f"""\
version: 2
ethernets:
  eth0:
    match: {{macaddress: "{MAC}"}}
    set-name: eth0
    addresses: [{ELSEWHERE}/24]
"""
LONG = 3600

REACHES = f"ping -c 1 -W 3 {PEER} >/dev/null"
TIMER = "hyperv-net-unconfirmed-timer.timer"
LEFT = "find /etc/systemd /var/lib/hyperv-net -name '*unconfirmed*' 2>/dev/null"


@pytest.mark.parametrize(
    ("suite", "renderer", "path", "text"),
    [
        ("bookworm", "ifupdown", "etc/network/interfaces.d/50-cloud-init", IFUPDOWN),
        ("trixie", "netplan", "etc/netplan/50-cloud-init.yaml", NETPLAN),
    ],
    ids=["bookworm-ifupdown", "trixie-netplan"],
)
def test_an_apply_is_taken_back_unless_it_is_confirmed_whatever_happens_meanwhile(
    suite: str, renderer: str, path: str, text: str, results: Results
) -> None:
    files = [
        *plugin(suite, renderer),
        cpio.file("etc/cloud/cloud.cfg.d/99-by-hand.cfg", NOT_CLOUD_INIT.encode()),
        cpio.file(path, text.encode(), 0o600),
        cpio.file("root/wrong.yaml", WRONG.encode()),
        # It has no part in this, and is most of a boot.
        cpio.file("etc/cloud/cloud-init.disabled", b""),
    ]
    name = f"{suite}-{renderer}-confirm"
    with started(name, renderer, image(suite, renderer), files, results, None) as machine:
        has_its_address(machine, "eth0")
        gateway = default_gateway(machine, "eth0")
        machine.guest.attach_vf(SLOT)
        machine.guest.until(f"[ -e /sys/class/net/{VF} ]")
        took = follow(machine, gateway, LONG)
        rebooted(machine, gateway)
        # However busy whoever emulates it is, that is enough for it to follow.
        seconds = 30 + int(2 * took)
        not_confirmed(machine, gateway, seconds)
        assert machine.guest.ask(f"cat /{path}") == text.strip()
        cut_off(machine, gateway, seconds)
        confirmed(machine, gateway)


def not_confirmed(machine: Machine, gateway: str, seconds: int) -> None:
    follow(machine, gateway, seconds)
    assert "taken back in" in machine.guest.run("hyperv-net status").out
    as_it_was(machine, gateway)
    late = machine.guest.run("hyperv-net confirm")
    assert (late.status, late.out) == (1, "")
    assert "any more: its time was over" in late.err
    machine.saw("apply --confirm, not confirmed", "as it was: address, route, files; no bond")


def cut_off(machine: Machine, gateway: str, seconds: int) -> None:
    """By its own doing; and the terminal is lost while it is at work."""
    apply = f"hyperv-net apply --network-config /root/wrong.yaml --confirm {seconds}"
    machine.guest.ask(f"setsid {apply} >/root/said 2>&1 </dev/null & echo $! >/root/pid")
    machine.guest.until("[ -e /run/hyperv-net/unconfirmed ]")
    machine.guest.ask("kill -HUP $(cat /root/pid)")
    machine.guest.until(f"ip -4 -o addr show dev {BOND} | grep -q {ELSEWHERE}/", seconds)
    assert machine.guest.run(REACHES).status != 0
    as_it_was(machine, gateway)
    machine.saw("apply --confirm, cut off, terminal lost", "reached again when the time was over")


def rebooted(machine: Machine, gateway: str) -> None:
    """As by somebody who pulls the plug.

    Which of two NICs the kernel calls eth0 goes by which driver is first, so that one is later.
    """
    machine.guest.detach_vf()
    machine.guest.ask("sync")  # dhclient reads a torn file of leases for minutes
    machine.guest.qmp.command("system_reset")
    machine.guest.wait_for_boot()
    wait_for_boot(machine.guest)
    as_it_was(machine, gateway)
    late = machine.guest.run("hyperv-net confirm")
    assert late.status == 1
    assert "any more: the machine booted" in late.err
    machine.saw("apply --confirm, rebooted", "as it was, ahead of the network")
    machine.guest.attach_vf(SLOT)
    machine.guest.until(f"[ -e /sys/class/net/{VF} ]")


def confirmed(machine: Machine, gateway: str) -> None:
    follow(machine, gateway, LONG)
    machine.guest.ask("hyperv-net confirm", 400)
    assert default_gateway(machine, BOND) == gateway
    assert machine.guest.run(f"systemctl is-active {TIMER}").out.strip() == "inactive"
    assert machine.guest.run(LEFT).out == ""
    assert machine.guest.run("hyperv-net confirm").status == 1
    machine.saw("apply --confirm, confirmed", "the bond stays; no timer, no record is left")


def follow(machine: Machine, gateway: str, seconds: int) -> float:
    """Try out what adopts the machine's own configuration; the seconds that it took."""
    start = time.monotonic()
    machine.guest.ask(f"hyperv-net apply --confirm {seconds}", LONG)
    took = time.monotonic() - start
    has_its_address(machine, BOND)
    assert default_gateway(machine, BOND) == gateway
    machine.guest.until(REACHES)
    return took


def as_it_was(machine: Machine, gateway: str) -> None:
    """Wait until it is over, and the synthetic NIC has the address and the route again."""
    machine.guest.until(f'[ -z "$({LEFT})" ]', LONG)
    has_its_address(machine, "eth0")
    machine.guest.until(REACHES)
    assert default_gateway(machine, "eth0") == gateway
    assert machine.guest.run(f"[ -e /sys/class/net/{BOND} ]").status == 1
