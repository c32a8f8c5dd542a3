"""Runs inside a machine of tests/firstboot, as a program: first boots without and with the plugin.

`boots.py ROUNDS` prints JSON: for each round what `cloud-init init --local` took
without and with hyperv-net, in milliseconds of the clock and of the CPU, and
how many modules each of the two imports.  `boots.py REPORT COMMAND...` prints
the reports of a program that counts instructions: COMMAND runs another one and
writes the file REPORT.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

LINK = Path("/etc/cloud/cloud.cfg.d/90-hyperv-net.cfg")
PYTHON = "/usr/bin/python3"
COMMAND = ["/usr/bin/cloud-init", "init", "--local"]
# What ds-identify left is put back; the rest was written by the boot before.
RUN, KEPT = Path("/run/cloud-init"), Path("/run/as-ds-identify-left-it")
WRITTEN = (
    *("/var/lib/cloud/data", "/var/lib/cloud/instances", "/var/lib/cloud/sem", "/var/log"),
    *("/etc/netplan", "/etc/udev/rules.d", "/etc/systemd/network"),
    *("/run/systemd/network", "/var/lib/hyperv-net", RUN),
)


def main(wanted: int) -> None:
    """Boot both ways in turn; the first round, which compiles, is not counted."""
    target = set_out()
    rounds = []
    for number in range(wanted + 1):
        order = (False, True) if number % 2 else (True, False)
        took = {plugin: boot(target if plugin else None)[0] for plugin in order}
        rounds.append((took[False], took[True]))
    listed = ["-X", "importtime", *COMMAND]
    texts = [boot(to, [PYTHON, *listed])[1] for to in (None, target)]
    # cloud-init sends a part of what it says through `tee`, so lines may come late, but whole.
    modules = [text.count("\nimport time:") for text in texts]
    print(json.dumps({"rounds": rounds[1:], "modules": modules}))


def count(report: Path, *counter: str) -> None:
    """Boot each way with the counter; a boot before each compiles."""
    reports = []
    for to in (None, set_out()):
        boot(to)
        boot(to, [*counter, PYTHON, *COMMAND])
        reports.append(report.read_text())
    print(json.dumps({"reports": reports}))


def set_out() -> Path:
    """Keep what ds-identify left; the result is where the plugin's link leads."""
    shutil.copytree(RUN, KEPT)
    return LINK.readlink()


def boot(
    target: Path | None, command: Sequence[str] = (PYTHON, *COMMAND)
) -> tuple[tuple[float, float], str]:
    """Times of a first boot, and what it printed; `target` is where the plugin's link leads."""
    for folder in WRITTEN:
        shutil.rmtree(folder, ignore_errors=True)
    for link in (LINK, Path("/var/lib/cloud/instance")):
        link.unlink(missing_ok=True)
    shutil.copytree(KEPT, RUN)
    Path("/var/log").mkdir()
    if target is not None:
        LINK.symlink_to(target)
    cpu, clock = cpu_seconds(), time.perf_counter()
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=True,
    )
    took = (time.perf_counter() - clock) * 1000, (cpu_seconds() - cpu) * 1000
    return took, done.stdout.decode()


def cpu_seconds() -> float:
    """What the programs started so far have used, those that they started included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(int(sys.argv[1]))
    else:
        count(Path(sys.argv[1]), *sys.argv[2:])
