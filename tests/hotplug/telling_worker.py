"""A worker over the small kernel that tells a journal, and what it has told."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.hotplug.act import freebsd, linux
from hyperv_net.hotplug.act.converge import Outcome, converge
from hyperv_net.hotplug.decide.drain_phase import begun, ended
from hyperv_net.hotplug.decide.step import Step
from hyperv_net.hotplug.noticing import Noticing
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY, Wanted
from hyperv_net.journal.entry import Entry, Happening
from hyperv_net.journal.kept import read
from hyperv_net.model import System
from tests.hotplug.kernel import Kernel
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import NOW, wanted


class Worker:
    """The worker of a machine of the small kernel, and what it has told."""

    def __init__(self, kernel: Kernel, root: Path, state: Wanted | None = None) -> None:
        self.kernel = kernel
        self.root = root
        self.state = state or wanted(kernel.system)
        self.reboot()
        self._told = 0

    def reboot(self) -> None:
        """Have a run directory that is empty."""
        run = Path(f"{self.root}{RUN_DIRECTORY[self.kernel.system]}")
        run.mkdir(parents=True, exist_ok=True)
        for file in run.iterdir():
            file.unlink()

    def run(self) -> Outcome:
        """One run at an event."""
        noticing = Noticing(self.state, str(self.root))
        means, kernel = self.kernel.means(), self.kernel

        def carry_out(step: Step) -> None:
            carry = linux.carry_out if kernel.system is System.LINUX else freebsd.carry_out
            carry(step, self.state, means)
            noticing.did(step)

        try:
            outcome = converge(
                lambda: noticing.saw(kernel.read()),
                self.state,
                carry_out,
                kernel.remember,
                keep_drains=kernel.keep_drains,
            )
            noticing.came_to(outcome)
        finally:
            noticing.keep()
        return outcome

    def drain(self) -> None:
        self.kernel.drains = begun(self.kernel.read(), self.state, {MAC}, NOW)
        self.run()

    def undrain(self) -> None:
        self.kernel.drains = ended(self.kernel.read(), {MAC})
        self.run()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return read(f"{self.root}/{KEPT_IN[self.kernel.system]}").entries

    def news(self) -> list[tuple[Happening, str]]:
        """What was told since this was asked last."""
        entries = self.entries[self._told :]
        self._told += len(entries)
        return [(one.happening, one.text) for one in entries]
