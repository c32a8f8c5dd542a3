"""QEMU's machine protocol: lines of JSON on a socket (docs/interop/qmp-spec.rst of qemu/qemu)."""

from __future__ import annotations

import json
import socket
from typing import Any

_SECONDS = 120


class QmpError(Exception):
    """QEMU refused a command; the message is its own."""


class Qmp:
    """A connection, with the events that came while an answer was waited for."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self._socket.settimeout(_SECONDS)
        self._lines = self._socket.makefile("r")
        self._events: list[dict[str, Any]] = []
        self._read()
        self.command("qmp_capabilities")

    def command(self, name: str, /, **arguments: Any) -> Any:
        """Run a command and return what it returns; raises QmpError and TimeoutError."""
        request = {"execute": name, "arguments": arguments}
        self._socket.sendall(json.dumps(request).encode())
        while True:
            message = self._read()
            if "error" in message:
                raise QmpError(f"{name}: {message['error']['desc']}")
            if "return" in message:
                return message["return"]
            self._events.append(message)

    def wait_for(self, event: str, **data: Any) -> None:
        """Wait for an event that has these data; raises TimeoutError after two minutes."""
        while True:
            message = self._events.pop(0) if self._events else self._read()
            found = message.get("data", {})
            if message.get("event") == event and data.items() <= found.items():
                return

    def close(self) -> None:
        """Close the connection; QEMU goes on."""
        self._lines.close()
        self._socket.close()

    def _read(self) -> dict[str, Any]:
        line = self._lines.readline()
        if not line:
            raise QmpError("QEMU has ended")
        message: dict[str, Any] = json.loads(line)
        return message
