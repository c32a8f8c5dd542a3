"""The test's hold on `probe.py`, which runs in the network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from tests.lab.network import GUEST, Network

STREAM_PORT = 7007
_PROBE = Path(__file__).with_name("probe.py")


@dataclass(frozen=True)
class Window:
    """A stretch of time as the far end saw it.

    `sent` and `lost` are probes, `longest_gap` the longest time without an
    answer and `seconds` the length of the window.  `stream_gap` is the
    longest silence of a TCP stream; `stream_broken` says how it broke, and
    is empty where it did not.  `streams_broken` counts them; datagrams of UDP
    are sent only under load.
    """

    sent: int
    lost: int
    longest_gap: float
    seconds: float
    stream_lines: int
    stream_gap: float
    stream_broken: str
    streams_broken: int = 0
    udp_sent: int = 0
    udp_lost: int = 0


class FarEnd:
    """The running probe and stream."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def window(self) -> Window:
        """What went on since the last window, or since the start."""
        self.end_window()
        return self.ended_window()

    def end_window(self) -> None:
        """End a stretch of time here; `ended_window` has it once late answers have had time."""
        assert self._process.stdin is not None
        self._process.stdin.write("window\n")
        self._process.stdin.flush()

    def ended_window(self) -> Window:
        """The oldest stretch of time that was ended and not asked for yet."""
        answer = json.loads(self._line())
        return Window(**{one.name: answer[one.name] for one in fields(Window)})

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the probe has ended: see probe.log")
        return line


@contextmanager
def far_end(net: Network, logs: Path, *, load: bool = False) -> Iterator[FarEnd]:
    """Probe the guest from the other end of the wire until the block ends."""
    program = [sys.executable, "-I", str(_PROBE), GUEST, str(STREAM_PORT), *["load"] * load]
    with (
        (logs / "probe.log").open("w") as log,
        subprocess.Popen(
            net.command(program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        made = FarEnd(process)
        try:
            made._line()
            yield made
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait()
