"""An apply that is tried out on a running machine: not confirmed, cut off, rebooted, confirmed."""

from __future__ import annotations

import pytest

from tests.lab import cpio
from tests.lab.health import BOND
from tests.lab.image import image
from tests.lab.machine import SLOT, VF, Machine, Results, started
from tests.lab.network import MAC, PEER
from tests.lab.scenario import plugin
from tests.lab.test_adopted import NETPLAN, NOT_CLOUD_INIT, default_gateway, has_its_address, reboot

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
SECONDS = 180
"""An emulated machine that has others beside it takes much of it to follow."""

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
    ]
    name = f"{suite}-{renderer}-confirm"
    with started(name, renderer, image(suite, renderer), files, results, None) as machine:
        has_its_address(machine, "eth0")
        gateway = default_gateway(machine, "eth0")
        machine.guest.attach_vf(SLOT)
        machine.guest.until(f"[ -e /sys/class/net/{VF} ]")
        not_confirmed(machine, gateway, path, text)
        cut_off(machine, gateway)
        rebooted(machine, gateway)
        confirmed(machine, gateway)


def not_confirmed(machine: Machine, gateway: str, path: str, text: str) -> None:
    follow(machine, gateway, SECONDS)
    assert "taken back in" in machine.guest.run("hyperv-net status").out
    as_it_was(machine, gateway)
    assert machine.guest.ask(f"cat /{path}") == text.strip()
    late = machine.guest.run("hyperv-net confirm")
    assert (late.status, late.out) == (1, "")
    assert "any more: its time was over" in late.err
    machine.saw("apply --confirm, not confirmed", "as it was: address, route, files; no bond")


def cut_off(machine: Machine, gateway: str) -> None:
    """By its own doing; and the terminal is lost while it is at work."""
    apply = f"hyperv-net apply --network-config /root/wrong.yaml --confirm {SECONDS}"
    machine.guest.ask(f"setsid {apply} >/root/said 2>&1 </dev/null & echo $! >/root/pid")
    machine.guest.until("[ -e /run/hyperv-net/unconfirmed ]")
    machine.guest.ask("kill -HUP $(cat /root/pid)")
    machine.guest.until(f"ip -4 -o addr show dev {BOND} | grep -q {ELSEWHERE}/")
    assert machine.guest.run(REACHES).status != 0
    as_it_was(machine, gateway)
    machine.saw("apply --confirm, cut off, terminal lost", "reached again when the time was over")


def rebooted(machine: Machine, gateway: str) -> None:
    follow(machine, gateway, 3600)
    reboot(machine)
    as_it_was(machine, gateway)
    late = machine.guest.run("hyperv-net confirm")
    assert late.status == 1
    assert "any more: the machine booted" in late.err
    machine.saw("apply --confirm, rebooted", "as it was, ahead of the network")


def confirmed(machine: Machine, gateway: str) -> None:
    follow(machine, gateway, 3600)
    machine.guest.ask("hyperv-net confirm")
    assert default_gateway(machine, BOND) == gateway
    assert machine.guest.run(f"systemctl is-active {TIMER}").out.strip() == "inactive"
    assert machine.guest.run(LEFT).out == ""
    assert machine.guest.run("hyperv-net confirm").status == 1
    machine.saw("apply --confirm, confirmed", "the bond stays; no timer, no record is left")


def follow(machine: Machine, gateway: str, seconds: int) -> None:
    """Try out what adopts the machine's own configuration."""
    machine.guest.ask(f"hyperv-net apply --confirm {seconds}", 400)
    has_its_address(machine, BOND)
    assert default_gateway(machine, BOND) == gateway
    machine.guest.until(REACHES)


def as_it_was(machine: Machine, gateway: str) -> None:
    """Wait until the synthetic NIC has the address and the route again."""
    machine.guest.until(f'[ -z "$({LEFT})" ]', 600)
    has_its_address(machine, "eth0")
    machine.guest.until(REACHES)
    assert default_gateway(machine, "eth0") == gateway
    assert machine.guest.run(f"[ -e /sys/class/net/{BOND} ]").status == 1
