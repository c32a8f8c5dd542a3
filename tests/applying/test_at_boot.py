"""What has a boot take an apply back: a file of each system's own kind, in its shell's words."""

from __future__ import annotations

import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from hyperv_net.applying.at_boot import Starter, starter
from hyperv_net.errors import HypervNetError
from hyperv_net.model import System

PROGRAM = "/var/lib/hyperv-net/unconfirmed/take-back.py"
SYSTEMD = "/run/systemd/system"
OPENRC = "/run/openrc/softlevel"


def on(system: System, exists: str = "", program: str = PROGRAM) -> Starter:
    return starter(system, sys.executable, program, exists.__eq__)


def test_systemd_starts_it_ahead_of_the_network_and_only_while_the_record_is_there() -> None:
    one = on(System.LINUX, SYSTEMD)
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(one.text)
    assert unit["Unit"]["ConditionPathExists"] == PROGRAM
    assert unit["Unit"]["Before"].split()[0] == unit["Unit"]["Wants"] == "network-pre.target"
    assert unit["Service"]["ExecStart"] == f'"{sys.executable}" -I {PROGRAM} boot'
    assert one.link == f"etc/systemd/system/sysinit.target.wants/{Path(one.path).name}"


def test_where_a_boot_would_start_nothing_it_is_refused() -> None:
    with pytest.raises(HypervNetError, match="neither systemd nor OpenRC"):
        on(System.LINUX)
    with pytest.raises(HypervNetError, match="characters that a unit cannot"):
        starter(System.LINUX, '/opt/"py/python3', PROGRAM, SYSTEMD.__eq__)


@pytest.mark.parametrize("system", [System.FREEBSD, System.LINUX])
def test_a_script_runs_it_while_it_is_there_and_is_nothing_afterwards(
    system: System, tmp_path: Path
) -> None:
    """OpenRC's functions are called as openrc-run does; rc(8) sources the script."""
    program = tmp_path / "take-back.py"
    one = on(system, OPENRC, str(program))
    assert one.mode == 0o755
    script = tmp_path / "script"
    script.write_text(one.text.partition("\n")[2])
    words = f"set faststart; . {script}" + ("; start" if system is System.LINUX else "")
    program.write_text("import sys; print(sys.argv[1])")
    for left in ("boot\n", ""):
        done = subprocess.run(["sh", "-c", words], capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == (left, "")
        program.unlink(missing_ok=True)


def test_rc_reads_its_files_again_where_it_boots_and_a_stop_does_nothing(tmp_path: Path) -> None:
    program = tmp_path / "take-back.py"
    program.write_text("")
    script = tmp_path / "script"
    script.write_text(on(System.FREEBSD, "", str(program)).text)
    said = {
        (booting, word): subprocess.run(
            [
                *("sh", "-c"),
                f"trap 'echo again' ALRM; RC_PID=$$; {booting} (set {word}; . {script})",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for booting in ("autoboot=yes;", "")
        for word in ("faststart", "stop")
    }
    assert [key for key, out in said.items() if out] == [("autoboot=yes;", "faststart")]
