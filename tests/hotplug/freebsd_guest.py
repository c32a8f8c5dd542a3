"""A FreeBSD machine with hyperv-net on it: the real hook and program, devd's rules, the fake rest.

The hook and `hyperv-net` are those of the checkout, run by a real shell and a
real Python in the machine's namespaces; which of devd's rules an event runs is
worked out by `tests.devd`, and the actions are given to sh(1) one after
another, as devd does.
"""

from __future__ import annotations

import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hyperv_net.bake.package import own_package
from hyperv_net.inventory.freebsd import IFCONFIG_WITH_DRIVERS, SYSCTL, inventory_from
from hyperv_net.inventory.snapshot import to_json
from tests.debian.packages import unpacked
from tests.devd import base
from tests.devd.dispatch import commands
from tests.devd.grammar import Rule, parse
from tests.freebsd_machine.machine import Machine, new_machine
from tests.freebsd_machine.state import State
from tests.hotplug import freebsd_scripts as scripts
from tests.hotplug.freebsd_watched import violations
from tests.outcome import Outcome
from tests.paths import CHECKOUT

DATA = CHECKOUT / "hyperv_net/data/freebsd"
HOOK = "/usr/local/libexec/hyperv-net/devd-hook"
WANTED = "var/db/hyperv-net/wanted.json"
_SECONDS = 300
# More than any test needs: two that wake each other are found by it.
_MOST_EVENTS = 2000


class Guest:
    """The machine, what the host does to it, and devd."""

    def __init__(self, machine: Machine, shell: str, rules: tuple[Rule, ...]) -> None:
        self.machine = machine
        self._rules = rules
        # dash knows no $'…', which FreeBSD's sh does; a devd before 2016 used none.
        self._quotes = shell != "dash"
        # Nothing of the machine's own runs yet, but what holds its namespaces.
        self._holders = frozenset(pid for pid, _ in _processes(machine))
        self.actions: list[str] = []

    def inside(self, command: str | list[str]) -> Outcome:
        """A shell command, or a program, in the machine."""
        return self.machine.inside(command)

    def boot(self) -> None:
        """rc(8) configures the network, and then devd is given what happened meanwhile."""
        self._rc("netif start", "routing start")
        self.settle()
        self.machine.journey.begin("the boot")

    def boot_quickly(self) -> None:
        """The same, but devd was told nothing: the clients run, and the hook has looked once."""
        self._rc("netif start")
        laggs = [one.name for one in self.state.interfaces if one.kind == "lagg"]
        for lagg in laggs:
            # It fails where the lagg has no DHCP.
            self.machine.run("service", "dhclient", "quietstart", lagg)
        self._rc("routing start")
        self.machine.take_events()
        done = self.inside("/usr/local/bin/hyperv-net reconcile")
        assert done.status == 0, done.err
        self.machine.take_events()
        self.machine.journey.begin("the boot")

    def unbake(self) -> None:
        """Our rules, the hook and the program have gone; what was written stays."""
        self._rules = base.RULES
        assert self.inside(f"rm {HOOK} /usr/local/bin/hyperv-net").status == 0

    def _rc(self, *commands: str) -> None:
        for command in commands:
            done = self.machine.run("service", *command.split())
            assert done.status == 0, done.err

    def attach(self, name: str = "mce0", **more: Any) -> None:
        """A VF comes, and devd does what it does then."""
        with self.machine.journey.step(f"{name} arrives"):
            self.arrive(name, **more)
            self.settle()

    def arrive(self, name: str = "mce0", **more: Any) -> None:
        """A VF comes; devd has not yet been told."""
        self._queue(self.machine.attach_vf(name, **more))

    def detach(self, name: str = "mce0") -> None:
        """A VF goes, and devd does what it does then."""
        with self.machine.journey.step(f"{name} has gone"):
            self._queue(self.machine.detach_vf(name))
            self.settle()

    def notify(self, *events: str) -> None:
        """Events, each `SYSTEM SUBSYSTEM TYPE`, that devd is given again."""
        self._queue(list(events))

    def _queue(self, events: list[str]) -> None:
        with self.machine.changing() as state:
            state.events += events

    def settle(self) -> None:
        """Let devd work until there is no event, and nothing that an action started runs."""
        with self.machine.journey.step("devd is done"):
            for _ in range(_MOST_EVENTS):
                events = self.machine.take_events()
                for event in events:
                    self._dispatch(event)
                if not events:
                    self.rest()
                    if not self.machine.look().events:
                        return
        raise AssertionError(f"devd never rests; last: {self.actions[-5:]}")

    def _dispatch(self, event: str) -> None:
        system, subsystem, kind = event.split(" ")
        line = f"!system={system} subsystem={subsystem} type={kind}"
        for command in commands(self._rules, line, self._media, quotes=self._quotes):
            self.actions.append(command)
            done = self.inside(command)
            assert "not found" not in done.err and "yntax" not in done.err, done.err

    def _media(self, name: str) -> str:
        found = self.machine.look().find(name)
        # A vlan answers as its parent does (vlan_ioctl() of sys/net/if_vlan.c).
        kinds = ("ether", "lagg", "vlan")
        return "ethernet" if found is not None and found.kind in kinds else "unknown"

    def rest(self) -> None:
        """Wait until nothing that was started runs any more."""
        self.wait(lambda: not self.running())

    def wait(self, condition: Callable[[], bool]) -> None:
        """Until something is so, which must come to pass."""
        end = time.monotonic() + _SECONDS
        while not condition():
            assert time.monotonic() < end, f"still running: {self.running()}"
            time.sleep(0.01)

    def running(self) -> list[str]:
        """What runs in the machine now, DHCP clients excepted."""
        return [name for pid, name in _processes(self.machine) if pid not in self._holders]

    @property
    def state(self) -> State:
        """The state as it is now."""
        return self.machine.look()

    def ports(self, lagg: str = "lagg0") -> dict[str, bool]:
        """The ports of a lagg, and whether each is up."""
        state = self.state
        return {name: state.get(name).up for name in state.get(lagg).ports}

    def addresses(self, name: str) -> list[str]:
        """The addresses of an interface, without those that the kernel gave it."""
        interface = self.state.get(name)
        return [one.address for one in (*interface.inet, *interface.inet6) if not one.automatic]

    @property
    def log(self) -> str:
        """What was logged."""
        return self.machine.read("var/log/messages")

    @property
    def violations(self) -> list[str]:
        """When a VF was up outside its aggregate, or a port had an address."""
        return violations(self.machine.folder / "state")

    @property
    def calls(self) -> list[str]:
        """Every program that was run in the machine."""
        return self.machine.calls

    def called(self, beginning: str) -> list[str]:
        """Those of the calls that begin like this."""
        return [call for call in self.calls if call.startswith(beginning)]


@contextmanager
def guest(
    folder: Path,
    network: str = "",
    shell: str = "dash",
    *,
    rc_conf: str = "",
    prepare: Callable[[Machine], None] = lambda machine: None,
    **more: object,
) -> Iterator[Guest]:
    """A machine with the hook installed.

    `network` is a network config, from which `hyperv-net render` makes its
    files, and `rc_conf` what rc.conf had before.  `prepare` changes the
    machine before anything else; `more` is for `new_machine`.
    """
    with new_machine(folder, rc_conf=rc_conf, **more) as machine:  # type: ignore[arg-type]
        prepare(machine)
        _watch(machine)
        _install(machine, shell)
        if network:
            _configure(machine, network)
        own = parse(own_package()["data/freebsd/hyperv-net.conf"])
        yield Guest(machine, shell, (*base.RULES, *own))


def _processes(machine: Machine) -> list[tuple[str, str]]:
    """The processes of the machine that are alive, by number and name; no DHCP clients."""
    rows = machine.inside(["ps", "-A", "-o", "pid=,stat=,comm="]).out.splitlines()
    found = (row.split(maxsplit=2) for row in rows)
    return [
        (pid, name)
        for pid, state, name in found
        if not state.startswith("Z") and name not in ("ps", "dhclient")
    ]


def _watch(machine: Machine) -> None:
    for program in machine.bin.iterdir():
        text = program.read_text()
        module = "tests.freebsd_machine.programs"
        assert module in text
        program.write_text(text.replace(module, "tests.hotplug.freebsd_watched"))


def _install(machine: Machine, shell: str) -> None:
    calls = shlex.quote(str(machine.folder / "state/calls"))
    files = {
        "/usr/local/bin/hyperv-net": scripts.PROGRAM,
        HOOK: (DATA / "devd-hook").read_text(),
        "/usr/sbin/daemon": scripts.DAEMON,
        "/usr/bin/lockf": scripts.LOCKF,
        "/usr/bin/logger": scripts.LOGGER,
        "/sbin/sleep": scripts.SLEEP,
    }
    for name in ("hyperv_vfattach", "hyperv_vfup"):
        files[f"/usr/libexec/hyperv/{name}"] = scripts.RECORDER.format(name=name, calls=calls)
    for path, text in files.items():
        install(machine, path, text)
    # Debian's awk is a link by way of /etc, which is the machine's own here.
    awk = os.path.realpath(shutil.which("awk") or "")
    for program, name in ((_shell(shell), "sh"), (awk, "awk")):
        done = machine.inside(["cp", "--remove-destination", program, f"/usr/bin/{name}"])
        assert done.status == 0, done.err


def _shell(name: str) -> str:
    """A shell's program; mksh is Debian's, statically linked."""
    if name != "mksh":
        return os.path.realpath(shutil.which(name) or "")
    root = unpacked("bookworm", ("mksh",)).root
    (program,) = root.glob("usr/lib/*-linux-musl/bin/mksh")
    return str(program)


def install(machine: Machine, path: str, text: str) -> None:
    """Put an executable into the machine, anywhere."""
    staged = machine.folder / "staged"
    staged.write_text(text)
    staged.chmod(0o755)
    folder = path.rpartition("/")[0]
    done = machine.inside(f"mkdir -p {folder} && rm -f {path} && cp {staged} {path}")
    assert done.status == 0, done.err


def take_inventory(machine: Machine) -> None:
    """As tmp/inventory.json: the machine is not FreeBSD for Python, so it cannot by itself."""
    ifconfig, sysctl = (
        machine.run(path.rpartition("/")[2], *arguments).out
        for path, *arguments in (IFCONFIG_WITH_DRIVERS, SYSCTL)
    )
    ifconfig = ifconfig or machine.run("ifconfig", "-a").out
    machine.write("tmp/inventory.json", to_json(inventory_from(ifconfig, sysctl, {})))


def _configure(machine: Machine, network: str) -> None:
    take_inventory(machine)
    machine.write("tmp/network-config.yaml", network)
    done = machine.inside(
        "cd /tmp && /usr/local/bin/hyperv-net render --inventory inventory.json --target freebsd"
        " --network-config network-config.yaml --root / --output-dir rendered"
        " && cp -R rendered/. / && rm -r rendered"
    )
    assert done.status == 0, done.err
