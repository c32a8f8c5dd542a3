"""Bakes that cannot come to their end: one clear line, and the image as it was."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pytest

from hyperv_net.applying import below
from hyperv_net.bake import package
from hyperv_net.cli import main
from tests.applying.disk import Unsynced, all_of_it, nothing_else, snapshot
from tests.applying.scenes import cut
from tests.bake.images import DEBIAN, freebsd, make

NOBODY = 65534


@pytest.fixture(autouse=True)
def a_small_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that are needed elsewhere, and one module: a step each is what matters here."""
    whole = package.own_package()
    kept = {
        path: text for path, text in whole.items() if path.startswith(("data/", "cli", "__init"))
    }
    monkeypatch.setattr(package, "own_package", lambda: kept)
    monkeypatch.setattr(below, "os", Unsynced())


class Failing:
    """Module `os` in which what changes something fails from the n-th time on."""

    def __init__(self, error: int, after: int, *, only_data: bool) -> None:
        self._error = error
        self._left = after
        self._names = {"write", "mkdir", "symlink"}
        if not only_data:
            self._names |= {"rename", "unlink", "rmdir", "fchown", "fchmod", "chown"}

    def __getattr__(self, name: str) -> Any:
        if name not in self._names:
            return getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            self._left -= 1
            if self._left < 0:
                raise OSError(self._error, os.strerror(self._error))
            return getattr(os, name)(*arguments, **options)

        return call

    def fsync(self, descriptor: int) -> None:
        os.fstat(descriptor)


IMAGES: dict[str, Callable[[Path], Path]] = {
    "debian": lambda root: make(root, DEBIAN),
    "freebsd": freebsd,
}


@pytest.mark.parametrize("after", [0, 1, 5, 20])
@pytest.mark.parametrize("image", sorted(IMAGES))
def test_a_full_disk_leaves_the_image_as_it_was(
    image: str, after: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = IMAGES[image](tmp_path / "image")
    before = snapshot(root)
    with mock.patch.object(below, "os", Failing(errno.ENOSPC, after, only_data=True)):
        assert main(["bake", "--root", str(root), "--aggregate", "always"]) == 1
    (line,) = capsys.readouterr().err.splitlines()[-1:]
    assert line.endswith("No space left on device (make room and run it again)")
    assert snapshot(root) == before
    assert main(["bake", "--root", str(root), "--aggregate", "always"]) == 0
    assert main(["unbake", "--root", str(root)]) == 0
    assert snapshot(root) == before


def test_a_root_that_is_mounted_read_only_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path / "image", DEBIAN)
    before = snapshot(root)
    with mock.patch.object(below, "os", Failing(errno.EROFS, 0, only_data=False)):
        assert main(["bake", "--root", str(root)]) == 1
    assert "Read-only file system (mount it writable)" in capsys.readouterr().err
    assert snapshot(root) == before


@contextmanager
def as_nobody(root: Path) -> Iterator[None]:
    """Run as an ordinary user; one who is one anyway loses the right to write."""
    if os.geteuid() != 0:
        root.chmod(0o555)
        try:
            yield
        finally:
            root.chmod(0o755)
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_an_ordinary_user_is_told_to_be_root_on_a_tree_of_roots(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Not below the tests' own folder, which other users may not enter.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        root = make(Path(folder, "image"), DEBIAN)
        before = snapshot(root)
        dry_run = ["bake", "--root", str(root), "--dry-run"]
        # All that is imported then is imported now: they may not enter the checkout either.
        assert main(dry_run) == 0
        with as_nobody(root):
            assert main(["bake", "--root", str(root)]) == 1
            assert "Permission denied (run it as root)" in capsys.readouterr().err
            assert main(dry_run) == 0
        assert snapshot(root) == before


def test_a_file_of_another_owner_keeps_its_owner(tmp_path: Path) -> None:
    """What replaces a file belongs to whom the file belonged, in the image and after it."""
    root = freebsd(tmp_path / "image")
    conf = root / "boot/loader.conf"
    if os.geteuid() == 0:
        os.chown(conf, 1001, 1002)
    owner = (conf.stat().st_uid, conf.stat().st_gid)
    before = snapshot(root)
    assert main(["bake", "--root", str(root), "--aggregate", "always"]) == 0
    assert (conf.stat().st_uid, conf.stat().st_gid) == owner
    assert main(["unbake", "--root", str(root)]) == 0
    assert snapshot(root) == before


def test_a_folder_that_is_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path / "image", {**DEBIAN, "etc/systemd/system": "not a folder\n"})
    before = snapshot(root)
    assert main(["bake", "--root", str(root)]) == 1
    assert "etc/systemd/system" in capsys.readouterr().err
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "package_file",
    [
        "var/lib/dpkg/info/hyperv-net.list",
        "usr/lib/python3/dist-packages/hyperv_net-1.0.dist-info/METADATA",
    ],
)
def test_an_image_with_our_package_in_it_is_its_package_managers(
    package_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path / "image", {**DEBIAN, package_file: ""})
    before = snapshot(root)
    assert main(["bake", "--root", str(root)]) == 1
    assert "hyperv-net is in this image as a package (upgrade" in capsys.readouterr().err
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "link",
    ["etc/cloud/cloud.cfg.d", "usr/lib/systemd/system", "var/lib/hyperv-net", "usr/bin"],
)
def test_no_link_leads_out_of_the_image(link: str, tmp_path: Path) -> None:
    """An absolute link means the image's own folder, which is made where it is not there."""
    outside = tmp_path / "outside"
    outside.mkdir()
    root = make(tmp_path / "image", {**DEBIAN, link: f"-> {outside}"})
    before = snapshot(root)
    assert main(["bake", "--root", str(root)]) == 0
    assert list(outside.iterdir()) == []
    assert main(["bake", "--root", str(root), "--verify"]) == 0
    assert main(["unbake", "--root", str(root)]) == 0
    assert snapshot(root) == before


def test_names_with_spaces_are_names(tmp_path: Path) -> None:
    root = make(tmp_path / "my image", DEBIAN)
    make(root, {"etc/cloud/cloud.cfg.d/95 site (old).cfg": "datasource_list: [Azure]\n"})
    before = snapshot(root)
    assert main(["bake", "--root", str(root)]) == 0
    assert main(["unbake", "--root", str(root)]) == 0
    assert snapshot(root) == before


def test_an_image_whose_usr_is_not_merged_is_baked_as_well(tmp_path: Path) -> None:
    """systemd reads units below /usr/lib there too (systemd.unit(5))."""
    tree = {path.replace("usr/lib/systemd", "lib/systemd"): text for path, text in DEBIAN.items()}
    root = make(tmp_path / "image", tree)
    before = snapshot(root)
    assert main(["bake", "--root", str(root)]) == 0
    assert (root / "usr/lib/systemd/system/hyperv-net-reconcile.path").is_file()
    assert main(["unbake", "--root", str(root)]) == 0
    assert snapshot(root) == before


@pytest.mark.parametrize("survives", [all_of_it, nothing_else], ids=["killed", "power cut"])
@pytest.mark.parametrize("verb", ["bake", "unbake"])
def test_interrupted_at_any_step_a_rerun_ends_where_it_would_have(
    verb: str, survives: Callable[[int], bool], tmp_path: Path
) -> None:
    """Each step in turn; the next bake or unbake finds what it needs to undo or finish."""
    plain = snapshot(make(tmp_path / "plain", _FEW))
    whole = make(tmp_path / "whole", _FEW)
    assert main(["bake", "--root", str(whole)]) == 0
    baked = snapshot(whole)
    at = 1
    while True:
        root = make(tmp_path / f"image-{at}", _FEW)
        if verb == "unbake":
            assert main(["bake", "--root", str(root)]) == 0
        if not cut(root, lambda: main([verb, "--root", str(root)]), at, survives):  # noqa: B023
            break
        assert main(["bake", "--root", str(root)]) == 0
        # Bytes that a cut took before their journal was written go with the record.
        there = {path for path in snapshot(root) if "/baked/backups/" not in path}
        assert there == baked.keys()
        assert main(["bake", "--root", str(root), "--verify"]) == 0
        assert main(["unbake", "--root", str(root)]) == 0
        assert snapshot(root) == plain
        at += 7
    assert at > 50


#: No systemd and no initramfs: what is left is what every image gets.
_FEW = {
    path: text for path, text in DEBIAN.items() if "systemd" not in path and "initramfs" not in path
}
