"""Invariant 10: plan and render need no NIC, no root, no cloud-init and no target OS."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml
from hypothesis import given

from hyperv_net.model import Settings
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from tests.paths import CHECKOUT
from tests.strategies import Machine, machines

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


#: What a plan may not do; an audit hook cannot be taken away, so it looks at this first.
FORBIDDEN: set[str] = set()


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.partition(".")[0] in FORBIDDEN:
        # Python's own modules are imported where a branch first needs them.
        if event == "open" and str(arguments[0]).endswith((".py", ".pyc")):
            return
        raise AssertionError(f"a plan did this: {event} {arguments}")


sys.addaudithook(_refuse)


@given(machines())
def test_any_plan_is_made_without_a_file_a_process_or_a_socket(machine: Machine) -> None:
    """From what was read, for any machine and target: no NIC, no root, no tool of the target."""
    config = read_network_config(yaml.safe_dump(machine.config), "network-config.yaml")
    target = load(machine.target)
    FORBIDDEN.update(("open", "socket", "subprocess", "ctypes"))
    try:
        make_plan(machine.inventory, config, Settings(), target, {})
    finally:
        FORBIDDEN.clear()


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
