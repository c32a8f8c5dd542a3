"""A tree of files that `render --output-dir` writes: whole, and never outside of the folder."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from hyperv_net.applying.tree import write_tree
from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from hyperv_net.root import files
from hyperv_net.root.files import read_matching
from tests.commands.calling import NETPLAN, Capture, example
from tests.files import put


def test_a_file_that_is_edited_in_place_keeps_its_mode(tmp_path: Path) -> None:
    path = put(tmp_path, "etc/a")
    path.chmod(0o600)
    write_tree(tmp_path, [RenderedFile("etc/a", "x\n", in_place=True)])
    assert path.stat().st_mode & 0o777 == 0o600
    write_tree(tmp_path, [RenderedFile("etc/a", "y\n")])
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_directory_that_is_a_link_is_resolved_inside_the_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root, "usr/etc/a", "inside")
    (root / "etc").symlink_to("/usr/etc")
    assert read_matching(root, ["etc/*"]) == {"etc/a": "inside"}
    write_tree(root, [RenderedFile("etc/b", "new")])
    assert (root / "usr/etc/b").read_text() == "new"


def test_files_are_written_with_their_mode_and_missing_directories(tmp_path: Path) -> None:
    put(tmp_path, "etc/rc.conf", "old").chmod(0o777)
    write_tree(
        tmp_path,
        [RenderedFile("etc/rc.conf", "é\n"), RenderedFile("a/b/c", "secret\n", 0o600)],
    )
    assert (tmp_path / "etc/rc.conf").read_bytes() == "é\n".encode()
    assert stat.S_IMODE((tmp_path / "etc/rc.conf").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "a/b/c").stat().st_mode) == 0o600


def test_the_mode_does_not_depend_on_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_tree(tmp_path, [RenderedFile("a", "text")])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


def test_a_link_is_kept_and_its_target_inside_the_root_is_written(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root, "run/resolv.conf", "old")
    put(tmp_path, "run/resolv.conf", "the machine's own")
    (root / "etc").mkdir()
    (root / "etc/resolv.conf").symlink_to("../../run/resolv.conf")
    write_tree(root, [RenderedFile("etc/resolv.conf", "new")])
    assert (root / "etc/resolv.conf").is_symlink()
    assert (root / "run/resolv.conf").read_text() == "new"
    assert (tmp_path / "run/resolv.conf").read_text() == "the machine's own"


def test_a_file_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    put(tmp_path, "file", "text\n")
    (tmp_path / "dir/etc").mkdir(parents=True)
    for path in ("file/below", "dir/etc"):
        with pytest.raises(HypervNetError, match=r"cannot be (written|opened): ") as error:
            write_tree(tmp_path, [RenderedFile(path, "text")])
        assert str(tmp_path / path).startswith(str(error.value.where))
    assert list((tmp_path / "dir").iterdir()) == [tmp_path / "dir/etc"]


FILL = """
import sys
from pathlib import Path
from hyperv_net.errors import HypervNetError
from hyperv_net.applying.tree import write_tree
from hyperv_net.model import RenderedFile
try:
    write_tree(Path(sys.argv[1]), [RenderedFile("a", "new"), RenderedFile("b", "x" * 100_000)])
except HypervNetError as error:
    print(error)
"""


def test_a_file_that_does_not_fit_leaves_the_old_one_and_no_rest(tmp_path: Path) -> None:
    """The limit on the size of files stands in for a full disk: write(2) fails half-way."""
    put(tmp_path, "a", "old")
    put(tmp_path, "b", "old")
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(tmp_path)],
        env={"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{tmp_path}/b: cannot be written: File too large\n"
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {"a": "new", "b": "old"}


def test_a_full_disk_has_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(HypervNetError, match=r"No space left on device \(make room"):
        write_tree(tmp_path, [RenderedFile("a", "text")])
    assert list(tmp_path.iterdir()) == []


FILE = RenderedFile("etc/netplan/99-hyperv-net.yaml", "network: {}\n", 0o600)


def swapped(directory: Path, outside: Path) -> None:
    """The folder etc/ is a link that leads out."""
    (directory / "etc").rename(directory / "real")
    (directory / "etc").symlink_to(outside)


def test_a_folder_that_is_a_link_by_the_time_it_is_opened_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control comes first: the same, and nobody makes a link."""
    directory, outside = tmp_path / "out", tmp_path / "outside"
    put(directory, FILE.path, "old\n")
    (outside / "netplan").mkdir(parents=True)
    write_tree(directory, [FILE])
    assert (directory / FILE.path).read_text() == FILE.text
    resolve = files.resolve_below

    def then_swapped(root: files.Root, relative: str) -> str:
        found = resolve(root, relative)
        if not (directory / "real").exists():
            swapped(directory, outside)
        return found

    monkeypatch.setattr(files, "resolve_below", then_swapped)
    with pytest.raises(HypervNetError, match=r"etc.*: cannot be"):
        write_tree(directory, [RenderedFile(FILE.path, "new\n")])
    assert (directory / "etc").is_symlink()
    assert [path for path in outside.rglob("*") if not path.is_dir()] == []


# renameat2(2) with RENAME_EXCHANGE: there is a folder or a link at any moment.
FLIP = """
import ctypes, os, sys
directory, outside = sys.argv[1:]
os.symlink(outside, f"{directory}/link")
exchange = ctypes.CDLL(None).renameat2
folder, link = (os.fsencode(f"{directory}/{name}") for name in ("etc", "link"))
print("ready", flush=True)
while exchange(-100, folder, -100, link, 2) == 0:
    pass
"""


def test_however_often_a_link_is_flipped_nothing_is_written_outside(
    tmp_path: Path, capsys: Capture
) -> None:
    """The verb, and what it writes by, many times beside a process that does nothing else."""
    directory, outside = tmp_path / "out", tmp_path / "outside"
    arguments = ["render", *example(NETPLAN, "--target", "netplan")]
    arguments += ["--synthetic-driver", "virtio_net", "--output-dir", str(directory)]
    assert main(arguments) == 0
    written = sorted(path.relative_to(directory) for path in directory.rglob("*"))
    for path in written:
        if (directory / path).is_dir():
            (outside / path.relative_to(path.parts[0])).mkdir(parents=True, exist_ok=True)
    before = sorted(outside.rglob("*"))
    flipping = subprocess.Popen(
        [sys.executable, "-c", FLIP, str(directory), str(outside)], stdout=subprocess.PIPE
    )
    assert flipping.stdout is not None
    flipping.stdout.readline()
    try:
        statuses = [main(arguments) for _ in range(10)]
        for _ in range(1500):
            with suppress(HypervNetError):
                write_tree(directory, [FILE])
    finally:
        assert flipping.poll() is None
        flipping.send_signal(signal.SIGKILL)
        flipping.communicate()
    assert set(statuses) <= {0, 1}
    assert sorted(outside.rglob("*")) == before
