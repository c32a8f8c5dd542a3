"""Runs the real systemd-networkd of a Debian suite in namespaces of its own.

It has its own network, its own /run and /etc/systemd, and a /sys that is read-only, by which
networkd takes itself for a container's and waits for no udev (udev_available() of systemd).  Of
NICs there are a tap and a veth: one kernel driver each, so that the two of a pair are told apart
as on a machine; neither has a permanent address, so that the files are made to match by the one
that they have.  This kernel need not have bonds.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.debian.tools import tools
from tests.files import put

SYNTHETIC, VF = "tun", "veth"
_FOUND = "onfiguring with "
_SCRIPT = """\
mount --make-rprivate /
mount -t tmpfs none /run
mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
mount -t tmpfs none /etc/systemd
cp -r "$FILES" /etc/systemd/network
mount -t tmpfs none /usr/lib/systemd/network || true
echo "systemd-network:x:0:0::/:/bin/false" >/run/passwd
echo "systemd-network:x:0:" >/run/group
mount --bind /run/passwd /etc/passwd
mount --bind /run/group /etc/group
mount -t proc proc /proc
mount -t sysfs -o ro sysfs /sys
$IP link add "$VF" address "$MAC" type veth peer name far0
$IP tuntap add "$SYNTHETIC" mode tap
$IP link set "$SYNTHETIC" address "$MAC"
export SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console
exec "$@"
"""


class Ran(NamedTuple):
    """What networkd logged."""

    lines: tuple[str, ...]

    @property
    def complaints(self) -> list[str]:
        """What it says of files that it does not take as they are."""
        words = ("Unknown", "Failed to parse", "ignoring assignment", "Invalid", "ignoring file")
        return [
            line for line in self.lines if "/etc/systemd/network/" in line and _has(line, words)
        ]

    @property
    def file_of(self) -> Mapping[str, str]:
        """Device → the name of the file that it is configured with."""
        found = {}
        for line in self.lines:
            if _FOUND in line:
                device, _, rest = line.partition(": ")
                found[device] = rest.partition(_FOUND)[2].rstrip(".").rpartition("/")[2]
        return found


def _has(line: str, words: tuple[str, ...]) -> bool:
    return any(word in line for word in words)


def run(
    suite: str,
    folder: Path,
    files: Mapping[str, str],
    mac: str,
    devices: set[str],
    nics: tuple[str, str] = ("eth0", "enp0"),
) -> Ran:
    """Run it with these files until it has found one for each of the devices, or for 20 s.

    `nics` are the names of the synthetic NIC and of the VF.
    """
    for name, text in files.items():
        put(folder, name, text.replace("PermanentMACAddress=", "MACAddress="), 0o644)
    tree = tools(suite)
    environment = {
        "PATH": os.environ["PATH"],
        "FILES": str(folder),
        "MAC": mac,
        "SYNTHETIC": nics[0],
        "VF": nics[1],
        "IP": " ".join(tree.command("/bin/ip")),
    }
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    apart = ["unshare", *as_root, *("--mount", "--net", "--pid", "--fork", "--kill-child")]
    networkd = tree.command("/usr/lib/systemd/systemd-networkd")
    with subprocess.Popen(
        ["timeout", "20", *apart, "sh", "-eu", "-c", _SCRIPT, "networkd", *networkd],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stderr is not None
        lines, waiting = [], set(devices)
        for line in process.stderr:
            lines.append(line.rstrip("\n"))
            if _FOUND in line:
                waiting.discard(line.partition(": ")[0])
            if not waiting:
                break
        process.terminate()
    assert not waiting, "\n".join(lines)
    return Ran(tuple(lines))
