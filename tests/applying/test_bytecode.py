"""What Python compiled beside a module goes with it, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.model import RenderedFile
from tests.applying.disk import snapshot
from tests.applying.scenes import apply, changes, make, roll_back

OURS = RenderedFile("lib/ours/a.py", "a = 1\n")
OLD = RenderedFile("lib/ours/old/b.py", "b = 1\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "root", {"lib/theirs/c.py": "c = 1\n"})


def compiled(root: Path, *names: str) -> None:
    make(root, {f"lib/ours/__pycache__/{name}": "bytes" for name in names})


def test_all_that_was_compiled_of_our_modules_goes_with_them(root: Path) -> None:
    before = snapshot(root)
    apply(root, OURS)
    compiled(root, "a.cpython-311.pyc", "a.cpython-311.opt-1.pyc", "a.pypy-310.pyc")
    roll_back(root)
    assert snapshot(root) == before


@pytest.mark.parametrize(
    "name", ["z.cpython-311.pyc", "a.z.cpython-311.pyc", "a.txt", "a.pyc", "xa.cpython-311.pyc"]
)
def test_what_is_no_module_of_ours_stays_with_its_folder(name: str, root: Path) -> None:
    apply(root, OURS)
    compiled(root, "a.cpython-311.pyc", name)
    roll_back(root)
    folder = root / "lib/ours/__pycache__"
    assert [path.name for path in folder.iterdir()] == [name]


def test_a_folder_that_was_there_before_us_keeps_what_is_in_it(root: Path) -> None:
    """A module of ours that replaced one goes back to it, and its bytecode is that one's."""
    theirs = {"lib/ours/a.py": "theirs\n", "lib/ours/__pycache__/a.cpython-311.pyc": "bytes"}
    before = snapshot(make(root, theirs))
    apply(root, OURS)
    roll_back(root)
    assert snapshot(root) == before


def test_a_dry_run_leaves_it(root: Path) -> None:
    apply(root, OURS)
    compiled(root, "a.cpython-311.pyc")
    there = snapshot(root)
    roll_back(root, dry_run=True)
    assert snapshot(root) == there


def test_a_module_that_a_later_version_lacks_goes_with_its_folder(root: Path) -> None:
    apply(root, OURS, OLD)
    make(root, {"lib/ours/old/__pycache__/b.cpython-311.pyc": "bytes"})
    compiled(root, "a.cpython-311.pyc")
    assert [one.before for one in changes(root, [OURS])] == [OURS.text]
    apply(root, OURS)
    assert not (root / "lib/ours/old").exists()
    assert (root / "lib/ours/__pycache__/a.cpython-311.pyc").exists()


def test_a_link_in_place_of_the_folder_is_not_followed(root: Path, tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", {"a.cpython-311.pyc": "bytes"})
    apply(root, OURS)
    (root / "lib/ours/__pycache__").symlink_to(outside)
    roll_back(root)
    assert [path.name for path in outside.iterdir()] == ["a.cpython-311.pyc"]
