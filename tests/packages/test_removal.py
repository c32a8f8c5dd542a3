"""What the packages' scripts do when the package is removed: drains end, by whoever can still."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.files import put
from tests.packages.debian import PACKAGING
from tests.paths import CHECKOUT

DEBIAN = PACKAGING / "hyperv-net.prerm"
FREEBSD = CHECKOUT / "packaging" / "freebsd" / "pkg-deinstall"

#: Who watches, and who writes metrics; on Debian where systemd runs.
STOP = {
    DEBIAN: "deb-systemd-invoke stop hyperv-net-watch.service hyperv-net-metrics.timer "
    "hyperv-net-metrics.path hyperv-net-metrics.service",
    FREEBSD: "service hyperv_net_watch onestop",
}
UNDRAIN = "hyperv-net undrain --all-owners"

#: What takes the file of metrics away; on Debian its unit has a folder besides the setting's.
CLEAR = {
    DEBIAN: [
        "hyperv-net status --clear-textfile",
        "hyperv-net status --clear-textfile /var/lib/prometheus/node-exporter",
    ],
    FREEBSD: ["hyperv-net status --clear-textfile"],
}
BOTH = pytest.mark.parametrize(
    ("script", "words"), [(DEBIAN, ["remove"]), (FREEBSD, ["hyperv-net-0.1.0", "DEINSTALL"])]
)


def removed(script: Path, folder: Path, *words: str, status: int = 0, **more: str) -> list[str]:
    """What the script runs, all of which ends with `status`; it ends with 0 itself."""
    log = put(folder, "log", "")
    for name in ("deb-systemd-invoke", "service", "hyperv-net"):
        told = f'#!/bin/sh\necho "{name} $*" >>{log}\nexit {status}\n'
        put(folder, f"bin/{name}", told, 0o755)
    text = script.read_text()
    for path in ("/run/", "/var/run/", "/var/lib/"):
        text = text.replace(f" {path}", f" {folder}{path}")
    ours = put(folder, "script", text)
    path = f"{folder}/bin:/usr/bin:/bin"
    done = subprocess.run(
        ["/bin/sh", str(ours), *words],
        env={"PATH": path, "PKG_PREFIX": str(folder), **more},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return log.read_text().replace(f" {folder}/", " /").splitlines()


def drain(folder: Path) -> None:
    """A pair is drained, on a machine with systemd."""
    for run in ("run", "var/run"):
        put(folder, f"{run}/hyperv-net/drained/00:0d:3a:00:00:01", "{}")
    (folder / "run/systemd/system").mkdir(parents=True)


@pytest.mark.parametrize("status", [0, 1])
@BOTH
def test_drains_end_whoever_owns_them_once_nobody_watches_and_nothing_fails_for_it(
    script: Path, words: list[str], status: int, tmp_path: Path
) -> None:
    drain(tmp_path)
    done = removed(script, tmp_path, *words, status=status)
    assert done[:2] == [STOP[script], UNDRAIN]


@pytest.mark.parametrize("status", [0, 1])
@BOTH
def test_the_file_of_metrics_goes_once_nobody_writes_it_and_nothing_fails_for_it(
    script: Path, words: list[str], status: int, tmp_path: Path
) -> None:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert removed(script, tmp_path, *words, status=status) == [STOP[script], *CLEAR[script]]


def test_where_systemd_does_not_run_it_is_not_asked(tmp_path: Path) -> None:
    assert removed(DEBIAN, tmp_path, "remove") == CLEAR[DEBIAN]


def test_the_unit_that_the_package_has_writes_where_the_script_looks() -> None:
    unit = (CHECKOUT / "hyperv_net/data/linux/hyperv-net-metrics.service").read_text()
    folder = CLEAR[DEBIAN][1].split()[-1]
    assert f" --textfile --clear-textfile {folder}\n" in unit
    assert f"\nReadWritePaths=-{folder}\n" in unit


@BOTH
def test_without_a_drain_none_is_ended(script: Path, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert removed(script, tmp_path, *words) == [STOP[script], *CLEAR[script]]
    (tmp_path / "run/hyperv-net/drained").mkdir(parents=True)
    (tmp_path / "var/run/hyperv-net/drained").mkdir(parents=True)
    assert removed(script, tmp_path, *words) == [STOP[script], *CLEAR[script]]


def test_an_upgrade_leaves_drains_and_metrics_as_they_are(tmp_path: Path) -> None:
    drain(tmp_path)
    assert removed(DEBIAN, tmp_path, "upgrade", "0.2.0") == []
    words = ("hyperv-net-0.1.0", "DEINSTALL")
    assert removed(FREEBSD, tmp_path, *words, PKG_UPGRADE="true") == []
    assert removed(FREEBSD, tmp_path, *words, PKG_ROOTDIR="/mnt") == []
    assert removed(FREEBSD, tmp_path, "hyperv-net-0.1.0", "POST-DEINSTALL") == []


def test_an_apply_on_trial_is_taken_back_once_the_traffic_is(tmp_path: Path) -> None:
    drain(tmp_path)
    put(tmp_path, "var/lib/hyperv-net/unconfirmed/pending.json", "{}")
    assert removed(DEBIAN, tmp_path, "remove") == [
        STOP[DEBIAN],
        UNDRAIN,
        *CLEAR[DEBIAN],
        "hyperv-net confirm --revert",
    ]
