"""Baking on whole roots: what is put where, that it is undone exactly, and what it refuses."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from hyperv_net.cli import main

FREEBSD_IMAGE = Path(__file__).resolve().parents[2] / "examples/image-freebsd/root"
_SITE = "usr/local/lib/python3.11/site-packages"
_DEBIAN = {
    "etc/os-release": "ID=debian\n",
    "usr/lib/python3/dist-packages/cloudinit/__init__.py": "",
    "usr/lib/python3.11/os.py": "",
    "usr/lib/systemd/systemd": "",
    "usr/share/initramfs-tools/hook-functions": "",
    "lib/modules/6.1.0/modules.dep": "k/mlx4_en.ko:\nk/mlx5_core.ko:\nk/mana.ko:\n",
    "etc/cloud/cloud.cfg": "datasource_list: [NoCloud, None]\n",
}


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
    shutil.copytree(FREEBSD_IMAGE, tmp_path / "freebsd root")
    return tmp_path / "freebsd root"


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    root = tmp_path / "debian"
    for path, text in _DEBIAN.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def test_a_debian_image_gets_the_package_its_plug_its_units_and_its_hook(debian: Path) -> None:
    assert main(["bake", "--root", str(debian)]) == 0
    packages = debian / "usr/lib/python3/dist-packages"
    plug = debian / "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"
    assert plug.readlink() == Path(
        "/usr/lib/python3/dist-packages/hyperv_net/data/90-hyperv-net.cfg"
    )
    for module in ("cli.py", "renderers/netplan.py", "sources/DataSourceAzure.py", "py.typed"):
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


def test_the_daemons_scripts_go_where_the_image_has_the_daemon(freebsd: Path, debian: Path) -> None:
    (freebsd / "usr/libexec/hyperv").mkdir(parents=True)
    (freebsd / "usr/libexec/hyperv/hv_set_ifconfig").write_text("#!/bin/sh\n")
    assert main(["bake", "--root", str(freebsd)]) == 0
    assert "hyperv-net" in (freebsd / "usr/libexec/hyperv/hv_set_ifconfig").read_text()
    assert main(["bake", "--root", str(debian)]) == 0
    assert not (debian / "usr/libexec").exists()
    assert main(["unbake", "--root", str(freebsd)]) == 0
    assert (freebsd / "usr/libexec/hyperv/hv_set_ifconfig").read_text() == "#!/bin/sh\n"


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
    assert capsys.readouterr().out == "nothing to do\n"
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


def test_an_upgrade_replaces_what_is_ours_and_removes_what_went(debian: Path) -> None:
    assert main(["bake", "--root", str(debian), "--aggregate", "always"]) == 0
    settings = debian / "etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg"
    assert settings.exists()
    assert main(["bake", "--root", str(debian)]) == 0
    assert not settings.exists()


def test_a_foreign_edit_is_reported_and_kept(
    debian: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bake", "--root", str(debian), "--aggregate", "always"]) == 0
    settings = debian / "etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg"
    settings.write_text("hyperv_net: {aggregate: never}\n")
    capsys.readouterr()
    assert main(["bake", "--root", str(debian), "--verify"]) == 1
    assert "91-hyperv-net-settings.cfg" in capsys.readouterr().out
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


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("usr/lib/python3/dist-packages/cloudinit/__init__.py", "no cloud-init in this image"),
        ("usr/lib/python3.11/os.py", "Python 3.9 or later"),
    ],
)
def test_an_image_that_cannot_run_it_is_refused_in_one_line(
    debian: Path, missing: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (debian / missing).unlink()
    assert main(["bake", "--root", str(debian)]) == 1
    assert says in capsys.readouterr().err


def test_a_link_that_points_out_of_the_image_is_followed_inside_it(
    debian: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (debian / "etc/systemd").mkdir()
    (debian / "etc/systemd/system").symlink_to(outside)
    assert main(["bake", "--root", str(debian)]) == 0
    assert list(outside.iterdir()) == []
    assert main(["unbake", "--root", str(debian)]) == 0
