"""A guest: its QEMU process, its agent, and a VF that can be plugged and unplugged."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.lab import cpio
from tests.lab.disk import Image, host_tools
from tests.lab.network import MAC, TAPS, Network
from tests.lab.qmp import Qmp, QmpError
from tests.outcome import Outcome

BOOT_SECONDS = 600
"""Bound on a boot: a machine that is busy with something else may take ten times as long."""

_AGENT = Path(__file__).with_name("inside") / "guest_agent.py"
_AGENT_UNIT = """\
[Unit]
Description=Agent of the tests
DefaultDependencies=no
Before=shutdown.target network-pre.target cloud-init-local.service cloud-init-main.service
Conflicts=shutdown.target
[Service]
ExecStart=/usr/bin/python3 -I /opt/lab/guest_agent.py
Restart=always
[Install]
WantedBy=sysinit.target
"""
# The synthetic NIC of Hyper-V is on no PCI bus, so udev leaves its name alone; so here.
_KEEP_NAME = "[Match]\nDriver=virtio_net\n[Link]\nNamePolicy=keep\n"

#: Where a machine's drivers are put in order, below its root.
ORDER_FILE = "etc/modprobe.d/lab.conf"

_COMMAND_LINE = "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off systemd.show_status=false"


def loaded_in_order(first: str, then: str) -> str:
    """What ORDER_FILE says for one driver to be loaded, and its NICs to register, before another.

    Of two NICs that are there at boot the kernel calls the first one eth0, and udev loads drivers
    side by side: without it the order changes from boot to boot.
    """
    return f"softdep {then} pre: {first}\n"


class GuestError(Exception):
    """A guest did not do what it was asked in time, or a command in it failed."""


@dataclass
class Guest:
    """A running guest.

    Where it has a `failover`, its kernel owns the pair.  `boot_id` is the kernel's, and changes
    with each boot.
    """

    qmp: Qmp
    logs: Path
    _port: socket.socket = field(repr=False)
    failover: bool = False
    boot_id: str = ""
    _rest: bytes = field(default=b"", repr=False)
    _answers: dict[int, Any] = field(default_factory=dict, repr=False)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def run(self, script: str, seconds: float = 180) -> Outcome:
        """Run a shell script in the guest, whatever its status; GuestError where it hangs."""
        answer = self._ask({"script": script, "seconds": seconds}, seconds + 60)
        return Outcome(answer["status"], answer["out"], answer["err"])

    def ask(self, script: str, seconds: float = 180) -> str:
        """What a shell script printed; GuestError where its status is not 0."""
        ran = self.run(script, seconds)
        if ran.status:
            raise GuestError(
                f"{script}: status {ran.status}: {ran.err.strip()[-500:]} {ran.out[-500:]}"
            )
        return ran.out.strip()

    def notes(self, start: int = 0) -> list[dict[str, Any]]:
        """What its agent noted about links and addresses in this boot, from number `start` on."""
        notes: list[dict[str, Any]] = self._ask({"from": start}, 60)["notes"]
        return notes

    def wait_until_active(self, name: str, seconds: float = 120) -> None:
        """Wait until a bond's active member is called this."""
        self._ask({"active": name}, seconds)

    def wait_for_note(self, start: int, seconds: float = 120, **facts: Any) -> None:
        """Wait until the agent has made a note with these facts, from number `start` on."""
        self._ask({"until": facts, "from": start}, seconds)

    def wait_for_boot(self) -> None:
        """Wait until the agent of a new boot says hello."""
        before = self.boot_id
        self._until(lambda: self.boot_id != before, BOOT_SECONDS, "the agent")

    def until(self, script: str, seconds: float = 120) -> None:
        """Wait until a shell script succeeds; GuestError with its last outputs otherwise."""
        end = time.monotonic() + seconds
        while (ran := self.run(script)).status:
            if time.monotonic() > end:
                raise GuestError(f"not within {seconds} s: {script}: {ran.out} {ran.err}")
            time.sleep(0.2)

    def attach_vf(self, slot: int = 0x11, driver: str = "e1000e", mac: str = MAC) -> None:
        """Plug the VF, a device of QEMU's that has this driver; its name depends on the slot."""
        self.qmp.command("device_add", **vf_device(slot, driver, mac, failover=self.failover))

    def detach_vf(self) -> None:
        """Unplug the VF and wait until the guest has let go of it."""
        self.qmp.command("device_del", id="vf")
        self.qmp.wait_for("DEVICE_DELETED", device="vf")

    def set_vf_link(self, up: bool) -> None:
        """Pull the VF's cable or put it back."""
        self.qmp.command("set_link", name="vf", up=up)

    def rest(self) -> None:
        """Wait until the kernel has done with the last unplugging.

        It ejects the device inside the handler of the event, and would eject
        what is plugged before that has ended as well; a rescan of the bus takes
        the lock that the handler holds.
        """
        self.ask("echo 1 >/sys/bus/pci/rescan")

    def _ask(self, request: dict[str, Any], seconds: float) -> Any:
        number = next(self._numbers)
        self._port.sendall(json.dumps({"id": number, **request}).encode() + b"\n")
        self._until(lambda: number in self._answers, seconds, f"an answer to {request}")
        return self._answers.pop(number)

    def _until(self, reached: Callable[[], bool], seconds: float, what: str) -> None:
        end = time.monotonic() + seconds
        while not reached():
            self._port.settimeout(max(0.01, end - time.monotonic()))
            try:
                data = self._port.recv(1 << 16)
            except TimeoutError:
                raise GuestError(f"waited {seconds} s for {what}: see {self.logs}") from None
            if not data:
                raise GuestError(f"QEMU has ended: see {self.logs}")
            *lines, self._rest = (self._rest + data).split(b"\n")
            for line in lines:
                message = json.loads(line)
                if "hello" in message:
                    self.boot_id = message["hello"]
                else:
                    self._answers[message["id"]] = message


def vf_device(
    slot: int, driver: str = "e1000e", mac: str = MAC, *, failover: bool = False
) -> dict[str, str]:
    """The VF as QEMU's device options.

    One for a `failover` is plugged into a port of PCI Express, which QEMU insists on
    (failover_pair_id, docs/system/virtio-net-failover.rst of qemu/qemu); it has no slots.
    """
    place = (
        {"bus": "vf-port", "failover_pair_id": "synthetic0"}
        if failover
        else {"bus": "pci.0", "addr": hex(slot)}
    )
    return {"driver": driver, "id": "vf", "netdev": "vf", "mac": mac, "romfile": "", **place}


@contextmanager
def guest(
    image: Image,
    net: Network,
    files: Iterable[cpio.Entry],
    logs: Path,
    vf: int | None = 0x11,
    *,
    failover: bool = False,
) -> Iterator[Guest]:
    """Start a machine with these files laid over its root, its VF in slot `vf` if any.

    With `failover` the synthetic NIC is the standby of one, so that the kernel owns the pair.
    The agent has answered when this returns; the boot goes on.  The disk is
    thrown away at the end, not at a reboot.
    """
    with TemporaryDirectory(prefix="lab-") as scratch:
        initrd = Path(scratch, "initrd")
        initrd.write_bytes(image.initrd.read_bytes() + _overlay(files))
        qmp_path, port_path = f"{scratch}/qmp", f"{scratch}/port"
        command = _qemu(image, initrd, qmp_path, port_path, logs, vf, failover=failover)
        (logs / "qemu.command").write_text("\n".join(command) + "\n")
        process = net.start(command, logs / "qemu.log")
        connect = partial(_connected, process=process, logs=logs)
        try:
            with closing(Qmp(connect(qmp_path))) as qmp, connect(port_path) as port:
                try:
                    started = Guest(qmp, logs, port, failover)
                    qmp.command("cont")
                    started.wait_for_boot()
                    yield started
                finally:
                    with suppress(QmpError, OSError):
                        qmp.command("quit")
        finally:
            # One that does not quit ends with the network.
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


def _overlay(files: Iterable[cpio.Entry]) -> bytes:
    unit = "etc/systemd/system/lab-agent.service"
    ours = [
        cpio.file("opt/lab/guest_agent.py", _AGENT.read_bytes()),
        cpio.file(unit, _AGENT_UNIT.encode()),
        cpio.link("etc/systemd/system/sysinit.target.wants/lab-agent.service", f"/{unit}"),
        cpio.file("etc/systemd/network/98-lab.link", _KEEP_NAME.encode()),
        cpio.file(ORDER_FILE, loaded_in_order("virtio_net", "e1000e").encode()),
    ]
    laid = [entry._replace(path=f"lab/{entry.path}") for entry in (*ours, *files)]
    return cpio.archive(cpio.with_parents(laid))


def _qemu(
    image: Image,
    initrd: Path,
    qmp: str,
    port: str,
    logs: Path,
    vf: int | None,
    *,
    failover: bool,
) -> list[str]:
    tools = host_tools()
    share = tools.root / "usr/share"
    place = "id=synthetic0,bus=synthetic-port,failover=on" if failover else "addr=0x10"
    synthetic = f"virtio-net-pci,netdev=synthetic,mac={MAC},{place},romfile="
    device = vf_device(vf or 0, failover=failover)
    plugged = ",".join(f"{key}={value}" for key, value in device.items())
    ports = ("synthetic-port", "vf-port") if failover else ()
    return [
        *tools.command("/usr/bin/qemu-system-x86_64"),
        *("-L", str(share / "qemu"), "-L", str(share / "seabios")),
        *("-nodefaults", "-no-user-config", "-display", "none", "-S"),
        *("-machine", "q35" if failover else "pc"),
        *("-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "640"),
        *("-kernel", str(image.kernel), "-initrd", str(initrd), "-append", _COMMAND_LINE),
        *("-qmp", f"unix:{qmp},server=on,wait=off", "-serial", f"file:{logs / 'console.log'}"),
        *("-drive", f"file={image.disk},format=raw,if=virtio,snapshot=on,cache=unsafe"),
        *("-device", "virtio-rng-pci", "-device", "virtio-serial-pci"),
        *("-chardev", f"socket,id=port,path={port},server=on,wait=off"),
        *("-device", "virtserialport,chardev=port,name=lab"),
        *(
            word
            for number, one in enumerate(ports, start=1)
            for word in ("-device", f"pcie-root-port,id={one},chassis={number},slot={number}")
        ),
        *("-netdev", _tap("synthetic", TAPS[0]), "-device", synthetic),
        *("-netdev", _tap("vf", TAPS[1])),
        *(("-device", plugged) if vf is not None else ()),
    ]


def _tap(name: str, interface: str) -> str:
    return f"tap,id={name},ifname={interface},script=no,downscript=no"


def _connected(path: str, process: subprocess.Popen[bytes], logs: Path) -> socket.socket:
    """Connect as soon as QEMU listens; GuestError where it ends before."""
    end = time.monotonic() + 60
    connection = socket.socket(socket.AF_UNIX)
    while connection.connect_ex(path):
        if process.poll() is not None or time.monotonic() > end:
            connection.close()
            raise GuestError(f"no QEMU: {(logs / 'qemu.log').read_text()[-500:]}")
        time.sleep(0.05)
    return connection
