"""Baking on whole roots: what is put where, what is shown of it, and what it refuses."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.applying.disk import snapshot
from tests.bake import images
from tests.files import put


def test_a_debian_image_gets_the_package_its_plug_its_units_and_its_hook(debian: Path) -> None:
    assert main(["bake", "--root", str(debian)]) == 0
    packages = debian / "usr/lib/python3/dist-packages"
    plug = debian / "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"
    assert str(plug.readlink()) == "/run/hyperv-net/plug.cfg"
    for module in (
        "cli.py",
        "renderers/netplan/render.py",
        "sources/DataSourceAzure.py",
        "py.typed",
    ):
        assert (packages / "hyperv_net" / module).is_file()
    assert not list(packages.rglob("__pycache__"))
    enabled = debian / "etc/systemd/system/paths.target.wants/hyperv-net-reconcile.path"
    assert str(enabled.readlink()) == "/usr/lib/systemd/system/hyperv-net-reconcile.path"
    assert (debian / str(enabled.readlink())[1:]).is_file()
    hook = debian / "etc/initramfs-tools/hooks/hyperv-net"
    assert stat.S_IMODE(hook.stat().st_mode) == 0o755
    program = debian / "usr/bin/hyperv-net"
    assert program.read_text().startswith("#!/usr/bin/python3 -I\n")
    assert stat.S_IMODE(program.stat().st_mode) == 0o755


def test_dracut_gets_its_file_where_it_is_and_not_for_a_part_of_it(debian: Path) -> None:
    """initramfs-tools of Debian 13 takes one of dracut's programs along."""
    images.make(debian, {"usr/lib/dracut/dracut-install": ""})
    conf = debian / "etc/dracut.conf.d/90-hyperv-net.conf"
    assert main(["bake", "--root", str(debian)]) == 0
    assert not conf.exists()
    images.make(debian, {"usr/bin/dracut": ""})
    assert main(["bake", "--root", str(debian)]) == 0
    assert conf.is_file()


def test_an_image_with_another_python_gets_units_that_run_that_one(debian: Path) -> None:
    folder = debian / "usr/lib/python3/dist-packages"
    target = debian / "usr/lib/python3.12/site-packages"
    target.parent.mkdir()
    folder.rename(target)
    assert main(["bake", "--root", str(debian)]) == 0
    unit = (debian / "usr/lib/systemd/system/hyperv-net-reconcile.service").read_text()
    assert "ExecStart=/usr/bin/python3.12 -I -m hyperv_net" in unit
    assert (target / "hyperv_net/cli.py").is_file()


def test_a_freebsd_image_gets_devd_rules_and_loader_settings_with_their_reason(
    freebsd: Path,
) -> None:
    before = (freebsd / "boot/loader.conf").read_text()
    assert main(["bake", "--root", str(freebsd), "--aggregate", "always"]) == 0
    after = (freebsd / "boot/loader.conf").read_text()
    assert after.startswith(before)
    assert '\nhw.hn.vf_transparent="0"\n' in after
    assert '\nif_lagg_load="YES"\n' in after
    assert (freebsd / "usr/local/etc/devd/hyperv-net.conf").is_file()
    assert (freebsd / "usr/local/libexec/hyperv-net/devd-hook").stat().st_mode & 0o111
    settings = freebsd / "usr/local/etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg"
    assert "hyperv_net: {aggregate: always}" in settings.read_text()


@pytest.mark.parametrize(
    ("occupied", "place"), [((), "netif"), (("netif",), "network"), (("netif", "network"), "")]
)
def test_what_netif_reads_goes_where_nobody_has_a_file(
    occupied: tuple[str, ...], place: str, freebsd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """rc.subr reads NAME where it is a file, and what is in it where it is a folder."""
    folder = freebsd / "usr/local/etc/rc.conf.d"
    for name in occupied:
        put(freebsd, f"usr/local/etc/rc.conf.d/{name}", "x=1\n")
    assert main(["bake", "--root", str(freebsd)]) == 0
    found = [one.parent.name for one in folder.rglob("hyperv-net")]
    assert found == ([place] if place else [])
    assert ("netif-not-told" in capsys.readouterr().err) is (place == "")


def test_a_dry_run_is_a_summary_with_what_changes_in_the_images_own_files(
    freebsd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Most of the diff of all files is hyperv-net's own source, which nobody reviews."""
    before = snapshot(freebsd)
    assert main(["bake", "--root", str(freebsd), "--aggregate", "always", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert '+hw.hn.vf_transparent="0"' in shown
    assert "create   usr/local/etc/devd/hyperv-net.conf" in shown
    assert "+++ b/usr/local/etc/devd" not in shown and len(shown.splitlines()) < 60
    assert main(["bake", "--root", str(freebsd)]) == 0
    baked = snapshot(freebsd)
    capsys.readouterr()
    assert main(["unbake", "--root", str(freebsd), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "remove  usr/local/etc/devd/hyperv-net.conf" in shown
    assert len(shown.splitlines()) < 60
    assert main(["unbake", "--root", str(freebsd), "--diff"]) == 0
    assert "--- a/usr/local/etc/devd/hyperv-net.conf" in capsys.readouterr().out
    assert snapshot(freebsd) == baked != before


def test_the_whole_tree_is_shown_as_a_diff_and_nothing_written(
    freebsd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(freebsd)
    assert main(["bake", "--root", str(freebsd), "--aggregate", "always", "--diff"]) == 0
    shown = capsys.readouterr().out
    assert "+++ b/usr/local/etc/devd/hyperv-net.conf" in shown
    assert '+hw.hn.vf_transparent="0"' in shown
    assert snapshot(freebsd) == before


def test_a_dry_runs_diff_makes_of_the_image_what_bake_makes(
    freebsd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """git applies it: texts, programs' modes and links."""
    copy = tmp_path / "copy"
    images.freebsd(copy)
    arguments = ["bake", "--root", str(freebsd), "--aggregate", "always"]
    assert main([*arguments, "--diff"]) == 0
    diff = capsys.readouterr().out
    subprocess.run(["git", "apply", "-p1"], cwd=copy, input=diff, text=True, check=True)
    assert main(arguments) == 0
    record = "var/db/hyperv-net"
    baked = {path: one for path, one in snapshot(freebsd).items() if record not in path}
    above = ("var", "var/db")
    assert snapshot(copy) == {path: one for path, one in baked.items() if path not in above}


def test_a_bake_as_json_has_its_findings(debian: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (debian / "etc/nftables.conf").write_text("iifname eth0\n")
    assert main(["bake", "--root", str(debian), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "hyperv-net/apply/1"
    (finding,) = document["findings"]
    assert (finding["rule"], finding["where"]) == (
        "names-the-synthetic-nic",
        "etc/nftables.conf:1:9",
    )
    plug = next(one for one in document["files"] if one["path"].endswith("90-hyperv-net.cfg"))
    assert plug["is_link"] and plug["action"] == "create"


@pytest.mark.parametrize("has_rich", [True, False])
def test_a_long_bake_shows_how_far_it_is_on_a_terminal_only(has_rich: bool, debian: Path) -> None:
    """Where rich is installed; elsewhere, and in a pipe, all is as without."""
    ours, terminal = pty.openpty()
    hidden = "" if has_rich else "sys.modules['rich'] = None; "
    script = f"import sys; {hidden}from hyperv_net.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "bake", "--root", str(debian)]
    environment = {**os.environ, "TERM": "xterm"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=terminal, env=environment, text=True
    )
    os.close(terminal)
    shown = b""
    while True:
        try:
            data = os.read(ours, 4096)
        except OSError:  # What a terminal says whose other end is closed.
            break
        if not data:
            break
        shown += data
    os.close(ours)
    out, _ = process.communicate()
    assert process.returncode == 0
    assert (b"writing" in shown) == has_rich
    assert "writing" not in out and "created" in out
    quiet = subprocess.run([*command, "--force"], capture_output=True, text=True, check=True)
    assert "writing" not in quiet.stderr


def test_a_driver_that_is_asked_for_and_missing_stops_the_bake(
    freebsd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (freebsd / "boot/kernel/if_mana.ko").unlink()
    before = snapshot(freebsd)
    assert main(["bake", "--root", str(freebsd), "--expect-driver", "mana"]) == 1
    assert "no if_mana.ko" in capsys.readouterr().err
    assert snapshot(freebsd) == before
    assert main(["bake", "--root", str(freebsd), "--expect-driver", "mlx5"]) == 0


def test_a_datasource_that_is_chosen_mends_a_list_without_one(debian: Path) -> None:
    (debian / "etc/cloud/cloud.cfg").write_text("datasource_list: [Ec2]\n")
    assert main(["bake", "--root", str(debian)]) == 1
    assert main(["bake", "--root", str(debian), "--datasource", "Azure"]) == 0
    settings = debian / "etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg"
    assert "datasource_list: [Azure]" in settings.read_text()
