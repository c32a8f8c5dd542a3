"""What an hour of watching costs: `python -m tests.lab.watching [--seconds 3600]`.

A machine of the lab asks Azure's fabric, where nothing is announced, as it does all its life.  Its
processor is emulated, so that seconds of it mean little by themselves; beside them stands what an
interpreter takes there that starts and ends at once.
"""

from __future__ import annotations

import argparse
import json
import re
import time

from tests.lab.announcer import announcer
from tests.lab.image import CACHE, image
from tests.lab.machine import VF, Machine, Results, started
from tests.lab.scenario import plugin

_SUITE, _RENDERER = "trixie", "netplan"
_UNIT = "hyperv-net-watch.service"
_STARTS = 10
_CPU, _WAKEUPS = "CPUUsageNSec", "voluntary_ctxt_switches"
_MEMORY = ("MemoryCurrent", "MemoryPeak", "VmHWM", "VmRSS", "RssAnon")

#: Lines of NAME=NUMBER and NAME: NUMBER, systemd's of the unit and the kernel's of its process.
_FIGURES = f"""
systemctl show -p CPUUsageNSec -p MemoryCurrent -p MemoryPeak {_UNIT}
cat /proc/$(systemctl show -P MainPID {_UNIT})/status
"""
_FIGURE = re.compile(r"^(\w+)[=:]\s*([0-9]+)(?: kB)?$", re.M)
_START = f"""
before=$(systemctl show -P CPUUsageNSec lab-agent.service)
for one in $(seq {_STARTS}); do python3 -I -c pass; done
echo $(($(systemctl show -P CPUUsageNSec lab-agent.service) - before))
"""


def main() -> None:
    """Run it, and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.watching", description=__doc__)
    parser.add_argument("--seconds", type=int, default=3600)
    seconds = parser.parse_args().seconds
    folder = CACHE / "watching" / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True)
    files = plugin(_SUITE, _RENDERER, "--announcements", "azure")
    made = image(_SUITE, _RENDERER)
    with (
        started("watching", _RENDERER, made, files, Results(folder)) as machine,
        announcer(machine.net, machine.guest.logs) as azure,
    ):
        machine.settled("eth0", VF)
        machine.guest.until(f"systemctl is-active {_UNIT}")
        # The first answer of the fabric that is here only now.
        while not azure.asked():
            time.sleep(1)
        begin, before, asked = time.monotonic(), figures(machine), len(azure.asked())
        time.sleep(seconds)
        after, took = figures(machine), time.monotonic() - begin
        told = {
            "seconds": round(took),
            "requests": len(azure.asked()) - asked,
            "wakeups": after[_WAKEUPS] - before[_WAKEUPS],
            "cpu_seconds": round((after[_CPU] - before[_CPU]) / 1e9, 2),
            "cpu_seconds_of_a_python": round(int(machine.guest.ask(_START)) / 1e9 / _STARTS, 3),
            **{name: [before[name], after[name]] for name in _MEMORY},
        }
    print(json.dumps(told, indent=2))


def figures(machine: Machine) -> dict[str, int]:
    """What the service has come to so far, by the names that systemd and the kernel have."""
    return {name: int(value) for name, value in _FIGURE.findall(machine.guest.ask(_FIGURES))}


if __name__ == "__main__":
    main()
