"""A FreeBSD machine for a test: made, used from inside and outside, and taken away again.

Inside, programs and scripts run in namespaces of the machine's own, where
/sbin/ifconfig and its like are those of this package, and /etc, /var, /boot
and /tmp are folders of the machine.  Or one program is run in this process,
which is quicker: `run`.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.files import put
from tests.freebsd_machine import host, kernel
from tests.freebsd_machine.dhclient import hear, renew
from tests.freebsd_machine.journey import Journey
from tests.freebsd_machine.namespaces import hold
from tests.freebsd_machine.path import card_of
from tests.freebsd_machine.programs import PLACES, note, run
from tests.freebsd_machine.rc_conf import DEFAULTS
from tests.freebsd_machine.state import Interface, Offer, State, changing, save
from tests.outcome import Outcome
from tests.paths import CHECKOUT

MAC = "00:0d:3a:11:22:33"

_PROGRAM = """\
#!/bin/sh
exec {python} -IS -c 'import sys; sys.path.insert(0, "{checkout}")
from tests.freebsd_machine.programs import main
sys.exit(main(*sys.argv[1:]))' {state} {root} {name} "$@"
"""
_SECONDS = 60


class Machine:
    """One machine below a folder: `state/`, its files in `root/`, its programs in `bin/`.

    A context manager: at the end of the block nothing of it runs any more.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.bin = folder / "bin"
        self.journey = Journey(self.look)
        self._state = folder / "state"
        self._holder: subprocess.Popen[str] | None = None

    def __enter__(self) -> Machine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End its processes."""
        if self._holder is not None:
            self._holder.communicate("")
            self._holder = None

    # From outside.

    @contextmanager
    def changing(self) -> Iterator[State]:
        """The state, to be looked at and changed."""
        with changing(self._state) as state:
            yield state

    def look(self) -> State:
        """The state as it is now."""
        with self.changing() as state:
            return state

    def interface(self, name: str) -> Interface:
        """An interface of now; raises RefusedError where there is none."""
        return self.look().get(name)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Put a file below the root."""
        put(self.root, path, text, mode)

    def read(self, path: str) -> str:
        """A file below the root; '' where there is none."""
        file = self.root / path
        return file.read_text() if file.exists() else ""

    def attach_vf(self, name: str = "mce0", mac: str = MAC, **more: Any) -> list[str]:
        """A VF comes; the events that devd gets, each `SYSTEM SUBSYSTEM TYPE`."""
        with self.journey.step(f"{name} comes"):
            return self._host(lambda state: host.attach_vf(state, name, mac, **more))

    def detach_vf(self, name: str = "mce0") -> list[str]:
        """It goes."""
        with self.journey.step(f"{name} goes"):
            return self._host(lambda state: host.detach_vf(state, name))

    def set_carrier(self, name: str, carrier: bool) -> list[str]:
        """A cable is put in or pulled."""
        with self.journey.step(f"the cable of {name} {'in' if carrier else 'out'}"):
            return self._host(lambda state: host.set_carrier(state, name, carrier))

    def renew(self, name: str, offer: Offer) -> None:
        """The lease of an interface's client is renewed, with this from now on."""
        with self.journey.step(f"the lease of {name} is renewed"), self.changing() as state:
            renew(state, self.root, name, offer)

    def _host(self, change: Callable[[State], None]) -> list[str]:
        with self.changing() as state:
            waiting, state.events = state.events, []
            change(state)
            new, state.events = state.events, waiting
            clients = bool(state.clients)
        if clients:
            self._let_clients_hear()
        return new

    def _let_clients_hear(self) -> None:
        """Where they are processes, those of the namespaces."""
        if self._holder is not None:
            self._inside_itself()
        else:
            with self.changing() as state:
                hear(state, self.root)

    def take_events(self) -> list[str]:
        """The events that devd has not been given yet, of all but what the host did."""
        with self.changing() as state:
            events, state.events = state.events, []
        return events

    def path_of(self, name: str) -> str:
        """The card that carries what is sent to `name`; '' where it is lost."""
        return card_of(self.look(), name)[0]

    @property
    def calls(self) -> list[str]:
        """Every program that was run, with its arguments, since the machine was made."""
        file = self._state / "calls"
        return file.read_text().splitlines() if file.exists() else []

    # Inside.

    def run(self, name: str, *arguments: str) -> Outcome:
        """One of its programs, in this process."""
        if self._holder is not None:
            return self.inside([f"/{PLACES[name]}/{name}", *arguments])
        call = " ".join([name, *arguments])
        note(self._state, call)
        with self.journey.step(call), self.changing() as state:
            return Outcome(*run(state, self.root, name, list(arguments), real=False))

    def inside(
        self, command: str | Sequence[str], environment: Mapping[str, str] | None = None
    ) -> Outcome:
        """A shell command or a program, in the namespaces of the machine."""
        words = ["/bin/sh", "-c", command] if isinstance(command, str) else list(command)
        with self.journey.step(" ".join(words[-1:] if isinstance(command, str) else words)):
            done = subprocess.run(
                [*self._entered(), *words],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="backslashreplace",
                timeout=_SECONDS,
                cwd="/",
                env={
                    "PATH": "/sbin:/bin:/usr/sbin:/usr/bin",
                    "HOME": "/root",
                    **(environment or {}),
                },
            )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def _inside_itself(self) -> None:
        """A program that has no other effect than any has."""
        program = shlex.quote(str(self.bin / "make-clients-real"))
        assert self.inside(program).status == 0

    def _entered(self) -> list[str]:
        if self._holder is None:
            self._holder = hold(self.folder)
            self._inside_itself()
        # The holder is unshare itself; its child is process 1 of the namespaces.
        children = Path(f"/proc/{self._holder.pid}/task/{self._holder.pid}/children")
        (first,) = children.read_text().split()
        user = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        return ["nsenter", "--target", first, *user, "--mount", "--pid", "--"]


def new_machine(
    folder: Path,
    *,
    release: str = "14.3-RELEASE",
    transparent: int | None = 0,
    vf: str = "mce0",
    rc_conf: str = "",
    offers: Mapping[str, Offer] | None = None,
    mac: str = MAC,
) -> Machine:
    """A machine with hn0, lo0 and, unless `vf` is empty, its VF; nothing is configured."""
    machine = Machine(folder)
    for place in ("state", "bin", *(f"root/{one}" for one in _FOLDERS)):
        (folder / place).mkdir(parents=True, exist_ok=True)
    state = State(release=release, transparent=transparent)
    state.offers = dict(offers or {})
    host.attach_hn(state, 0, mac)
    kernel.attach(state, Interface("lo0", 0, "loopback", mtu=16384, groups=["lo"]))
    if vf:
        host.attach_vf(state, vf, mac)
    save(folder / "state", state)
    machine.write("etc/defaults/rc.conf", DEFAULTS)
    machine.write("etc/rc.conf", rc_conf)
    machine.write("etc/resolv.conf", "")
    machine.write("etc/passwd", "root:x:0:0:Charlie &:/root:/bin/sh\n")
    machine.write("etc/group", "wheel:x:0:root\n")
    write_programs(machine.bin, folder / "state", machine.root)
    return machine


_FOLDERS = ("etc/defaults", "var/run", "var/db", "var/log", "var/cache", "boot", "tmp")


def write_programs(
    folder: Path, state: Path, root: Path, *, checkout: Path = CHECKOUT, python: str = ""
) -> None:
    """Executables of all programs in one folder, for a machine whose state and files are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (*PLACES, "make-clients-real"):
        words = {
            "python": shlex.quote(python or sys.executable),
            "checkout": checkout,
            "state": shlex.quote(str(state)),
            "root": shlex.quote(str(root)),
            "name": name,
        }
        (folder / name).write_text(_PROGRAM.format(**words))
        (folder / name).chmod(0o755)
