"""Roots of Linux machines as the renderers leave them, and the verb run on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.kvp.injected import parse
from hyperv_net.kvp.injecting import prepare, write_and_activate
from hyperv_net.kvp.machine import look
from hyperv_net.model import RenderedFile
from hyperv_net.renderers.ifupdown import render as ifupdown
from hyperv_net.renderers.netplan import render as netplan
from hyperv_net.renderers.networkd import render as networkd
from tests.debian.tools import write
from tests.files import put
from tests.kvp.texts import MAC
from tests.renderers.linux_pairs import pair, rewritten

SOURCE = RenderedFile("etc/network/interfaces", "source interfaces.d/*\n")
STATIC: dict[str, Any] = {
    "addresses": ["10.0.0.9/24", "10.0.0.10/24", "2001:db8:9::9/64"],
    "routes": [
        {"to": "default", "via": "10.0.0.1"},
        {"to": "10.9.0.0/16", "via": "10.0.0.7"},
        {"to": "default", "via": "fe80::9"},
    ],
    "nameservers": {"addresses": ["10.0.0.2"], "search": ["example.org"]},
    "mtu": 1400,
}
TARGETS = {"netplan": netplan, "ifupdown": ifupdown, "networkd": networkd}
#: A second NIC, which no injection may touch.
OTHER: dict[str, Any] = {"ens9": {"dhcp4": True, "match": {"name": "ens9"}}}


def with_pair(root: Path, target: str, **settings: Any) -> Path:
    """A root whose eth0 is in bond0, with these settings on the bond, and ens9 beside it."""
    tree = pair(**settings)
    tree["ethernets"].update(OTHER)
    rendered = TARGETS[target].render(rewritten(tree), {})
    write(root, [*([SOURCE] if target == "ifupdown" else []), *rendered.files])
    return _finish(root)


def without_pair(root: Path, target: str, **settings: Any) -> Path:
    """A root on which eth0 has these settings itself, as stock cloud-init writes them."""
    entry = {"match": {"macaddress": MAC, "driver": "hv_netvsc"}, "set-name": "eth0"}
    tree = {
        "version": 2,
        "ethernets": {"eth0": {**entry, **(settings or {"dhcp4": True})}, **OTHER},
    }
    rendered = TARGETS[target].render(rewritten(tree), {})
    write(root, [*([SOURCE] if target == "ifupdown" else []), *rendered.files])
    return _finish(root)


def _finish(root: Path) -> Path:
    address = RenderedFile("sys/class/net/eth0/address", f"{MAC}\n")
    write(root, [address, RenderedFile("etc/resolv.conf", "nameserver 127.0.0.53\n")])
    return root


def kvp(root: Path, *arguments: str) -> int:
    """Run `hyperv-net kvp … --root ROOT`."""
    question, *rest = arguments
    return main(["kvp", question, "--root", str(root), *rest])


def run_on(root: Path, text: str, run: Callable[[Sequence[str]], str]) -> None:
    """An injection on the machine at `root`, with `run` in the place of its programs."""
    machine = look(root)
    write_and_activate(machine, prepare(machine, parse(text, "file")), run)


def inject(root: Path, text: str) -> int:
    """Run it on the file that the daemon would write."""
    file = put(root, "var/lib/hyperv/ifcfg-eth0", text)
    return kvp(root, "set", str(file), str(file))


def answers(
    root: Path, capsys: pytest.CaptureFixture[str], name: str = "eth0"
) -> tuple[str, list[str]]:
    """What is answered about DHCP and name servers."""
    capsys.readouterr()
    assert kvp(root, "dhcp", name) == 0
    dhcp = capsys.readouterr().out
    assert kvp(root, "dns") == 0
    return dhcp.strip(), capsys.readouterr().out.splitlines()
