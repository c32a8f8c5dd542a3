"""The files of the package that have the hook run on Linux, as systemd and a shell read them."""

from __future__ import annotations

import os
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

import hyperv_net
from hyperv_net.companions.udev_rules import MARK, RULES_FILE
from hyperv_net.facts import System
from hyperv_net.hotplug.__main__ import CONFINED
from hyperv_net.hotplug.kept import worker
from hyperv_net.hotplug.wanted import KEPT_IN, RUN_DIRECTORY
from hyperv_net.journal.kept import FOLDER
from hyperv_net.renderers.networkd.paths import TRANSPARENT_FILE
from tests.debian.packages import unpacked
from tests.debian.tools import SUITES
from tests.firstboot.sandbox import Step, run

DATA = Path(hyperv_net.__file__).parent / "data/linux"
NAME, HELPER = "hyperv-net-reconcile", "hyperv-net-activate"
WATCH = "hyperv-net-watch.service"
METRICS = tuple(f"hyperv-net-metrics.{one}" for one in ("path", "timer", "service"))
VERIFY = """#!/bin/sh
mkdir -p $1/usr/bin $1/tmp $1/root $1/run
for one in python3 rm flock mkdir; do : >$1/usr/bin/$one; chmod 755 $1/usr/bin/$one; done
cd $1 && exec chroot $1 /usr/bin/systemd-analyze verify --man=no \\
    /etc/systemd/system/hyperv-net-reconcile.path \\
    /etc/systemd/system/hyperv-net-reconcile.service \\
    /etc/systemd/system/hyperv-net-activate.socket \\
    /etc/systemd/system/hyperv-net-activate@.service \\
    /etc/systemd/system/hyperv-net-watch.service \\
    /etc/systemd/system/hyperv-net-metrics.path \\
    /etc/systemd/system/hyperv-net-metrics.timer \\
    /etc/systemd/system/hyperv-net-metrics.service
"""


def unit(sort: str, name: str = NAME) -> RawConfigParser:
    # Of a key that is there twice the last one counts here.
    parser = RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DATA / f"{name}.{sort}")
    return parser


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_systemd_finds_nothing_to_complain_of(suite: str, tmp_path: Path) -> None:
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    names = (
        f"{NAME}.path",
        f"{NAME}.service",
        f"{HELPER}.socket",
        f"{HELPER}@.service",
        WATCH,
        *METRICS,
    )
    for name in names:
        (units / name).write_text((DATA / name).read_text())
    step = Step("verify", VERIFY, outside=True)
    (outcome,) = run([unpacked(suite, ("systemd",)).root], tmp_path, [step])
    assert (outcome.status, outcome.err) == (0, "")


def test_the_mark_of_the_rules_starts_the_service_and_is_taken_away_whatever_runs() -> None:
    """Were it left, by a package half removed, systemd would start the service for ever."""
    assert unit("path")["Path"]["PathExists"] == MARK
    assert f"\nExecStartPre=-+/bin/rm -f {MARK}\n" in (DATA / f"{NAME}.service").read_text()


def test_a_worker_is_waited_for_by_its_own_lock() -> None:
    """In whose folder flock(1) makes no file where there was no worker yet."""
    text = (DATA / f"{NAME}.service").read_text()
    waits = f"flock --timeout 60 {RUN_DIRECTORY[System.LINUX]}/{worker.LOCK} true"
    assert f"ExecStartPre=-/usr/bin/{waits}\n" in text


def test_the_worker_may_write_its_journal_and_nothing_else_that_outlives_a_boot() -> None:
    """And where there can be no folder for it, VFs are joined as ever."""
    service = unit("service")["Service"]
    folder = f"/{KEPT_IN[System.LINUX]}/{FOLDER}"
    writable = [one for one in service["ReadWritePaths"].split() if "/sys/" not in one]
    assert writable == [f"-{folder}"]
    assert service["ExecStartPre"] == f"-+/bin/mkdir -p {folder}"
    assert "StateDirectory" not in service


@pytest.mark.parametrize("name", [NAME, "hyperv-net-metrics"])
def test_no_number_of_events_makes_a_unit_fail(name: str) -> None:
    assert unit("service", name)["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit("path", name)["Path"]["TriggerLimitIntervalSec"] == "0"


def test_the_service_runs_a_module_of_the_package_away_from_any_folder() -> None:
    """Isolated, so that neither the environment nor a working directory decides what is loaded."""
    program, *arguments = unit("service")["Service"]["ExecStart"].split()
    assert program == "/usr/bin/python3"
    assert arguments == ["-I", "-m", "hyperv_net.hotplug", CONFINED]
    assert (Path(hyperv_net.__file__).parent / "hotplug/__main__.py").exists()


def initramfs(tmp_path: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """Run the hook of initramfs-tools over folders that stand for the machine and its image."""
    (tmp_path / "functions").write_text("")
    image = tmp_path / "image"
    (image / "etc/systemd/network").mkdir(parents=True)
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(file)
    script = (DATA / "initramfs-tools-hook").read_text()
    script = script.replace("/usr/share/initramfs-tools/hook-functions", f"{tmp_path}/functions")
    script = script.replace("=/etc/", f"={tmp_path}/etc/").replace(
        '"$DESTDIR$rules"', f'"$DESTDIR${{rules#{tmp_path}}}"'
    )
    script = script.replace('"$DESTDIR$network"', f'"$DESTDIR${{network#{tmp_path}}}"')
    return subprocess.run(
        ["/bin/sh", "-eu", "-c", script, "hook", "build"],
        env={"DESTDIR": str(image), "PATH": os.environ["PATH"]},
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_initramfs_gets_the_rules(tmp_path: Path) -> None:
    done = initramfs(tmp_path, RULES_FILE, TRANSPARENT_FILE)
    assert (done.returncode, done.stderr) == (0, "")
    for file in (RULES_FILE, TRANSPARENT_FILE):
        assert (tmp_path / "image" / file).read_text() == file


def test_an_initramfs_of_a_machine_without_pairs_is_as_it_was(tmp_path: Path) -> None:
    done = initramfs(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert [path for path in (tmp_path / "image").rglob("*") if path.is_file()] == []


def test_dracut_may_miss_the_files() -> None:
    text = (DATA / "dracut.conf").read_text()
    assert f"/{RULES_FILE} " in text and f"/{TRANSPARENT_FILE} " in text
    assert "install_optional_items+=" in text
