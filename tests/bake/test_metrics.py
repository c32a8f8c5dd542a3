"""Images whose machines write metrics for node_exporter."""

from __future__ import annotations

from configparser import RawConfigParser
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.facts import System
from hyperv_net.hotplug.kept import worker
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.status import textfile
from tests.applying.disk import snapshot
from tests.bake import images
from tests.files import put

UNITS = "usr/lib/systemd/system/hyperv-net-metrics"
WANTED = {
    "path": "etc/systemd/system/paths.target.wants/hyperv-net-metrics.path",
    "timer": "etc/systemd/system/timers.target.wants/hyperv-net-metrics.timer",
}
CRON = "usr/local/etc/cron.d/hyperv_net_metrics"
FOLDER = "/var/lib/node_exporter"
#: It takes its file away from there where the setting names another folder, or none.
WRITE = f"status --textfile --clear-textfile {FOLDER}"


def unit(root: Path, sort: str) -> RawConfigParser:
    parser = RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(root / f"{UNITS}.{sort}")
    return parser


def test_a_service_may_write_into_the_folder_that_the_option_names(debian: Path) -> None:
    before = snapshot(debian)
    assert main(["bake", "--root", str(debian), "--metrics", FOLDER]) == 0
    service = unit(debian, "service")["Service"]
    assert service["ReadWritePaths"] == f"-{FOLDER}"
    assert service["ExecStartPre"] == f"-+/bin/mkdir -p {FOLDER}"
    assert service["ExecStart"] == f"/usr/bin/python3 -I -m hyperv_net {WRITE}"
    for sort, link in WANTED.items():
        assert str((debian / link).readlink()) == f"/{UNITS}.{sort}"
        assert unit(debian, sort)["Install"]["WantedBy"] == link.split("/")[3][: -len(".wants")]
    assert main(["unbake", "--root", str(debian)]) == 0
    assert snapshot(debian) == before


def test_it_does_where_the_image_says_so_itself_and_nowhere_else(debian: Path) -> None:
    assert main(["bake", "--root", str(debian)]) == 0
    assert not (debian / f"{UNITS}.service").exists()
    put(debian, "etc/cloud/cloud.cfg.d/99.cfg", f"hyperv_net: {{metrics: {FOLDER}}}\n")
    assert main(["bake", "--root", str(debian)]) == 0
    assert unit(debian, "service")["Service"]["ReadWritePaths"] == f"-{FOLDER}"
    (debian / "etc/cloud/cloud.cfg.d/99.cfg").unlink()
    assert main(["bake", "--root", str(debian)]) == 0
    left = [f"{UNITS}.service", *WANTED.values()]
    assert not any((debian / one).is_symlink() or (debian / one).exists() for one in left)


def test_what_starts_it_is_the_file_that_those_leave_who_have_news(debian: Path) -> None:
    """Taken away before it looks, whatever runs then: systemd would start it for ever."""
    assert main(["bake", "--root", str(debian), "--metrics", FOLDER]) == 0
    news = f"{RUN_DIRECTORY[System.LINUX]}/{worker.NEWS}"
    path = unit(debian, "path")["Path"]
    assert path == {"PathExists": news, "TriggerLimitIntervalSec": "0"}
    text = (debian / f"{UNITS}.service").read_text()
    before = [one for one in text.splitlines() if one.startswith("Exec")]
    assert before[0] == f"ExecStartPre=-+/bin/rm -f {news}"


def test_the_worker_itself_may_write_no_metrics(debian: Path) -> None:
    """Neither its sandbox nor its time is the metrics'."""
    reconcile = debian / "usr/lib/systemd/system/hyperv-net-reconcile.service"
    assert main(["bake", "--root", str(debian)]) == 0
    before = reconcile.read_text()
    assert main(["bake", "--root", str(debian), "--metrics", FOLDER]) == 0
    assert reconcile.read_text() == before


def test_an_image_without_systemd_has_no_service(tmp_path: Path) -> None:
    few = {path: text for path, text in images.DEBIAN.items() if "systemd" not in path}
    root = images.make(tmp_path, few)
    assert main(["bake", "--root", str(root), "--metrics", FOLDER]) == 0
    assert not (root / f"{UNITS}.service").exists()


def test_cron_writes_them_on_freebsd(freebsd: Path) -> None:
    before = snapshot(freebsd)
    assert main(["bake", "--root", str(freebsd), "--metrics", FOLDER]) == 0
    assert (freebsd / CRON).read_text().split() == [
        *("*" * 5),
        *("root", "/usr/local/bin/hyperv-net", *WRITE.split()),
    ]
    assert main(["unbake", "--root", str(freebsd)]) == 0
    assert snapshot(freebsd) == before


@pytest.mark.parametrize("is_this", [True, False])
def test_unbake_takes_the_file_away_from_the_running_machine_alone(
    is_this: bool, debian: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose settings are gone by then that say where it is."""
    folder = tmp_path / "metrics"
    folder.mkdir()
    textfile.write(str(folder), "")
    assert main(["bake", "--root", str(debian), "--metrics", str(folder)]) == 0
    monkeypatch.setattr("hyperv_net.commands.unbake.is_this_machine", lambda root: is_this)
    monkeypatch.setattr("hyperv_net.commands.draining.end_all", lambda say: None)
    assert main(["unbake", "--root", str(debian), "--dry-run"]) == 0
    assert (folder / textfile.NAME).exists()
    assert main(["unbake", "--root", str(debian)]) == 0
    assert (folder / textfile.NAME).exists() is not is_this


def test_unbake_goes_on_where_nobody_can_tell_where_the_file_is(
    debian: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bake", "--root", str(debian), "--metrics", FOLDER]) == 0
    put(debian, "etc/cloud/cloud.cfg.d/99.cfg", "hyperv_net: {metrics: [1]}\n")
    monkeypatch.setattr("hyperv_net.commands.unbake.is_this_machine", lambda root: True)
    monkeypatch.setattr("hyperv_net.commands.draining.end_all", lambda say: None)
    capsys.readouterr()
    assert main(["unbake", "--root", str(debian)]) == 0
    said = capsys.readouterr().err
    assert "the file of metrics is left, if there is one: " in said and "99.cfg" in said
    assert not (debian / f"{UNITS}.service").exists()
