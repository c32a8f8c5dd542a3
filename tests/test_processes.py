"""Commands that the hook runs: what comes back, and that no command keeps it."""

from __future__ import annotations

import errno
import os
import resource
import time
from pathlib import Path

import pytest

from hyperv_net import processes
from hyperv_net.errors import HypervNetError

PATH = {"PATH": "/nowhere:/usr/bin:/bin"}


def shell(script: str, seconds: float = 20) -> processes.Ended:
    return processes.run(["sh", "-c", script], PATH, seconds)


def test_both_outputs_and_the_status_come_back_however_long_they_are() -> None:
    ended = shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 3")
    assert (ended.status, len(ended.out), len(ended.err)) == (3, 300000, 300000)


def test_its_environment_is_the_given_one_and_its_input_is_empty() -> None:
    assert shell("cat; echo $HOME-$PATH").out == f"-{PATH['PATH']}\n".encode()


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    """One that has closed its outputs as well."""
    for closing in ("", "exec >&- 2>&-; "):
        fifo = tmp_path / f"fifo{len(closing)}"
        os.mkfifo(fifo)
        with pytest.raises(HypervNetError, match=r"took longer than 0\.2 s"):
            # Opened for both, so that the shell does not wait; held by what it started.
            shell(f"exec 3<>{fifo}; {closing}(sleep 100) & sleep 100", 0.2)
        wait_until_nobody_reads(fifo)


def wait_until_nobody_reads(fifo: Path) -> None:
    """What was killed is gone a moment later."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            assert error.errno == errno.ENXIO
            return
    raise AssertionError("still there")


def test_nothing_is_left_open() -> None:
    before = {path.name for path in Path("/dev/fd").iterdir()}
    for script in ("true", "exit 1"):
        shell(script)
    with pytest.raises(HypervNetError, match=r"no-such-program: cannot be run: No such .*install"):
        processes.run(["no-such-program"], PATH, 20)
    assert {path.name for path in Path("/dev/fd").iterdir()} == before


def test_a_process_with_many_open_files_can_read_a_commands_output() -> None:
    """select(2) would refuse descriptors above 1,023."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2048)), hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        assert shell("echo read").out == b"read\n"
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_command_that_failed_is_an_error_with_its_own_last_line() -> None:
    with pytest.raises(HypervNetError) as caught:
        processes.output(["sh", "-c", "echo first >&2; echo last >&2; exit 2"])
    assert caught.value.what == "last"
    with pytest.raises(HypervNetError, match="exit status 4"):
        processes.output(["sh", "-c", "exit 4"])
    assert processes.output(["sh", "-c", "echo fine"]) == "fine\n"
