"""`apply --confirm` and `confirm`: what is wrong usage, and what is told."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from hyperv_net.applying import here as machine
from hyperv_net.cli import main
from hyperv_net.commands import confirm, trying
from tests.applying.trials import FILE, NEW, OLD, Trial, by_hand
from tests.commands.calling import NETPLAN, Capture, example
from tests.outcome import Outcome


@pytest.mark.parametrize(
    "more",
    [
        example(NETPLAN, "--confirm", "60"),
        ["--rollback", "--confirm", "60"],
        ["--dry-run", "--confirm", "60"],
        ["--confirm", "4"],
        ["--confirm", "86401"],
        ["--confirm", "soon"],
    ],
    ids=["another root", "rollback", "dry run", "too short", "too long", "no number"],
)
def test_what_cannot_be_confirmed_is_wrong_usage(more: list[str], capsys: Capture) -> None:
    with mock.patch.object(trying, "refuse_another"):
        assert main(["apply", *more]) == 64
    assert "--confirm" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["apply"], ["unbake", "--root", "/"]], ids=" ".join)
def test_what_would_be_in_its_way_is_refused_while_one_waits(
    words: list[str], tmp_path: Path, capsys: Capture
) -> None:
    """Another apply would be taken back with it, and after `unbake` nothing would do that."""
    one = by_hand(tmp_path)
    one.apply()
    with mock.patch.object(trying, "here", lambda system: one.here):
        assert main(words) == 1
    said = capsys.readouterr().err
    assert "an apply waits to be confirmed, with 60 s left ('hyperv-net confirm' keeps it" in said


def ran(one: Trial, capsys: Capture, *options: str) -> Outcome:
    with mock.patch.object(confirm, "_here", lambda: one.here):
        status = main(["confirm", *options])
    out, err = capsys.readouterr()
    return Outcome(status, out, err)


def test_confirm_keeps_it(tmp_path: Path, capsys: Capture) -> None:
    one = by_hand(tmp_path)
    one.apply()
    assert ran(one, capsys) == Outcome(0, "confirmed: what was applied stays\n", "")
    assert (one.root / FILE).read_text() == NEW
    again = ran(one, capsys)
    assert again.status == 1
    assert "nothing waits to be confirmed any more: it was confirmed before" in again.err


def test_revert_takes_it_back_at_once(tmp_path: Path, capsys: Capture) -> None:
    one = by_hand(tmp_path)
    assert ran(one, capsys, "--revert").status == 1
    one.apply()
    done = ran(one, capsys, "--revert")
    assert (done.status, done.err) == (0, "")
    assert "is taken back: it was taken back by hand" in done.out
    assert (one.root / FILE).read_text() == OLD


def test_what_went_wrong_on_the_way_back_is_told_and_the_status_says_so(
    tmp_path: Path, capsys: Capture
) -> None:
    one = by_hand(tmp_path)
    one.apply()
    one.fails = "netplan"
    done = ran(one, capsys, "--revert")
    assert done.status == 1
    assert "on the way back: netplan apply: it failed" in done.err
    assert (one.root / FILE).read_text() == OLD


def test_status_of_a_captured_tree_says_nothing_of_this_machines(tmp_path: Path) -> None:
    from hyperv_net.commands.status import _of_unconfirmed

    one = by_hand(tmp_path)
    one.apply()
    with mock.patch.object(machine, "here", lambda system: one.here):
        assert list(_of_unconfirmed(tmp_path)) == []
        (finding,) = _of_unconfirmed(Path("/"))
    assert "taken back in 60 s" in finding.message
