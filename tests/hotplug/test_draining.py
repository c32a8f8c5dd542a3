"""What `drain` and `undrain` do with each pair and say of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug import running
from hyperv_net.hotplug.decide.drain import left_to_kernel
from hyperv_net.hotplug.decide.drain_phase import going_on
from hyperv_net.hotplug.draining import (
    Machine,
    Result,
    chosen,
    drain_pairs,
    foreseen,
    pairs_of_the_kernel,
    steps_to_drain,
    steps_to_undrain,
    undrain_pairs,
)
from hyperv_net.hotplug.kept.drains import keep_drains
from hyperv_net.hotplug.look.linux import read_linux
from hyperv_net.hotplug.look.state import Drain
from hyperv_net.hotplug.running import kept_up_here
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import Kind, Mode, Settings, System
from hyperv_net.owners import MOST_OWNERS, PERSON
from hyperv_net.root.turned_off import OFF
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import (
    EVENT,
    NOW,
    OTHER,
    SYNTHETIC,
    VF,
    arrive,
    each_system,
    hook,
    joined,
    machine,
    path,
    wanted,
)
from tests.inventory.captured import capture, materialise


def _machine(kernel: Kernel, state: Wanted | None = None) -> Machine:
    return Machine(kernel.read, kernel.keep_drains, lambda: hook(kernel, state))


def _drain(kernel: Kernel, state: Wanted | None = None) -> list[Result]:
    known = state or wanted(kernel.system)
    return drain_pairs(_machine(kernel, known), known, known.pairs, NOW)


def _undrain(kernel: Kernel, state: Wanted | None = None) -> list[Result]:
    known = state or wanted(kernel.system)
    return undrain_pairs(_machine(kernel, known), known, known.pairs)


def _two_pairs() -> tuple[Kernel, Wanted]:
    """A second pair, in bond9, beside the one in bond0."""
    kernel = joined(System.LINUX)
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
    kernel = joined(system)
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
    kernel = joined(System.LINUX)
    _drain(kernel)
    kernel.remove("enP1s1")
    assert _drain(kernel) == [Result("bond0: drained already, eth0 carries the traffic")]
    assert _undrain(kernel) == [Result("bond0: drained no more, eth0 carries the traffic")]
    assert kernel.devices["bond0"].reselect == "always"


def test_a_pair_that_cannot_be_drained_is_left_as_it_was_and_the_other_is_drained() -> None:
    kernel, both = _two_pairs()
    before = kernel.devices["bond0"].reselect

    def refuse() -> None:
        if kernel.commands[-1] == "have bond0 send through eth0":
            raise HypervNetError("Invalid argument")

    kernel.before_command = refuse
    first, second = _drain(kernel, both)
    assert first.failed and "bond0: cannot be drained: " in first.text
    assert "Invalid argument" in first.text
    assert second == Result("bond9: traffic moved from vf9 to eth9")
    assert [drain.mac for drain in kernel.drains] == [OTHER]
    assert (kernel.devices["bond0"].reselect, path(kernel)) == (before, "enP1s1")


def test_a_pair_whose_synthetic_nic_has_no_link_is_refused_untouched() -> None:
    kernel = joined(System.LINUX)
    kernel.devices["eth0"].link = False
    kernel.commands.clear()
    assert _drain(kernel) == [Result("bond0: cannot be drained: eth0 has no link", True)]
    assert kernel.commands == []


def test_an_owner_that_asks_again_while_nothing_can_be_moved_stays_an_owner() -> None:
    """A service asks as often as it likes; once the link is there again the pair is drained."""
    kernel = joined(System.LINUX)
    known = wanted(System.LINUX)
    for owner in (PERSON, EVENT):
        drain_pairs(_machine(kernel), known, known.pairs, NOW, owner)
        kernel.devices["eth0"].link = False
        hook(kernel)
        (result,) = drain_pairs(_machine(kernel), known, known.pairs, NOW, owner)
        assert result == Result("bond0: cannot be drained: eth0 has no link", failed=True)
        assert owner in kernel.drains[0].owners
        kernel.devices["eth0"].link = True
        hook(kernel)
        assert path(kernel) == "eth0"


def test_a_new_owner_of_what_cannot_be_moved_is_none_and_leaves_the_others() -> None:
    kernel = joined(System.LINUX)
    known = wanted(System.LINUX)
    _drain(kernel)
    kernel.devices["eth0"].link = False
    hook(kernel)
    (result,) = drain_pairs(_machine(kernel), known, known.pairs, NOW, EVENT)
    assert result.failed
    assert [one.owners for one in kernel.drains] == [(PERSON,)]


def test_an_event_that_one_owner_too_many_would_be_for_is_told_so() -> None:
    kernel = joined(System.LINUX)
    known = wanted(System.LINUX)
    names = [f"azure:{number}" for number in range(MOST_OWNERS + 1)]
    results = [drain_pairs(_machine(kernel), known, known.pairs, NOW, one) for one in names]
    assert [one.failed for (one,) in results] == [*[False] * MOST_OWNERS, True]
    assert "drained for 32 owners already" in results[-1][0].text
    assert path(kernel) == "eth0"


def test_an_undrain_that_fails_says_so_and_stays_to_be_done() -> None:
    kernel = joined(System.LINUX)
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
    kernel = joined(System.LINUX)
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


NETVSC = "60:45:bd:9d:ea:9c"
DRAIN = Drain(NETVSC, 99, "enP9s9", since=NOW)


@pytest.mark.parametrize(
    ("name", "names"),
    [("azure-transparent-mlx5", ["eth0"]), ("net-failover", ["enp1s0"]), ("virtio-bond", [])],
)
def test_pairs_that_a_real_kernel_drives_are_found_without_a_configuration(
    name: str, names: list[str], tmp_path: Path
) -> None:
    actual = read_linux(materialise(capture(name), tmp_path))
    found = pairs_of_the_kernel(actual, Settings(), "6.1.0")
    assert [pair.mode for pair in found] == [Mode.TRANSPARENT] * len(names)
    state = Wanted(System.LINUX, "netplan", found)
    shown = [str(step) for step in steps_to_drain(actual, state, found)]
    told = [one.text for one in foreseen(actual, found)]
    assert len(shown) + len(told) == len(names) and all(one.endswith(" down") for one in shown)
    # A machine of net_failover would hear nothing while its VF is set down.
    assert all("net_failover hears nothing" in one for one in told)
    assert bool(told) is (name == "net-failover")
    for pair in found:
        assert bool(left_to_kernel(pair, actual)) is (name == "net-failover")


def test_a_pair_whose_vf_is_away_is_the_kernels_as_well(tmp_path: Path) -> None:
    """By the release of the kernel, or because it was drained before."""
    actual = read_linux(materialise(capture("azure-vf-absent"), tmp_path))
    (pair,) = pairs_of_the_kernel(actual, Settings(), "6.1.0")
    assert (pair.mac, pair.synthetic, pair.synthetic_drivers) == (NETVSC, "eth0", ("hv_netvsc",))
    assert pairs_of_the_kernel(actual, Settings(), "4.9.0") == ()
    drained = actual._replace(drains=(DRAIN,))
    assert pairs_of_the_kernel(drained, Settings(), "4.9.0") == (pair,)


@pytest.mark.parametrize(
    ("name", "mac", "driver"),
    [
        ("azure-transparent-mlx5", NETVSC, "hv_netvsc"),
        ("net-failover", "00:0d:3a:11:22:33", "virtio_net"),
    ],
)
def test_a_drain_ends_on_a_machine_that_was_never_configured(
    name: str, mac: str, driver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has no wanted state to go by; a VF with another index has come back."""
    root, drains = materialise(capture(name), tmp_path), (DRAIN._replace(mac=mac),)
    actual = read_linux(root)._replace(drains=drains)
    monkeypatch.setattr(running, "reader", lambda *_: lambda: actual)
    assert kept_up_here(str(root)) is None
    keep_drains(str(root / "run/hyperv-net"), drains)
    kept = kept_up_here(str(root))
    assert kept is not None
    assert [(pair.mac, pair.synthetic_drivers) for pair in kept.pairs] == [(mac, (driver,))]
    assert going_on(actual, kept) == ()
    off = root / OFF[System.LINUX]
    off.parent.mkdir(parents=True)
    off.write_text("turned off\n")
    assert kept_up_here(str(root)) is None
