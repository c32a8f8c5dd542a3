"""Stories of single machines: who decides what, and what is told of it."""

from __future__ import annotations

import pytest

from hyperv_net.hotplug.decide.step import Step, StepKind
from hyperv_net.model import Inventory, Mode, Severity
from hyperv_net.simulation import effects
from hyperv_net.simulation.events import lived, simulate
from hyperv_net.simulation.host import arrived, linked, started
from hyperv_net.simulation.kernel import settled
from hyperv_net.simulation.looking import broken
from hyperv_net.simulation.model import Machine, RefusedError, Route, actual, changed, device, find
from hyperv_net.simulation.network import network_of, wanted_of, with_device, with_network
from hyperv_net.simulation.reasons import why
from tests.simulation.plans import (
    ETH0,
    HN0,
    MAC,
    MCE0,
    VF,
    freebsd,
    linux,
    moments,
    net_failover,
    nic,
    paths,
    plan_of,
    steps_of,
)

BOND = linux(ETH0, VF)
#: The kernel takes the VF.
NETVSC = linux(nic("eth0", "hv_netvsc", "vmbus"), VF)


def test_a_vf_that_comes_late_is_joined_and_carries_once_it_has_its_link() -> None:
    simulation = simulate(plan_of(BOND), ("late",))
    assert steps_of(simulation, "late") == [
        "receive through all members of bond0",
        "join enP1s1 to bond0",
        "make enP1s1 the primary of bond0",
        "receive through the active member of bond0 alone",
    ]
    joined, linked_, *_ = [one for one in moments(simulation) if "enP1s1" in one.what][1:3]
    assert joined.view.path == "synthetic"
    assert [one.view.path for one in moments(simulation) if "has its link" in one.what] == ["VF"]
    assert linked_.view.addresses == (("bond0", ("10.0.0.4/24",)),)


def test_each_step_names_the_function_that_decided_it_and_a_reason() -> None:
    simulation = simulate(plan_of(BOND), ("boot", "drain", "undrain"))
    deciders = {one.step: one.decided_by for one in moments(simulation) if one.step}
    assert deciders["JOIN"] == "hyperv_net.hotplug.decide.steps.steps"
    assert deciders["RECEIVE_BY_ALL"] == "hyperv_net.hotplug.decide.receiving.receiving_steps"
    assert deciders["ACTIVATE"] == "hyperv_net.hotplug.decide.drain.drain_steps"
    told = [one for one in moments(simulation) if one.step]
    assert all(one.why for one in told)
    back = [one.why for one in told if one.event == "undrain" and one.step == "ACTIVATE"]
    assert back == ["the drain is over, and the VF carried the traffic before it"]


def test_what_changes_is_told_of_each_step() -> None:
    (join,) = [one for one in moments(simulate(plan_of(BOND), ("boot",))) if one.step == "JOIN"]
    assert join.changed == ("enP1s1: up: no → yes", "enP1s1: master: - → bond0")


def test_a_vf_comes_back_under_another_name_with_another_driver() -> None:
    simulation = simulate(plan_of(BOND), ("boot", "detach", "attach", "reboot"))
    assert moments(simulation, "attach")[0].what == "gives enP2s1 (mana)"
    assert "join enP2s1 to bond0" in steps_of(simulation, "reboot")
    assert paths(simulation) == [
        *(("boot", "VF"), ("detach", "synthetic"), ("attach", "VF"), ("reboot", "VF")),
    ]


def test_a_drain_ends_with_the_vfs_return_and_with_a_reboot() -> None:
    simulation = simulate(plan_of(BOND), ("boot", "drain", "detach", "attach", "drain", "reboot"))
    rules = [
        (one.event, [found.rule for found in one.warned])
        for one in moments(simulation)
        if one.is_settled
    ]
    assert rules == [
        ("boot", []),
        ("drain", ["drained"]),
        ("detach", ["vf-away", "drained"]),
        ("attach", []),
        ("drain", ["drained"]),
        ("reboot", []),
    ]


@pytest.mark.parametrize("machine", [BOND, freebsd(HN0, MCE0), NETVSC])
def test_what_is_announced_keeps_traffic_off_the_vf_that_comes_back_until_it_is_over(
    machine: Inventory,
) -> None:
    events = ("boot", "announced", "drain", "detach", "attach", "undrain", "over")
    simulation = simulate(plan_of(machine), events)
    paths_after_boot = [path for _, path in paths(simulation)][1:]
    assert paths_after_boot == [*["synthetic"] * 5, "VF"]
    (kept,) = [one.what for one in moments(simulation, "undrain") if one.actor == "undrain"]
    assert "still drained for announced:this-story" in kept
    assert moments(simulation, "over")[-1].warned == ()


def test_net_failover_is_not_drained_since_it_would_hear_nothing() -> None:
    """While it has a VF, up or down, it hands nothing on that its standby receives."""
    simulation = simulate(plan_of(net_failover()), ("boot", "drain", "announced", "detach"))
    assert [path for _, path in paths(simulation)] == ["VF", "VF", "VF", "synthetic"]
    for event, actor in (("drain", "drain"), ("announced", "watch")):
        (told,) = [one.what for one in moments(simulation, event) if one.actor == actor]
        assert "net_failover hears nothing through ens3nsby before the VF is gone" in told


def test_a_lagg_has_no_port_that_sends_until_the_vf_has_its_link() -> None:
    simulation = simulate(plan_of(freebsd(HN0, MCE0)), ("late",))
    raised, has_link = [one for one in moments(simulation) if one.view.vf.startswith("mce0 ")][2:4]
    assert (raised.what, raised.view.path) == ("set mce0 up", "none")
    assert [(one.rule, one.severity) for one in raised.warned] == [
        ("simulated-no-path", Severity.NOTE)
    ]
    assert (has_link.view.path, has_link.view.synthetic) == ("VF", "hn0 no link in lagg0")


def test_rc_makes_a_port_of_the_vf_that_the_configuration_names_and_of_no_other() -> None:
    simulation = simulate(plan_of(freebsd(HN0, MCE0)), ("boot", "detach", "attach", "reboot"))
    made = [one.what for one in moments(simulation) if one.actor == "network"]
    assert made == [
        "lagg0 is made over hn0 and mce0 (rc.conf)",
        "lagg0 is made over hn0 (rc.conf)",
    ]
    assert steps_of(simulation, "reboot") == ["join mana0 to lagg0", "set mana0 up"]


def test_hv_netvsc_before_the_kernel_took_vfs_cannot_be_drained_since_it_has_no_link() -> None:
    """netvsc_vf_up() of its time takes the link off the synthetic NIC."""
    plan = plan_of(linux(nic("eth0", "hv_netvsc", "vmbus"), VF, kernel="4.9.0-13-amd64"))
    simulation = simulate(plan, ("boot", "drain"))
    (said,) = [one.what for one in moments(simulation, "drain") if one.actor == "drain"]
    assert said == "bond0: cannot be drained: eth0 has no link"


def test_the_kernel_drives_a_transparent_pair_and_the_hook_does_its_drain_alone() -> None:
    plan = plan_of(linux(nic("eth0", "hv_netvsc", "vmbus"), VF))
    simulation = simulate(plan)
    assert {one.step for one in moments(simulation)} == {"", "LOWER", "RAISE"}
    assert paths(simulation) == [
        *(("boot", "VF"), ("late", "VF"), ("detach", "synthetic"), ("attach", "VF")),
        *(("drain", "synthetic"), ("undrain", "VF"), ("reboot", "VF")),
    ]
    (came,) = [one for one in moments(simulation, "attach") if one.actor == "host"]
    assert came.why == "the kernel takes it for eth0, and opens it with that"
    assert came.view.vf == "enP2s1 no link in eth0"
    # The entry fits both NICs by their address.
    assert came.view.addresses == (("eth0", ("10.0.0.4/24",)),)


def test_net_failover_bears_the_addresses_on_the_device_above_both() -> None:
    simulation = simulate(plan_of(net_failover(), name="ens3"), ("boot", "detach"))
    last = moments(simulation)[-1].view
    assert last.addresses == (("ens3", ("10.0.0.4/24",)),)
    assert (last.path, last.carries) == ("synthetic", "ens3nsby")


def test_hn_of_a_transparent_freebsd_cannot_be_drained_and_says_so() -> None:
    simulation = simulate(plan_of(freebsd(HN0, MCE0, transparent=True)), ("boot", "drain"))
    said = "hn0: cannot be drained: hn(4) switches by itself when the VF leaves"
    assert said in [one.what for one in moments(simulation, "drain")]


def test_a_vf_alone_leaves_the_machine_without_a_path_and_that_is_an_error() -> None:
    alone = nic("eth0", "mana", device="VMBUS:00/pci7870:00/7870:00:00.0")
    simulation = simulate(plan_of(linux(alone)), ("boot", "detach", "attach"))
    assert simulation.stories[0].decision.mode is Mode.VF_ONLY
    assert paths(simulation) == [("boot", "VF"), ("detach", "none"), ("attach", "VF")]
    (error,) = [one for one in simulation.findings if one.severity is Severity.ERROR]
    assert error.rule == "simulated-no-path"
    configured = moments(simulation, "attach")[-1].view
    assert configured.addresses == (("eth1", ("10.0.0.4/24",)),)


def test_a_vf_alone_that_the_configuration_names_by_name_comes_back_unconfigured() -> None:
    config = "version: 2\nethernets:\n  eth0:\n    addresses: [10.0.0.4/24]\n"
    alone = nic("eth0", "mana", device="VMBUS:00/pci7870:00/7870:00:00.0")
    simulation = simulate(plan_of(linux(alone), config=config), ("boot", "detach", "attach"))
    said = [one.what for one in moments(simulation, "attach") if one.actor == "network"]
    assert said == ["no entry of the configuration fits eth1 (netplan)"]
    assert paths(simulation)[-1] == ("attach", "none")


def test_without_an_aggregate_a_vf_that_comes_is_nobodys() -> None:
    simulation = simulate(plan_of(BOND, aggregate="never"))
    assert {one.view.path for one in moments(simulation) if one.is_settled} == {"synthetic"}
    assert steps_of(simulation, "late") == []
    (came,) = [one for one in moments(simulation, "late") if one.actor == "host"]
    assert came.why == "no aggregate is wanted, so that nobody of hyperv-net's joins it"


def test_a_vf_that_was_told_by_its_name_comes_back_under_that() -> None:
    other = VF._replace(mac="00:0d:3a:99:99:99", permanent_mac="00:0d:3a:99:99:99")
    plan = plan_of(linux(ETH0, other), pairs=["eth0=enP1s1"])
    simulation = simulate(plan, ("boot", "detach", "attach"))
    assert moments(simulation, "attach")[0].what == "gives enP1s1 (mana)"
    assert paths(simulation) == [("boot", "VF"), ("detach", "synthetic"), ("attach", "VF")]


def test_dhcp_and_what_is_stacked_on_the_aggregate_bear_their_addresses() -> None:
    config = (
        'version: 2\nethernets:\n  {name}:\n    match: {{macaddress: "{mac}"}}\n    dhcp4: true\n'
        "vlans:\n  data: {{id: 7, link: {name}, addresses: [192.0.2.7/24]}}\n"
    )
    view = moments(simulate(plan_of(BOND, config=config), ("boot",)))[-1].view
    assert view.addresses == (("bond0", ("DHCPv4",)), ("data", ("192.0.2.7/24",)))
    assert view.routes == ((4, "bond0"),)


def test_a_story_without_a_boot_begins_on_a_machine_that_has_booted() -> None:
    simulation = simulate(plan_of(BOND), ("detach",))
    assert {one.event for one in moments(simulation)} == {"detach"}
    assert moments(simulation)[0].what == "takes enP1s1 away"


def test_a_step_whose_effect_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    here = lived(plan_of(BOND), ("boot",))
    step = Step(StepKind.RAISE, MAC, "enP1s1")
    monkeypatch.delitem(effects.EFFECTS, StepKind.RAISE)
    with pytest.raises(RefusedError, match="nobody knows"):
        effects.taken_step(here.machine, step, lambda machine, name: machine)


@pytest.mark.parametrize("kind", StepKind)
def test_every_kind_of_step_has_an_effect_and_a_reason(kind: StepKind) -> None:
    assert kind in effects.EFFECTS or kind is StepKind.REBUILD
    here = lived(plan_of(BOND), ("boot",))
    assert why(Step(kind, MAC, "enP1s1", "bond0"), actual(here.machine), here.wanted)


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Step(StepKind.JOIN, MAC, "enP1s1", "bond0"), "Device or resource busy"),
        (Step(StepKind.JOIN, MAC, "ens9", "bond0"), "no such device"),
        (Step(StepKind.LOWER, MAC, "enP1s1", "bond0"), "it has joined bond0 meanwhile"),
        (Step(StepKind.ACTIVATE, MAC, "ens9", "bond0"), "Invalid argument"),
        (Step(StepKind.REBUILD, MAC, "bond7"), "the configuration has no such device"),
    ],
)
def test_what_the_kernel_refuses_is_refused(step: Step, reason: str) -> None:
    here = lived(plan_of(BOND), ("boot",))

    def rebuild(machine: Machine, name: str) -> Machine:
        return with_device(machine, here.network, name)

    with pytest.raises(RefusedError, match=reason):
        effects.taken_step(here.machine, step, rebuild)


def test_a_bond_that_is_told_its_primary_goes_to_it_even_where_it_would_stay() -> None:
    """bond_option_primary_set() forces it once; primary_reselect counts from then on."""
    here = lived(plan_of(BOND), ("boot", "drain"))
    assert device(here.machine, "bond0").active == "eth0"
    step = Step(StepKind.SET_PRIMARY, MAC, "enP1s1", "bond0")
    told = effects.taken_step(here.machine, step, lambda machine, name: machine)
    assert device(told, "bond0").active == "enP1s1"
    assert device(settled(here.machine), "bond0").active == "eth0"


def test_a_port_that_has_to_join_again_is_the_last_and_no_longer_the_primary() -> None:
    vtnet = freebsd(nic("vtnet0", "vtnet", "virtio"), nic("em0", "em"))
    simulation = simulate(plan_of(vtnet, synthetic_drivers=["vtnet"]), ("boot",))
    assert steps_of(simulation, "boot")[-1] == "make em0 the primary of lagg0 (vtnet0)"
    assert paths(simulation) == [("boot", "VF")]


def test_what_must_not_be_is_found_on_a_machine_that_has_it() -> None:
    plan = plan_of(BOND)
    here = lived(plan, ("boot",))
    (decision,) = plan.decisions
    eth0, vf = (find(here.machine, name) for name in ("eth0", "enP1s1"))
    assert eth0 is not None and vf is not None
    wrong = changed(
        here.machine,
        eth0._replace(addresses=("10.0.0.9/24",), is_up=False),
        vf._replace(is_up=False),
    )
    wrong = settled(wrong._replace(routes=(*wrong.routes, Route(4, "eth0"))))
    found = [one.rule for one in broken(wrong, here.wanted, decision, is_settled=True)]
    assert found == ["simulated-member-address", "simulated-two-defaults", "simulated-no-path"]


def test_an_old_freebsd_has_ipv6_on_what_nobody_configured() -> None:
    for kernel, is_off in (("12.1-RELEASE", False), ("13.2-RELEASE", True), ("15.0", True)):
        plan = plan_of(freebsd(HN0, kernel=kernel))
        network = network_of(plan, wanted_of(plan))
        machine = with_network(started(plan, network), network)
        machine = linked(arrived(machine, network, MCE0), ["mce0"])
        assert device(machine, "mce0").ipv6_disabled is is_off
