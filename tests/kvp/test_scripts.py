"""The three scripts as hv_kvp_daemon runs them, whatever becomes of the program they call."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.kvp.texts import SCRIPTS

GETS = [("hv_get_dhcp_info", ["hn0"]), ("hv_get_dns_info", [])]
ALL = [
    *GETS,
    ("hv_set_ifconfig", ["/var/lib/hyperv/ifcfg-eth0", "/var/lib/hyperv/eth0.nmconnection"]),
]
on_each = pytest.mark.parametrize(("script", "arguments"), ALL)


class Done(NamedTuple):
    """Exit status, standard output, and the lines of the log."""

    status: int
    out: str
    log: list[str]


def call(tmp_path: Path, program: str, script: str, *arguments: str, **stubs: str) -> Done:
    """Run it with `program` as hyperv-net, with stubs of other programs, and with a log.

    Without a `program` there is no hyperv-net.
    """
    log = tmp_path / "log"
    stubs = {"logger": f'printf "%s\\n" "$*" >>{log}', **stubs}
    stubs.update({"hyperv-net": program} if program else {})
    for name, text in stubs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    # The script goes by a PATH of its own, which has the stubs before all else here.
    copy = tmp_path / f"{script}.script"
    text = (SCRIPTS / script).read_text()
    assert text.count("\nPATH=/usr/sbin:") == 1
    copy.write_text(text.replace("\nPATH=", f"\nPATH={tmp_path}:"))
    done = subprocess.run(
        # FreeBSD's daemon runs `sh SCRIPT`, Linux's the script itself.
        ["sh", str(copy), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        env={},
    )
    return Done(done.returncode, done.stdout, log.read_text().splitlines() if log.exists() else [])


def test_what_the_program_prints_is_the_answer(tmp_path: Path) -> None:
    """All of it, with a newline at the end: FreeBSD's daemon crashes on a line without one."""
    done = call(tmp_path, "printf '10.0.0.2\\n2001:db8::2\\n'", "hv_get_dns_info")
    assert done == Done(0, "10.0.0.2\n2001:db8::2\n", [])


@pytest.mark.parametrize("name", ["hn0", "-h", "$(id)", "a b", ""])
def test_the_name_is_an_argument_and_nothing_else(name: str, tmp_path: Path) -> None:
    """Behind `--`, and not evaluated."""
    done = call(tmp_path, 'printf "%s|" "$@"', "hv_get_dhcp_info", name)
    assert done.out == f"kvp|dhcp|--|{name}|"


def test_both_files_of_an_injection_are_handed_over(tmp_path: Path) -> None:
    """Newer Linux daemons have a second one."""
    done = call(tmp_path, 'printf "%s|" "$@"', "hv_set_ifconfig", "/a b", "/c")
    assert done.log == ["-t hv_set_ifconfig -- kvp|set|--|/a b|/c|"]


@on_each
def test_a_failure_is_one_line_in_the_log(
    script: str, arguments: list[str], tmp_path: Path
) -> None:
    """The last line said, nothing on the daemon's pipe, and a status that is not 0."""
    program = "echo Traceback >&2; echo hyperv-net: no such thing >&2; exit 1"
    done = call(tmp_path, program, script, *arguments)
    assert done == Done(1, "", [f"-t {script} -- hyperv-net: no such thing"])


@on_each
def test_a_silent_failure_has_its_status_in_the_log(
    script: str, arguments: list[str], tmp_path: Path
) -> None:
    """As of a program that was killed."""
    done = call(tmp_path, "kill -KILL $$", script, *arguments)
    assert done.status != 0
    assert done.log == [f"-t {script} -- exit status 137"]


@on_each
def test_a_program_that_hangs_is_ended(script: str, arguments: list[str], tmp_path: Path) -> None:
    """The daemon answers its host one question at a time, and waits for each."""
    # The real timeout with a limit that a test can wait for, on a program that ignores SIGTERM.
    real = shutil.which("timeout")
    foreground = '[ "$1" = --foreground ] && shift && option=--foreground'
    limited = f'{foreground}; shift 3; exec {real} $option -k 0.1 0.1 "$@"'
    # What it started itself is its own to end: hyperv-net gives its commands less time.
    hang = "trap '' TERM; while :; do sleep 0.05; done"
    done = call(tmp_path, hang, script, *arguments, timeout=limited)
    assert done.status != 0
    assert len(done.log) == 1
    done = call(tmp_path, "exec sleep 20", script, *arguments, timeout=limited)
    assert "took longer than" in done.log[1]


@on_each
def test_where_there_is_no_program_the_module_is_run(
    script: str, arguments: list[str], tmp_path: Path
) -> None:
    """An image has the package beside cloud-init, and no command."""
    done = call(tmp_path, "", script, *arguments, python3='printf "%s\\n" "$*"')
    said = (done.out or done.log[0].partition("-- ")[2]).split()
    assert said[:4] == ["-I", "-m", "hyperv_net", "kvp"]
    assert done.status == 0


@on_each
def test_a_path_of_somebody_elses_runs_nothing(
    script: str, arguments: list[str], tmp_path: Path
) -> None:
    """Neither by PATH nor by what shells and Python read from the environment."""
    names = ("hyperv-net", "python3", "timeout", "logger", "tail", "printf", "command")
    mark = tmp_path / "ran"
    for name in names:
        (tmp_path / name).write_text(f"#!/bin/sh\necho {name} >>{mark}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "yaml.py").write_text(f"open({str(mark)!r}, 'a').write('yaml')\n")
    text = (SCRIPTS / script).read_text()
    # The machine's own programs stay out of it: an empty folder stands for the system's.
    (tmp_path / "own").mkdir()
    (tmp_path / "own/hyperv-net").write_text("#!/bin/sh\nexit 1\n")
    own = re.sub(r"^PATH=.*$", f"PATH={tmp_path}/own", text, flags=re.M)

    def run(script_text: str) -> bool:
        mark.unlink(missing_ok=True)
        copy = tmp_path / "copy"
        copy.write_text(script_text)
        subprocess.run(
            ["/bin/sh", str(copy), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            cwd=tmp_path,
            env={"PATH": f"{tmp_path}:.", "PYTHONPATH": str(tmp_path), "IFS": "o"},
        )
        return mark.exists()

    assert not run(own)
    assert run(own.replace(f"PATH={tmp_path}/own", f"PATH=$PATH:{tmp_path}/own")), "as it was"


def test_the_scripts_can_be_run() -> None:
    """Linux's daemon runs the files themselves."""
    for script, _ in ALL:
        assert os.access(SCRIPTS / script, os.X_OK)
