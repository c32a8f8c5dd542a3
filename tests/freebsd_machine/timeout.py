"""timeout(1) of FreeBSD: a reaper, unless it is told `--foreground`.

By usr.bin/timeout/timeout.c of freebsd/freebsd-src: it acquires its descendants
(PROC_REAP_ACQUIRE of procctl(2)), goes on after the command has ended until the last of them
has, and at the end of the time signals all of them.  Linux's child subreaper is the same.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_TIMED_OUT = 124


def timeout(arguments: list[str]) -> int:
    """Run it: the exit status.  Durations are in seconds."""
    words, kill_after, foreground = list(arguments), 0.0, False
    while words and words[0].startswith("-"):
        option = words.pop(0)
        foreground = foreground or option == "--foreground"
        kill_after = float(words.pop(0)) if option == "-k" else kill_after
    end = time.monotonic() + float(words.pop(0))
    if not foreground:
        # Before the command is there, so that it has no descendant that is not ours.
        assert ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    child = os.fork()
    if child == 0:
        _execute(words)
    signals = [signal.SIGTERM, *([signal.SIGKILL] if kill_after else [])]
    status, timed_out, remaining = 0, False, True
    while remaining:
        if signals and time.monotonic() > end:
            for pid in [child] if foreground else _descendants(os.getpid()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signals[0])
            del signals[0]
            timed_out, end = True, time.monotonic() + kill_after
        with suppress(ChildProcessError):
            pid, found = os.waitpid(-1, os.WNOHANG)
            status = found if pid == child else status
            time.sleep(0 if pid else 0.01)
            remaining = not (foreground and pid == child)
            continue
        remaining = False
    return _TIMED_OUT if timed_out else os.waitstatus_to_exitcode(status)


def _execute(words: list[str]) -> None:
    try:
        os.execvp(words[0], words)
    except OSError as error:
        sys.stderr.write(f"timeout: exec({words[0]}): {error.strerror}\n")
        os._exit(127)


def _descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_descendants(child)]
    return found
