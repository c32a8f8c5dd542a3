"""A machine of any target, real or made up: a root with a pair that needs an aggregate."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hyperv_net.facts import System
from hyperv_net.renderers import TARGETS, load
from hyperv_net.renderers.target import Target
from tests.inventory.captured import capture, materialise

EXAMPLES = Path(__file__).parents[2] / "examples"
MADE_UP = {
    "made-up": "tests.renderers.made_up",
    "made-up-on-freebsd": "tests.renderers.made_up.of_freebsd",
}
NAMES = (*TARGETS, *MADE_UP)
ONE_LINE = re.compile(r"hyperv-net: [^\n]+\n")
CONFIG = {
    System.LINUX: {
        "version": 2,
        "ethernets": {"eth0": {"match": {"macaddress": "00:0d:3a:11:22:33"}, "dhcp4": True}},
    },
    System.FREEBSD: {
        "version": 2,
        "ethernets": {"hn0": {"match": {"macaddress": "00:0d:3a:04:75:98"}, "dhcp4": True}},
    },
}
SETTINGS = """\
hyperv_net: {{synthetic_drivers: [virtio_net]}}
system_info: {{network: {{renderers: [{0}]}}}}
"""
INJECTED = {
    System.LINUX: "DEVICE=eth0\nHWADDR=00:0d:3a:11:22:33\nBOOTPROTO=none\n"
    "IPADDR0=10.1.0.4\nNETMASK0=255.255.255.0\n",
    System.FREEBSD: "IF_NAME=hn0\nHWADDR=00:0d:3a:04:75:98\nDHCP=0\n"
    "IP_ADDR=10.1.0.4;\nSUBNET=255.255.255.0;\n",
}


class Ran(NamedTuple):
    """What a verb came to."""

    status: int
    out: str
    err: str

    @property
    def is_refused(self) -> bool:
        """Whether the target does not do it, which takes one line that says so."""
        last = self.err.splitlines(keepends=True)[-1:] or [""]
        return self.status == 1 and bool(ONE_LINE.fullmatch(last[0]))


class Machine(NamedTuple):
    """A root that is the target's, with a pair that needs an aggregate."""

    target: Target
    root: Path
    facts: tuple[str, ...]
    run: Callable[..., Ran]

    @property
    def options(self) -> tuple[str, ...]:
        """The facts and the network config, for plan, render and apply."""
        config = ("--network-config", str(self.root.parent / "network-config.json"))
        return (*self.facts, "--root", str(self.root), *config, "--target", self.target.name)


def machine_of(target: str, folder: Path, run: Callable[..., Ran]) -> Machine:
    """The machine, with its root and its network config in `folder`; `run` runs a verb."""
    record, root = load(target), folder / "root"
    facts: tuple[str, ...] = ()
    if record.system is System.LINUX:
        materialise(capture("virtio-bare"), root)
    else:
        shutil.copytree(EXAMPLES / "azure-freebsd-mce/root", root)
        facts = ("--inventory", str(EXAMPLES / "azure-freebsd-mce/inventory.json"))
    for group in record.cloud_init.needs:
        place(root / group[0], "source /etc/network/interfaces.d/*\n")
    etc = "usr/local/etc" if record.system is System.FREEBSD else "etc"
    place(root / etc / "cloud/cloud.cfg.d/50-site.cfg", SETTINGS.format(record.cloud_init.name))
    kept = json.dumps(CONFIG[record.system])
    place(root / "var/lib/cloud/instance/network-config.json", kept)
    place(folder / "network-config.json", kept)

    return Machine(record, root, facts, run)


def place(file: Path, text: str) -> None:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
