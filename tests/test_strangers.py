"""No test runs a program of the machine's own: what conftest.py makes of those that do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import strangers

pytestmark = pytest.mark.any_python

CHECKOUT = Path(__file__).resolve().parent.parent

#: Where a path is given, nothing is there: what is refused is the attempt.
TESTS = """
import os, subprocess, sys
from contextlib import suppress
import pytest
from tests import strangers

@pytest.mark.parametrize("mark", [pytest.param(one, marks=getattr(pytest.mark, one)) for one in
                                  sorted(strangers.MAY_RUN_THEM)])
def test_that_is_marked(mark):
    with pytest.raises(FileNotFoundError):
        subprocess.run(["/nowhere/ip"])
    assert os.environ["PATH"] == os.environ["PATH_BEFORE"]

def test_a_name():
    subprocess.run(["netplan", "apply"])

def test_in_a_shell():
    os.system("ip link show | cat")

def test_with_the_path_of_a_test():
    subprocess.run(["sh", "-c", "nmcli; true"], env={"PATH": os.environ["PATH"]})

def test_a_full_path():
    with suppress(Exception):
        subprocess.run(["/nowhere/sbin/ifconfig", "-a"])

def test_another_path():
    with suppress(Exception):
        subprocess.run(["udevadm", "settle"], env={"PATH": "/nowhere:/bin"})

def test_spawned():
    with suppress(Exception):
        os.posix_spawn("/nowhere/sysctl", ["sysctl", "-a"], {})

def test_spawned_without_being_found():
    with suppress(Exception):
        os.posix_spawn("dhclient", ["dhclient", "-x"], {"PATH": "/bin"})

def test_instead_of_itself():
    with suppress(Exception):
        os.execv("/nowhere/service", ["service", "netif"])

@pytest.mark.xfail
def test_that_may_fail():
    subprocess.run(["systemctl", "stop"], check=True)

def test_that_fails_besides():
    subprocess.run(["ifup", "-a"])
    raise AssertionError("besides")

@pytest.fixture(scope="module")
def made():
    subprocess.run(["networkctl", "reload"])
    yield
    subprocess.run(["networkctl", "status"])

def test_a_fixture(made):
    pass

def test_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "ip").write_text("#!/bin/sh\\necho mine\\n")
    (tmp_path / "ip").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for ip in ("ip", str(tmp_path / "ip")):
        assert subprocess.check_output([ip, "link"]) == b"mine\\n"
    assert subprocess.check_output(["ip"], env={"PATH": f"{tmp_path}:/bin"}) == b"mine\\n"

def test_anything_else():
    subprocess.run(["sh", "-c", "true"], check=True)

def test_one_that_is_not_there():
    with pytest.raises(FileNotFoundError):
        subprocess.run(["netplan"], env={"PATH": strangers.NO_PROGRAMS})

def test_that_is_the_last():
    pass
"""

CALLED = {
    "a_name": "netplan apply",
    "in_a_shell": "ip link show",
    "with_the_path_of_a_test": "nmcli",
    "a_full_path": "/nowhere/sbin/ifconfig -a",
    "another_path": "udevadm settle",
    "spawned": "/nowhere/sysctl -a",
    "spawned_without_being_found": "dhclient -x",
    "instead_of_itself": "/nowhere/service netif",
    "that_may_fail": "systemctl stop",
    "that_fails_besides": "ifup -a",
    "a_fixture": "networkctl reload",
    "that_is_the_last": "networkctl status",
}
MAY = {
    *("of_its_own", "anything_else", "one_that_is_not_there"),
    *(f"that_is_marked[{mark}]" for mark in strangers.MAY_RUN_THEM),
}


class Ran(NamedTuple):
    """What pytest printed, and how each test ended: one that fails at its end has passed before."""

    out: str
    ended: dict[str, set[str]]


@pytest.fixture(scope="module", params=["0", "1"], ids=["here", "in a worker"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A suite whose conftest.py is that of this one."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "conftest.py").write_text("from tests.conftest import *\n")
    (folder / "test_it.py").write_text(TESTS)
    marks = "".join(f"    {mark}: x\n" for mark in sorted(strangers.MAY_RUN_THEM))
    (folder / "pytest.ini").write_text(f"[pytest]\nmarkers =\n{marks}")
    options = ["-p", "no:cacheprovider", "-rA", "--numprocesses", str(request.param)]
    path = os.environ["PATH"]
    # pytest folds no line of its summary where it believes itself in a CI.
    not_handed_on = {strangers.CALLS, "CI", "BUILD_NUMBER"}
    before = {name: text for name, text in os.environ.items() if name not in not_handed_on}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env={**before, "PYTHONPATH": str(CHECKOUT), "PATH_BEFORE": path, "COLUMNS": "500"},
        capture_output=True,
        text=True,
    )
    found: dict[str, set[str]] = {}
    for outcome, name in re.findall(r"^([A-Z]+) test_it\.py::test_(\S+)", done.stdout, re.M):
        found.setdefault(name, set()).add(outcome)
    return Ran(done.stdout + done.stderr, found)


@pytest.mark.parametrize("name", CALLED)
def test_who_calls_one_fails_and_is_told_what(ran: Ran, name: str) -> None:
    """Even where the failure was expected or nobody minded it, and where a fixture calls it."""
    assert ran.ended[name] & {"FAILED", "ERROR"}, ran.out
    said = f"test_it.py::test_{name} called programs of this machine:\n{CALLED[name]}  ("
    assert ran.out.count(said) == 1, ran.out


def test_a_failure_of_the_tests_own_is_shown_too(ran: Ran) -> None:
    assert "AssertionError: besides" in ran.out


@pytest.mark.parametrize("name", sorted(MAY))
def test_whoever_else_there_is_passes(ran: Ran, name: str) -> None:
    assert ran.ended[name] == {"PASSED"}, ran.out


def test_each_test_of_the_suite_was_looked_at(ran: Ran) -> None:
    assert ran.ended.keys() == CALLED.keys() | MAY, ran.out


def test_a_hidden_program_is_there_for_nobody_but_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its full path too, and through a link; what is not there needs no hiding."""
    (tmp_path / "real").write_text("#!/bin/sh\necho ran\n")
    (tmp_path / "real").chmod(0o755)
    (tmp_path / "link").symlink_to("real")
    monkeypatch.setattr(strangers, "_FOLDERS", (str(tmp_path),))
    command = ["sh", "-c", '"$0"; echo $?', str(tmp_path / "link")]
    done = subprocess.run(
        strangers.hiding(["link", "none"], command), capture_output=True, text=True, check=True
    )
    assert done.stdout == "126\n", done.stderr
    assert subprocess.check_output(command, text=True) == "ran\n0\n"
    assert strangers.hiding(["none"], command) == command
