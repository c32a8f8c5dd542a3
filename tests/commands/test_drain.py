"""`hyperv-net drain` and `undrain` as they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.hotplug import running
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.model import System
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import hook, joined, wanted


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kernel:
    """The small kernel in place of this machine."""
    kernel = joined(System.LINUX)
    monkeypatch.setattr(running, "wanted_here", lambda: wanted(System.LINUX))
    monkeypatch.setattr(running, "reader", lambda *_: kernel.read)
    monkeypatch.setattr(running, "settle", lambda *_: hook(kernel))
    monkeypatch.setitem(RUN_DIRECTORY, System.LINUX, str(tmp_path))
    monkeypatch.setattr(
        "hyperv_net.hotplug.kept.drains.keep_drains", lambda _, drains: kernel.keep_drains(drains)
    )
    return kernel


def test_the_verbs_print_what_moved(here: Kernel, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drain"]) == 0
    assert main(["undrain", "bond0"]) == 0
    assert capsys.readouterr() == (
        "bond0: traffic moved from enP1s1 to eth0\nbond0: traffic moved from eth0 to enP1s1\n",
        "",
    )


def test_a_pair_that_cannot_be_drained_is_one_line_and_exit_1(
    here: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    here.devices["eth0"].link = False
    said = ("", "hyperv-net: bond0: cannot be drained: eth0 has no link\n")
    assert main(["drain"]) == 1
    assert capsys.readouterr() == said
    assert main(["drain", "--dry-run"]) == 1
    assert capsys.readouterr() == said


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
