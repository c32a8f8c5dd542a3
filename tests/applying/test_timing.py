"""What ends the time: systemd's timer, or a process that nothing of the terminal reaches."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

import pytest

from hyperv_net.applying import timing
from hyperv_net.errors import HypervNetError
from hyperv_net.model import System
from tests.paths import CHECKOUT


def test_systemd_gets_a_timer_that_runs_it_once_and_the_one_before_is_stopped() -> None:
    ran: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> str:
        ran.append(command)
        if command[0] == "systemctl":
            raise HypervNetError("not loaded")
        return ""

    with mock.patch.object(timing, "is_systemd", lambda: True):
        timer = timing.timer(run)
    timer.arm(("/usr/bin/python3", "-I", "/x/take-back.py", "token"), 90)
    stop = ("systemctl", "stop", "hyperv-net-unconfirmed-timer.timer")
    assert ran[0] == stop
    assert {"systemd-run", "--on-active=90s", "--collect"} <= set(ran[1])
    assert "--property=Restart=on-failure" in ran[1]
    after = list(ran[1])[list(ran[1]).index("--") + 1 :]
    assert after == ["/usr/bin/python3", "-I", "/x/take-back.py", "token", "over"]
    timer.disarm()
    assert ran[2:] == [stop]


def test_a_process_that_waits_is_in_a_session_of_its_own_and_holds_nothing_open(
    tmp_path: Path,
) -> None:
    """A hangup of the terminal goes to the terminal's session (setsid(2))."""
    fifo, held = tmp_path / "fifo", tmp_path / "held"
    os.mkfifo(fifo)
    held.write_text("")
    code = (
        "import os; fds = os.listdir('/proc/self/fd');"
        "names = [os.readlink(f'/proc/self/fd/{one}') for one in fds[:3]];"
        f"out = open({str(fifo)!r}, 'w');"
        "print(os.getsid(0), os.getpgid(0), os.getcwd(), *names, file=out)"
    )
    descriptor = os.open(held, os.O_RDWR)
    os.set_inheritable(descriptor, True)
    try:
        timing.start_apart([sys.executable, "-I", "-c", code])
        session, group, folder, *names = fifo.read_text().split()
    finally:
        os.close(descriptor)
    assert session == group != str(os.getsid(0))
    assert folder == "/"
    assert names == ["/dev/null"] * 3


def test_it_waits_until_no_time_is_left_or_nobody_wants_it_any_more() -> None:
    left = [2.0, 1.0, 0.0]
    with mock.patch("hyperv_net.applying.timing.time.sleep") as slept:
        assert timing.wait(lambda: True, lambda: left.pop(0))
    assert [one.args for one in slept.call_args_list] == [(1,), (1,)]
    wanted = [True, True, False]
    with mock.patch("hyperv_net.applying.timing.time.sleep"):
        assert not timing.wait(lambda: wanted.pop(0), lambda: 9.0)


@pytest.mark.parametrize("system", System)
def test_the_program_loads_this_very_package_and_says_whose_record_it_is(system: System) -> None:
    """Whatever else of that name the interpreter would find."""
    text = timing.program(CHECKOUT, system)
    loaded = text.replace("sys.exit(main(", "print(main.__module__, (").replace(
        "from hyperv_net.applying.unattended import main",
        "import hyperv_net; print(hyperv_net.__file__)\n"
        "from hyperv_net.applying.unattended import main",
    )
    namespace: dict[str, object] = {}
    with (
        mock.patch.object(sys, "path", ["/of/another/version", *sys.path]),
        mock.patch("builtins.print") as said,
    ):
        exec(loaded, namespace)
        assert sys.path[0] == str(CHECKOUT)
    assert said.call_args_list[0].args[0] == str(CHECKOUT / "hyperv_net/__init__.py")
    assert said.call_args_list[1].args[1][0] == system.value


def test_a_lost_terminal_does_not_end_what_is_tried_out() -> None:
    from hyperv_net.commands.trying import _without_hangups

    before = signal.getsignal(signal.SIGHUP)
    with _without_hangups():
        os.kill(os.getpid(), signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is before
