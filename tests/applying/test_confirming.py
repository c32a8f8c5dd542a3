"""An apply that is tried out: kept, or taken back, whatever happens on the way."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from hyperv_net.applying import confirming
from hyperv_net.applying.here import alone, findings, waiting
from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from tests.applying.disk import snapshot
from tests.applying.scenes import apply, roll_back
from tests.applying.trials import BACK, FILE, FILES, NEW, OLD, SECONDS, by_hand

UNIT = "etc/systemd/system/hyperv-net-unconfirmed.service"
LINK = "etc/systemd/system/sysinit.target.wants/hyperv-net-unconfirmed.service"


def test_what_is_confirmed_stays_and_leaves_no_trace_but_that_of_an_apply(tmp_path: Path) -> None:
    one = by_hand(tmp_path)
    before = snapshot(one.root)
    one.apply()
    assert one.ran == ["netplan apply"]
    assert one.starters == [UNIT, LINK]
    ((words, seconds),) = one.armed
    assert seconds == SECONDS
    assert Path(words[2]).is_file()
    confirming.keep(one.here)
    assert (one.root / FILE).read_text() == NEW
    assert one.starters == []
    assert waiting(one.here) is None
    assert one.over() == []
    (tmp_path / "plain").mkdir()
    plain = by_hand(tmp_path / "plain")
    apply(plain.root, *FILES)
    assert snapshot(one.root).keys() == snapshot(plain.root).keys()
    roll_back(one.root)
    assert snapshot(one.root) == before


def test_what_nobody_confirms_is_taken_back_and_active_again(tmp_path: Path) -> None:
    """By the target's own steps for the way back, which take the bond away."""
    one = by_hand(tmp_path)
    before = snapshot(one.root)
    one.apply()
    one.ran.clear()
    assert one.over(one.armed[0][0][3]) == [
        "what 'hyperv-net apply --confirm' wrote is taken back: its time was over"
    ]
    assert snapshot(one.root) == before
    assert one.ran == BACK


def test_a_boot_takes_it_back_ahead_of_the_network_and_activates_nothing(tmp_path: Path) -> None:
    """netplan's generator has read the files by then, and runs again."""
    one = by_hand(tmp_path)
    before = snapshot(one.root)
    one.apply()
    one.ran.clear()
    assert one.boot() != []
    assert snapshot(one.root) == before
    assert one.ran == ["netplan generate"]


def test_it_goes_back_to_what_an_earlier_apply_wrote_and_to_its_record(tmp_path: Path) -> None:
    """Also where the files that the earlier one wrote are wanted no more."""
    one = by_hand(tmp_path)
    before = snapshot(one.root)
    apply(one.root, *FILES, RenderedFile("etc/hosts", "127.0.0.1 localhost\n"))
    (one.root / "etc/hosts").write_text("")  # put back by hand, which the record knows nothing of
    earlier = snapshot(one.root)
    changed = RenderedFile(FILE, NEW.replace("true", "false"), 0o600, in_place=True)
    for files in ((changed,), (changed, RenderedFile("etc/x/y", "y\n"))):
        one.apply(*files)
        assert snapshot(one.root) != earlier
        one.over()
        manifest = "var/lib/hyperv-net/applied/manifest.json"
        left = snapshot(one.root)
        assert left.keys() == earlier.keys()
        assert {path for path in left if left[path] != earlier[path]} <= {manifest}
    roll_back(one.root)
    assert snapshot(one.root) == before


def test_where_nothing_can_end_the_time_nothing_is_written(tmp_path: Path) -> None:
    one = by_hand(tmp_path)
    before = snapshot(one.root)
    one.fails = "arm"
    with pytest.raises(HypervNetError, match="no timer"):
        one.apply()
    assert snapshot(one.root) == before
    assert one.ran == []
    none = by_hand(tmp_path / "other", exists="nothing")
    before = snapshot(none.root)
    with pytest.raises(HypervNetError, match="neither systemd nor OpenRC"):
        none.apply()
    assert snapshot(none.root) == before


def test_where_the_machine_does_not_follow_it_is_taken_back_at_once(tmp_path: Path) -> None:
    one = by_hand(tmp_path)
    before = snapshot(one.root)
    one.fails = "netplan"
    with pytest.raises(HypervNetError, match="it failed; what was there before is back; on the"):
        one.apply()
    assert snapshot(one.root) == before
    assert one.ran == ["netplan apply", *BACK]
    assert waiting(one.here) is None


def test_where_somebody_interrupts_it_it_is_taken_back_at_once(tmp_path: Path) -> None:
    one = by_hand(tmp_path)
    before = snapshot(one.root)

    def interrupt(applied: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        one.apply(announce=interrupt)
    assert snapshot(one.root) == before


def test_while_one_waits_another_is_refused_with_the_seconds_that_are_left(tmp_path: Path) -> None:
    one = by_hand(tmp_path)
    one.apply()
    one.now += 18
    with pytest.raises(HypervNetError, match="waits to be confirmed, with 42 s left"):
        one.apply()
    (note,) = findings(one.here)
    assert "taken back in 42 s" in note.message
    assert one.over("0" * 16) == []
    assert waiting(one.here) is not None


def test_confirm_says_when_nothing_waits_when_it_is_late_and_what_became_of_it(
    tmp_path: Path,
) -> None:
    one = by_hand(tmp_path)
    with pytest.raises(HypervNetError, match=r"nothing waits to be confirmed \("):
        confirming.keep(one.here)
    one.apply()
    one.now += SECONDS
    with pytest.raises(HypervNetError, match="too late: its time is over"):
        confirming.keep(one.here)
    one.over()
    assert (one.root / FILE).read_text() == OLD
    with pytest.raises(HypervNetError, match="any more: its time was over"):
        confirming.keep(one.here)
    assert list(findings(one.here)) == []


def test_after_a_boot_it_is_too_late_even_where_the_boot_has_not_taken_it_back(
    tmp_path: Path,
) -> None:
    one = by_hand(tmp_path)
    one.apply()
    for file in one.run_directory.iterdir():
        file.unlink()
    with pytest.raises(HypervNetError, match="too late: it was cut short, or the machine booted"):
        confirming.keep(one.here)


def test_a_rollback_by_hand_ends_it(tmp_path: Path) -> None:
    one = by_hand(tmp_path)
    before = snapshot(one.root)
    one.apply()
    roll_back(one.root)
    confirming.give_up_waiting(one.here, "taken back by hand")
    assert snapshot(one.root) == before
    assert one.over() == []
    with pytest.raises(HypervNetError, match="any more: taken back by hand"):
        confirming.keep(one.here)


def test_with_nothing_to_write_nothing_waits(tmp_path: Path) -> None:
    one = by_hand(tmp_path)
    apply(one.root, *FILES)
    before = snapshot(one.root)
    assert one.apply().changes == ()
    assert snapshot(one.root) == before
    assert one.armed == []


def test_an_edit_made_in_the_meantime_is_no_reason_to_stay_cut_off_and_is_told(
    tmp_path: Path,
) -> None:
    one = by_hand(tmp_path)
    before = snapshot(one.root)
    one.apply()
    (one.root / FILE).write_text("network: {}\n")
    assert one.over()[1:] == [f"{FILE}: an edit of somebody else's was overwritten"]
    assert snapshot(one.root) == before


def test_one_that_goes_on_after_it_was_taken_back_changes_nothing(tmp_path: Path) -> None:
    """It had been stopped for longer than anybody waits for it."""
    one = by_hand(tmp_path)
    before = snapshot(one.root)

    def be_stopped(applied: object) -> None:
        with mock.patch.object(confirming, "_LONG", 0):
            assert one.over() != []
        one.ran.clear()

    with pytest.raises(HypervNetError, match="its time was over before the machine had followed"):
        one.apply(announce=be_stopped)
    assert snapshot(one.root) == before
    assert one.ran == ["netplan apply"]


def test_one_that_has_been_stopped_in_the_middle_does_not_keep_it_from_going_back(
    tmp_path: Path,
) -> None:
    """As Ctrl-Z does, on a terminal that is then lost."""
    one = by_hand(tmp_path)
    with alone(one.here, 0):
        with (
            pytest.raises(HypervNetError, match="another apply is being tried out"),
            alone(one.here, 0),
        ):
            pass
        with alone(one.here, 0, passes_by=True):
            pass
