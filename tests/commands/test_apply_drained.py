"""`hyperv-net apply` while traffic is kept off a VF: which drains end, and when."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hyperv_net.applying import below
from hyperv_net.hotplug.wanted import PATHS, Wanted
from hyperv_net.model import System
from tests.commands.calling import Capture
from tests.commands.test_apply import FREEBSD, error, options, output, root_of, without_fsync  # noqa: F401 - a fixture


class Ending:
    """In place of `end_all`: whether the wanted state was there, and the pairs that were lost."""

    def __init__(self, root: Path, macs: Sequence[str]) -> None:
        self._wanted, self._macs = root / PATHS[System.FREEBSD], macs
        self.calls: list[tuple[bool, list[str]]] = []
        self.rested_on: list[Wanted | None] = []

    def __call__(
        self,
        say: Callable[[str], None],
        lost: Callable[[str], bool] = lambda mac: True,
        wanted: Wanted | None = None,
    ) -> None:
        self.rested_on.append(wanted)
        self.calls.append((self._wanted.exists(), [one for one in self._macs if lost(one)]))


def test_a_rollback_ends_all_drains_before_what_they_rest_on_is_gone(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the running machine, and where there is something to put back."""
    root = root_of(FREEBSD, tmp_path)
    ending = Ending(root, ["a"])
    back = ["apply", "--root", str(root), "--rollback"]
    monkeypatch.setattr("hyperv_net.commands.draining.end_all", ending)
    output(options(FREEBSD, root), capsys)
    output(back, capsys)
    output(options(FREEBSD, root), capsys)
    assert ending.calls == []
    monkeypatch.setattr("hyperv_net.commands.apply.is_this_machine", lambda root: True)
    monkeypatch.setattr("hyperv_net.commands.trying.rolled_back", lambda root: None)
    output([*back, "--dry-run"], capsys)
    assert ending.calls == []
    for _ in range(2):
        output(back, capsys)
        assert ending.calls == [(True, ["a"])]


def test_an_apply_ends_the_drains_of_pairs_that_its_plan_has_no_more_and_no_others(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = root_of(FREEBSD, tmp_path)
    output(options(FREEBSD, root), capsys)
    (pair,) = json.loads((root / PATHS[System.FREEBSD]).read_text())["pairs"]
    output(["apply", "--root", str(root), "--rollback"], capsys)
    ending = Ending(root, [pair["mac"], "00:0d:3a:00:00:99"])
    before = Wanted(System.FREEBSD, target="")
    monkeypatch.setattr("hyperv_net.commands.draining.end_all", ending)
    monkeypatch.setattr("hyperv_net.commands.draining.before_writing", lambda: before)
    monkeypatch.setattr("hyperv_net.commands.apply.is_this_machine", lambda root: True)
    output(options(FREEBSD, root, "--dry-run"), capsys)
    assert ending.calls == []
    # Once it is written, by what was wanted until then.
    output(options(FREEBSD, root), capsys)
    assert ending.calls == [(True, ["00:0d:3a:00:00:99"])]
    assert ending.rested_on == [before]


@pytest.mark.parametrize("is_rollback", [False, True])
def test_what_is_refused_ends_no_drain(
    is_rollback: bool, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = root_of(FREEBSD, tmp_path)
    output(options(FREEBSD, root), capsys)
    ending = Ending(root, ["a"])
    monkeypatch.setattr("hyperv_net.commands.draining.end_all", ending)
    monkeypatch.setattr("hyperv_net.commands.apply.is_this_machine", lambda root: True)
    monkeypatch.setattr("hyperv_net.commands.trying.rolled_back", lambda root: None)
    wanted = root / PATHS[System.FREEBSD]
    mine = wanted.read_text()
    run = ["apply", "--root", str(root), "--rollback"] if is_rollback else options(FREEBSD, root)
    # By somebody else's edit, and by another run that writes there.
    wanted.write_text("{}")
    assert "edited" in error(run, capsys)
    wanted.write_text(mine)
    with below.opened(root, alone=True):
        assert "another hyperv-net" in error(run, capsys)
    assert ending.calls == []
    output(run, capsys)
    assert len(ending.calls) == 1
