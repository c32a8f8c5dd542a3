"""`drain` and `undrain` as a person sees them, and what is kept of a drain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug import running
from hyperv_net.hotplug.act.converge import Outcome
from hyperv_net.hotplug.draining import (
    Machine,
    Result,
    chosen,
    drain_pairs,
    pairs_of_the_kernel,
    steps_to_drain,
    steps_to_undrain,
    undrain_pairs,
)
from hyperv_net.hotplug.kept.drains import keep_drains, read_drains
from hyperv_net.hotplug.kept.worker import work_alone, workers_kept_away
from hyperv_net.hotplug.look.linux import read_linux
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.hotplug.wanted import RUN_DIRECTORY, Wanted
from hyperv_net.model import Kind, Mode, System
from tests.hotplug.kernel import MAC, Kernel
from tests.hotplug.machines import BOTH, SYNTHETIC, VF, arrive, drain, hook, machine, path, wanted
from tests.inventory.captured import capture, materialise

each_system = pytest.mark.parametrize("system", BOTH)
OTHER = "00:0d:3a:99:99:99"
NOW = "2026-11-22T12:00:00Z"


def _machine(kernel: Kernel, state: Wanted | None = None) -> Machine:
    return Machine(kernel.read, kernel.keep_drains, lambda: hook(kernel, state))


def _drain(kernel: Kernel, state: Wanted | None = None) -> list[Result]:
    known = state or wanted(kernel.system)
    return drain_pairs(_machine(kernel, known), known, known.pairs, NOW)


def _undrain(kernel: Kernel, state: Wanted | None = None) -> list[Result]:
    known = state or wanted(kernel.system)
    return undrain_pairs(_machine(kernel, known), known, known.pairs)


def _running(system: System) -> Kernel:
    kernel = machine(system, vf=True)
    hook(kernel)
    return kernel


def _two_pairs() -> tuple[Kernel, Wanted]:
    """A second pair, in bond9, beside the one in bond0."""
    kernel = _running(System.LINUX)
    kernel.add("eth9", driver="hv_netvsc", bus="vmbus", mac=OTHER, master="bond9", up=True)
    kernel.add("bond9", Kind.BOND, mode="active-backup", up=True, mac=OTHER)
    arrive(kernel, "vf9", mac=OTHER)
    state = wanted(System.LINUX)
    second = state.pairs[0]._replace(mac=OTHER, aggregate="bond9", synthetic="eth9")
    both = state._replace(pairs=(state.pairs[0], second))
    hook(kernel, both)
    return kernel, both


@each_system
def test_what_moved_is_said_and_moved_back(system: System) -> None:
    kernel = _running(system)
    label = {System.LINUX: "bond0", System.FREEBSD: "lagg0"}[system]
    vf, synthetic = VF[system], SYNTHETIC[system]
    assert _drain(kernel) == [Result(f"{label}: traffic moved from {vf} to {synthetic}")]
    assert kernel.drains[0].since == NOW
    assert _drain(kernel) == [Result(f"{label}: drained already, {synthetic} carries the traffic")]
    assert _undrain(kernel) == [Result(f"{label}: traffic moved from {synthetic} to {vf}")]
    assert _undrain(kernel) == [Result(f"{label}: not drained")]


@each_system
def test_a_pair_without_its_vf_has_nothing_to_move_and_that_is_no_error(system: System) -> None:
    kernel = machine(system)
    hook(kernel)
    (result,) = _drain(kernel)
    assert "nothing to move, its VF is away" in result.text and not result.failed
    assert kernel.drains == ()


def test_a_drain_and_an_undrain_while_the_vf_is_away_are_no_errors() -> None:
    kernel = _running(System.LINUX)
    _drain(kernel)
    kernel.remove("enP1s1")
    assert _drain(kernel) == [Result("bond0: drained already, eth0 carries the traffic")]
    assert _undrain(kernel) == [Result("bond0: drained no more, eth0 carries the traffic")]
    assert kernel.devices["bond0"].reselect == "always"


def test_a_pair_that_cannot_be_drained_is_left_as_it_was_and_the_other_is_drained() -> None:
    kernel, both = _two_pairs()
    before = kernel.devices["bond0"].reselect

    def refuse() -> None:
        if kernel.commands[-1].endswith("bond0/bonding/active_slave <- eth0"):
            raise HypervNetError("Invalid argument")

    kernel.before_command = refuse
    first, second = _drain(kernel, both)
    assert first.failed and "bond0: cannot be drained: " in first.text
    assert "Invalid argument" in first.text
    assert second == Result("bond9: traffic moved from vf9 to eth9")
    assert [drain.mac for drain in kernel.drains] == [OTHER]
    assert (kernel.devices["bond0"].reselect, path(kernel)) == (before, "enP1s1")


def test_a_pair_whose_synthetic_nic_has_no_link_is_refused_untouched() -> None:
    kernel = _running(System.LINUX)
    kernel.devices["eth0"].link = False
    kernel.commands.clear()
    assert _drain(kernel) == [Result("bond0: cannot be drained: eth0 has no link", True)]
    assert kernel.commands == []


def test_an_undrain_that_fails_says_so_and_stays_to_be_done() -> None:
    kernel = _running(System.LINUX)
    _drain(kernel)

    def refuse() -> None:
        raise HypervNetError("Input/output error")

    kernel.before_command = refuse
    (result,) = _undrain(kernel)
    assert result.failed and "cannot be undrained: cannot receive" in result.text
    kernel.before_command = lambda: None
    hook(kernel)
    assert path(kernel) == "enP1s1" and kernel.drains == ()


@pytest.mark.parametrize("name", ["bond9", "eth9", "vf9", OTHER])
def test_a_pair_goes_by_its_aggregate_its_nics_and_its_mac(name: str) -> None:
    kernel, both = _two_pairs()
    assert [pair.mac for pair in chosen(kernel.read(), both, [name])] == [OTHER]
    assert chosen(kernel.read(), both, []) == both.pairs


def test_a_name_that_means_no_pair_is_an_error() -> None:
    kernel, both = _two_pairs()
    with pytest.raises(HypervNetError, match="eth1: no pair goes by that name"):
        chosen(kernel.read(), both, ["bond0", "eth1"])


def test_the_steps_of_a_dry_run_are_those_that_are_taken() -> None:
    kernel = _running(System.LINUX)
    known = wanted(System.LINUX)
    shown = steps_to_drain(kernel.read(), known, known.pairs)
    assert [str(step) for step in shown] == [
        "receive through all members of bond0",
        "set primary_reselect of bond0 (failure)",
        "move the traffic of bond0 to eth0",
    ]
    _drain(kernel)
    back = [str(step) for step in steps_to_undrain(kernel.read(), known, known.pairs)]
    assert back == [
        "receive through all members of bond0",
        "set primary_reselect of bond0 (always)",
        "move the traffic of bond0 to enP1s1",
    ]


@pytest.mark.parametrize(
    ("name", "names"),
    [("azure-transparent-mlx5", ["eth0"]), ("net-failover", ["enp1s0"]), ("virtio-bond", [])],
)
def test_pairs_that_a_real_kernel_drives_are_found_without_a_configuration(
    name: str, names: list[str], tmp_path: Path
) -> None:
    actual = read_linux(materialise(capture(name), tmp_path))
    found = pairs_of_the_kernel(actual, ("hv_netvsc",))
    assert [pair.mode for pair in found] == [Mode.TRANSPARENT] * len(names)
    state = Wanted(System.LINUX, "netplan", found)
    shown = [str(step) for step in steps_to_drain(actual, state, found)]
    assert len(shown) == len(names) and all(one.endswith(" down") for one in shown)


DRAIN = Drain(MAC, 3, "enP1s1", Phase.HELD, "always", True, NOW)


def test_what_is_kept_is_what_is_read(tmp_path: Path) -> None:
    directory = str(tmp_path / "run")
    assert read_drains(directory) == ()
    both = (DRAIN, Drain(OTHER, 0, "mce0"))
    keep_drains(directory, both)
    assert read_drains(directory) == both
    keep_drains(directory, both[1:])
    assert read_drains(directory) == both[1:]
    keep_drains(directory, ())
    assert read_drains(directory) == ()
    assert list((tmp_path / "run/drained").iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "hyperv-net/drained/2"},
        {"mac": OTHER},
        {"vf": "3"},
        {"vf_name": "eth0; reboot"},
        {"vf_name": 3},
        {"phase": "gone"},
        {"reselect": "../x"},
        {"was_active": "yes"},
        {"since": "\u001b[2J"},
        {"since": None},
    ],
)
def test_anything_else_in_a_record_is_no_drain(changes: dict[str, object], tmp_path: Path) -> None:
    """A file that somebody damaged must not keep a VF from carrying traffic."""
    keep_drains(str(tmp_path), [DRAIN])
    file = tmp_path / "drained" / MAC
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
    assert read_drains(str(tmp_path)) == ()


def test_a_record_that_is_no_record_and_a_file_beside_it_are_passed_over(tmp_path: Path) -> None:
    keep_drains(str(tmp_path), [DRAIN])
    (tmp_path / "drained" / MAC).write_text("[" * 5000)
    (tmp_path / "drained" / "notes").write_text("x")
    (tmp_path / "drained" / OTHER).mkdir()
    assert read_drains(str(tmp_path)) == ()


def test_an_event_during_a_drain_is_served_before_the_drain_goes_home(tmp_path: Path) -> None:
    kernel = _running(System.LINUX)
    served: list[Outcome] = []
    with workers_kept_away(str(tmp_path), 0, lambda: served.append(hook(kernel))):
        drain(kernel)
        assert not work_alone(str(tmp_path), lambda: None)
        kernel.remove("enP1s1")
        arrive(kernel)
    assert len(served) == 1 and kernel.members("bond0") == ["eth0", "enP1s1"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Kernel:
    """The small kernel in place of this machine."""
    kernel = _running(System.LINUX)
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
    assert main(["drain"]) == 1
    assert capsys.readouterr() == ("", "hyperv-net: bond0: cannot be drained: eth0 has no link\n")


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
