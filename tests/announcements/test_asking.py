"""Asking over HTTP, of servers that are slow, long, or no servers at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count

import pytest

from hyperv_net.announcements import asking, azure_source, google_source
from hyperv_net.announcements.asking import SIZE_LIMIT, Address, ask
from hyperv_net.announcements.source import Source
from hyperv_net.errors import HypervNetError
from tests.announcements.azure_fabric import EVENTS, NOTHING, Answer, Fabric
from tests.announcements.clock import Clock
from tests.announcements.serving import served

TARGET = f"{EVENTS}?api-version=2020-07-01"
TRUE = {"Metadata": "true"}


@pytest.fixture
def fabric() -> Fabric:
    return Fabric(Clock())


@pytest.fixture
def address(fabric: Fabric) -> Iterator[Address]:
    with served(fabric) as (host, port):
        yield Address(host, port)


@contextmanager
def raw(send: Callable[[socket.socket], None]) -> Iterator[Address]:
    """A server that reads a request and sends what it likes, once."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            with suppress(OSError):  # Nobody may come.
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    send(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield Address(*listening.getsockname())
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_an_answer_comes_with_its_status_and_headers(fabric: Fabric, address: Address) -> None:
    reply = ask(address, TARGET, TRUE, 15, clock=fabric.clock)
    assert reply.status == 200 and reply.body == b'{"DocumentIncarnation": 1, "Events": []}'
    assert reply.headers["content-type"] == "application/json"
    assert ask(address, TARGET, {}, 15, clock=fabric.clock).status == 400


def test_no_proxy_of_the_environment_is_asked(
    fabric: Fabric, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    monkeypatch.delenv("no_proxy", raising=False)
    assert ask(address, TARGET, TRUE, 15, clock=fabric.clock).status == 200
    assert {*fabric.asked[0].headers} == {"host", "accept-encoding", "metadata"}


def test_a_body_is_posted_whole(fabric: Fabric, address: Address) -> None:
    body = b"{" + b" " * 100_000
    assert ask(address, TARGET, TRUE, 15, body=body, clock=fabric.clock).status == 400
    assert fabric.asked[0].method == "POST" and fabric.asked[0].body == body


@pytest.mark.parametrize("seconds", [15, 130])
def test_an_answer_that_is_late_is_waited_for_as_long_as_is_said(
    fabric: Fabric, address: Address, seconds: float
) -> None:
    fabric.instead = [Answer(late=seconds - 1), Answer(late=seconds)]
    assert ask(address, TARGET, TRUE, seconds, clock=fabric.clock).status == 200
    with pytest.raises(HypervNetError, match=f"{EVENTS}: no answer in {seconds} s"):
        ask(address, TARGET, TRUE, seconds, clock=fabric.clock)


def test_an_answer_that_drips_has_no_more_time_than_any(fabric: Fabric, address: Address) -> None:
    fabric.instead = [Answer(per_byte=0.01), Answer(per_byte=1)]
    assert ask(address, TARGET, TRUE, 15, clock=fabric.clock).status == 200
    with pytest.raises(HypervNetError, match="no answer in 15 s"):
        ask(address, TARGET, TRUE, 15, clock=fabric.clock)


def test_each_wait_is_for_no_more_than_the_time_that_is_left(
    address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    settimeout = asking._Hurried.settimeout

    def noted(self: asking._Hurried, seconds: float) -> None:
        waits.append(seconds)
        settimeout(self, seconds)

    monkeypatch.setattr(asking._Hurried, "settimeout", noted)
    ask(address, TARGET, TRUE, 100, clock=count().__next__)
    assert waits[0] == 5
    assert len(waits) > 2 and waits[1] < 100 and [*waits[1:]] == sorted({*waits[1:]})[::-1]


def test_an_answer_whose_end_comes_too_late_is_none() -> None:
    now = [0.0]

    def send_late(connection: socket.socket) -> None:
        now[0] = 15
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    with (
        raw(send_late) as address,
        pytest.raises(HypervNetError, match=f"{EVENTS}: no answer in 15 s"),
    ):
        ask(address, TARGET, TRUE, 15, clock=lambda: now[0])


def test_a_server_that_says_nothing_is_left() -> None:
    def wait_for_the_end(connection: socket.socket) -> None:
        assert connection.recv(1) == b""

    with (
        raw(wait_for_the_end) as address,
        pytest.raises(HypervNetError, match=f"{EVENTS}: (no answer in 0.2 s|cannot be reached)"),
    ):
        ask(address, TARGET, TRUE, 0.2)


def test_a_connection_that_is_closed_is_an_error_in_one_line(
    fabric: Fabric, address: Address
) -> None:
    fabric.instead = [NOTHING]
    with pytest.raises(HypervNetError) as raised:
        ask(address, TARGET, TRUE, 15, clock=fabric.clock)
    where = f"http://{address.host}:{address.port}{EVENTS}"
    assert str(raised.value) == f"{where}: RemoteDisconnected"


def test_nobody_there_is_an_error_in_one_line() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        address = Address(*listening.getsockname())
    with pytest.raises(HypervNetError, match=f"127.0.0.1:{address.port}{EVENTS}: Connection ref"):
        ask(address, TARGET, TRUE, 15)


def test_time_that_is_over_before_the_connection_is_says_so() -> None:
    with pytest.raises(HypervNetError, match="cannot be reached"):
        ask(Address("127.0.0.1", 1), TARGET, TRUE, 0)


@pytest.mark.parametrize("size", [SIZE_LIMIT, SIZE_LIMIT + 1])
def test_an_answer_has_a_limit(fabric: Fabric, address: Address, size: int) -> None:
    fabric.instead = [Answer(body=b"x" * size)]
    if size == SIZE_LIMIT:
        assert len(ask(address, TARGET, TRUE, 15, clock=fabric.clock).body) == size
        return
    with pytest.raises(HypervNetError, match="more than 512 KiB"):
        ask(address, TARGET, TRUE, 15, clock=fabric.clock)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "begin",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        *(CHUNKED + size for size in (b"fffffffff\r\n", b"-1\r\n", b"-5\r\n")),
    ],
)
def test_an_answer_without_an_end_is_read_no_further_than_the_limit(begin: bytes) -> None:
    """A part whose length is below zero is one without an end to Python's http.client."""
    sent = []

    def endless(connection: socket.socket) -> None:
        connection.sendall(begin)
        for _ in range(100):
            connection.sendall(b"x" * SIZE_LIMIT)
            sent.append(1)

    said = "an answer of more than 512 KiB"
    if begin.startswith(CHUNKED + b"-"):
        # Pythons differ in how much of such a part they take for one.
        said = f"({said}|no answer in HTTP)"
    with raw(endless) as address, pytest.raises(HypervNetError, match=f"{EVENTS}: {said}"):
        ask(address, TARGET, TRUE, 15)
    assert len(sent) < 100


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"\x00\xff\r\n\r\n", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n"),
        *(b"x" * 70_000, b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
    ],
    ids=lambda answer: repr(answer[:20]),
)
def test_what_is_no_http_is_an_error_in_one_line(answer: bytes) -> None:
    with (
        raw(lambda connection: connection.sendall(answer)) as address,
        pytest.raises(HypervNetError, match=EVENTS) as raised,
    ):
        ask(address, TARGET, TRUE, 15)
    assert "\n" not in str(raised.value)


def test_a_redirection_is_not_followed() -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with raw(lambda connection: connection.sendall(answer)) as address:
        assert ask(address, TARGET, TRUE, 15).status == 302


@pytest.mark.parametrize("source", [azure_source.source, google_source.source])
def test_a_cloud_is_asked_at_the_address_that_is_the_same_on_every_machine(
    source: Callable[[], Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = []

    def connect(_: asking._Hurried, address: tuple[str, int]) -> None:
        reached.append(address)
        raise OSError(113, "No route to host")

    monkeypatch.setattr(asking._Hurried, "connect", connect)
    heard = source().ask(0)
    assert heard.announcements is None and heard.trouble.endswith(": No route to host")
    assert reached == [("169.254.169.254", 80)]
