"""Which drains end with what is written or taken back, whoever owns them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.commands import draining
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug import running
from hyperv_net.hotplug.kept.drains import keep_drains
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import System
from tests.hotplug.kernel import Kernel
from tests.hotplug.kernel.devices import MAC
from tests.hotplug.machines import (
    OTHER,
    path,
    wanted,
)


def test_drains_of_some_pairs_end_whoever_owns_them_and_those_of_others_go_on(
    announced: Kernel, tmp_path: Path
) -> None:
    """As `apply` ends those of pairs that its plan has no more."""
    (drain,) = announced.drains
    keep_drains(str(tmp_path), [drain, drain._replace(mac=OTHER)])
    said: list[str] = []
    draining.end_all(said.append, lambda mac: mac != MAC)
    assert (said, path(announced)) == ([], "eth0")
    draining.end_all(said.append, lambda mac: mac == MAC)
    assert said == ["bond0: traffic moved from eth0 to enP1s1"]
    assert announced.drains == ()


def test_the_drain_of_a_pair_that_is_wanted_no_more_ends_by_what_was_wanted_before(
    announced: Kernel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `apply` ends it once it has written a plan without that pair."""
    keep_drains(str(tmp_path), announced.drains)
    before = draining.before_writing()
    nothing = wanted(System.LINUX)._replace(pairs=())
    monkeypatch.setattr(running, "wanted_here", lambda: nothing)
    said: list[str] = []
    draining.end_all(said.append, lambda mac: mac == MAC, before)
    assert (said, path(announced)) == (["bond0: traffic moved from eth0 to enP1s1"], "enP1s1")
    keep_drains(str(tmp_path), [])
    assert draining.before_writing() is None


def test_what_drains_rest_on_that_cannot_be_read_keeps_nobody_from_going_on(
    announced: Kernel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse() -> Wanted:
        raise HypervNetError("not believed", where="/wanted.json")

    keep_drains(str(tmp_path), announced.drains)
    monkeypatch.setattr(running, "wanted_here", refuse)
    assert draining.before_writing() is None
    assert capsys.readouterr().err == (
        "hyperv-net: drains may not be ended: /wanted.json: not believed\n"
    )
