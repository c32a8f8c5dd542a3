"""Invariant 10: plan and render need no NIC, no root, no cloud-init and no target OS."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
EXAMPLE = CHECKOUT / "examples" / "linux-netplan"

#: Runs the program and ends it at the first look at the machine: a process, a
#: socket, or a file outside the checkout and Python's own.
WATCHED = """
import os, sys
allowed = tuple(os.path.realpath(p) for p in sys.argv[1].split(os.pathsep))
def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork")):
        os.write(2, f"{event} {arguments}".encode()); os._exit(99)
    if event == "open" and isinstance(arguments[0], str):
        path = os.path.realpath(arguments[0])
        if not path.startswith(allowed):
            os.write(2, f"open {path}".encode()); os._exit(99)
import hyperv_net.cli
sys.addaudithook(watch)
sys.exit(hyperv_net.cli.main(sys.argv[2:]))
"""


@pytest.mark.parametrize("verb", ["plan", "render"])
@pytest.mark.parametrize("target", ["netplan", "ifupdown"])
def test_a_plan_looks_at_nothing_but_its_input(verb: str, target: str) -> None:
    allowed = ":".join({str(CHECKOUT), sys.prefix, sys.base_prefix})
    arguments = [
        verb,
        *("--inventory", str(EXAMPLE / "inventory.json")),
        *("--network-config", str(EXAMPLE / "network-config.yaml")),
        *("--root", str(EXAMPLE / "root"), "--target", target),
    ]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, allowed, *arguments],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )
    assert done.returncode == 0, done.stderr


def test_the_core_imports_nothing_of_cloud_init_and_nothing_that_runs_programs() -> None:
    code = (
        "import sys, hyperv_net.commands.plan, hyperv_net.commands.render;"
        "bad = {'cloudinit', 'subprocess', 'socket', 'netifaces', 'rich'} & set(sys.modules);"
        "sys.exit(str(sorted(bad)) if bad else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT
    )
    assert done.returncode == 0, done.stderr
