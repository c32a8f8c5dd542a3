"""A machine of which a migration is announced: what it does, and what it tells of it."""

from __future__ import annotations

import json
from typing import Any

from tests.lab.announcer import Announcer
from tests.lab.far_end import FarEnd, Window
from tests.lab.health import BOND
from tests.lab.machine import Machine, is_unbroken

WATCH = "hyperv-net-watch.service"

#: What the service is at worst apart between two questions where nothing is announced.
_QUESTION = 10


def is_watching(machine: Machine, azure: Announcer) -> None:
    """Wait until the service has asked, which it does from the first boot on."""
    machine.guest.until(f"systemctl is-active {WATCH}")
    before = len(azure.asked())
    machine.guest.until(f"systemctl is-active {WATCH} && sleep {_QUESTION + 1}")
    asked = len(azure.asked()) - before
    assert 1 <= asked <= 3 + 1, f"{asked} questions"


def is_said(machine: Machine, event: str, what: str) -> None:
    """Wait until the service says of an event that it is announced, or started."""
    machine.guest.until(f"journalctl -u {WATCH} -o cat | grep -q 'azure:{event} {what}'")


def is_drained(machine: Machine, event: str) -> None:
    """Wait until an event holds the traffic on the synthetic NIC."""
    machine.guest.wait_until_active("eth0")
    machine.guest.until(f"hyperv-net status | grep -q azure:{event}")


def carries_again(machine: Machine, vf: str) -> None:
    """Wait until the VF has the traffic and nobody holds it any more."""
    machine.guest.wait_until_active(vf)
    machine.guest.until("! hyperv-net status | grep -q drained")


def goes_and_returns(machine: Machine, end: FarEnd, slot: int) -> tuple[Window, int]:
    """A drained machine's VF goes and comes back into `slot`, and joins, and does not carry.

    The far end's view of its going, and the number of the note from which on it came.  The stretch
    of time in which it came back is not ended.
    """
    slaves = f"/sys/class/net/{BOND}/bonding/slaves"
    machine.guest.detach_vf()
    machine.guest.until(f"! grep -q ens {slaves}")
    detach = end.window()
    machine.rest()
    before = len(machine.guest.notes())
    machine.guest.attach_vf(slot)
    machine.guest.until(f"grep -q ens{slot} {slaves}")
    machine.rest()
    now = active(machine)
    assert now == "eth0", f"{now} has the traffic"
    return detach, before


def active(machine: Machine) -> str:
    """The member that has the traffic."""
    return machine.guest.ask(f"cat /sys/class/net/{BOND}/bonding/active_slave")


def lost_nothing(*windows: Window) -> None:
    """No probe was lost in any of these, and the stream held."""
    for one in windows:
        assert is_unbroken(one) and one.lost == 0, one


def stories(machine: Machine) -> dict[str, Any]:
    """What the history tells of each of Azure's events, by EventId; it is left with the logs."""
    told = json.loads(machine.guest.ask("hyperv-net history --format json"))
    (machine.guest.logs / "history.json").write_text(json.dumps(told, indent=1))
    (machine.guest.logs / "history.txt").write_text(machine.guest.ask("hyperv-net history"))
    return {
        one["owner"].partition(":")[2]: one
        for one in told["stories"]
        if (one["owner"] or "").startswith("azure:")
    }
