"""The test's hold on `announcing.py`, which runs in the network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lab.announcing import ADDRESS
from tests.lab.network import BRIDGE, Network
from tests.paths import CHECKOUT

#: What Azure calls the machine, and another of its availability set.
NAME, OTHER_NAME = "guest_0", "guest_1"


class Announcer:
    """The running fabric."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def announce(self, notice: float, names: Sequence[str] | None = None) -> str:
        """Announce a live migration of these machines so many seconds ahead; its EventId.

        It is the machine's alone where no names are given.
        """
        return str(self._ask("announce", notice, names))

    def start(self, event: str) -> None:
        """Have it start now."""
        self._ask("start", event)

    def end(self, event: str) -> None:
        """Have it be over."""
        self._ask("end", event)

    def cancel(self, event: str) -> None:
        """Have it never come."""
        self._ask("cancel", event)

    def acknowledged(self) -> list[str]:
        """The EventIds that the machine has said may start, in their order."""
        return [str(one) for one in self._ask("acknowledged")]

    def asked(self) -> list[float]:
        """When the machine has asked for events, in seconds since the epoch."""
        return [float(one) for one in self._ask("asked")]

    def heard(self) -> Any:
        """The next line of the fabric."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the fabric has ended: see fabric.log")
        return json.loads(line)

    def _ask(self, *command: object) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self.heard()


@contextmanager
def announcer(net: Network, logs: Path, name: str = NAME) -> Iterator[Announcer]:
    """Azure's fabric for a machine of that name, at its own address, until the block ends."""
    net.ip("addr", "add", f"{ADDRESS}/32", "dev", BRIDGE)
    with (
        (logs / "fabric.log").open("w") as log,
        subprocess.Popen(
            net.command([sys.executable, "-m", "tests.lab.announcing", name]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            # nsenter(1) leaves the folder that it was started in.
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        ) as process,
    ):
        made = Announcer(process)
        try:
            assert made.heard() == "ready"
            yield made
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait()
