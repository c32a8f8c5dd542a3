"""A machine on which an apply is tried out: its root, its clock, and what was run on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from hyperv_net.applying import confirming
from hyperv_net.applying.at_boot import starter
from hyperv_net.applying.here import Here
from hyperv_net.applying.timing import Timer
from hyperv_net.applying.writing import Applied, apply_files
from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from tests.applying.scenes import LINUX, changes, make

SECONDS = 60
OLD = "network: {version: 2, ethernets: {eth0: {dhcp4: true}}}\n"
NEW = """\
network:
  version: 2
  ethernets: {eth0: {}}
  bonds: {bond0: {interfaces: [eth0], dhcp4: true}}
"""
FILE = "etc/netplan/01-by-hand.yaml"
FILES = (
    RenderedFile(FILE, NEW, 0o600, in_place=True),
    RenderedFile("etc/udev/rules.d/70-hyperv-net-vf.rules", "# rules\n"),
)
BACK = ["ip link delete bond0", "netplan apply"]


class Trial:
    """The machine; `fails` begins the commands that fail."""

    def __init__(self, folder: Path, exists: str = "/run/systemd/system") -> None:
        self.root = folder / "root"
        self.now = 1000.0
        self.ran: list[str] = []
        self.armed: list[tuple[list[str], int]] = []
        self.disarmed = 0
        self.fails = ""
        self.run_directory = folder / "run"
        self.here = Here(
            self.root,
            LINUX,
            str(self.run_directory),
            self._run,
            lambda: self.now,
            Timer(self._arm, self._disarm),
            lambda program: starter(LINUX, "/usr/bin/python3", program, exists.__eq__),
        )

    def _run(self, command: Sequence[str], seconds: float) -> str:
        words = " ".join(command)
        self.ran.append(words)
        if self.fails and words.startswith(self.fails):
            raise HypervNetError("it failed", where=words)
        return ""

    def _arm(self, words: Sequence[str], seconds: int) -> None:
        if self.fails == "arm":
            raise HypervNetError("no timer")
        self.armed.append((list(words), seconds))

    def _disarm(self) -> None:
        self.disarmed += 1

    def apply(
        self,
        *files: RenderedFile,
        announce: Callable[[Applied], None] = lambda applied: None,
    ) -> Applied:
        """Try the files out."""

        def write(dry_run: bool) -> Applied:
            wanted = changes(self.root, files or FILES)
            return apply_files(self.root, LINUX, wanted, dry_run=dry_run)

        return confirming.try_out(self.here, SECONDS, write, announce)

    def over(self, token: str = "") -> list[str]:
        """What the timer runs."""
        return confirming.take_back(self.here, "its time was over", token=token)

    def boot(self) -> list[str]:
        """What a boot runs, which has emptied the folder for that."""
        for file in self.run_directory.iterdir():
            file.unlink()
        self.now = 1.0
        return confirming.take_back(self.here, "the machine booted", is_boot=True)

    @property
    def starters(self) -> list[str]:
        """What a boot would find of ours in /etc."""
        found = self.root.glob("etc/**/*unconfirmed*")
        return sorted(str(path.relative_to(self.root)) for path in found)

    def copied(self, folder: Path) -> Trial:
        """The same machine again, elsewhere."""
        one = Trial(folder)
        folder.mkdir()
        shutil.copytree(self.root, one.root, symlinks=True)
        if self.run_directory.exists():
            shutil.copytree(self.run_directory, one.run_directory)
        one.armed = list(self.armed)
        return one


def by_hand(folder: Path, **options: str) -> Trial:
    """A machine that somebody has configured with netplan."""
    one = Trial(folder, **options)
    make(one.root, {FILE: OLD}, 0o600)
    make(one.root, {"etc/hosts": "", "var/lib/dbus/machine-id": "0\n"})
    return one
