"""Doing what the steps say: commands and files, with a bound on the time each takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hyperv_net.errors import HypervNetError

#: Seconds that one command may take.  devd(8) waits for its actions one after another.
COMMAND_SECONDS = 10

#: The same for one that configures an aggregate, and may wait for DHCP.
LONG_COMMAND_SECONDS = 60

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


class Means(NamedTuple):
    """How a system is changed: a command, one that takes longer, a file, a process to end.

    Each raises HypervNetError where that fails.  `target_of` is where a link of
    the file system leads, empty where there is none.
    """

    run: Callable[[Sequence[str]], str]
    run_long: Callable[[Sequence[str]], str]
    write: Callable[[str, str], None]
    stop_process: Callable[[str], None]
    target_of: Callable[[str], str]


def live_means() -> Means:
    """The means to change the running machine."""
    return Means(run, _run_long, write, stop_process, target_of)


def run(command: Sequence[str]) -> str:
    """What a command of the running system printed.

    Raises HypervNetError with its own last line where it failed or took too long.
    """
    return _run(command, COMMAND_SECONDS)


def _run_long(command: Sequence[str]) -> str:
    return _run(command, LONG_COMMAND_SECONDS)


def _run(command: Sequence[str], seconds: int) -> str:
    from hyperv_net import processes

    ended = processes.run(command, ENVIRONMENT, seconds)
    if ended.status != 0:
        said = ended.err.decode("utf-8", "backslashreplace").strip().splitlines()
        reason = said[-1] if said else f"exit status {ended.status}"
        raise HypervNetError(reason, where=" ".join(command))
    return ended.out.decode("utf-8", "backslashreplace")


def write(path: str, text: str) -> None:
    """Write to a file that the kernel shows; it takes the text in one piece or refuses it.

    Raises HypervNetError.
    """
    import os

    try:
        # Never created: a file that is not there is a device that has left.
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)
    except OSError as error:
        raise HypervNetError(f"{error.strerror}", where=f"{path} <- {text.strip()}") from None


def target_of(path: str) -> str:
    """Where a symbolic link leads, as its text says; empty where there is none."""
    import os

    try:
        return os.readlink(path)  # noqa: PTH115 - pathlib is slow
    except OSError:
        return ""


def stop_process(pid: str) -> None:
    """End a DHCP client, and wait for it only as long as the next look at the system takes.

    One that has gone already is no error.  Raises HypervNetError.
    """
    import os
    import signal

    try:
        os.kill(int(pid), signal.SIGTERM)
    except ProcessLookupError:
        pass
    except OSError as error:
        raise HypervNetError(f"{error.strerror}", where=f"kill {pid}") from None
