"""Writing files below a root, hazards included: all or none, and every way back."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.applying import below, writing
from hyperv_net.applying.decision import Action
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Change, RenderedFile, System
from tests.applying.disk import Disk, Unsynced, all_of_it, snapshot
from tests.applying.scenes import (
    LINUX,
    STORE,
    apply,
    besides_store,
    changes,
    copy,
    cut,
    make,
    roll_back,
    run_with,
)

OURS = RenderedFile("etc/netplan/99-hyperv-net.yaml", "network: {}\n", 0o600)
RC_CONF = RenderedFile("etc/rc.conf", "a=1\nb=2\n", in_place=True)


@pytest.fixture(autouse=True)
def without_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(below, "os", Unsynced())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path / "root", {"etc/rc.conf": "a=1\n"}, 0o640)


def refused(root: Path, *files: RenderedFile) -> str:
    """The error line of an apply, after which everything is as it was."""
    before = snapshot(root)
    with pytest.raises(HypervNetError) as raised:
        apply(root, *files)
    assert snapshot(root) == before
    assert "\n" not in str(raised.value)
    return str(raised.value).replace(str(root), "ROOT")


def actions(applied: writing.Applied) -> dict[str, Action]:
    return {one.path: one.action for one in applied.operations}


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


class Failing(Disk):
    """A disk on which a step is refused or, for good, each that needs room from then on."""

    def __init__(self, root: Path, at: int, code: int, *, for_good: bool) -> None:
        super().__init__(root)
        self._at = at
        self._code = code
        self._for_good = for_good

    def _step(self, *, needs_room: bool = False) -> None:
        self.steps += 1
        refused = self.steps == self._at
        if self._for_good:
            refused = needs_room and self.steps >= self._at
        if refused:
            raise OSError(self._code, os.strerror(self._code))


FAILURES = {
    "full": (errno.ENOSPC, True, "No space left on device (make room and run it again)"),
    "read-only": (errno.EROFS, False, "Read-only file system (mount it writable)"),
    "permission": (errno.EACCES, False, "Permission denied (run it as root)"),
    "owner": (errno.EPERM, False, "Operation not permitted (run it as root)"),
    "broken": (errno.EIO, False, "Input/output error"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_an_error_at_every_step_is_one_line_and_changes_nothing(
    failure: str, tmp_path: Path
) -> None:
    """Or, past the last rename, leaves only tidying up to the next run."""
    code, for_good, says = FAILURES[failure]
    start = make(tmp_path / "start", {"etc/rc.conf": "a=1\n"}, 0o640)
    apply(start, RC_CONF, OURS)
    old = snapshot(start)
    edit = RenderedFile("etc/rc.conf", "a=1\nc=3\n", in_place=True)
    end = copy(start, tmp_path / "end")
    counting = Disk(end)
    assert run_with(counting, lambda: apply(end, edit, RenderedFile("etc/new/x", "1\n")))
    counting.release()
    new = snapshot(end)
    changed = 0
    for at in range(1, counting.steps + 1):
        root = copy(start, tmp_path / "root")
        disk = Failing(root, at, code, for_good=for_good)
        try:
            run_with(disk, partial(apply, root, edit, RenderedFile("etc/new/x", "1\n")))
            assert for_good  # There was nothing left that needs room.
        except HypervNetError as error:
            assert str(error).endswith(says), (at, error)
        disk.release()
        if besides_store(snapshot(root)) == besides_store(old):
            assert snapshot(root) == old, at
        else:
            changed += 1
            writing.recover(root)
            assert snapshot(root) == new, at
        roll_back(root)
        assert snapshot(root) == snapshot(make(tmp_path / "s", {"etc/rc.conf": "a=1\n"}, 0o640))
    assert changed < counting.steps / 2


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


def test_what_cannot_be_undone_either_is_said_and_the_next_run_undoes_it(root: Path) -> None:
    class Dying(Disk):
        last = 0

        def _step(self, *, needs_room: bool = False) -> None:
            self.steps += 1
            if self.steps > self.last:
                raise OSError(errno.EIO, os.strerror(errno.EIO))

    before, said = snapshot(root), 0
    for last in range(100):
        disk = Dying(root)
        disk.last = last
        with pytest.raises(HypervNetError) as raised:
            run_with(disk, lambda: apply(root, RC_CONF, OURS))
        disk.release()
        if not writing.is_interrupted(root):
            continue
        if "could not be undone: " not in str(raised.value):
            break  # The change itself is done.
        said += 1
        assert str(raised.value).endswith("(put it right and run it again, which undoes it first)")
        assert writing.recover(root)
        assert snapshot(root) == before
        assert not writing.recover(root)
    assert said > 10


def test_a_foreign_edit_of_a_file_that_is_ours_is_overwritten_only_by_force(root: Path) -> None:
    apply(root, OURS)
    make(root, {OURS.path: "edited\n"})
    line = refused(root, RenderedFile(OURS.path, "newer\n", 0o600))
    assert line == (
        f"ROOT/{OURS.path}: edited since hyperv-net wrote it "
        "(save the edit, then add --force to overwrite it)"
    )
    assert OURS.path in refused(root, OURS)
    applied = apply(root, OURS, force=True)
    assert [one.note for one in applied.changes] == ["edited since hyperv-net wrote it"]
    assert (root / OURS.path).read_text() == OURS.text


def test_a_foreign_edit_of_a_file_that_is_edited_in_place_stays_and_is_noted(root: Path) -> None:
    apply(root, RC_CONF)
    make(root, {"etc/rc.conf": "a=1\nb=2\nnginx_enable=YES\n"})
    wanted = RenderedFile("etc/rc.conf", "a=1\nb=3\nnginx_enable=YES\n", in_place=True)
    applied = apply(root, wanted)
    assert [one.note for one in applied.changes] == ["edited since hyperv-net wrote it"]
    assert (root / "etc/rc.conf").read_text() == wanted.text


def test_a_rollback_does_not_take_a_foreign_edit_away_unless_by_force(root: Path) -> None:
    """Also one made between two applies, which is in what the second one wrote."""
    before = snapshot(root)
    apply(root, RC_CONF, OURS)
    make(root, {"etc/rc.conf": "a=1\nb=2\nnginx_enable=YES\n"})
    edited = RenderedFile("etc/rc.conf", "a=1\nb=3\nnginx_enable=YES\n", in_place=True)
    for _ in range(3):
        after = snapshot(root)
        with pytest.raises(HypervNetError, match=r"etc/rc\.conf: edited since .*--force"):
            roll_back(root)
        assert snapshot(root) == after
        apply(root, edited, OURS)
        edited = RenderedFile(edited.path, edited.text.replace("b=3", "b=4"), in_place=True)
    roll_back(root, force=True)
    assert {**snapshot(root), "etc/rc.conf": None} == {**before, "etc/rc.conf": None}
    assert (root / "etc/rc.conf").read_text() == "a=1\n"


def test_what_somebody_else_wrote_just_as_it_is_wanted_is_no_foreign_edit(root: Path) -> None:
    before = snapshot(root)
    apply(root, OURS)
    newer = RenderedFile(OURS.path, "newer\n", 0o600)
    make(root, {OURS.path: newer.text}, 0o600)
    assert apply(root, newer).changes == ()
    roll_back(root)
    assert snapshot(root) == before


def test_a_file_that_was_removed_since_is_made_again_and_that_is_noted(root: Path) -> None:
    apply(root, OURS, RC_CONF)
    (root / OURS.path).unlink()
    applied = apply(root, OURS, RC_CONF)
    assert [(one.action, one.note) for one in applied.changes] == [
        (Action.CREATE, "removed since hyperv-net wrote it")
    ]
    (root / OURS.path).unlink()
    (root / "etc/rc.conf").unlink()
    apply(root, OURS, RC_CONF)
    assert snapshot(root)["etc/rc.conf"].mode == 0o640
    (root / OURS.path).unlink()
    roll_back(root)
    assert not (root / OURS.path).exists()
    assert (root / "etc/rc.conf").read_text() == "a=1\n"


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


def test_a_file_that_changed_while_the_plan_was_made_is_not_overwritten(root: Path) -> None:
    planned = changes(root, [RC_CONF])
    make(root, {"etc/rc.conf": "a=1\nsshd_enable=YES\n"})
    with pytest.raises(HypervNetError, match="changed while the plan was made \\(run it again"):
        writing.apply_files(root, LINUX, planned)
    assert (root / "etc/rc.conf").read_text() == "a=1\nsshd_enable=YES\n"


def test_two_at_once_are_one_and_an_error(root: Path) -> None:
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        line = refused(root, OURS)
        assert apply(root, OURS, dry_run=True).changes
    finally:
        os.close(descriptor)
    assert line == "ROOT: another hyperv-net is writing below it (wait until it is done)"


def test_a_damaged_backup_is_an_error_and_nothing_is_put_back(root: Path) -> None:
    apply(root, RC_CONF, OURS)
    (backup,) = (root / STORE / "backups").iterdir()
    for damage, says in ((lambda: backup.write_bytes(b"?"), "damaged"), (backup.unlink, "missing")):
        damage()
        after = snapshot(root)
        with pytest.raises(HypervNetError, match=f"backups/.*: the backup is {says}"):
            roll_back(root)
        assert snapshot(root) == after


def test_an_edit_made_after_an_interrupted_run_is_not_lost(root: Path) -> None:
    steps = Disk(root)
    assert run_with(steps, lambda: apply(root, RC_CONF, OURS))
    steps.release()
    roll_back(root)
    for at in range(1, steps.steps):
        assert cut(root, lambda: apply(root, RC_CONF, OURS), at, all_of_it)
        if writing.is_interrupted(root) and (root / "etc/rc.conf").read_text() == RC_CONF.text:
            break
        roll_back(root)
    make(root, {"etc/rc.conf": "mine\n"}, 0o640)
    with pytest.raises(HypervNetError) as raised:
        apply(root, RC_CONF, OURS)
    line = str(raised.value).replace(str(root), "ROOT")
    assert (root / "etc/rc.conf").read_text() == "mine\n"
    assert line.startswith("ROOT/etc/rc.conf: edited since a run of hyperv-net was interrupted")
    assert writing.recover(root, force=True)
    assert (root / "etc/rc.conf").read_text() == "a=1\n"


def test_what_differs_from_what_was_written_is_told(root: Path) -> None:
    make(root, {"etc/gone": "x\n"})
    apply(root, OURS, RC_CONF, RenderedFile("etc/l", "a", is_link=True), stale=["etc/gone"])
    assert writing.differing(root, LINUX) == []
    make(root, {"etc/rc.conf": "mine\n", "etc/gone": "y\n"})
    (root / OURS.path).unlink()
    assert writing.differing(root, LINUX) == [
        ("etc/gone", "is there again"),
        (OURS.path, "missing"),
        ("etc/rc.conf", "edited"),
    ]


def test_freebsd_keeps_its_record_in_var_db(root: Path) -> None:
    writing.apply_files(root, System.FREEBSD, changes(root, [RC_CONF]))
    assert (root / "var/db/hyperv-net/applied/manifest.json").exists()
    assert writing.is_recorded(root, System.FREEBSD)
    assert not writing.is_recorded(root, LINUX)
    writing.roll_back(root, System.FREEBSD)
    assert not (root / "var").exists()
