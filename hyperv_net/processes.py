"""Running a command with a bound on its time, without the standard library's way to do it.

subprocess takes longer to import than a whole look at the machine.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import time
from contextlib import suppress

from hyperv_net.errors import HypervNetError
from hyperv_net.programs import PATH, SECONDS
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What a program of the system gets to see of this one's environment: nothing.
ENVIRONMENT = {"PATH": PATH, "LC_ALL": "C"}

_PIECE = 1 << 16
_PAUSE = 0.001


class Ended(NamedTuple):
    """How a command ended: exit status (negative: a signal), and both outputs."""

    status: int
    out: bytes
    err: bytes


def output(command: Sequence[str], seconds: float = SECONDS) -> str:
    """What a command of the running system printed; bytes that are no UTF-8 are escaped.

    Raises HypervNetError with its own last line where it failed, and as `run` does.
    """
    ended = run(command, ENVIRONMENT, seconds)
    if ended.status != 0:
        said = ended.err.decode("utf-8", "backslashreplace").strip().splitlines()
        reason = said[-1] if said else f"exit status {ended.status}"
        raise HypervNetError(reason, where=" ".join(command))
    return ended.out.decode("utf-8", "backslashreplace")


def run(command: Sequence[str], environment: Mapping[str, str], seconds: float) -> Ended:
    """Run a program of the PATH in `environment`, in that alone, with nothing on its input.

    Raises HypervNetError where it cannot be run, and where it takes longer:
    that ends it and all that it started.
    """
    end = time.monotonic() + seconds
    out, to_out = os.pipe()
    err, to_err = os.pipe()
    try:
        try:
            process = os.posix_spawn(
                _found(command[0], environment.get("PATH", "")),
                list(command),
                environment,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, to_out, 1),
                    (os.POSIX_SPAWN_DUP2, to_err, 2),
                ],
                setpgroup=0,
            )
        except OSError as error:
            raise HypervNetError(
                f"cannot be run: {error.strerror}",
                where=command[0],
                hint="install the package that has it" if error.errno == errno.ENOENT else "",
            ) from None
        finally:
            os.close(to_out)
            os.close(to_err)
        try:
            said = _read((out, err), end)
            return Ended(_wait(process, end), said[out], said[err])
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            raise HypervNetError(f"took longer than {seconds} s", where=" ".join(command)) from None
    finally:
        os.close(out)
        os.close(err)


def _found(name: str, path: str) -> str:
    """The program's file; posix_spawnp(3) would look in the PATH of this process."""
    if "/" in name:
        return name
    files = (f"{folder}/{name}" for folder in path.split(":"))
    return next((file for file in files if os.access(file, os.X_OK)), name)


def _read(pipes: Sequence[int], end: float) -> dict[int, bytes]:
    """All that comes out of the pipes until both are closed.  Raises TimeoutError at `end`."""
    said = dict.fromkeys(pipes, b"")
    # Not select(2), which cannot name a descriptor above 1,023.
    still_open = select.poll()
    for pipe in said:
        still_open.register(pipe, select.POLLIN)
    left_open = len(said)
    while left_open:
        left = end - time.monotonic()
        ready = still_open.poll(left * 1000) if left > 0 else []
        if not ready:
            raise TimeoutError
        for pipe, _ in ready:
            piece = os.read(pipe, _PIECE)
            said[pipe] += piece
            if not piece:
                still_open.unregister(pipe)
                left_open -= 1
    return said


def _wait(process: int, end: float) -> int:
    """The exit status; a process that has closed its outputs is nearly always at its end."""
    while True:
        ended, status = os.waitpid(process, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(_PAUSE)
