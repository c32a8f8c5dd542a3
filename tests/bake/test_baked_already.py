"""A root that was baked before: what is ours is renewed or undone exactly, edits are kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hyperv_net.bake import package
from hyperv_net.cli import main
from tests.applying.disk import Thing, snapshot
from tests.bake import images


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


def without_record(root: Path) -> dict[str, Thing]:
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
