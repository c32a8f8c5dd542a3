"""The machine from inside: its namespaces keep what is done in them, and end with it."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from tests.freebsd_machine.machine import MAC, Machine, new_machine
from tests.freebsd_machine.state import Offer
from tests.paths import CHECKOUT

OFFERS = {MAC: Offer("10.0.0.4", 24, "10.0.0.1")}


def alive(needle: str) -> list[str]:
    """The processes of this system whose command line has this."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                text = (process / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if needle in text and int(process.name) != os.getpid():
                found.append(text)
    return found


def test_programs_are_where_freebsd_has_them_and_files_are_the_machines(tmp_path: Path) -> None:
    with new_machine(tmp_path, rc_conf='ifconfig_hn0="up"\n') as machine:
        done = machine.inside(
            "/sbin/ifconfig -l; /sbin/sysctl -n hw.hn.vfmap; /usr/bin/uname -s; cat /etc/rc.conf;"
            "echo new >/var/db/new; mkdir -p /usr/local/etc && echo x >/usr/local/etc/mine"
        )
        assert done.out == 'hn0 lo0 mce0\nmce0:hn0\nFreeBSD\nifconfig_hn0="up"\n'
        assert (done.status, done.err) == (0, "")
        assert machine.read("var/db/new") == "new\n"
    assert not Path("/usr/local/etc/mine").exists()
    assert not Path("/var/db/new").exists()


def test_a_client_is_a_process_that_can_be_found_and_ended(tmp_path: Path) -> None:
    with new_machine(tmp_path, offers=OFFERS) as machine:
        pid = machine.inside("dhclient hn0 && cat /var/run/dhclient/dhclient.hn0.pid").out.split()
        assert machine.inside(f"/bin/ps -o comm= -p {pid[-1]}").out == "dhclient\n"
        assert machine.inside("dhclient hn0").status == 1
        gone = f"while kill -0 {pid[-1]} 2>/dev/null; do :; done"
        assert machine.inside(f"kill {pid[-1]}; {gone}; dhclient hn0").status == 0


def test_a_client_that_was_noted_becomes_a_process(tmp_path: Path) -> None:
    with new_machine(tmp_path, offers=OFFERS) as machine:
        machine.run("dhclient", "mce0")
        find = "/bin/ps -o args= -p $(cat /var/run/dhclient/dhclient.mce0.pid)"
        assert machine.inside(find).out.startswith("dhclient: mce0 ")
        machine.detach_vf("mce0")
        done = machine.inside(f"while {find} | grep -q dhclient; do :; done")
        assert done.status == 0


def test_nothing_of_it_runs_afterwards(tmp_path: Path) -> None:
    """Whether the block ends well or not."""
    marked = f"sleep 12{os.getpid()}"
    with pytest.raises(ZeroDivisionError), new_machine(tmp_path, offers=OFFERS) as machine:
        machine.inside("dhclient mce0")
        machine.inside(f"setsid {marked} >/dev/null 2>&1 &")
        assert alive(marked.replace(" ", "\0"))
        raise ZeroDivisionError
    assert not alive(marked.replace(" ", "\0"))
    assert not alive("dhclient: mce0")


def test_this_systems_network_and_files_are_not_touched(tmp_path: Path) -> None:
    def seen() -> object:
        return socket.if_nameindex(), sorted(Path("/etc").iterdir()), sorted(Path("/").iterdir())

    before = seen()
    with new_machine(tmp_path) as machine:
        machine.inside("service netif start; ifconfig lagg0 create; echo x >/etc/own; mkdir /new")
        assert machine.read("etc/own") == "x\n"
    assert seen() == before


def test_the_product_runs_there(tmp_path: Path) -> None:
    with new_machine(tmp_path) as machine:
        done = machine.inside(
            [sys.executable, "-c", "import os; print(os.path.exists('/sys/class/net'))"]
        )
        assert done.status == 0
        found = machine.inside(
            [sys.executable, "-m", "hyperv_net", "reconcile", "--dry-run"],
            {"PYTHONPATH": str(CHECKOUT)},
        )
        assert (found.status, found.err) == (0, "")


def test_programs_in_a_folder_serve_without_namespaces(tmp_path: Path) -> None:
    """Put first in PATH; what they do is in the same state."""
    import subprocess

    machine: Machine = new_machine(tmp_path)
    done = subprocess.run(
        ["sh", "-c", "ifconfig lagg0 create && ifconfig lagg0 laggport hn0 && ifconfig -l"],
        env={"PATH": f"{machine.bin}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("hn0 lo0 mce0 lagg0\n", "")
    assert machine.interface("lagg0").ports == ["hn0"]
    assert machine.calls[-1] == "ifconfig -l"


def test_timeout_is_a_reaper_unless_it_is_in_the_foreground(tmp_path: Path) -> None:
    """It waits for what the command left behind, and ends it; `--foreground` does neither."""
    left = "(sleep 30; :) >/dev/null 2>&1 & echo $!"
    with new_machine(tmp_path) as machine:
        for option, status, is_left in (("", 124, False), ("--foreground ", 0, True)):
            done = machine.inside(f"timeout {option}-k 5 1 sh -c '{left}'")
            assert done.status == status
            alive = machine.inside(f"kill -0 {done.out.strip()}").status == 0
            assert alive is is_left
        assert machine.inside("timeout 5 sh -c 'exit 3'").status == 3
