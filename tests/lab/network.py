"""A network of a test's own: a bridge with a DHCP server and a router's announcements.

It lives in namespaces that end with their first process, and that process ends
when its standard input does: whatever becomes of the test, nothing stays.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab.disk import host_tools

BRIDGE = "lab0"
PEER = "10.9.0.1"
GUEST = "10.9.0.10"
"""What the DHCP server gives; INJECTED is what it never gives."""
INJECTED = "10.9.0.200"
MAC = "00:0d:3a:11:22:33"
TAPS = ("synthetic0", "vf0")
_PREFIX6 = "fd00:9::"


@dataclass(frozen=True)
class Network:
    """The namespaces, by their first process; programs run inside as `command` says."""

    first: int

    def command(self, program: Sequence[str]) -> list[str]:
        """The argument list that runs a program in the namespaces."""
        as_root = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        enter = ["nsenter", f"--target={self.first}", *as_root, "--mount", "--net", "--pid"]
        return [*enter, *program]

    def start(self, program: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
        """Start a program that ends with the namespaces; its outputs go to `log`."""
        with log.open("ab") as handle:
            return subprocess.Popen(
                self.command(program), stdin=subprocess.DEVNULL, stdout=handle, stderr=handle
            )

    def ip(self, *arguments: str) -> None:
        """Run ip(8) inside; raises CalledProcessError."""
        program = host_tools().command("/sbin/ip")
        subprocess.run(self.command([*program, *arguments]), check=True, stdin=subprocess.DEVNULL)

    def shown(self, program: str, *arguments: str) -> str:
        """What a program of iproute2 shows inside, be it an error."""
        command = self.command([*host_tools().command(program), *arguments])
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr


@contextmanager
def network(logs: Path) -> Iterator[Network]:
    """The namespaces with the bridge, two taps on it, and the DHCP server; ended afterwards.

    Raises RuntimeError where this machine gives no namespaces or no taps.
    """
    if not Path("/dev/net/tun").exists():
        raise RuntimeError("no /dev/net/tun: load the module tun, or give it to the container")
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    kinds = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    script = "echo ready; exec cat >/dev/null"
    with subprocess.Popen(
        ["unshare", *as_root, *kinds, "sh", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as holder:
        assert holder.stdout is not None and holder.stdin is not None
        if holder.stdout.readline() != b"ready\n":
            raise RuntimeError("no namespaces for this user: run as root, or allow user namespaces")
        try:
            made = Network(_child(holder.pid))
            _build(made)
            with made.start(_dhcp_server(), logs / "dhcp.log"):
                try:
                    yield made
                finally:
                    _collect(made, logs)
                    holder.stdin.close()
        finally:
            holder.stdin.close()
            holder.wait()


def _collect(net: Network, logs: Path) -> None:
    """What the far end's kernel knows of the wire, for whoever asks why nothing came through."""
    shown = [
        net.shown("/sbin/ip", "-s", "link"),
        net.shown("/sbin/ip", "neigh"),
        net.shown("/sbin/bridge", "fdb"),
    ]
    (logs / "far-end").write_text("".join(shown))


def _child(parent: int) -> int:
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if f"\nPPid:\t{parent}\n" in status.read_text():
                return int(status.parent.name)
        except OSError:
            continue  # a process that has just ended
    raise RuntimeError(f"process {parent} has no child")


def _build(net: Network) -> None:
    net.ip("link", "set", "lo", "up")
    net.ip("link", "add", BRIDGE, "type", "bridge", "forward_delay", "0", "mcast_snooping", "0")
    net.ip("addr", "add", f"{PEER}/24", "dev", BRIDGE)
    net.ip("addr", "add", f"{_PREFIX6}1/64", "dev", BRIDGE, "nodad")
    net.ip("link", "set", BRIDGE, "up")
    for tap in TAPS:
        net.ip("tuntap", "add", tap, "mode", "tap")
        net.ip("link", "set", tap, "master", BRIDGE)
        net.ip("link", "set", tap, "up")


def _dhcp_server() -> list[str]:
    return [
        *host_tools().command("/usr/sbin/dnsmasq"),
        *("--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null", "--port=0"),
        *("--user=root", "--pid-file=", "--leasefile-ro", "--log-dhcp", "--no-ping"),
        *("--dhcp-authoritative", f"--interface={BRIDGE}", "--dhcp-range=10.9.0.50,10.9.0.99,1h"),
        *(f"--dhcp-host={MAC},{GUEST}", "--enable-ra", f"--dhcp-range={_PREFIX6},ra-only,64,1h"),
    ]
