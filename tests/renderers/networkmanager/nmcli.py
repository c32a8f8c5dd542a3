"""NetworkManager's own verdict on keyfiles: what `nmcli --offline` reads and prints normalised."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from hyperv_net.renderers.networkmanager.keyfile import read, unescaped
from tests.debian.packages import Tree, unpacked
from tests.debian.tools import NETWORK_MANAGER

Sections = dict[tuple[str, str], str]

#: What 1.46 and later call the same.
_CALLED = {
    ("connection", "controller"): ("connection", "master"),
    ("connection", "port-type"): ("connection", "slave-type"),
    ("connection", "autoconnect-ports"): ("connection", "autoconnect-slaves"),
    ("ipv4", "dhcp-send-hostname-deprecated"): ("ipv4", "dhcp-send-hostname"),
    ("ipv6", "dhcp-send-hostname-deprecated"): ("ipv6", "dhcp-send-hostname"),
}
#: Other words for one value.
_SAME: dict[tuple[str, str], Callable[[str], str]] = {
    **dict.fromkeys(
        (("ethernet", "mac-address"), ("ethernet", "cloned-mac-address")),
        str.lower,
    ),
    **dict.fromkeys(
        (("ipv4", "dhcp-send-hostname"), ("ipv6", "dhcp-send-hostname")),
        lambda value: {"0": "false", "1": "true"}.get(value, value),
    ),
}
_OFF = ("ignore-auto-dns", "ignore-auto-routes")
_ON = ("dhcp-send-hostname", "may-fail")


def tree(suite: str) -> Tree:
    """NetworkManager of a suite with all it needs, unpacked."""
    return unpacked(suite, NETWORK_MANAGER)


def normalised(suite: str, text: str) -> str:
    """The keyfile as NetworkManager writes it; AssertionError where it does not take it."""
    program = tree(suite).command("/usr/bin/nmcli")
    # It has to be told something, and this is so without.
    nothing = ("connection.metered", "unknown")
    done = subprocess.run(
        [*program, "--offline", "connection", "modify", *nothing],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == 0, f"{done.stderr}\n{text}"
    return done.stdout


def settings(text: str) -> Sections:
    """What a keyfile sets: section and key → value, under the older names."""
    found: Sections = {}
    for line in read(text).lines:
        if line.key:
            at = _CALLED.get((line.section, line.key), (line.section, line.key))
            found[at] = _SAME.get(at, str)(unescaped(line.value))
            if line.key.startswith("address") and "," in line.value:
                # 1.42 writes a gateway behind the first address.
                found[at], _, found[line.section, "gateway"] = line.value.partition(",")
    return found


def lost(text: str, after: str) -> Sections:
    """What it did not read as it was written, but for what is so without."""
    theirs = settings(after)
    return {
        at: value
        for at, value in settings(text).items()
        if theirs.get(at) != value and (at, value) not in _DEFAULTS
    }


_DEFAULTS = frozenset(
    (
        (("bridge", "stp"), "true"),
        (("bridge-port", "priority"), "32"),
        *(((one, key), "false") for one in ("ipv4", "ipv6") for key in _OFF),
        *(((one, key), "true") for one in ("ipv4", "ipv6") for key in _ON),
    )
)
