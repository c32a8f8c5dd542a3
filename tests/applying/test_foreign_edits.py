"""What somebody else did to a file since is noted, and never lost without `--force`."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.applying import writing
from hyperv_net.applying.decision import Action
from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from tests.applying.disk import Disk, all_of_it, snapshot
from tests.applying.scenes import (
    LINUX,
    OURS,
    RC_CONF,
    apply,
    changes,
    cut,
    make,
    refused,
    roll_back,
    run_with,
)


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


def test_a_file_that_changed_while_the_plan_was_made_is_not_overwritten(root: Path) -> None:
    planned = changes(root, [RC_CONF])
    make(root, {"etc/rc.conf": "a=1\nsshd_enable=YES\n"})
    with pytest.raises(HypervNetError, match="changed while the plan was made \\(run it again"):
        writing.apply_files(root, LINUX, planned)
    assert (root / "etc/rc.conf").read_text() == "a=1\nsshd_enable=YES\n"


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
