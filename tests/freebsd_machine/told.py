"""A machine that is told lines of ifconfig which must go well, and what its network offers."""

from __future__ import annotations

from tests.freebsd_machine.machine import Machine
from tests.freebsd_machine.state import Offer
from tests.outcome import Outcome

#: The address of a card that is no NIC of the pair.
OTHER = "00:0d:3a:99:99:99"
OFFER = Offer("10.0.0.4", 24, "10.0.0.1", ["10.0.0.2"], "example.org")


def ifconfig(machine: Machine, line: str) -> Outcome:
    """Run a line that must go well."""
    done = machine.run("ifconfig", *line.split())
    assert done.status == 0, done
    return done


def configured(machine: Machine, *lines: str) -> Machine:
    """The machine after these lines."""
    for line in lines:
        ifconfig(machine, line)
    return machine


def lagg_of(machine: Machine, *ports: str) -> None:
    """A lagg0 that is up, over these ports."""
    ifconfig(machine, "lagg0 create")
    ifconfig(machine, "lagg0 laggproto failover " + " ".join(f"laggport {one}" for one in ports))
    ifconfig(machine, "lagg0 up")
