"""Examples as arguments of the program, and what it says to them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from hyperv_net.cli import main
from tests.paths import CHECKOUT, EXAMPLES

NETPLAN = EXAMPLES / "linux-netplan"
TRANSPARENT = EXAMPLES / "linux-transparent"

Capture = pytest.CaptureFixture[str]


def example(folder: Path, *options: str) -> list[str]:
    """The input options for one of the examples."""
    return [
        "--inventory",
        str(folder / "inventory.json"),
        "--network-config",
        str(folder / "network-config.yaml"),
        "--root",
        str(folder / "root"),
        *options,
    ]


def with_config(path: Path) -> list[str]:
    """The input options for this network config, on the machine of an example."""
    return [
        "--inventory",
        str(NETPLAN / "inventory.json"),
        "--target",
        "netplan",
        "--synthetic-driver",
        "virtio_net",
        "--network-config",
        str(path),
    ]


def error_of(arguments: list[str], capsys: Capture) -> str:
    """The one line on standard error of a run that must fail with status 1."""
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert len(lines) == 1, captured.err
    assert lines[0].startswith("hyperv-net: ")
    return lines[0]


def ethernet(settings: str, name: str = "eth0") -> str:
    """A network config with one NIC."""
    return f"version: 2\nethernets:\n  {name}: {settings}\n"


def run(
    *arguments: str, stdout: int | IO[str] = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own, in the checkout."""
    return subprocess.run(
        [sys.executable, "-m", "hyperv_net", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"]},
    )
