"""What is handed over by those who may not do it: by a real socket, and what is believed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.handed_over import __main__ as serving
from hyperv_net.handed_over.asking import INJECT, REBUILD, SOCKET, ask
from hyperv_net.hotplug import running
from hyperv_net.hotplug.act import means
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.kvp import here
from hyperv_net.model import Mode, System
from tests.kvp.texts import LINUX_IPV4, MAC
from tests.paths import CHECKOUT

PAIR = WantedPair(MAC, Mode.AGGREGATE, "eth0", ("hv_netvsc",), "bond0")
OTHER = WantedPair("00:0d:3a:11:22:44", Mode.TRANSPARENT, "eth1", ("hv_netvsc",))


def all_of(stream: socket.socket) -> bytes:
    return b"".join(iter(lambda: stream.recv(1 << 16), b""))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """A socket that has each connection served as the unit does."""
    path = str(tmp_path / "activate")
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(path)
        listening.listen()

        def serve() -> None:
            while True:
                try:
                    stream, _ = listening.accept()
                except OSError:
                    return
                with stream:
                    status, said = serving.answer(all_of(stream))
                    stream.sendall(f"{status} {said}\n".encode())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield path
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the machine's programs are told, on one that wants bond0."""
    ran: list[str] = []
    wanted = Wanted(System.LINUX, "ifupdown", (PAIR, OTHER))
    monkeypatch.setattr(running, "wanted_here", lambda: wanted)

    def run(words: Sequence[str]) -> str:
        ran.append(" ".join(words))
        return ""

    live = means.live_means()._replace(run=run, run_long=run)
    monkeypatch.setattr(means, "live_means", lambda: live)
    return ran


def test_a_bond_of_a_pair_is_made_again_by_its_own_program(service: str, made: list[str]) -> None:
    assert ask(REBUILD, "bond0", path=service) == "bond0"
    assert made == ["ifdown --force bond0", "ifup --force bond0"]


@pytest.mark.parametrize(
    "name", ["bond1", "eth0", "", "eth1", "-a", "bond0 --all", "bond0\nx", "$(id)", "../bond0"]
)
def test_no_other_name_is_given_to_a_program(name: str, service: str, made: list[str]) -> None:
    with pytest.raises(HypervNetError):
        ask(REBUILD, name, path=service)
    assert made == []


def test_a_machine_that_is_turned_off_makes_none(
    service: str, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "wanted_here", lambda: None)
    with pytest.raises(HypervNetError, match="no aggregate of a pair here"):
        ask(REBUILD, "bond0", path=service)
    assert made == []


def test_injected_text_goes_over_whole_and_the_line_about_it_comes_back(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[str, str]] = []

    def inject(text: str, source: str) -> str:
        given.append((text, source))
        return "eth0: injected"

    monkeypatch.setattr(here, "inject", inject)
    text = LINUX_IPV4 + "# é\n" * 9000
    assert ask(INJECT, "/var/lib/hyperv/ifcfg-eth0", text, service) == "eth0: injected"
    assert given == [(text, "/var/lib/hyperv/ifcfg-eth0")]


def test_what_goes_wrong_there_is_the_askers_error_in_one_line(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(text: str, source: str) -> str:
        raise HypervNetError("another file goes on", where="x", hint="take it out")

    monkeypatch.setattr(here, "inject", refuse)
    with pytest.raises(HypervNetError, match=r"another file goes on \(take it out\)") as error:
        ask(INJECT, "f", LINUX_IPV4, service)
    assert "\n" not in str(error.value)
    monkeypatch.setattr(here, "inject", lambda text, source: 1 / 0)
    with pytest.raises(HypervNetError, match="ZeroDivisionError"):
        ask(INJECT, "f", LINUX_IPV4, service)


@pytest.mark.parametrize(
    "request_", [b"", b"\n", b"run ifup bond0\n", b"rebuild bond0\nmore", b"\xff", b"inject"]
)
def test_anything_else_is_refused(request_: bytes, made: list[str]) -> None:
    status, said = serving.answer(request_)
    assert (status, made) == ("failed", [])
    assert said


def test_where_there_is_no_service_the_error_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(HypervNetError) as error:
        ask(REBUILD, "bond0", path=str(tmp_path / "none"))
    assert str(error.value) == (
        f"rebuild bond0 by {tmp_path}/none: cannot be handed over: No such file or directory "
        "(systemctl start hyperv-net-activate.socket)"
    )


def test_the_program_answers_on_its_standard_output_and_prints_nothing_else_there() -> None:
    """As systemd starts it for one connection."""
    ours, its = socket.socketpair()
    with (
        ours,
        subprocess.Popen(
            [sys.executable, "-m", "hyperv_net.handed_over"],
            cwd=CHECKOUT,
            stdin=its.fileno(),
            stdout=its.fileno(),
            stderr=subprocess.PIPE,
        ) as process,
    ):
        its.close()
        ours.sendall(b"rebuild ../x\n")
        ours.shutdown(socket.SHUT_WR)
        answer = all_of(ours)
        assert process.wait() == 1
    assert answer.startswith(b"failed ") and answer.count(b"\n") == 1


def test_the_socket_is_that_of_the_unit_and_roots_alone() -> None:
    lines = (CHECKOUT / "hyperv_net/data/linux/hyperv-net-activate.socket").read_text().splitlines()
    assert f"ListenStream={SOCKET}" in lines
    assert {"SocketMode=0600", "Accept=yes"} <= set(lines)


def test_a_daemon_that_may_not_write_hands_over_what_it_could_read(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what is not as the daemons write it goes nowhere."""
    given: list[str] = []
    monkeypatch.setattr(os, "access", lambda path, mode: False)

    def ask_nobody(verb: str, subject: str, text: str) -> str:
        given.append(subject)
        return ""

    monkeypatch.setattr("hyperv_net.handed_over.asking.ask", ask_nobody)
    here.inject_or_hand_over(LINUX_IPV4, "a\nb")
    assert given == ["a b"]
    with pytest.raises(HypervNetError):
        here.inject_or_hand_over("HWADDR=$(id)\n", "file")
    assert given == ["a b"]
