"""A machine of the lab: a guest in its network, seen from both sides."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from tests.lab import cpio
from tests.lab.disk import Image
from tests.lab.far_end import FarEnd, Window, far_end
from tests.lab.guest import Guest, guest
from tests.lab.health import BOND, addresses, ever_on_members, faults
from tests.lab.image import image
from tests.lab.network import Network, network
from tests.lab.report import Round, Row
from tests.lab.scenario import plugin, seed
from tests.lab.timing import Arrival, arrival

VF = "ens17"
SLOT = 0x11
OTHER_VF = "ens18"
OTHER_SLOT = 0x12
"""What udev calls the VF goes by its slot."""


@dataclass
class Results:
    """What a run of the lab has seen so far, and where its logs are."""

    folder: Path
    rows: list[Row] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)

    def logs_of(self, name: str) -> Path:
        """A folder for the logs of a machine; another where one of that name was there before."""
        more = (self.folder / f"{name}-{number}" for number in count(2))
        made = next(one for one in chain([self.folder / name], more) if not one.exists())
        made.mkdir(parents=True)
        return made


@dataclass(frozen=True)
class Machine:
    """A guest that has booted; `results` is told what is seen of it."""

    name: str
    renderer: str
    guest: Guest
    net: Network
    results: Results
    boot_seconds: float

    def saw(self, scenario: str, seen: str) -> None:
        """Add a row to the table."""
        self.results.rows.append(Row(self.name, scenario, seen))

    @contextmanager
    def probed(self) -> Iterator[FarEnd]:
        """Probe it from the far end of the wire."""
        with far_end(self.net, self.guest.logs) as end:
            yield end

    def settled(self, *members: str) -> None:
        """Wait until the bond holds these members and the last is active, and check addresses.

        It receives through its backups only where there is no VF to be active.

        Raises GuestError where it does not come to that, and AssertionError
        where an address is or ever was where it must not be.
        """
        bonding = f"/sys/class/net/{BOND}/bonding"
        held = f'"$(tr " " "\\n" <{bonding}/slaves | sort | xargs)"'
        self.guest.until(
            f'[ {held} = "{" ".join(sorted(members))}" ]'
            f' && [ "$(cat {bonding}/active_slave)" = {members[-1]} ]'
            f' && [ "$(cat {bonding}/all_slaves_active)" = {int(members == ("eth0",))} ]'
            f" && ip -4 -o addr show dev {BOND} | grep -q inet"
        )
        self.is_right()

    def is_right(self) -> None:
        """One address, on the bond; nothing on the members, now or at any time of this boot."""
        wrong = [
            *faults(addresses(self.guest.ask("ip -j addr show"))),
            *ever_on_members(self.guest.notes()),
        ]
        if wrong:
            raise AssertionError("; ".join(wrong))

    def detach_and_attach(
        self, end: FarEnd, slot: int, way: str, *, drained: bool = False, wait: str | None = None
    ) -> Round:
        """Take the VF away and bring it back, into `slot`, while the far end looks on.

        `wait` is what to wait for after the VF has come back instead of its
        being the active member.
        """
        vf = f"ens{slot}"
        drain = None
        end.window()
        if drained:
            self.guest.ask("python3 -m hyperv_net drain")
            drain = end.window()
        self.guest.detach_vf()
        self.guest.until(f"[ $(cat /sys/class/net/{BOND}/bonding/active_slave) = eth0 ]")
        detach = end.window()
        self.rest()
        before = len(self.guest.notes())
        self.guest.attach_vf(slot)
        self.guest.until(wait or f"[ $(cat /sys/class/net/{BOND}/bonding/active_slave) = {vf} ]")
        attach = end.window()
        done = Round(self.name, way, detach, attach, self.arrival(before, vf), drain)
        self.results.rounds.append(done)
        for window in (detach, attach, drain):
            if window is not None and not is_unbroken(window):
                raise AssertionError(f"the stream broke: {window}")
        return done

    def rest(self) -> None:
        """Wait until the guest has done what the last event asked of it.

        A VF that migrates is away for half a minute; one that comes back at
        once would find an emulated processor still busy with its leaving.
        """
        self.guest.rest()
        unit = "hyperv-net-reconcile.service"
        self.guest.until(
            f"udevadm settle && [ ! -e /run/hyperv-net/again ] &&"
            f' [ "$(systemctl show -P ActiveState {unit})" = inactive ]'
        )

    def arrival(self, before: int, vf: str) -> Arrival:
        """When the VF came, had joined and carried the traffic, by the notes from `before` on."""
        return arrival(self.guest.notes(before), vf)


def is_unbroken(window: Window) -> bool:
    """Whether the TCP stream held and went on."""
    return not window.stream_broken and window.stream_lines > 0


@contextmanager
def booted(suite: str, renderer: str, results: Results) -> Iterator[Machine]:
    """A machine after its first boot through cloud-init, with the plugin in its image."""
    name = f"{suite}-{renderer}"
    with started(name, renderer, image(suite, renderer), plugin(suite, renderer), results) as one:
        yield one


@contextmanager
def started(
    name: str,
    renderer: str,
    made: Image,
    files: Iterable[cpio.Entry],
    results: Results,
    vf: int | None = SLOT,
    *,
    failover: bool = False,
) -> Iterator[Machine]:
    """A machine after its first boot of this image, with a seed and these files laid over it.

    With `failover` its kernel owns the pair.
    """
    logs = results.logs_of(name)
    with network(logs) as net:
        start = time.monotonic()
        with guest(made, net, [*seed(renderer), *files], logs, vf, failover=failover) as one:
            try:
                wait_for_boot(one)
                yield Machine(name, renderer, one, net, results, time.monotonic() - start)
            finally:
                _collect(one)


def wait_for_boot(one: Guest) -> None:
    """Wait until a boot has come to its end, as systemd sees it."""
    one.until("systemctl is-system-running --wait >/dev/null; [ $? -lt 2 ]", 900)


def _collect(one: Guest) -> None:
    """Leave a guest's own logs beside those of its QEMU."""
    (one.logs / "notes").write_text("".join(f"{note}\n" for note in one.notes()))
    for name, command in {
        "journal.log": "journalctl --no-pager -o short-monotonic",
        "cloud-init.log": "cat /var/log/cloud-init.log",
        "network": "ip addr; cat /proc/net/bonding/*; tail -n +1 /etc/netplan/* "
        "/etc/network/interfaces.d/* /etc/systemd/network/* /etc/udev/rules.d/* "
        "/var/lib/hyperv-net/* /var/lib/hyperv-net/history/* /run/hyperv-net/*",
        "counters": "ip -s -s link; ip neigh; nstat -az; cat /proc/softirqs /proc/interrupts",
    }.items():
        (one.logs / name).write_text(one.run(command).out)
