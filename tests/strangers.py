"""Keeps the machine's own programs out of the tests: whichever calls one fails.

While a test runs, stand-ins are first in PATH, which note the call and fail; and Python refuses to
start one of these programs by a path of the machine's, or by a PATH that leads there, whether
the machine has it or not.  conftest.py fails the test that made the call.

A test that wants such a program puts one of its own in front.  What neither of the two sees
is a program that calls another by its full path: `hiding` is for those that do.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

#: What looks at the machine's devices, network and services, or changes them.
NAMES = frozenset(
    (
        *("bridge", "ethtool", "ifconfig", "ip", "modprobe", "netstat", "route", "sysctl"),
        *("ifdown", "ifquery", "ifreload", "ifup", "netplan", "networkctl", "nmcli", "wicked"),
        *("dhclient", "dhcpcd", "resolvconf", "resolvectl", "udhcpc"),
        *("cloud-init", "logger", "service", "systemctl", "systemd-detect-virt", "udevadm"),
        *("kenv", "kldload", "kldstat"),
    )
)

#: The marks of tests that run in sandboxes and machines of their own, made by the machine's `ip`.
MAY_RUN_THEM = frozenset({"firstboot", "lab", "packages"})

#: A PATH without any program.
NO_PROGRAMS = "/nowhere"

#: The variable of the environment that names the file of the calls, while they are forbidden.
CALLS = "HYPERV_NET_TEST_CALLS"

_CHECKOUT = Path(__file__).resolve().parents[1]
_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")

_STAND_IN = """\
#!/bin/sh
parent=$(tr '\\0' ' ' </proc/$PPID/cmdline) 2>/dev/null
echo "${0##*/}${*:+ $*}  (called by: $parent)" >>"${0%/*/*}/calls"
echo "${0##*/}: the machine's own, which no test may run" >&2
exit 1
"""

#: Covers the files in front of `--`, which nobody else sees, and goes on as the command behind it.
_HIDE = """\
while [ "$1" != -- ]; do mount --bind /dev/null "$1"; shift; done
shift
exec "$@"
"""

# What starts a program, and which argument of the event is its environment.
_EVENTS = {"subprocess.Popen": 3, "os.posix_spawn": 2, "os.exec": 2}

_own_folders: set[str] = set()


class StrangerError(Exception):
    """A program of the machine was about to be run."""


class StandIns:
    """A folder of them, and the calls that were noted."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder / "bin"
        self._calls = folder / "calls"
        self._bin.mkdir()
        for name in NAMES:
            (self._bin / name).write_text(_STAND_IN)
            (self._bin / name).chmod(0o755)

    @contextmanager
    def first_in_path(self) -> Iterator[None]:
        """Nothing but a stand-in is run in this block, by whoever inherits its environment."""
        before = os.environ.copy()
        os.environ["PATH"] = f"{self._bin}:{before.get('PATH', os.defpath)}"
        os.environ[CALLS] = str(self._calls)
        try:
            yield
        finally:
            for name in ("PATH", CALLS):
                if name in before:
                    os.environ[name] = before[name]
                else:
                    del os.environ[name]

    def take(self) -> str:
        """The calls since the last time, a line each."""
        if not self._calls.exists():
            return ""
        text = self._calls.read_text(errors="backslashreplace")
        self._calls.unlink()
        return text


def watch(*own: str) -> None:
    """From here on this process refuses to start them, wherever CALLS is in its environment.

    Those below the checkout, below the folder for temporary files and below the
    folders `own` are the tests'.  There is no way back.
    """
    first = not _own_folders
    for folder in (str(_CHECKOUT), tempfile.gettempdir(), *own):
        _own_folders.update((folder, os.path.realpath(folder)))
    if first:
        sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    place = _EVENTS.get(event)
    if place is None or not isinstance(arguments[0], (str, bytes, os.PathLike)):
        return
    calls = os.environ.get(CALLS)
    program, environment = os.fsdecode(arguments[0]), arguments[place]
    assert environment is None or isinstance(environment, Mapping)
    if not calls or not _is_strange(program, environment):
        return
    words = arguments[1] if isinstance(arguments[1], (list, tuple)) else (program,)
    said = " ".join([program, *(os.fsdecode(word) for word in words[1:])])
    with open(calls, "a", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123
        file.write(f"{said}  (started by Python)\n")
    raise StrangerError(f"the machine's own, which no test may run: {said}")


def _is_strange(program: str, environment: Mapping[str, str] | None) -> bool:
    """Whether it would be the machine's, if the machine had it."""
    folder, name = os.path.split(program)
    if name not in NAMES:
        return False
    if folder:
        return not _is_own(program)
    for folder in os.get_exec_path(environment):
        if _is_own(folder):
            if os.access(f"{folder}/{name}", os.X_OK):
                return False
        elif os.path.isdir(folder):  # noqa: PTH112
            return True
    return False


def _is_own(path: str) -> bool:
    return f"{os.path.abspath(path)}/".startswith(tuple(f"{one}/" for one in _own_folders))  # noqa: PTH100


def hiding(names: Sequence[str], command: Sequence[str]) -> list[str]:
    """The command, where it finds none of these programs of the machine, whatever path it takes.

    That is in a mount namespace, or here where the machine has none of them.
    """
    files = [Path(folder, name) for folder in _FOLDERS for name in names]
    found = sorted({os.path.realpath(file) for file in files if file.exists()})
    if not found:
        return list(command)
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *as_root, "--mount", "sh", "-euc", _HIDE, "hide", *found, "--", *command]
