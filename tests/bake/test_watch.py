"""Images whose machines drain themselves ahead of announced migrations."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from hyperv_net.cli import main
from hyperv_net.commands.watch import NOT_NEEDED
from hyperv_net.model import Announcer
from tests.applying.disk import snapshot
from tests.bake import images
from tests.files import put
from tests.paths import CHECKOUT

UNIT = "usr/lib/systemd/system/hyperv-net-watch.service"
ENABLED = "etc/systemd/system/multi-user.target.wants/hyperv-net-watch.service"
SCRIPT = "usr/local/etc/rc.d/hyperv_net_watch"
RC_CONF = "usr/local/etc/rc.conf.d/hyperv_net_watch"


def test_a_unit_watches_where_the_options_say_who_announces(debian: Path) -> None:
    before = snapshot(debian)
    chosen = ["--announcements", "azure", "--announcements", "directory", "--drain-ahead", "300"]
    more = ["--acknowledge", "--metrics", "/var/lib/metrics"]
    assert main(["bake", "--root", str(debian), *chosen, *more]) == 0
    assert (
        "ExecStart=/usr/bin/python3 -I -m hyperv_net.announcements confined"
        in (debian / UNIT).read_text().splitlines()
    )
    assert str((debian / ENABLED).readlink()) == f"/{UNIT}"
    settings = debian / "etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg"
    assert yaml.safe_load(settings.read_text())["hyperv_net"] == {
        "announcements": ["azure", "directory"],
        "drain_ahead": 300,
        "acknowledge": True,
        "metrics": "/var/lib/metrics",
    }
    assert main(["unbake", "--root", str(debian)]) == 0
    assert snapshot(debian) == before


def test_drains_end_before_the_running_machine_has_nothing_any_more_that_could(
    debian: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(
        "hyperv_net.commands.draining.end_all", lambda say: ended.append((debian / UNIT).exists())
    )
    assert main(["bake", "--root", str(debian), "--announcements", "azure"]) == 0
    for is_this, words in ((False, []), (True, ["--dry-run"]), (True, [])):
        monkeypatch.setattr("hyperv_net.commands.unbake.is_this_machine", lambda root: is_this)  # noqa: B023
        assert ended == []
        assert main(["unbake", "--root", str(debian), *words]) == 0
        if not is_this:
            assert main(["bake", "--root", str(debian), "--announcements", "azure"]) == 0
    assert ended == [True]


def test_it_does_where_the_image_says_so_itself(debian: Path) -> None:
    put(debian, "etc/cloud/cloud.cfg.d/99.cfg", "hyperv_net: {announcements: host-pool}\n")
    assert main(["bake", "--root", str(debian)]) == 0
    assert (debian / ENABLED).is_symlink()


def test_it_does_not_anywhere_else_and_no_more_when_that_is_taken_back(debian: Path) -> None:
    assert main(["bake", "--root", str(debian)]) == 0
    assert not (debian / UNIT).exists() and not (debian / ENABLED).is_symlink()
    assert main(["bake", "--root", str(debian), "--announcements", "azure"]) == 0
    assert (debian / ENABLED).is_symlink()
    assert main(["bake", "--root", str(debian)]) == 0
    assert not (debian / UNIT).exists() and not (debian / ENABLED).is_symlink()


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--drain-ahead", "901"], "not 0 to 900 seconds: 901"),
        (["--metrics", "metrics"], "not the path of a folder: 'metrics'"),
    ],
)
def test_a_wrong_choice_is_refused(
    options: list[str], what: str, debian: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bake", "--root", str(debian), *options]) == 1
    assert what in capsys.readouterr().err


def test_an_image_without_systemd_has_no_service(tmp_path: Path) -> None:
    few = {path: text for path, text in images.DEBIAN.items() if "systemd" not in path}
    root = images.make(tmp_path, few)
    assert main(["bake", "--root", str(root), "--announcements", "azure"]) == 0
    assert not (root / UNIT).exists()


def test_freebsd_gets_a_script_that_rc_conf_may_say_no_to(freebsd: Path) -> None:
    before = snapshot(freebsd)
    assert main(["bake", "--root", str(freebsd), "--announcements", Announcer.AZURE.value]) == 0
    assert stat.S_IMODE((freebsd / SCRIPT).stat().st_mode) == 0o755
    assert shell(f"{asked(freebsd)}; echo $hyperv_net_watch_enable") == "YES\n"
    said = f"hyperv_net_watch_enable=NO; {asked(freebsd)}; echo $hyperv_net_watch_enable"
    assert shell(said) == "NO\n"
    assert main(["unbake", "--root", str(freebsd)]) == 0
    assert snapshot(freebsd) == before


def test_the_script_has_daemon_keep_the_program_running(tmp_path: Path) -> None:
    """As rc.subr would run it; it is off where nobody has turned it on."""
    put(tmp_path, "rc.subr", "load_rc_config() { :; }\nrun_rc_command() { :; }\n")
    text = (CHECKOUT / "hyperv_net/data/freebsd/hyperv_net_watch").read_text()
    script = text.replace("/etc/rc.subr", str(tmp_path / "rc.subr"))
    shown = shell(f"{script}\necho $command $command_args\neval echo \\$$rcvar\necho $start_precmd")
    assert shown == (
        "/usr/sbin/daemon -f -r -R 60 -P /var/run/hyperv_net_watch.pid -T hyperv-net "
        "/usr/local/bin/hyperv-net watch\nNO\n"
        "hyperv_net_watch_is_needed\n"
    )


@pytest.mark.parametrize("status", [0, 1, NOT_NEEDED, 64, 127])
def test_the_script_begins_but_where_it_is_told_that_nothing_is_needed(
    status: int, tmp_path: Path
) -> None:
    """One that cannot tell is begun, and tries again: a machine may be drained."""
    put(tmp_path, "rc.subr", "load_rc_config() { :; }\nrun_rc_command() { :; }\n")
    put(tmp_path, "hyperv-net", f'#!/bin/sh\necho "$*"\nexit {status}\n', 0o755)
    text = (CHECKOUT / "hyperv_net/data/freebsd/hyperv_net_watch").read_text()
    script = text.replace("/etc/rc.subr", str(tmp_path / "rc.subr"))
    script = script.replace("/usr/local/bin/hyperv-net", str(tmp_path / "hyperv-net"))
    shown = shell(f"{script}\nif eval $start_precmd; then echo begun; else echo not; fi")
    assert shown.split() == ["watch", "--is-needed", "not" if status == NOT_NEEDED else "begun"]


def asked(root: Path) -> str:
    return f". '{root / RC_CONF}'"


def shell(script: str) -> str:
    done = subprocess.run(
        ["/bin/sh", "-euc", script, "rc", "start"], capture_output=True, text=True, check=True
    )
    return done.stdout
