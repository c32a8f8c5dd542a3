"""What the far end counts, without a machine at the other end of the wire."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.lab import probe


class Numbers(probe.Echoes):
    """Packets that are their number, sent whenever they are asked for."""

    def packet(self, number: int) -> bytes:
        return b"%d" % number

    def number(self, packet: bytes) -> int:
        return int(packet)


class Clock:
    """Seconds that pass when they are told to."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(probe, "time", made)
    return made


@pytest.fixture
def ends(clock: Clock) -> Iterator[tuple[Numbers, socket.socket]]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        yield Numbers(ours, 0.001), theirs


def send(ends: tuple[Numbers, socket.socket], clock: Clock, *, answered: bool) -> bytes:
    near, far = ends
    clock.now += 0.5
    near.send(clock.now)
    packet = far.recv(100)
    if answered:
        far.send(packet)
        near.receive()
    return packet


def test_a_window_has_the_packets_up_to_its_end_and_those_that_never_came_back(
    ends: tuple[Numbers, socket.socket], clock: Clock
) -> None:
    for answered in (True, False, True):
        send(ends, clock, answered=answered)
    end = ends[0].next
    send(ends, clock, answered=True)
    seen = ends[0].window(end)
    assert (seen["sent"], seen["lost"], seen["longest_gap"]) == (3, 1, 1.0)
    assert ends[0].window(ends[0].next)["sent"] == 1


def test_a_silence_that_goes_on_into_the_next_window_counts_from_where_it_began(
    ends: tuple[Numbers, socket.socket], clock: Clock
) -> None:
    for answered in (True, False, False):
        send(ends, clock, answered=answered)
    ends[0].window(ends[0].next)
    for answered in (False, True):
        send(ends, clock, answered=answered)
    assert ends[0].window(ends[0].next)["longest_gap"] == 2.0


def test_an_answer_to_a_packet_of_a_window_that_was_told_is_none_of_the_next(
    ends: tuple[Numbers, socket.socket], clock: Clock
) -> None:
    late = send(ends, clock, answered=False)
    ends[0].window(ends[0].next)
    ends[1].send(late)
    ends[0].receive()
    seen = ends[0].window(ends[0].next)
    assert (seen["sent"], seen["lost"]) == (0, 0)
    assert not ends[0].sent and not ends[0].answered


def test_an_echo_request_is_known_again_by_its_mark_and_number() -> None:
    probes = probe.Probes.__new__(probe.Probes)
    probes.mark = 7
    packet = bytearray(probes.packet(70_000))
    assert probe._checksum(bytes(packet)) == 0
    packet[0] = 0  # what the answer is
    header = bytes(20)
    assert probes.number(header + packet) == 70_000
    probes.mark = 8
    assert probes.number(header + packet) == -1
