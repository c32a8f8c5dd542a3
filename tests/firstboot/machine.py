"""Machines that real, unmodified cloud-init boots, each made for one test.

What is real: cloud-init and its stages, ds-identify, Python, netplan and its
generator, ifupdown, iproute2 and dhcpcd of a Debian suite; the kernel, its
network namespaces, and interfaces of the NICs' names and addresses (veth, since
no kernel makes a VF on request).

What stands in for something:

- `/sys` is a folder of plain files made from a capture of a real machine.  In a
  network namespace sysfs shows virtual NICs only, without `device` and `driver`.
- `/proc/sys/kernel/osrelease` and `/proc/cmdline` are files for the kernel that
  the machine is said to run and its command line.
- `ip` is the real one, and repeats in `/sys` what it did.
- `systemctl`, `networkctl` and `udevadm` note their arguments and do nothing:
  there is no systemd.  So `.link` files and udev rules that cloud-init writes
  are looked at, never applied.
- `systemd-detect-virt` says Hyper-V, not container, and `dmesg` says next to nothing.
- DHCP, Azure's metadata service and wireserver, and OpenStack's metadata service are `fabric.py`,
  at the far end of the NICs; Azure's provisioning media is a seed folder.  cloud-init's own way
  there is the real one, with dhclient or dhcpcd on a real wire.

Every program that was asked to change something stands in `calls`.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.files import put
from tests.firstboot import root as machine_root
from tests.firstboot.sandbox import Step, run
from tests.inventory.captured import materialise
from tests.outcome import Outcome

BOOT = {
    "generator": "/usr/lib/systemd/system-generators/cloud-init-generator /run/g /run/g /run/g",
    "init-local": "cloud-init init --local",
    "init": "cloud-init init",
    "modules-config": "cloud-init modules --mode=config",
    "modules-final": "cloud-init modules --mode=final",
    "status": "cloud-init status --long",
}
"""What a boot runs, in systemd's order; the generator calls ds-identify."""

NETWORK = {step: BOOT[step] for step in ("generator", "init-local", "init")}
"""The part of a boot that has to do with the network."""

_MODULES = """\
cloud_init_modules: [write_files, set_hostname]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts_user, final_message]
"""
"""Modules are not what is tested here; these few show that each stage has run."""

_FABRIC = Path(__file__).with_name("fabric.py")
_KERNEL_COMMAND_LINE = "BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro"

_DMI = {
    "sys_vendor": "Microsoft Corporation",
    "product_name": "Virtual Machine",
    "board_name": "Virtual Machine",
    "product_serial": "0000-0001",
    "product_uuid": "00112233-4455-6677-8899-aabbccddeeff",
    "chassis_asset_tag": "0000",
}


@dataclass(frozen=True)
class Boot:
    """What one boot left: how each step of BOOT ended, and the machine's own files after it."""

    outcomes: Mapping[str, Outcome]
    files: Path

    def __getitem__(self, step: str) -> Outcome:
        return self.outcomes[step]

    @property
    def log(self) -> str:
        """cloud-init's log, of all boots of the machine so far."""
        path = self.files / "var/log/cloud-init.log"
        return path.read_text() if path.exists() else ""

    @property
    def troubles(self) -> dict[str, Any]:
        """What each stage reports as its errors and warnings; empty where all went well."""
        stages = json.loads(self.text("run/cloud-init/status.json"))["v1"]
        kept = ("errors", "recoverable_errors")
        return {
            name: {key: stage[key] for key in kept if stage.get(key)}
            for name, stage in stages.items()
            if isinstance(stage, dict) and any(stage.get(key) for key in kept)
        }

    @property
    def calls(self) -> list[str]:
        """The commands that the stand-ins were given in this boot."""
        path = self.files / "run/calls"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def asked(self) -> list[str]:
        """What a cloud's services were asked in this boot."""
        path = self.files / "run/fabric"
        return path.read_text().splitlines() if path.exists() else []

    def text(self, path: str) -> str:
        """A file below the root, which this machine must have written or been given."""
        return (self.files / path).read_text()

    def network(self) -> dict[str, str]:
        """Every file that configures the network: path below the root → text."""
        folders = (
            *("etc/netplan", "etc/network", "etc/systemd/network", "etc/udev/rules.d"),
            *("etc/NetworkManager", "etc/sysconfig", "run/systemd/network", "etc/resolv.conf"),
        )
        found = (
            path
            for folder in folders
            for path in (self.files / folder, *(self.files / folder).rglob("*"))
            if path.is_file() and not path.is_symlink()
        )
        return {str(path.relative_to(self.files)): path.read_text() for path in sorted(found)}


@dataclass(frozen=True)
class Machine:
    """A machine: its suite, the folder with its own files, and its NICs (a capture of /sys).

    With `fabric` DHCP and a cloud's services are on its wire; `dmi` is what its firmware says
    besides.
    """

    suite: str
    files: Path
    capture: Any = field(repr=False)
    fabric: bool = False
    dmi: Mapping[str, str] = field(default_factory=dict)
    command_line: str = _KERNEL_COMMAND_LINE

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """Put a file below the root."""
        put(self.files, path, text, mode)

    def boot(self, steps: Mapping[str, str] = BOOT) -> Boot:
        """Start it with its NICs as the kernel finds them, and go through the steps."""
        self._power_off()
        self._materialise()
        outcomes = self._run({name: f"exec {command}" for name, command in steps.items()})
        return Boot(outcomes, self.files)

    def run(self, command: str) -> Outcome:
        """Run a shell command on the machine as it is, between two boots."""
        return self._run({"command": command})["command"]

    def _power_off(self) -> None:
        for folder in ("run", "sys", "proc", "tmp"):
            shutil.rmtree(self.files / folder, ignore_errors=True)
        (self.files / "run/systemd/system").mkdir(parents=True)

    def _materialise(self) -> None:
        materialise(self.capture, self.files)
        for name, nic in self.capture["net"].items():
            if nic["files"]["operstate"] == "up":
                self.write(f"sys/class/net/{name}/carrier", "1\n")
        for name, value in {**_DMI, **self.dmi}.items():
            self.write(f"sys/class/dmi/id/{name}", f"{value}\n")
        self.write("proc/cmdline", f"{self.command_line}\n")

    def _run(self, commands: Mapping[str, str]) -> dict[str, Outcome]:
        steps = [
            _plug_in(self.capture, self.fabric),
            *(Step(name, f"#!/bin/sh\n{command}\n") for name, command in commands.items()),
        ]
        nics, *outcomes = run(machine_root.layers(self.suite), self.files, steps)
        if nics.status:
            raise RuntimeError(f"the NICs could not be made: {nics.err}")
        return dict(zip(commands, outcomes))


def new_machine(suite: str, files: Path, capture: Any, renderer: str) -> Machine:
    """A machine that has never booted, on which cloud-init writes for `renderer` (its name)."""
    machine = Machine(suite, files, capture)
    files.mkdir(parents=True, exist_ok=True)
    if renderer == "eni":
        machine.write("etc/network/interfaces", "source /etc/network/interfaces.d/*\n")
    settings = f"system_info: {{network: {{renderers: [{renderer}]}}}}\n"
    machine.write("etc/cloud/cloud.cfg.d/50-test.cfg", _MODULES + settings)
    return machine


class Writable(Protocol):
    """A machine that can be given a file below its root."""

    def write(self, path: str, text: str) -> None:
        """Put it there."""


def without(capture: Any, *names: str) -> Any:
    """The capture of the same machine with these NICs away."""
    return {
        **capture,
        "class_net": [name for name in capture["class_net"] if name not in names],
        "net": {name: nic for name, nic in capture["net"].items() if name not in names},
    }


def _nics(capture: Any) -> list[tuple[str, str]]:
    """Name and MAC of each NIC but loopback, by name."""
    nics = capture["net"].items()
    return sorted((name, nic["files"]["address"]) for name, nic in nics if name != "lo")


def _plug_in(capture: Any, fabric: bool) -> Step:
    """Make real interfaces of the NICs, whose far ends are in a namespace of its own.

    With `fabric`, a cloud's services answer there.
    """
    ends = {f"far{number}": nic for number, nic in enumerate(_nics(capture))}
    inside = 'chroot "$1" /bin/ip'
    lines = [
        "#!/bin/sh -e",
        'mkfifo "$1/../ready"',
        'unshare --net sh -c \'echo >"$0"; exec sleep infinity\' "$1/../ready" &',
        'far=$!; read -r ready <"$1/../ready"',
        f"{inside} link set lo up",
        *(
            f"{inside} link add {nic} address {mac} type veth peer name {end} netns $far"
            for end, (nic, mac) in ends.items()
        ),
    ]
    if fabric:
        wires = " ".join(f"{end}={nic}" for end, (nic, _) in ends.items())
        lines += [
            f'nsenter --net --target $far {sys.executable} {_FABRIC} "$1/run/fabric" "$1" {wires} '
            '>"$1/../ready" &',
            'read -r ready <"$1/../ready"',
        ]
    return Step("nics", "\n".join([*lines, ""]), outside=True)
