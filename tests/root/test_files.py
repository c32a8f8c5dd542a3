"""Reading below a root."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.root.files import (
    SIZE_LIMIT,
    exists_below,
    is_hidden,
    read_matching,
    read_stdin,
    read_text,
    resolve_below,
)
from tests.files import put


def error_of(path: Path, name: str = "") -> str:
    with pytest.raises(HypervNetError) as error:
        read_text(path, name)
    assert "\n" not in str(error.value)
    return str(error.value)


def make(root: Path, path: str, text: str = "text\n") -> Path:
    return put(root, path, text)


def test_a_file_is_read_as_utf_8(tmp_path: Path) -> None:
    assert read_text(make(tmp_path, "a", "Zürich\r\n\n")) == "Zürich\r\n\n"


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"x" * SIZE_LIMIT)
    assert len(read_text(file)) == SIZE_LIMIT
    file.write_bytes(b"x" * (SIZE_LIMIT + 1))
    assert error_of(file, "large") == "large: larger than 4 MiB (is it the right file?)"


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    file = tmp_path / "huge"
    with file.open("wb") as stream:
        stream.truncate(10**12)
    assert "larger than 4 MiB" in error_of(file)


def test_text_that_is_not_utf_8_is_an_error_that_names_the_byte(tmp_path: Path) -> None:
    file = tmp_path / "latin"
    file.write_bytes(b"abc\xe9def")
    assert error_of(file, "latin") == "latin: not UTF-8 at byte 3 (convert it to UTF-8)"


def test_a_fifo_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert error_of(tmp_path / "fifo", "fifo") == "fifo: not a regular file"


def test_directories_and_devices_are_refused_and_leave_no_descriptor_open(tmp_path: Path) -> None:
    before = set(Path("/dev/fd").iterdir())
    assert error_of(tmp_path, "dir") == "dir: not a regular file"
    assert error_of(Path("/dev/zero")) == "/dev/zero: not a regular file"
    assert set(Path("/dev/fd").iterdir()) == before


def test_a_missing_file_and_a_path_through_a_file_cannot_be_read(tmp_path: Path) -> None:
    file = make(tmp_path, "file")
    assert error_of(tmp_path / "none", "none") == "none: cannot be read: No such file or directory"
    assert error_of(file / "below", "x") == "x: cannot be read: Not a directory"


def test_an_error_calls_the_file_by_its_path_unless_it_has_a_name(tmp_path: Path) -> None:
    assert error_of(tmp_path / "none").startswith(f"{tmp_path}/none: ")


def test_standard_input_has_the_same_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    def given(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    given(b"version: 2\n")
    assert read_stdin() == "version: 2\n"
    for data, what in ((b"x" * (SIZE_LIMIT + 1), "larger than 4 MiB"), (b"\xff", "not UTF-8")):
        given(data)
        with pytest.raises(HypervNetError, match=f"standard input: {what}"):
            read_stdin()


def test_patterns_find_files_in_their_order_and_names_in_sorted_order(tmp_path: Path) -> None:
    for name in ("etc/d/b.cfg", "etc/d/a.cfg", "etc/d/c.txt", "etc/top", "rc"):
        make(tmp_path, name, name)
    found = read_matching(tmp_path, ["etc/top", "etc/d/*.cfg", "rc", "etc/none", "none/*"])
    assert list(found.items()) == [
        (name, name) for name in ("etc/top", "etc/d/a.cfg", "etc/d/b.cfg", "rc")
    ]


def test_any_component_of_a_pattern_may_be_a_glob(tmp_path: Path) -> None:
    for name in ("etc/d/a/one", "etc/d/b/two", "etc/d/three"):
        make(tmp_path, name)
    assert list(read_matching(tmp_path, ["etc/d/*/*"])) == ["etc/d/a/one", "etc/d/b/two"]
    assert list(read_matching(tmp_path, ["etc/*/three"])) == ["etc/d/three"]


def test_a_glob_leaves_hidden_files_and_what_is_no_file_out(tmp_path: Path) -> None:
    make(tmp_path, "etc/a")
    make(tmp_path, "etc/.a.x7f2")
    make(tmp_path, "etc/dir/b")
    os.mkfifo(tmp_path / "etc/fifo")
    assert list(read_matching(tmp_path, ["etc/*"])) == ["etc/a"]


def test_a_file_that_matches_and_cannot_be_decoded_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, "etc/a").write_bytes(b"\xff")
    with pytest.raises(HypervNetError, match="etc/a: not UTF-8"):
        read_matching(tmp_path, ["etc/*"])


def test_a_path_that_the_system_refuses_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/link").symlink_to("x" * 300)
    with pytest.raises(HypervNetError, match="File name too long"):
        read_matching(tmp_path, ["etc/link"])


@pytest.mark.parametrize(
    ("target", "real"),
    [
        ("/run/real", "run/real"),
        ("../run/real", "run/real"),
        ("../../../../../../run/real", "run/real"),
        ("/../../run/./real", "run/real"),
        ("//run//real", "run/real"),
        ("/hop", "run/real"),
    ],
)
def test_a_link_that_would_leave_the_root_is_resolved_inside_it(
    tmp_path: Path, target: str, real: str
) -> None:
    root = tmp_path / "root"
    make(root, "run/real", "inside")
    make(tmp_path, "run/real", "outside")
    (root / "etc").mkdir()
    (root / "hop").symlink_to("/run/real")
    (root / "etc/resolv.conf").symlink_to(target)
    assert Path(resolve_below(root, "etc/resolv.conf")) == root / real
    assert read_matching(root, ["etc/resolv.conf"]) == {"etc/resolv.conf": "inside"}


@pytest.mark.parametrize("path", ["../../x", "/x", "a/../../x", "./x"])
def test_no_path_leads_out_of_the_root(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    assert Path(resolve_below(root, path)) == root / "x"


def test_links_in_a_circle_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("/a")
    with pytest.raises(HypervNetError, match=f"{tmp_path}/a: too many symbolic links"):
        resolve_below(tmp_path, "a")


def test_exists_below_follows_links_inside_the_root(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make(tmp_path, "outside")
    make(root, "file")
    (root / "good").symlink_to("/file")
    (root / "bad").symlink_to(f"{tmp_path}/outside")
    assert exists_below(root, "good")
    assert exists_below(root, ".")
    assert not exists_below(root, "bad")
    assert not exists_below(root, "none")


def test_a_link_to_dev_null_is_a_file_without_a_text(tmp_path: Path) -> None:
    """So that it hides one of its name in the folders behind; an empty file is not such a link."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hidden").symlink_to("/dev/null")
    (tmp_path / "etc/empty").write_text("")
    found = read_matching(tmp_path, ["etc/*"])
    assert found == {"etc/hidden": "", "etc/empty": ""}
    assert [path for path in found if is_hidden(tmp_path, path)] == ["etc/hidden"]
