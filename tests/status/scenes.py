"""Captured machines with what their managers and the hook leave behind."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from hyperv_net.companions.wanted_file import to_json
from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.hotplug.kept.drains import keep_drains
from hyperv_net.hotplug.kept.last import Run, record
from hyperv_net.hotplug.look.state import Drain
from hyperv_net.hotplug.wanted import PATHS, Wanted, WantedPair
from hyperv_net.model import Mode, Settings, System
from hyperv_net.status.assemble import assemble
from hyperv_net.status.judge import judge
from hyperv_net.status.linux import Live, see_linux
from hyperv_net.status.model import MachineStatus, Verdict
from tests.files import put
from tests.inventory.captured import capture, materialise

MAC = "00:0d:3a:11:22:33"
NOW = "2026-11-22T12:00:00Z"
BOND = WantedPair(
    MAC,
    Mode.AGGREGATE,
    "eth0",
    ("virtio_net",),
    "bond0",
    primary=True,
    options=(("mode", "active-backup"),),
)
NETPLAN = Wanted(System.LINUX, "netplan", (BOND,))

#: As iproute2 of bookworm printed them on the machine of the capture `virtio-bond`.
ADDRESSES = (
    "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n"
    "1: lo    inet6 ::1/128 scope host noprefixroute \\       valid_lft forever\n"
    "4: bond0    inet 10.77.0.50/24 brd 10.77.0.255 scope global bond0\\       valid_lft forever\n"
    "4: bond0    inet6 fe80::20d:3aff:fe11:2233/64 scope link \\       valid_lft forever\n"
)


class Scene:
    """The tree of one machine, and what is asked of it beside."""

    def __init__(self, root: Path, name: str = "virtio-bond", wanted: Wanted | None = NETPLAN):
        self.root = materialise(capture(name), root)
        self.wanted = wanted
        self.addresses = ADDRESSES if name == "virtio-bond" else ""
        self.statistics: Mapping[str, int] | None = None
        if wanted is not None:
            self.write(PATHS[System.LINUX], to_json(wanted))
        if name == "virtio-bond":
            self.bonding(active_slave="ens17", primary="ens17", primary_reselect="always 0")
            self.reconciled()

    def write(self, path: str, text: str) -> None:
        put(self.root, path, text)

    def nic(self, name: str, **files: str) -> None:
        """Files in the NIC's directory of sysfs, `__` for a slash."""
        directory = (self.root / "sys/class/net" / name).resolve()
        for file, text in files.items():
            place = directory / file.replace("__", "/")
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"{text}\n")

    def bonding(self, **files: str) -> None:
        self.nic("bond0", **{f"bonding__{name}": text for name, text in files.items()})

    def out_of_its_master(self, name: str) -> None:
        directory = (self.root / "sys/class/net" / name).resolve()
        (directory / "master").unlink()

    def counted(self, name: str, received: int, sent: int, *carried: int) -> None:
        """Packets, and the bytes of both directions where they are given."""
        files = ("rx_packets", "tx_packets", "rx_bytes", "tx_bytes")
        counts = zip(files, (received, sent, *carried))
        self.nic(name, **{f"statistics__{file}": str(count) for file, count in counts})

    def networkd(
        self, index: int, file: str, text: str | None = None, state: str = "configured"
    ) -> None:
        self.write(
            f"run/systemd/netif/links/{index}",
            f"# This is private data. Do not parse.\nADMIN_STATE={state}\n"
            f"OPER_STATE=enslaved\nNETWORK_FILE=/{file}\n",
        )
        if text is not None:
            self.write(file, text)

    def reconciled(self, failures: tuple[str, ...] = (), settled: bool = True) -> None:
        (self.root / "run/hyperv-net").mkdir(parents=True, exist_ok=True)
        record(str(self.root / "run/hyperv-net"), Run(NOW, failures=failures, settled=settled))

    def drained(self, drain: Drain) -> None:
        keep_drains(str(self.root / "run/hyperv-net"), [drain])

    def status(self, live: bool = True) -> MachineStatus:
        seen = see_linux(str(self.root), self._live() if live else None)
        drivers = {"hv_netvsc"}
        for pair in self.wanted.pairs if self.wanted else ():
            drivers.update(pair.synthetic_drivers)
        settings = Settings()._replace(synthetic_drivers=tuple(sorted(drivers)))
        pairing = find_pairs(seen.inventory, settings.synthetic_drivers)
        decided = decide(pairing.pairs, seen.inventory, settings)
        return assemble(
            seen, self.wanted, decided.decisions, (*pairing.findings, *decided.findings)
        )

    def verdict(self, now: str = NOW, uptime: float | None = None) -> Verdict:
        return judge(self.status(), now, uptime)

    def rules(self, now: str = NOW, uptime: float | None = None) -> list[str]:
        """The findings as `error vf-not-joined ens17`."""
        return [
            f"{one.severity.value} {one.rule} {one.where}"
            for one in self.verdict(now, uptime).findings
        ]

    def _live(self) -> Live:
        def run(command: Sequence[str]) -> str:
            assert command[0] == "ip"
            return self.addresses

        def permanent_address(name: str) -> str | None:
            kept = self.root / "sys/class/net" / name / "bonding_slave/perm_hwaddr"
            return kept.read_text().strip() if kept.exists() else None

        return Live(run, permanent_address, lambda name: self.statistics)


def as_json(text: str) -> dict[str, object]:
    document = json.loads(text)
    assert isinstance(document, dict)
    return document
