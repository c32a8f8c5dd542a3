"""Baking on whole roots: what is put where, that it is undone exactly, and what it refuses."""

from __future__ import annotations

import json
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from hyperv_net.bake import package
from hyperv_net.cli import main
from tests.bake import images


def snapshot(root: Path) -> dict[str, tuple[int, str]]:
    """Every path below a root with its kind and permissions, and its bytes or target."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            content = str(path.readlink())
        else:
            content = path.read_bytes().decode("latin-1") if path.is_file() else ""
        found[str(path.relative_to(root))] = (status.st_mode, content)
    return found


@pytest.fixture
def freebsd(tmp_path: Path) -> Path:
    return images.freebsd(tmp_path / "freebsd root")


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    return images.make(tmp_path / "debian", images.DEBIAN)


def test_a_debian_image_gets_the_package_its_plug_its_units_and_its_hook(debian: Path) -> None:
    assert main(["bake", "--root", str(debian)]) == 0
    packages = debian / "usr/lib/python3/dist-packages"
    plug = debian / "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"
    assert plug.readlink() == Path(
        "/usr/lib/python3/dist-packages/hyperv_net/data/90-hyperv-net.cfg"
    )
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


def test_left_to_itself_the_kernel_keeps_its_mode(freebsd: Path) -> None:
    before = (freebsd / "boot/loader.conf").read_text()
    assert main(["bake", "--root", str(freebsd)]) == 0
    assert (freebsd / "boot/loader.conf").read_text() == before


@pytest.mark.parametrize("image", ["freebsd", "debian"])
def test_a_second_bake_changes_nothing_and_unbake_leaves_no_trace(
    image: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    root: Path = request.getfixturevalue(image)
    before = snapshot(root)
    arguments = ["--root", str(root)]
    assert main(["bake", *arguments, "--aggregate", "always"]) == 0
    baked = snapshot(root)
    assert baked != before
    capsys.readouterr()
    assert main(["bake", *arguments, "--aggregate", "always"]) == 0
    assert capsys.readouterr().out == "nothing to do: all is baked into it already\n"
    assert snapshot(root) == baked
    assert main(["unbake", *arguments]) == 0
    assert snapshot(root) == before


def test_a_dry_run_shows_the_tree_as_a_diff_and_writes_nothing(
    freebsd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(freebsd)
    assert main(["bake", "--root", str(freebsd), "--aggregate", "always", "--dry-run"]) == 0
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
    assert main([*arguments, "--dry-run"]) == 0
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
        "etc/nftables.conf:1",
    )
    plug = next(one for one in document["files"] if one["path"].endswith("90-hyperv-net.cfg"))
    assert plug["is_link"] and plug["action"] == "create"


def test_bytecode_of_our_modules_goes_with_them(debian: Path) -> None:
    """An image that has run has some, which would keep our folders."""
    before = snapshot(debian)
    assert main(["bake", "--root", str(debian)]) == 0
    packages = debian / "usr/lib/python3/dist-packages"
    folder = packages / "hyperv_net/sources"
    run = [sys.executable, "-m", "compileall", "-q", str(folder)]
    environment = {name: value for name, value in os.environ.items() if "PYTHON" not in name}
    subprocess.run(run, env=environment, check=True)
    assert list(folder.rglob("*.pyc"))
    assert main(["bake", "--root", str(debian), "--verify"]) == 0
    assert main(["unbake", "--root", str(debian)]) == 0
    assert snapshot(debian) == before


def test_an_upgrade_replaces_what_is_ours_and_removes_what_went(
    debian: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An older version had a module and a folder that this one lacks, and another text."""
    before = snapshot(debian)
    fresh = images.make(debian.parent / "fresh", images.DEBIAN)
    assert main(["bake", "--root", str(fresh)]) == 0
    now = package.own_package()
    older = {**now, "gone/module.py": "x = 1\n", "gone/__init__.py": "", "cli.py": "# older\n"}
    monkeypatch.setattr(package, "own_package", lambda: older)
    assert main(["bake", "--root", str(debian)]) == 0
    ours = debian / "usr/lib/python3/dist-packages/hyperv_net"
    assert (ours / "cli.py").read_text() == "# older\n"
    (ours / "gone/__pycache__").mkdir()
    (ours / "gone/__pycache__/module.cpython-311.pyc").write_text("bytes")
    monkeypatch.setattr(package, "own_package", lambda: now)
    capsys.readouterr()
    assert main(["bake", "--root", str(debian)]) == 0
    assert "replaced  usr/lib/python3/dist-packages/hyperv_net/\n" in capsys.readouterr().out
    assert without_record(debian) == without_record(fresh)
    assert main(["unbake", "--root", str(debian)]) == 0
    assert snapshot(debian) == before


def without_record(root: Path) -> dict[str, tuple[int, str]]:
    """What is below a root besides the manifest, which counts its generations."""
    return {path: one for path, one in snapshot(root).items() if "hyperv-net/baked" not in path}


def test_what_is_chosen_no_more_is_taken_back(debian: Path, freebsd: Path) -> None:
    assert main(["bake", "--root", str(debian), "--aggregate", "always"]) == 0
    settings = debian / "etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg"
    assert settings.exists()
    assert main(["bake", "--root", str(debian)]) == 0
    assert not settings.exists()
    loader = freebsd / "boot/loader.conf"
    before = loader.read_bytes()
    assert main(["bake", "--root", str(freebsd), "--aggregate", "always"]) == 0
    assert main(["bake", "--root", str(freebsd)]) == 0
    assert loader.read_bytes() == before


def test_the_images_own_settings_count_for_loader_conf(freebsd: Path) -> None:
    own = freebsd / "usr/local/etc/cloud/cloud.cfg.d/10-site.cfg"
    own.write_text("hyperv_net: {aggregate: always}\n")
    assert main(["bake", "--root", str(freebsd)]) == 0
    assert 'hw.hn.vf_transparent="0"' in (freebsd / "boot/loader.conf").read_text()
    assert main(["bake", "--root", str(freebsd), "--disabled"]) == 0
    assert "vf_transparent" not in (freebsd / "boot/loader.conf").read_text()


@pytest.mark.parametrize(
    ("file", "text", "wanted"),
    [
        ("boot/loader.conf", 'hw.hn.vf_transparent="0"\n', ['if_lagg_load="YES"']),
        ("boot/loader.conf.local", "hw.hn.vf_transparent=0\n", ['if_lagg_load="YES"']),
        ("boot/loader.conf.d/a.conf", 'hw.hn.vf_transparent="1"\n', []),
    ],
)
def test_where_the_loader_leaves_the_pairs_to_us_lagg_is_there_early(
    file: str, text: str, wanted: list[str], freebsd: Path
) -> None:
    """Files that are read after loader.conf are looked at, and only the first is written."""
    (freebsd / file).parent.mkdir(exist_ok=True)
    (freebsd / file).write_text(text)
    assert main(["bake", "--root", str(freebsd)]) == 0
    lines = (freebsd / "boot/loader.conf").read_text().splitlines()
    assert [line for line in lines if line.startswith("if_lagg")] == wanted


def test_a_later_file_that_keeps_the_pairs_for_the_kernel_is_an_error_with_its_line(
    freebsd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (freebsd / "boot/loader.conf.local").write_text("a=b\nhw.hn.vf_transparent=1\n")
    assert main(["bake", "--root", str(freebsd), "--aggregate", "always"]) == 1
    said = capsys.readouterr().err
    assert "error: boot/loader.conf.local:2: it sets hw.hn.vf_transparent to 1" in said
    assert "[loader-conf-overridden]" in said


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


def test_a_foreign_edit_is_reported_and_kept(
    debian: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bake", "--root", str(debian), "--aggregate", "always"]) == 0
    settings = debian / "etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg"
    settings.write_text("hyperv_net: {aggregate: never}\n")
    capsys.readouterr()
    assert main(["bake", "--root", str(debian), "--verify"]) == 1
    assert capsys.readouterr().out == (
        "etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg: edited\n1 file differs\n"
    )
    assert main(["bake", "--root", str(debian), "--aggregate", "always"]) == 1
    assert "edited since hyperv-net wrote it" in capsys.readouterr().err
    assert settings.read_text() == "hyperv_net: {aggregate: never}\n"
    assert main(["bake", "--root", str(debian), "--aggregate", "always", "--force"]) == 0
    assert "always" in settings.read_text()


def test_verify_is_content_with_what_bake_wrote(
    debian: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bake", "--root", str(debian), "--verify"]) == 1
    assert "nothing was baked into it" in capsys.readouterr().err
    assert main(["bake", "--root", str(debian)]) == 0
    capsys.readouterr()
    assert main(["bake", "--root", str(debian), "--verify", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["differing"] == []


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
