"""Runs the real netplan, ifupdown and udevadm of a Debian suite below a folder of the test's own.

None of them touches the machine: netplan's generator writes below the root it
is given, and ifup is asked what it would do.  Neither finds the programs of the
machine's own that it looks for.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from configparser import RawConfigParser
from fnmatch import fnmatchcase
from pathlib import Path

from hyperv_net.model import RenderedFile
from tests.debian.packages import Tree, unpacked
from tests.files import put
from tests.outcome import Outcome
from tests.strangers import NO_PROGRAMS, hiding

SUITES = ("bookworm", "trixie")
TOOLS = ("netplan.io", "ifupdown", "ifenslave", "bridge-utils", "vlan", "udev")
#: What its scripts run, and a shell.
IFUPDOWNS_TOOLS = ("coreutils", "dash", "debianutils", "iproute2", "sed")
#: Apart from the others, which find no service of its to ask.
NETWORK_MANAGER = ("dbus-daemon", "network-manager")
#: A kernel asked by our own Python, about NICs of a namespace.
PYTHON = ("dash", "iproute2", "python3")
MANDOC = ("mandoc",)
#: What reads metrics: promtool, node_exporter, and the strictest parser of OpenMetrics.
PROMETHEUS = ("prometheus",)
NODE_EXPORTER = ("prometheus-node-exporter",)
PROMETHEUS_CLIENT = ("python3-prometheus-client",)
#: Shells for what they complete.
COMPLETING = (("bash",), ("zsh",), ("fish",))
TREES = [
    *((suite, one) for suite in SUITES for one in (TOOLS, NETWORK_MANAGER)),
    *((suite, one) for suite in SUITES for one in (("dash",), IFUPDOWNS_TOOLS)),
    *(("trixie", one) for one in (PYTHON, MANDOC, *COMPLETING, ("busybox-static",))),
    *(("trixie", one) for one in (PROMETHEUS, NODE_EXPORTER, PROMETHEUS_CLIENT)),
    ("bookworm", ("ignition",)),
]
# By the paths and names that are compiled in.
_OF_NETPLAN = ("systemctl", "udevadm")
_DHCP_CLIENTS = ("dhclient", "dhcpcd", "udhcpc")


def tools(suite: str) -> Tree:
    """The tree with all tools of a suite; fetched on first use."""
    return unpacked(suite, TOOLS)


def write(root: Path, files: Iterable[RenderedFile]) -> None:
    """Put rendered files below a folder."""
    for file in files:
        put(root, file.path, file.text, file.mode)


def run(command: Sequence[str], **environment: str) -> Outcome:
    """Run a command with an environment of its own and nothing on its input."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment},
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def netplan_generate(suite: str, root: Path) -> Outcome:
    """Run netplan's generator on the files below `root`.

    Whatever the root, it asks the machine's systemd whether it is booting, starts
    networkd there if so, and lets the machine's udev read its rules again: hence `hiding`.
    """
    program = tools(suite).command("/usr/libexec/netplan/generate")
    return run(hiding(_OF_NETPLAN, [*program, "--root-dir", str(root)]))


Sections = dict[str, dict[str, str]]


def networkd_files(root: Path) -> dict[str, Sections]:
    """The networkd files that netplan made below `root`: name → section → key → value."""
    found = {}
    for path in sorted((root / "run/systemd/network").glob("*")):
        parser = RawConfigParser(strict=False, delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(path)
        found[path.name] = {name: dict(parser[name]) for name in parser.sections()}
    return found


def applied_network(files: dict[str, Sections], *, name: str, mac: str, driver: str) -> str:
    """The .network file networkd applies to such a NIC: the first, by name, that matches.

    Matching is that of systemd.network(5): a list of globs, turned round by a
    leading `!`; permanent addresses as they are.
    """
    for file in sorted(file for file in files if file.endswith(".network")):
        match = files[file].get("Match", {})
        facts = {"Name": name, "Driver": driver, "PermanentMACAddress": mac, "MACAddress": mac}
        if all(_fits(match[key], facts[key]) for key in match):
            return file
    return ""


def _fits(patterns: str, fact: str) -> bool:
    negated = patterns.startswith("!")
    return negated != any(fnmatchcase(fact, one) for one in patterns.lstrip("!").split())


def ifquery(suite: str, root: Path, *arguments: str) -> Outcome:
    """Ask ifupdown about the interfaces file below `root`."""
    return run([*tools(suite).command("/sbin/ifquery"), *_places(root), *arguments])


def ifup(suite: str, root: Path, *arguments: str) -> Outcome:
    """Ask ifupdown what it would run; nothing is run."""
    program = tools(suite).command("/sbin/ifup")
    command = [*program, "--no-act", "--verbose", *_places(root), *arguments]
    # That of bookworm looks for a DHCP client in PATH, that of trixie in a PATH of its own.
    return run(hiding(_DHCP_CLIENTS, ["env", f"PATH={NO_PROGRAMS}", *command]))


def _places(root: Path) -> list[str]:
    state = root / "run/network"
    state.mkdir(parents=True, exist_ok=True)
    interfaces = root / "etc/network/interfaces"
    return ["--interfaces", str(interfaces), "--state-dir", str(state)]


def udevadm_verify(suite: str, *rules: Path) -> Outcome:
    """Check udev rules files; only for suites with systemd 254 or later."""
    return run([*tools(suite).command("/usr/bin/udevadm"), "verify", *map(str, rules)])
