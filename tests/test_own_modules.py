"""The program that pip makes, started in a folder of somebody else's and with such a PYTHONPATH."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.files import put
from tests.paths import CHECKOUT

# As pip writes it (distlib's scripts.py), and the same by `python -m`.
PROGRAM = "import sys\nfrom hyperv_net.cli import program\nsys.exit(program())\n"
VERB = ["plan", "--inventory", "inventory.json", "--network-config", "network-config.yaml"]


def executed(folder: Path, command: list[str], path: list[str]) -> bool:
    """Whether the stranger's yaml.py was run; the program's own end is not asked."""
    mark = folder / "executed"
    mark.unlink(missing_ok=True)
    subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
    )
    return mark.exists()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = tmp_path / "hostile"
    put(folder, "yaml.py", f"open({str(folder / 'executed')!r}, 'w')\n")
    put(folder, "inventory.json", (CHECKOUT / "examples/linux-netplan/inventory.json").read_text())
    put(folder, "network-config.yaml", "version: 2\nethernets: {}\n")
    folder.chmod(0o777)
    return folder


@pytest.mark.parametrize("in_front", ["", "HOSTILE"])
@pytest.mark.parametrize("way", ["script", "module"])
def test_nothing_of_a_folder_that_others_may_write_is_run(
    way: str, in_front: str, hostile: Path, tmp_path: Path
) -> None:
    program = put(tmp_path, "bin/hyperv-net", PROGRAM)
    path = [in_front.replace("HOSTILE", str(hostile)), str(CHECKOUT)]
    start = [str(program)] if way == "script" else ["-m", "hyperv_net"]
    assert not executed(hostile, [sys.executable, *start, *VERB], path)
    assert executed(hostile, [sys.executable, "-c", "import yaml"], path), "Python alone does"
    done = subprocess.run(
        [sys.executable, *start, *VERB],
        cwd=hostile,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
    )
    assert "PyYAML" not in done.stderr, "the real one was found behind it"


def test_a_folder_of_ones_own_is_left_alone(hostile: Path, tmp_path: Path) -> None:
    """Somebody's PyYAML may be in one."""
    program = put(tmp_path, "bin/hyperv-net", PROGRAM)
    hostile.chmod(0o755)
    assert executed(hostile, [sys.executable, str(program), *VERB], [str(hostile), str(CHECKOUT)])


def test_one_that_is_somebody_elses_is_not_though_nobody_else_may_write(
    hostile: Path, tmp_path: Path
) -> None:
    if os.geteuid() == 0:
        os.chown(hostile, 65534, 65534)
    hostile.chmod(0o755 if os.geteuid() == 0 else 0o777)
    program = put(tmp_path, "bin/hyperv-net", PROGRAM)
    command = [sys.executable, str(program), *VERB]
    assert not executed(hostile, command, [str(hostile), str(CHECKOUT)])
