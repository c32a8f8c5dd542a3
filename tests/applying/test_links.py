"""Links and things that are no files: nothing leads out of the root, and all can go back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hyperv_net.applying import below, writing
from hyperv_net.applying.decision import Action
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Change, RenderedFile
from tests.applying.disk import snapshot
from tests.applying.scenes import LINUX, OURS, RC_CONF, actions, apply, make, refused, roll_back


def test_a_link_that_points_out_of_the_root_is_followed_inside_it(
    root: Path, tmp_path: Path
) -> None:
    make(tmp_path, {"run/resolv.conf": "the machine's own\n"})
    make(root, {"run/resolv.conf": "the image's\n"})
    for link, target in (
        ("etc/resolv.conf", "../../run/resolv.conf"),
        ("etc/absolute", f"{tmp_path}/run/resolv.conf"),
        ("etc/folder", "/../../../run"),
    ):
        (root / link).symlink_to(target)
    before = snapshot(root)
    applied = apply(
        root,
        RenderedFile("etc/resolv.conf", "new\n"),
        RenderedFile("etc/absolute", "dangling\n"),
        RenderedFile("etc/folder/x", "in a folder\n"),
    )
    assert sorted(one.path for one in applied.changes) == sorted(
        ["run/resolv.conf", "run/x", f"{tmp_path}/run/resolv.conf"[1:]]
    )
    assert (tmp_path / "run/resolv.conf").read_text() == "the machine's own\n"
    assert (root / "run/resolv.conf").read_text() == "new\n"
    assert sorted(one.name for one in (tmp_path / "run").iterdir()) == ["resolv.conf"]
    roll_back(root)
    assert snapshot(root) == before


def test_a_folder_that_becomes_a_link_after_it_was_looked_up_leads_nowhere(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = make(tmp_path / "outside", {"rc.conf": "outside\n"})
    (root / "etc").rename(root / "former")
    (root / "etc").symlink_to(outside)
    monkeypatch.setattr(below, "real_path", lambda root, path, **_: path)
    with pytest.raises(HypervNetError, match=r"etc/.*: cannot be"):
        writing.apply_files(root, LINUX, [Change(RenderedFile("etc/rc.conf", "x\n"), None)])
    with pytest.raises(HypervNetError, match=r"etc.*: cannot be"):
        writing.apply_files(root, LINUX, [Change(RenderedFile("etc/new", "x\n"), None)])
    assert snapshot(outside) == snapshot(make(tmp_path / "same", {"rc.conf": "outside\n"}))


def test_a_store_that_is_a_link_out_of_the_root_is_made_inside_it(
    root: Path, tmp_path: Path
) -> None:
    outside = make(tmp_path / "outside", {})
    (root / "var").symlink_to(outside)
    apply(root, OURS)
    assert snapshot(outside) == {}
    roll_back(root)
    assert not (root / OURS.path).exists()


def test_two_files_that_are_one_by_a_link_are_refused(root: Path) -> None:
    (root / "etc/link").symlink_to("rc.conf")
    line = refused(root, RC_CONF, RenderedFile("etc/link", "other\n"))
    assert "leads to etc/" in line


@pytest.mark.parametrize("kind", ["directory", "fifo", "loop", "below-a-file", "too-large"])
def test_a_path_that_is_no_regular_file_is_refused_before_anything_is_written(
    kind: str, root: Path
) -> None:
    path = root / "etc/zz"
    if kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to("zz")
    elif kind == "below-a-file":
        path = root / "etc/rc.conf/zz"
    else:
        with path.open("wb") as stream:
            stream.truncate(5 * 1024 * 1024)
    with pytest.raises(HypervNetError) as raised:
        apply(root, OURS, RenderedFile(str(path.relative_to(root)), "x\n"))
    assert {
        "directory": "not a regular file (move it away)",
        "fifo": "not a regular file (move it away)",
        "loop": "too many symbolic links",
        "below-a-file": "cannot be read: Not a directory",
        "too-large": "larger than 4 MiB (is it the right file?)",
    }[kind] in str(raised.value)
    assert not (root / OURS.path).exists()
    assert not (root / "var").exists()


def test_a_symbolic_link_is_made_and_goes_again(root: Path) -> None:
    """Also in the place of a file, and where the folder it is in is a link."""
    (root / "sbin").symlink_to("/usr/sbin")
    make(root, {"usr/sbin/tool": "tool\n"}, 0o755)
    before = snapshot(root)
    link = RenderedFile("sbin/tool", "/usr/lib/tool", is_link=True)
    applied = apply(root, link, RenderedFile("etc/l", "../a b", is_link=True))
    assert [one.path for one in applied.changes] == ["etc/l", "usr/sbin/tool"]
    assert os.fspath((root / "usr/sbin/tool").readlink()) == "/usr/lib/tool"
    assert apply(root, link, RenderedFile("etc/l", "../a b", is_link=True)).changes == ()
    apply(root, RenderedFile("etc/l", "../c", is_link=True))
    assert os.fspath((root / "etc/l").readlink()) == "../c"
    assert (root / "usr/sbin/tool").read_text() == "tool\n"
    (root / "etc/l").unlink()
    (root / "etc/l").symlink_to("mine")
    with pytest.raises(HypervNetError, match="etc/l: edited since"):
        roll_back(root)
    roll_back(root, force=True)
    assert snapshot(root) == before


def test_a_file_with_the_target_in_it_is_no_link(root: Path) -> None:
    make(root, {"etc/l": "../a"})
    before = snapshot(root)
    applied = apply(root, RenderedFile("etc/l", "../a", is_link=True))
    assert actions(applied) == {"etc/l": Action.REPLACE}
    assert (root / "etc/l").is_symlink()
    roll_back(root)
    assert snapshot(root) == before
