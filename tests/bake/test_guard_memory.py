"""What the guard remembers, and the folder that it says yes in, are believed where ours alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bake.test_guard_program import Guarded
from tests.owners import NOBODY

FORGED = "datasource_pkg_list: [evil]\n"


@pytest.fixture(params=["dash", "bash --posix"])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Guarded:
    """One that has said yes once."""
    for folder in (tmp_path, tmp_path.parent):
        folder.chmod(0o755)
    guarded = Guarded(tmp_path, request.param)
    guarded.run()
    assert guarded.is_plugged and len(guarded.starts) == 1
    return guarded


def asked(guarded: Guarded) -> int:
    """How often the Python was asked by one more run, which plugs the package in."""
    before = len(guarded.starts)
    done = guarded.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert guarded.is_plugged
    return len(guarded.starts) - before


def writable(path: Path) -> None:
    path.chmod(path.stat().st_mode | 0o002)


def of_a_group(path: Path) -> None:
    path.chmod(path.stat().st_mode | 0o020)


def foreign(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)


# Only root can give a file away.
DOUBTS = [writable, of_a_group, *([foreign] if os.geteuid() == 0 else [])]


@pytest.mark.parametrize("doubt", DOUBTS)
@pytest.mark.parametrize("path", ["state", "state/guard-files", "state/guard-sums"])
def test_what_others_could_have_written_is_not_believed_and_asked_again(
    path: str, doubt: Callable[[Path], None], guarded: Guarded
) -> None:
    assert asked(guarded) == 0
    doubt(guarded.folder / path)
    assert asked(guarded) == 1


def test_a_yes_of_somebody_elses_making_plugs_in_nothing_of_his(guarded: Guarded) -> None:
    """With sums that are right, for a file that he chose."""
    evil = guarded.folder / "evil.cfg"
    evil.write_text(FORGED)
    remembered = guarded.folder / "state/guard-files"
    text = remembered.read_text()
    remembered.write_text(f"{evil}\n{text.partition(chr(10))[2]}")
    (guarded.folder / "state/guard-sums").write_text("anything\n")
    writable(guarded.folder / "state")
    assert asked(guarded) == 1
    assert FORGED not in (guarded.folder / "run/plug.cfg").read_text()


@pytest.mark.parametrize("kind", ["link", "file"])
def test_the_folder_of_a_boot_is_the_guards_own(kind: str, guarded: Guarded) -> None:
    run = guarded.folder / "run"
    run.rename(guarded.folder / "former")
    elsewhere = guarded.folder / "elsewhere"
    elsewhere.mkdir()
    if kind == "link":
        run.symlink_to(elsewhere)
    else:
        run.touch()
    assert asked(guarded) == 0
    assert run.is_dir() and not run.is_symlink()
    assert list(elsewhere.iterdir()) == []
