"""`hyperv-net drain` and `undrain` as they are called."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug import moving, running
from hyperv_net.hotplug.act.converge import Outcome
from hyperv_net.hotplug.draining import Result, drain_pairs, undrain_pairs
from hyperv_net.hotplug.moving import move_here
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.journal.entry import Happening
from hyperv_net.journal.kept import read
from hyperv_net.model import System
from tests.commands.conftest import EVENT
from tests.hotplug.kernel import Kernel
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import (
    OTHER,
    TRANSPARENT,
    arrive,
    hook,
    path,
    transparent,
    wanted,
)


def test_the_verbs_print_what_moved(here: Kernel, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drain"]) == 0
    assert main(["undrain", "bond0"]) == 0
    assert capsys.readouterr() == (
        "bond0: traffic moved from enP1s1 to eth0\nbond0: traffic moved from eth0 to enP1s1\n",
        "",
    )


def test_a_pair_that_cannot_be_drained_is_one_line_and_exit_1(
    here: Kernel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here.devices["eth0"].link = False
    said = ("", "hyperv-net: bond0: cannot be drained: eth0 has no link\n")
    assert main(["drain"]) == 1
    assert capsys.readouterr() == said
    assert main(["drain", "--dry-run"]) == 1
    assert capsys.readouterr() == said
    (entry,) = read(f"{tmp_path}/kept").entries
    assert (entry.happening, entry.owner) == (Happening.NOT_DRAINED, "person")
    assert entry.text == "bond0: cannot be drained: eth0 has no link"


HELD = "still drained for azure:F1, eth0 carries the traffic"
HINT = "(`hyperv-net undrain --all-owners` ends that too)"


def test_a_drain_that_is_tried_again_for_an_event_is_in_the_journal_once(
    here: Kernel, tmp_path: Path
) -> None:
    here.devices["eth0"].link = False
    for owner in (EVENT, EVENT, "azure:F2", EVENT):
        move_here([], partial(drain_pairs, owner=owner))
    for _ in range(2):
        assert main(["drain"]) == 1
    owners = [one.owner for one in read(f"{tmp_path}/kept").entries]
    assert owners == [EVENT, "azure:F2", "person", "person"]


def test_a_person_is_told_of_the_event_that_keeps_a_pair_drained(
    announced: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drain"]) == 0
    said = f"bond0: drained already for {EVENT}, eth0 carries the traffic\n"
    assert capsys.readouterr() == (said, "")
    assert announced.drains[0].owners == (EVENT, "person")


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_an_undrain_that_an_event_outlasts_is_one_line_and_exit_1(
    words: tuple[str, ...], announced: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["undrain", *words]) == 1
    said = capsys.readouterr()
    assert (said.err, path(announced)) == (f"hyperv-net: bond0: {HELD} {HINT}\n", "eth0")


def test_a_person_ends_the_drain_of_an_event_by_force(
    announced: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["undrain", "--all-owners", "--dry-run"]) == 0
    assert "move the traffic of bond0 to enP1s1" in capsys.readouterr().out
    assert main(["undrain", "--all-owners"]) == 0
    assert capsys.readouterr().out == "bond0: traffic moved from eth0 to enP1s1\n"
    assert (announced.drains, path(announced)) == ((), "enP1s1")


def test_turned_off_drains_are_ended_and_none_begins(
    announced: Kernel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = announced.read
    monkeypatch.setattr(announced, "read", lambda: read()._replace(is_off=True))
    monkeypatch.setattr(moving, "why_turned_off", lambda: "99.cfg: enabled: false")
    monkeypatch.setattr(moving, "read_wanted", lambda root: wanted(System.LINUX))
    monkeypatch.setattr(running, "wanted_here", lambda: None)
    assert main(["drain"]) == 1
    assert "turned off, and no traffic was moved" in capsys.readouterr().err
    assert main(["undrain"]) == 1
    assert capsys.readouterr().err == f"hyperv-net: bond0: {HELD} {HINT}\n"
    assert main(["undrain", "--all-owners", "--dry-run"]) == 0
    assert "move the traffic of bond0 to enP1s1" in capsys.readouterr().out
    assert main(["undrain", "--all-owners"]) == 0
    assert capsys.readouterr() == ("bond0: traffic moved from eth0 to enP1s1\n", "")
    assert (announced.drains, path(announced)) == ((), "enP1s1")


def test_an_event_that_is_over_leaves_a_person_the_drain_and_has_not_failed(
    announced: Kernel,
) -> None:
    assert main(["drain"]) == 0
    (result,) = move_here(["bond0"], partial(undrain_pairs, owner=EVENT))
    assert result == Result("bond0: still drained for a person, eth0 carries the traffic")
    assert announced.drains[0].owners == ("person",)


def test_a_vf_that_the_kernel_has_not_set_up_yet_is_left_to_a_worker_that_waits(
    here: Kernel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kernel, mark = transparent(), tmp_path / "again"
    monkeypatch.setattr(running, "wanted_here", lambda: TRANSPARENT)
    monkeypatch.setattr(running, "reader", lambda *_: kernel.read)
    monkeypatch.setattr(running, "settle", lambda *_, **__: hook(kernel, TRANSPARENT))
    monkeypatch.setattr(
        "hyperv_net.hotplug.moving.keep_drains", lambda _, drains: kernel.keep_drains(drains)
    )
    move_here([], partial(drain_pairs, owner=EVENT))
    assert not mark.exists()
    kernel.remove("enP1s1")
    hook(kernel, TRANSPARENT)
    arrive(kernel, "enP2s2", master="eth0")
    assert main(["drain"]) == 0
    assert mark.exists()


def test_what_is_left_of_a_move_is_left_to_a_worker(announced: Kernel, tmp_path: Path) -> None:
    mark, undrain = tmp_path / "again", partial(undrain_pairs, owner=EVENT)

    def refuse() -> None:
        raise HypervNetError("Input/output error")

    assert not mark.exists()
    announced.before_command = refuse
    assert move_here([], undrain)[0].failed
    assert mark.exists() and announced.drains
    mark.unlink()
    announced.before_command = lambda: None
    assert not move_here([], undrain)[0].failed
    assert not mark.exists() and announced.drains == ()


@pytest.mark.parametrize("is_read", [True, False], ids=["no time is left", "nothing is seen"])
def test_an_undrain_that_comes_to_no_step_is_left_to_a_worker(
    is_read: bool, announced: Kernel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def settle(*_: object, **__: object) -> Outcome:
        if not is_read:
            raise OSError(5, "Input/output error", "/sys/class/net")
        return hook(announced, expired=lambda: True)

    monkeypatch.setattr(running, "settle", settle)
    with suppress(OSError):
        assert move_here([], partial(undrain_pairs, owner=EVENT))[0].failed
    assert (path(announced), announced.drains[0].owners) == ("eth0", ())
    assert (tmp_path / "again").exists()


@pytest.mark.parametrize("is_other", [False, True], ids=["no pair", "another pair"])
@pytest.mark.parametrize("owner", [EVENT, None])
def test_an_undrain_forgets_the_drain_of_a_pair_that_there_is_no_more_and_says_so(
    owner: str | None,
    is_other: bool,
    announced: Kernel,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state = wanted(System.LINUX)
    other = state.pairs[0]._replace(mac=OTHER, synthetic="eth9", aggregate="bond9")
    others = (other,) * is_other
    monkeypatch.setattr(running, "wanted_here", lambda: state._replace(pairs=others))
    monkeypatch.setattr(
        running, "settle", lambda known, *_, **__: hook(announced, known, lambda: True)
    )
    lost = f"{MAC}: drained no more, there is no such pair any more"
    assert main(["undrain", "--all-owners", "--dry-run"]) == 0
    assert (capsys.readouterr().out, len(announced.drains)) == (f"{lost}\n", 1)
    results = move_here([], partial(undrain_pairs, owner=owner), only_back=True)
    assert (results[-1], len(results)) == (Result(lost), 1 + is_other)
    assert announced.drains == ()


def test_a_service_that_may_not_do_all_hands_the_rest_over(
    here: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    confined: list[bool] = []

    def settle(*_: object, **more: bool) -> Outcome:
        confined.append(more["confined"])
        return hook(here)

    monkeypatch.setattr(running, "settle", settle)
    move_here([], partial(drain_pairs, owner=EVENT), confined=True)
    assert set(confined) == {True}


def test_a_service_reads_everything_anew_each_time(
    here: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "wanted_here", lambda: Wanted(System.LINUX, "netplan"))
    assert move_here([], partial(drain_pairs, owner=EVENT)) == []
    monkeypatch.setattr(running, "wanted_here", lambda: wanted(System.LINUX))
    assert len(move_here([], partial(drain_pairs, owner=EVENT))) == 1
    assert here.drains[0].owners == (EVENT,)


def test_what_is_no_owner_moves_nothing(here: Kernel) -> None:
    with pytest.raises(HypervNetError, match="no drain can be owned by 'x; reboot'"):
        move_here([], partial(drain_pairs, owner="x; reboot"))
    assert here.drains == ()


def test_a_dry_run_without_a_step_says_so(here: Kernel, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["undrain", "--dry-run"]) == 0
    assert capsys.readouterr().out == "no steps: nothing to do\n"


def test_a_dry_run_changes_nothing(here: Kernel, capsys: pytest.CaptureFixture[str]) -> None:
    here.commands.clear()
    assert main(["drain", "--dry-run"]) == 0
    assert "move the traffic of bond0 to eth0\n" in capsys.readouterr().out
    assert (here.commands, here.drains) == ([], ())


def test_a_machine_without_pairs_has_nothing_to_move(
    here: Kernel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "wanted_here", lambda: None)
    assert main(["drain"]) == 0
    assert capsys.readouterr().out == "no pairs: nothing to do\n"


@pytest.mark.parametrize("verb", ["drain", "undrain"])
def test_a_name_that_is_nobodys_is_one_line_and_exit_1(
    verb: str, here: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, "--dry-run", "no-such-nic"]) == 1
    assert "no-such-nic: no pair goes by that name" in capsys.readouterr().err
