"""Runs inside a guest: executes commands, notes what happens to its NICs, sends back what comes.

It starts before the network does.  Requests and answers are lines of JSON on a
virtio-serial port, several at a time; each request has a number, and its
answer bears it.  Every netlink message about links and addresses is noted with
the guest's monotonic clock, and so is the first frame that a joined VF sends.
TCP streams and UDP datagrams to one port are returned as they came.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

PORT_NAME = "lab"
STREAM_PORT = 7007

# linux/rtnetlink.h and linux/if_link.h
_GROUPS = 0x1 | 0x10 | 0x100  # RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR
_NEWLINK, _DELLINK, _NEWADDR, _DELADDR = 16, 17, 20, 21
_IFLA_IFNAME, _IFLA_MASTER = 3, 10
_IFA_ADDRESS = 1
_IFF_UP, _IFF_LOWER_UP = 0x1, 0x10000
_TICK = 0.005


class Watch:
    """What happened to links and addresses, and the VFs whose first frame is waited for."""

    def __init__(self) -> None:
        self.notes: list[dict[str, Any]] = []
        self.names: dict[int, str] = {}
        self.waited_for: dict[str, int] = {}
        self.active: dict[str, str] = {}
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind((0, _GROUPS))

    def note(self, what: str, **facts: Any) -> None:
        self.notes.append({"at": time.monotonic(), "what": what, **facts})

    def receive(self) -> None:
        now = time.monotonic()
        data = self.socket.recv(1 << 16)
        while len(data) >= 16:
            length, kind = struct.unpack_from("=IH", data)
            self._message(now, kind, data[16:length])
            data = data[(length + 3) & ~3 :]
        self.look_at_bonds()

    def _message(self, now: float, kind: int, body: bytes) -> None:
        if kind in (_NEWLINK, _DELLINK):
            index, flags = struct.unpack_from("=iI", body, 4)
            attributes = _attributes(body[16:])
            name = attributes.get(_IFLA_IFNAME, b"").rstrip(b"\0").decode()
            master = attributes.get(_IFLA_MASTER)
            self.names[index] = name
            self.notes.append(
                {
                    "at": now,
                    "what": "link" if kind == _NEWLINK else "gone",
                    "index": index,
                    "name": name,
                    "master": struct.unpack("=I", master)[0] if master else 0,
                    "up": bool(flags & _IFF_UP),
                    "carrier": bool(flags & _IFF_LOWER_UP),
                }
            )
        elif kind in (_NEWADDR, _DELADDR):
            family, _, _, _, index = struct.unpack_from("=BBBBI", body)
            address = socket.inet_ntop(family, _attributes(body[8:])[_IFA_ADDRESS])
            self.notes.append(
                {
                    "at": now,
                    "what": "address" if kind == _NEWADDR else "address gone",
                    "index": index,
                    "name": self.names.get(index) or _name(index),
                    "address": address,
                }
            )

    def look_at_bonds(self) -> None:
        """Which member is active, after each message; a new one is watched for its first frame."""
        for path in Path("/sys/class/net").glob("*/bonding/active_slave"):
            bond = path.parts[4]
            active = _text(path)
            if self.active.get(bond, "") != active:
                self.active[bond] = active
                self.note("active", bond=bond, name=active)
                self.waited_for = {active: _sent(active)} if active else {}

    def has_come_to(self, wanted: dict[str, Any]) -> bool:
        """Whether a member is active, or a note with some facts was made, as a request wants it."""
        if "active" in wanted:
            return wanted["active"] in self.active.values()
        facts = wanted["until"].items()
        return any(facts <= note.items() for note in self.notes[wanted["from"] :])

    def look_at_counters(self) -> None:
        for name, before in list(self.waited_for.items()):
            if _sent(name) > before:
                self.note("sends", name=name)
                del self.waited_for[name]


def _attributes(data: bytes) -> dict[int, bytes]:
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3 :]
    return found


def _name(index: int) -> str:
    try:
        return socket.if_indextoname(index)
    except OSError:
        return ""


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def _sent(name: str) -> int:
    return int(_text(f"/sys/class/net/{name}/statistics/tx_packets") or 0)


def _open_port() -> int:
    while True:
        for path in Path("/sys/class/virtio-ports").glob("*/name"):
            if _text(path) == PORT_NAME:
                with contextlib.suppress(OSError):
                    return os.open(f"/dev/{path.parts[4]}", os.O_RDWR | os.O_CLOEXEC)
        time.sleep(0.1)


class Agent:
    """The port, and the commands that are running."""

    def __init__(self) -> None:
        self.port = _open_port()
        self.lock = threading.Lock()
        self.rest = b""
        self.watch = Watch()
        self.waiting: list[dict[str, Any]] = []

    def send(self, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode() + b"\n"
        with self.lock:
            while data:
                data = data[os.write(self.port, data) :]

    def receive(self) -> None:
        data = os.read(self.port, 1 << 16)
        if not data:
            # Nobody is connected on the other side yet.
            time.sleep(0.05)
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if "script" in request:
                threading.Thread(target=self.run, args=(request,), daemon=True).start()
            elif "active" in request or "until" in request:
                self.waiting.append(request)
            else:
                self.send({"id": request["id"], "notes": self.watch.notes[request["from"] :]})

    def tell_who_waits(self) -> None:
        for request in [one for one in self.waiting if self.watch.has_come_to(one)]:
            self.waiting.remove(request)
            self.send({"id": request["id"]})

    def run(self, request: dict[str, Any]) -> None:
        try:
            done = subprocess.run(
                ["/bin/sh", "-c", request["script"]],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=request["seconds"],
            )
            status, out, err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired as late:
            status, out, err = 124, late.stdout or b"", late.stderr or b""
        self.send(
            {
                "id": request["id"],
                "status": status,
                "out": out.decode(errors="backslashreplace"),
                "err": err.decode(errors="backslashreplace"),
            }
        )


def main() -> None:
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    agent = Agent()
    watch = agent.watch
    listener = socket.create_server(("", STREAM_PORT))
    datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    datagrams.bind(("", STREAM_PORT))
    selector = selectors.DefaultSelector()
    selector.register(agent.port, selectors.EVENT_READ, agent.receive)
    selector.register(watch.socket, selectors.EVENT_READ, watch.receive)

    def accept() -> None:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def echo() -> None:
            try:
                data = connection.recv(1 << 16)
                connection.sendall(data)
            except OSError as error:
                watch.note("stream broke", error=str(error))
                data = b""
            if not data:
                selector.unregister(connection)
                connection.close()

        selector.register(connection, selectors.EVENT_READ, echo)

    def return_datagram() -> None:
        with contextlib.suppress(OSError):
            datagrams.sendto(*datagrams.recvfrom(1 << 16))

    selector.register(listener, selectors.EVENT_READ, accept)
    selector.register(datagrams, selectors.EVENT_READ, return_datagram)
    agent.send({"hello": _text("/proc/sys/kernel/random/boot_id")})
    while True:
        for key, _ in selector.select(_TICK if watch.waited_for else None):
            key.data()
        watch.look_at_counters()
        agent.tell_who_waits()


main()
