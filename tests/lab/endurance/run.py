"""One machine through its cycles; each leaves a line in `cycles.jsonl`, some a state."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.debian.packages import unpacked
from tests.lab import cpio
from tests.lab.endurance import cycles
from tests.lab.endurance.cycles import Cycle
from tests.lab.far_end import FarEnd, far_end
from tests.lab.health import ever_on_members
from tests.lab.image import image, packages
from tests.lab.machine import VF, Machine, Results, started
from tests.lab.scenario import plugin

CYCLES, STATES = "cycles.jsonl", "states.jsonl"
_STATE_EVERY = 50
_FLAPS = 3
_INSIDE = Path(__file__).parents[1] / "inside" / "state.py"


def endure(folder: Path, suite: str, renderer: str, count: int) -> None:
    """Run the cycles on a machine of this suite, and leave what was seen in the folder.

    Raises GuestError where the machine does not come to where it must, and
    AssertionError where an address was on a member.
    """
    files = [*plugin(suite, renderer), *_other_driver(suite, renderer)]
    name = f"{suite}-{renderer}"
    with started(name, renderer, image(suite, renderer), files, Results(folder)) as machine:
        machine.guest.ask("insmod /opt/lab/vmxnet3.ko*")
        machine.settled("eth0", VF)
        with far_end(machine.net, machine.guest.logs, load=True) as end:
            _Night(machine, end, folder).through(count)


def _other_driver(suite: str, renderer: str) -> list[cpio.Entry]:
    """The second driver's module, which no image of the lab has, and what looks at the state."""
    root = unpacked(suite, packages(renderer)).root
    (module,) = root.glob("usr/lib/modules/*/kernel/drivers/net/vmxnet3/vmxnet3.ko*")
    return [
        cpio.file(f"opt/lab/{module.name}", module.read_bytes()),
        cpio.file("opt/lab/state.py", _INSIDE.read_bytes()),
    ]


class _Night:
    """The machine, the far end, and how far they have come."""

    def __init__(self, machine: Machine, end: FarEnd, folder: Path) -> None:
        self.machine, self.guest, self.end = machine, machine.guest, end
        self.folder = folder
        self.notes = 0
        self.wrong: list[str] = []
        self.vf = VF
        self.unfinished: dict[str, Any] = {}

    def through(self, count: int) -> None:
        self._state(0)
        self.end.end_window()
        self.end.ended_window()
        for cycle in cycles.cycles(count):
            begin = time.monotonic()
            self._cycle(cycle)
            # The far end waits for late answers while the next cycle runs.
            self._finish()
            self.end.end_window()
            self.unfinished = {
                **asdict(cycle),
                "seconds": time.monotonic() - begin,
                "wrong": [*self.wrong, *self._new_wrongs()],
                "load": os.getloadavg()[0],
            }
            self.wrong = []
            if cycle.number % _STATE_EVERY == 0 or cycle.number == count:
                self._finish()
                self._state(cycle.number)
                # What the look at the state took belongs to no cycle.
                self.end.end_window()
                self.end.ended_window()

    def _cycle(self, cycle: Cycle) -> None:
        if cycle.kind in (cycles.DRAINED, cycles.DRAIN_TAKEN_BACK):
            self.guest.ask("python3 -m hyperv_net drain")
        if cycle.kind == cycles.DRAIN_TAKEN_BACK:
            self.guest.ask("python3 -m hyperv_net undrain")
            self.guest.wait_until_active(self.vf)
        if cycle.kind == cycles.FLAPPING:
            self._flap()
        self._detach()
        if cycle.kind in (cycles.GONE_IN_JOIN, cycles.GONE_AT_ONCE):
            self._come_and_go(cycle)
        self._attach(cycle)
        self.guest.wait_until_active(self.vf)

    def _flap(self) -> None:
        for _ in range(_FLAPS):
            self.guest.set_vf_link(False)
            self.guest.set_vf_link(True)
        self.guest.set_vf_link(False)
        self.guest.wait_until_active("eth0")

    def _come_and_go(self, cycle: Cycle) -> None:
        self.wrong += self._new_wrongs()
        self._attach(cycle)
        if cycle.kind == cycles.GONE_IN_JOIN:
            self.guest.wait_for_note(self.notes, what="link", name=self.vf)
        self.guest.detach_vf()
        self.guest.rest()

    def _attach(self, cycle: Cycle) -> None:
        self.guest.attach_vf(cycle.slot, cycle.driver)
        self.vf = f"ens{cycle.slot}"

    def _detach(self) -> None:
        self.wrong += self._new_wrongs()
        self.guest.detach_vf()
        self.guest.wait_for_note(self.notes, what="gone", name=self.vf)
        self.guest.set_vf_link(True)
        self.guest.rest()
        self.guest.wait_until_active("eth0")

    def _new_wrongs(self) -> list[str]:
        """Addresses that were on a member, of the notes that the agent has made since last time."""
        notes = self.guest.notes(self.notes)
        self.notes += len(notes)
        return ever_on_members(notes)

    def _finish(self) -> None:
        """Write the line of the cycle before, now that the far end knows how it went."""
        if self.unfinished:
            seen = asdict(self.end.ended_window())
            self._write(CYCLES, {**self.unfinished, **seen})
            self.unfinished = {}

    def _state(self, after: int) -> None:
        self.machine.settled("eth0", self.vf)
        self.machine.rest()
        state = json.loads(self.guest.ask("python3 -I /opt/lab/state.py", 600))
        self._write(STATES, {"after": after, **state})

    def _write(self, name: str, line: dict[str, Any]) -> None:
        with (self.folder / name).open("a") as handle:
            handle.write(json.dumps(line) + "\n")
