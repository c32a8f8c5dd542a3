"""A stand-in for a service of metadata, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from select import select
from socket import MSG_PEEK
from typing import Protocol

from tests.announcements.azure_fabric import Answer
from tests.announcements.clock import Clock


class Answering(Protocol):
    """What is served."""

    clock: Clock

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """The answer to a request."""
        ...


@contextmanager
def served(
    answering: Answering, host: str = "127.0.0.1", port: int = 0
) -> Generator[tuple[str, int], None, None]:
    """Serve it as long as the block runs; the address and port that it is at."""
    alone = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            with alone:
                answer = answering.answer(self.command, self.path, headers, body)
            self.close_connection = True
            if answer.status:
                self._send(answer)

        do_POST = do_GET  # noqa: N815 - the name is http.server's

        def _send(self, answer: Answer) -> None:
            body = answer.body or b""
            head = (
                f"HTTP/1.1 {answer.status} -\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n"
                + "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
                + "\r\n"
            ).encode()
            with suppress(OSError):  # Whoever asked need not wait for all of it.
                if not answer.per_byte:
                    self.wfile.write(head + body)
                    return
                whole = head + body
                for at in range(len(whole)):
                    send = partial(self.wfile.write, whole[at : at + 1])
                    if not answering.clock.drip(answer.per_byte, self._is_gone, send):
                        return

        def _is_gone(self) -> bool:
            readable, _, _ = select([self.connection], [], [], 0)
            return bool(readable) and not self.connection.recv(1, MSG_PEEK)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield host, server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
