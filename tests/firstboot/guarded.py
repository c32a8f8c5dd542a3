"""Machines that `hyperv-net bake` has put hyperv-net into, and what comes before cloud-init there.

No systemd runs in a sandbox: the boot has one step more, which is what the unit of
the guard starts, read from that unit.  That units of cloud-init wait for it is
held against the packages' own (test_guard_units.py), and `make lab` boots it.
"""

from __future__ import annotations

import atexit
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.bake.laid import bake_step
from tests.firstboot import root as machine_root
from tests.firstboot.cases import SETTINGS, V2, netvsc_pair, seeded
from tests.firstboot.machine import NETWORK, Boot, Machine
from tests.firstboot.sandbox import run

PACKAGE = "usr/lib/python3/dist-packages/hyperv_net"
GUARD = "usr/libexec/hyperv-net/guard"
UNIT = "usr/lib/systemd/system/hyperv-net-guard.service"
PLUG = "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"
VERDICT = "run/hyperv-net/guard"
MEMORY = "var/lib/hyperv-net/guard-sums"


def baked(suite: str, files: Path) -> Machine:
    """A machine with a pair, baked, on which stock cloud-init boots as well; never booted.

    The guard's limit is short there.
    """
    shutil.copytree(_baked(suite), files, symlinks=True, dirs_exist_ok=True)
    return Machine(suite, files, netvsc_pair())


@cache
def _baked(suite: str) -> Path:
    files = Path(mkdtemp(prefix="firstboot-baked-"))
    atexit.register(shutil.rmtree, files, ignore_errors=True)
    machine = seeded(suite, files, netvsc_pair(), "netplan", "nocloud", V2)
    machine.write("etc/cloud/cloud.cfg.d/92-settings.cfg", SETTINGS)
    bake(machine)
    guard = files / GUARD
    short = guard.read_text().replace("\nlimit=60\n", "\nlimit=8\n")
    assert short != guard.read_text()
    guard.write_text(short)
    return files


def bake(machine: Machine) -> None:
    """Bake it, or bake it again."""
    (outcome,) = run(machine_root.layers(machine.suite), machine.files, [bake_step("--force")])
    assert outcome.status == 0, outcome.err


def guarded(machine: Machine, steps: Mapping[str, str] = NETWORK) -> dict[str, str]:
    """The steps of a boot, with what the unit starts before cloud-init."""
    found = re.search(r"^ExecStart=(.*)$", (machine.files / UNIT).read_text(), re.M)
    assert found
    return {"guard": found[1], **steps}


def boot(machine: Machine, steps: Mapping[str, str] = NETWORK) -> Boot:
    """Start it with its guard."""
    return machine.boot(guarded(machine, steps))
