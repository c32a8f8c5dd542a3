"""Runs inside a guest: prints as JSON what a machine holds that may grow from cycle to cycle."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

UNITS = ("hyperv-net-reconcile.service", "hyperv-net-reconcile.path")


def processes() -> list[dict[str, object]]:
    """Each process that is no kernel thread: its name, state, and anonymous memory in KiB."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            arguments = status.with_name("cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # a process that has just ended
        if lines["PPid"] == "2" or lines["Pid"] == "2" or int(lines["Pid"]) == os.getpid():
            continue
        name = arguments[0].decode(errors="replace").rsplit("/", 1)[-1] or lines["Name"]
        if name.startswith("python3"):
            name = " ".join(one.decode(errors="replace") for one in arguments if one)
        kib = int(lines.get("RssAnon", "0 kB").split()[0])
        found.append({"name": name, "state": lines["State"][:1], "kib": kib})
    return found


def files(*folders: str) -> dict[str, int]:
    """Each file below these folders and its size, without journald's own."""
    found = {}
    for folder in folders:
        for where, _, names in os.walk(folder):
            if not where.startswith("/run/log"):
                paths = (f"{where}/{name}" for name in names)
                found.update({path: os.lstat(path).st_size for path in paths})
    return found


def journal(*matches: str) -> dict[str, int]:
    """Lines and bytes of the messages of this boot that match."""
    told = subprocess.run(
        ["journalctl", "-q", "-b", "--no-pager", "-o", "cat", *matches], stdout=subprocess.PIPE
    ).stdout
    return {"lines": told.count(b"\n"), "bytes": len(told)}


def main() -> None:
    memory = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    failed = subprocess.run(["systemctl", "--failed", "--plain", "--no-legend"], stdout=-1).stdout
    said = {
        "ours": journal(*(f"_SYSTEMD_UNIT={unit}" for unit in UNITS)),
        "about ours": journal(*(f"UNIT={unit}" for unit in UNITS)),
        "kernel": journal("_TRANSPORT=kernel"),
    }
    disk = sum(one.lstat().st_blocks * 512 for one in Path("/var/log/journal").rglob("*"))
    state = {
        "uptime": float(Path("/proc/uptime").read_text().split()[0]),
        "processes": processes(),
        "files": files("/run", "/var/lib"),
        "kernel_kib": {key: int(memory[key].split()[0]) for key in ("MemAvailable", "SUnreclaim")},
        "failed": failed.decode().split("\n")[:-1],
        "devices": sorted(path.name for path in Path("/sys/class/net").iterdir()),
        "journal": said,
        "journal_disk": disk,
    }
    print(json.dumps(state))


main()
