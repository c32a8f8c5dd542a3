"""What is written below a root, and what a second apply and a rollback make of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from hyperv_net.applying import writing
from hyperv_net.applying.decision import Action
from hyperv_net.model import RenderedFile, System
from tests.applying.disk import Unsynced, snapshot
from tests.applying.scenes import (
    LINUX,
    OURS,
    RC_CONF,
    STORE,
    actions,
    apply,
    changes,
    make,
    roll_back,
    run_with,
)


def test_a_file_that_exists_keeps_its_mode_and_a_new_one_has_the_rendered_one(root: Path) -> None:
    mask = os.umask(0o077)
    try:
        applied = apply(root, RC_CONF, OURS, RenderedFile("etc/x/y", "open\n"))
    finally:
        os.umask(mask)
    assert actions(applied)["etc/rc.conf"] is Action.REPLACE
    assert actions(applied)[OURS.path] is Action.CREATE
    modes = {path: thing.mode for path, thing in snapshot(root).items()}
    assert modes["etc/rc.conf"] == 0o640
    assert modes[OURS.path] == 0o600
    assert modes["etc/x/y"] == 0o644
    assert modes["etc/x"] == modes["var/lib/hyperv-net"] == 0o755
    assert modes[STORE] == modes[f"{STORE}/backups"] == 0o700


def test_what_is_written_is_owned_by_the_owner_of_the_file_it_replaces(root: Path) -> None:
    """Shown on the call, since only root may give files away."""
    status = (root / "etc/rc.conf").stat()
    given: list[tuple[int, int]] = []

    class AnotherOwner(Unsynced):
        def fstat(self, descriptor: int) -> os.stat_result:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_ino == status.st_ino:
                return os.stat_result((*found[:4], 1234, 5678, *found[6:]))
            return found

        def fchown(self, descriptor: int, uid: int, gid: int) -> None:
            given.append((uid, gid))

    disk: Any = AnotherOwner()
    assert run_with(disk, lambda: apply(root, RC_CONF))
    assert given == [(1234, 5678)]


def test_a_second_apply_writes_nothing_at_all(root: Path) -> None:
    apply(root, RC_CONF, OURS)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    again = apply(root, RC_CONF, OURS)
    assert again.changes == ()
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_a_file_that_is_there_already_is_not_ours_to_take_back(root: Path) -> None:
    make(root, {OURS.path: OURS.text})
    before = snapshot(root)
    assert apply(root, OURS).changes == ()
    assert snapshot(root) == before
    apply(root, OURS, RC_CONF)
    roll_back(root)
    assert snapshot(root) == before


def test_a_dry_run_tells_what_would_be_done_and_writes_nothing(root: Path) -> None:
    before = snapshot(root)
    told = apply(root, RC_CONF, OURS, dry_run=True)
    assert snapshot(root) == before
    done = apply(root, RC_CONF, OURS)
    assert told == done
    after = snapshot(root)
    assert roll_back(root, dry_run=True).changes
    assert snapshot(root) == after


def test_names_with_spaces_and_letters_of_any_language_are_names(root: Path) -> None:
    before = snapshot(root)
    file = RenderedFile("etc/my files/größe 'x' $(y).conf", "1\n")
    apply(root, file)
    assert (root / file.path).read_text() == "1\n"
    roll_back(root)
    assert snapshot(root) == before


def test_a_record_of_another_name_is_a_record_of_its_own(root: Path) -> None:
    (root / "var/lib/hyperv-net").mkdir(parents=True)
    before = snapshot(root)
    apply(root, OURS)
    writing.apply_files(root, LINUX, changes(root, [RC_CONF]), record="baked")
    assert (root / OURS.path).exists()
    roll_back(root)
    assert not (root / OURS.path).exists()
    assert (root / "etc/rc.conf").read_text() == RC_CONF.text
    writing.roll_back(root, LINUX, record="baked")
    assert snapshot(root) == before


def test_a_file_that_is_wanted_no_more_becomes_what_it_was(root: Path) -> None:
    make(root, {OURS.path: "cloud-init's\n"}, 0o644)
    before = snapshot(root)
    other = RenderedFile("etc/udev/rules.d/70-hyperv-net.rules", "# rules\n")
    apply(root, OURS, other, RC_CONF)
    applied = apply(root, RC_CONF)
    assert actions(applied)[OURS.path] is Action.RESTORE
    assert actions(applied)[other.path] is Action.REMOVE
    assert (root / OURS.path).read_text() == "cloud-init's\n"
    assert not (root / "etc/udev").exists()
    roll_back(root)
    assert snapshot(root) == before


def test_a_file_that_is_edited_in_place_and_needs_no_edit_any_more_stays_as_it_is(
    root: Path,
) -> None:
    """A plan leaves it out once the edit is in it, and a rollback still takes the edit back."""
    before = snapshot(root)
    apply(root, RC_CONF, OURS)
    assert apply(root, OURS).changes == ()
    assert (root / "etc/rc.conf").read_text() == RC_CONF.text
    roll_back(root)
    assert snapshot(root) == before


def test_a_partial_apply_leaves_recorded_files_alone(root: Path) -> None:
    apply(root, OURS)
    applied = apply(root, RC_CONF, partial=True)
    assert [one.path for one in applied.changes] == ["etc/rc.conf"]
    assert (root / OURS.path).exists()


def test_a_stale_file_without_a_record_goes_and_comes_back_with_a_rollback(root: Path) -> None:
    make(root, {"etc/netplan/98-hyperv-net.yaml": "of first boot\n"}, 0o600)
    before = snapshot(root)
    applied = apply(root, OURS, stale=["etc/netplan/98-hyperv-net.yaml", "etc/none"])
    assert actions(applied)["etc/netplan/98-hyperv-net.yaml"] is Action.REMOVE
    assert apply(root, OURS, stale=["etc/netplan/98-hyperv-net.yaml"]).changes == ()
    roll_back(root)
    assert snapshot(root) == before


def test_freebsd_keeps_its_record_in_var_db(root: Path) -> None:
    writing.apply_files(root, System.FREEBSD, changes(root, [RC_CONF]))
    assert (root / "var/db/hyperv-net/applied/manifest.json").exists()
    assert writing.is_recorded(root, System.FREEBSD)
    assert not writing.is_recorded(root, LINUX)
    writing.roll_back(root, System.FREEBSD)
    assert not (root / "var").exists()
