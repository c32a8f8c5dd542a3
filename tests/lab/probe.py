"""What the far end of the wire sees: a probe each millisecond, and an unbroken TCP stream.

Runs inside the test's network and speaks with it over its standard input and
output: `window` ends a stretch of time and prints, as one line of JSON, how it
went.  The probes are echo requests, which the guest's kernel answers, so that
a busy guest's processes do not show as lost packets.  The stream is lines that
the guest's agent sends back; they must come back whole and in order.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import struct
import sys
import time

_INTERVAL = 0.001
_STREAM_INTERVAL = 0.02
_GRACE = 2.0
"""Seconds that the answer to a probe may take before the probe counts as lost."""


class Probe:
    """The echo requests: when each was sent, and when its answer came."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.setblocking(False)
        self.socket.connect((address, 0))
        self.mark = os.getpid() & 0xFFFF
        self.sent: list[float] = []
        self.answered: dict[int, float] = {}
        self.begin = 0

    def send(self) -> None:
        number = len(self.sent)
        body = struct.pack("!HHQ", self.mark, number & 0xFFFF, number)
        packet = struct.pack("!BBH", 8, 0, _checksum(b"\x08\0\0\0" + body)) + body
        self.sent.append(time.monotonic())
        # One that finds no answer from ARP is lost like any other.
        with contextlib.suppress(OSError):
            self.socket.send(packet)

    def receive(self) -> None:
        while True:
            try:
                packet = self.socket.recv(256)
            except BlockingIOError:
                return
            except OSError:
                continue
            # An IPv4 header of 20 bytes comes first: the peer sends no options.
            if len(packet) >= 36 and packet[20] == 0:
                mark, _, number = struct.unpack_from("!HHQ", packet, 24)
                if mark == self.mark:
                    self.answered.setdefault(number, time.monotonic())

    def window(self, end: int) -> dict[str, float]:
        """Probes sent since the last window, those without an answer, and the longest silence."""
        numbers = range(self.begin, end)
        answers = sorted(self.answered[one] for one in numbers if one in self.answered)
        edges = [self.sent[self.begin], *answers, self.sent[end - 1]] if numbers else []
        gaps = [later - earlier for earlier, later in zip(edges, edges[1:])]
        result = {
            "sent": len(numbers),
            "lost": sum(one not in self.answered for one in numbers),
            "longest_gap": max(gaps, default=0.0),
            "seconds": edges[-1] - edges[0] if edges else 0.0,
        }
        self.begin = end
        return result


class Stream:
    """The TCP stream: numbered lines out, the same lines back."""

    def __init__(self, address: str, port: int) -> None:
        self.socket = socket.create_connection((address, port), timeout=30)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = 0
        self.returned = 0
        self.rest = b""
        self.broken = ""
        self.last = time.monotonic()
        self.longest = 0.0

    def send(self) -> None:
        if self.broken:
            return
        try:
            self.socket.send(b"%012d\n" % self.lines)
            self.lines += 1
        except OSError as error:
            self.broken = str(error)

    def receive(self) -> None:
        try:
            data = self.socket.recv(1 << 16)
        except OSError as error:
            self.broken = self.broken or str(error)
            return
        if not data:
            self.broken = self.broken or "closed by the guest"
            return
        now = time.monotonic()
        self.longest, self.last = max(self.longest, now - self.last), now
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            if int(line) != self.returned:
                self.broken = f"line {self.returned} came back as {line!r}"
            self.returned += 1

    def window(self) -> dict[str, object]:
        silent = max(self.longest, time.monotonic() - self.last)
        self.longest = 0.0
        return {"stream_lines": self.returned, "stream_gap": silent, "stream_broken": self.broken}


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def main(address: str, port: int) -> None:
    probe, stream = Probe(address), Stream(address, port)
    selector = selectors.DefaultSelector()
    selector.register(probe.socket, selectors.EVENT_READ, probe.receive)
    selector.register(stream.socket, selectors.EVENT_READ, stream.receive)
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    print("ready", flush=True)
    due, stream_due = time.monotonic(), time.monotonic()
    asked_at, asked_for = 0.0, -1
    while True:
        now = time.monotonic()
        if now >= due:
            probe.send()
            # A late loop sends the missed probe now rather than many at once.
            due = max(due + _INTERVAL, now)
        if now >= stream_due:
            stream.send()
            stream_due = now + _STREAM_INTERVAL
        if asked_for >= 0 and now - asked_at > _GRACE:
            print(json.dumps({**probe.window(asked_for), **stream.window()}), flush=True)
            asked_for = -1
        for key, _ in selector.select(max(0.0, min(due, stream_due) - time.monotonic())):
            if key.data:
                key.data()
                if stream.broken and key.fileobj is stream.socket:
                    selector.unregister(stream.socket)
            elif os.read(key.fd, 4096):
                asked_at, asked_for = time.monotonic(), len(probe.sent)
            else:
                return


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
