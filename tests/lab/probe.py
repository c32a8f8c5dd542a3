"""What the far end of the wire sees: a probe each millisecond, and unbroken TCP streams.

Runs inside the test's network and speaks with it over its standard input and
output: a line there ends a stretch of time, and how that went is printed as
one line of JSON.  The probes are echo requests, which the guest's kernel
answers, so that a busy guest's processes do not show as lost packets.  A
stream is lines that the guest's agent sends back; they must come back whole
and in order.  Under `load` there are datagrams and more streams beside them.
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
from collections import deque

_INTERVAL = 0.001
_STREAM_INTERVAL = 0.02
_DATAGRAM_INTERVAL = 0.02
_DATAGRAM_BYTES = 512
_LOADED_LINES = (12, 1400, 1400, 1400)
"""Length of the lines of each stream under load; without it there is the first alone."""
_GRACE = 2.0
"""Seconds that the answer to a probe may take before the probe counts as lost."""


class Echoes:
    """Numbered packets that come back: when each was sent, and when its answer came."""

    def __init__(self, connected: socket.socket, interval: float) -> None:
        self.socket = connected
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.setblocking(False)
        self.interval = interval
        self.due = time.monotonic()
        self.next = 0
        self.sent: dict[int, float] = {}
        self.answered: dict[int, float] = {}
        self.last_answer = time.monotonic()

    def send(self, now: float) -> None:
        if now < self.due:
            return
        # A late loop sends the missed probe now rather than many at once.
        self.due = max(self.due + self.interval, now)
        packet = self.packet(self.next)
        self.sent[self.next] = time.monotonic()
        self.next += 1
        # One that finds no answer from ARP is lost like any other.
        with contextlib.suppress(OSError):
            self.socket.send(packet)

    def receive(self) -> None:
        while True:
            try:
                number = self.number(self.socket.recv(2048))
            except BlockingIOError:
                return
            except OSError:
                continue
            if number in self.sent:
                self.answered.setdefault(number, time.monotonic())

    def window(self, end: int) -> dict[str, float]:
        """Packets since the last window, those without an answer, and the longest silence."""
        sent = [self.sent.pop(one) for one in list(self.sent) if one < end]
        answers = sorted(self.answered.pop(one) for one in list(self.answered) if one < end)
        edges = [self.last_answer, *answers, max([self.last_answer, *sent[-1:], *answers[-1:]])]
        gaps = [later - earlier for earlier, later in zip(edges, edges[1:])]
        self.last_answer = max([self.last_answer, *answers])
        return {
            "sent": len(sent),
            "lost": len(sent) - len(answers),
            "longest_gap": max(gaps),
            "seconds": edges[-1] - edges[0],
        }

    def packet(self, number: int) -> bytes:
        raise NotImplementedError

    def number(self, packet: bytes) -> int:
        """The number of a packet that came back; -1 where it is not one of these."""
        raise NotImplementedError


class Probes(Echoes):
    """Echo requests of ICMP."""

    def __init__(self, address: str) -> None:
        super().__init__(
            socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP), _INTERVAL
        )
        self.socket.connect((address, 0))
        self.mark = os.getpid() & 0xFFFF

    def packet(self, number: int) -> bytes:
        body = struct.pack("!HHQ", self.mark, number & 0xFFFF, number)
        return struct.pack("!BBH", 8, 0, _checksum(b"\x08\0\0\0" + body)) + body

    def number(self, packet: bytes) -> int:
        # An IPv4 header of 20 bytes comes first: the peer sends no options.
        if len(packet) >= 36 and packet[20] == 0:
            mark, _, number = struct.unpack_from("!HHQ", packet, 24)
            if mark == self.mark:
                return int(number)
        return -1


class Datagrams(Echoes):
    """Datagrams of UDP, which the guest's agent sends back."""

    def __init__(self, address: str, port: int) -> None:
        super().__init__(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), _DATAGRAM_INTERVAL)
        self.socket.connect((address, port))

    def packet(self, number: int) -> bytes:
        return struct.pack("!Q", number).ljust(_DATAGRAM_BYTES, b".")

    def number(self, packet: bytes) -> int:
        return int.from_bytes(packet[:8], "big") if len(packet) == _DATAGRAM_BYTES else -1


class Stream:
    """A TCP stream: numbered lines out, the same lines back."""

    def __init__(self, address: str, port: int, length: int) -> None:
        self.socket = socket.create_connection((address, port), timeout=30)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.length = length
        self.due = time.monotonic()
        self.lines = 0
        self.returned = 0
        self.rest = b""
        self.unsent = b""
        self.broken = ""
        self.last = time.monotonic()
        self.longest = 0.0

    def send(self, now: float) -> None:
        if self.broken or now < self.due:
            return
        self.due = now + _STREAM_INTERVAL
        # What did not fit into a full buffer goes first: a line is never cut.
        self.unsent = self.unsent or b"%0*d\n" % (self.length, self.lines)
        try:
            self.unsent = self.unsent[self.socket.send(self.unsent) :]
        except BlockingIOError:
            return
        except OSError as error:
            self.broken = str(error)
        self.lines += not self.unsent

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

    def window(self) -> float:
        """The longest silence since the last window."""
        silent = max(self.longest, time.monotonic() - self.last)
        self.longest = 0.0
        return silent


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def _streams_window(streams: list[Stream]) -> dict[str, object]:
    seen = [stream.window() for stream in streams]
    broken = [stream.broken for stream in streams if stream.broken]
    return {
        "stream_lines": min(stream.returned for stream in streams),
        "stream_gap": max(seen),
        "stream_broken": "; ".join(broken),
        "streams_broken": len(broken),
    }


def main(address: str, port: int, load: bool) -> None:
    probes = Probes(address)
    datagrams = Datagrams(address, port)
    lengths = _LOADED_LINES if load else _LOADED_LINES[:1]
    streams = [Stream(address, port, length) for length in lengths]
    senders: list[Echoes | Stream] = [probes, *streams, *([datagrams] if load else [])]
    selector = selectors.DefaultSelector()
    for one in senders:
        selector.register(one.socket, selectors.EVENT_READ, one)
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    print("ready", flush=True)
    asked: deque[tuple[float, int, int]] = deque()
    while True:
        now = time.monotonic()
        for one in senders:
            one.send(now)
        if asked and now - asked[0][0] > _GRACE:
            _, probe_end, datagram_end = asked.popleft()
            udp = datagrams.window(datagram_end)
            answer = {
                **probes.window(probe_end),
                **_streams_window(streams),
                **{"udp_sent": udp["sent"], "udp_lost": udp["lost"]},
            }
            print(json.dumps(answer), flush=True)
        due = min(one.due for one in senders if not (isinstance(one, Stream) and one.broken))
        for key, _ in selector.select(max(0.0, due - time.monotonic())):
            if key.data:
                key.data.receive()
                if isinstance(key.data, Stream) and key.data.broken:
                    selector.unregister(key.data.socket)
            elif data := os.read(key.fd, 4096):
                asked += [(time.monotonic(), probes.next, datagrams.next)] * data.count(b"\n")
            else:
                return


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["load"])
