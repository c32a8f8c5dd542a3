"""The imagined machine beside the small kernel of `tests/hotplug`: same events, same steps.

That kernel takes the commands and writes that the hook's executors make of a step; the
simulation applies the steps.  Both are asked by the hook's own functions after each event.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.hotplug.decide.drain_phase import begun, ended
from hyperv_net.hotplug.decide.step import Step, StepKind
from hyperv_net.model import Kind, System
from hyperv_net.owners import PERSON
from hyperv_net.plan.flow import Plan
from hyperv_net.simulation import host
from hyperv_net.simulation.effects import EFFECTS
from hyperv_net.simulation.imagined import Imagined
from hyperv_net.simulation.kernel import removed, settled
from hyperv_net.simulation.model import actual, changed, find, with_nic
from hyperv_net.simulation.network import with_network
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import NOW, hook
from tests.simulation.plans import ETH0, HN0, MAC, freebsd, linux, nic, plan_of

VFS = {
    System.LINUX: {"enP2s1": "mlx5_core", "enP3s1": "mana"},
    System.FREEBSD: {"mce1": "mce", "mana0": "mana"},
}


@cache
def plan_for(system: System) -> Plan:
    """ifup(8) and rc(8) make a deleted aggregate as it was at boot, in one go."""
    if system is System.LINUX:
        return plan_of(linux(ETH0), "ifupdown", aggregate="always")
    return plan_of(freebsd(HN0, kernel="12.1-RELEASE"))


class Both:
    """The two machines, and what each hook did."""

    def __init__(self, system: System) -> None:
        self.is_linux = system is System.LINUX
        plan = plan_for(system)
        self.imagined = Imagined(plan)
        self.imagined.machine = with_network(self.imagined.machine, self.imagined.network)
        self.wanted = self.imagined.wanted
        self.aggregate = self.wanted.pairs[0].aggregate
        self.synthetic = plan.inventory.nics[0]
        self.kernel = _Kernel(system)
        self.kernel.add(
            self.synthetic.name,
            driver=self.synthetic.driver,
            bus=self.synthetic.bus,
            mac=MAC,
            up=True,
            ipv6_disabled=not self.is_linux,
        )
        self.kernel.make_aggregate(self.aggregate)
        self.steps: list[tuple[Step, ...]] = []

    def vfs(self) -> list[str]:
        return self.kernel.vfs()

    def comes(self, name: str) -> None:
        driver = VFS[self.kernel.system][name]
        self.kernel.add(name, driver=driver, bus="pci", mac=MAC, link=False)
        here = self.imagined
        here.machine = host.arrived(here.machine, here.network, nic(name, driver))

    def goes(self, name: str) -> None:
        self.kernel.remove(name)
        self.imagined.machine = removed(self.imagined.machine, name)

    def links(self) -> None:
        up = [name for name in self.vfs() if self.kernel.devices[name].up]
        for name in up:
            self.kernel.devices[name].link = True
        self.imagined.machine = host.linked(self.imagined.machine, up)

    def raised(self, name: str) -> None:
        self.kernel.devices[name].up = True
        self._change(name, is_up=True)

    def addressed(self, name: str) -> None:
        self.kernel.devices[name].addresses = ["10.0.0.9", "fe80::9"]
        self._change(name, addresses=("10.0.0.9", "fe80::9"))

    def served(self, name: str) -> None:
        self.kernel.devices[name].client = 99
        self._change(name, dhcp_client=99)

    def taken_out(self, name: str) -> None:
        device = self.kernel.devices.get(name)
        if device is None or device.master != self.aggregate:
            return
        self.kernel.release(name)
        self.kernel.close()
        here = self.imagined.machine
        link, above = find(here, name), find(here, self.aggregate)
        assert link is not None and above is not None
        lowers = tuple(one for one in above.nic.lowers if one != name)
        left = with_nic(link, master=None)._replace(is_up=link.is_up and not self.is_linux)
        self.imagined.machine = settled(changed(here, left, with_nic(above, lowers=lowers)))

    def deleted(self) -> None:
        members = self.kernel.members(self.aggregate)
        for name in members:
            self.taken_out(name)
        self.kernel.remove(self.aggregate)
        if find(self.imagined.machine, self.aggregate) is not None:
            self.imagined.machine = removed(self.imagined.machine, self.aggregate)

    def drain(self, owner: str = PERSON) -> None:
        macs = {MAC}
        self.kernel.drains = begun(self.kernel.read(), self.wanted, macs, NOW, owner)
        here = self.imagined
        here.keep_drains(begun(actual(here.machine), self.wanted, macs, NOW, owner))

    def undrain(self, owner: str = PERSON) -> None:
        self.kernel.drains = ended(self.kernel.read(), {MAC}, owner)
        here = self.imagined
        here.keep_drains(ended(actual(here.machine), {MAC}, owner))

    def hook(self) -> None:
        """Each hook once: the steps are the same, and so is what comes of them."""
        done = hook(self.kernel, self.wanted, patient=self.is_linux)
        said = self.imagined.reconcile()
        assert [str(one) for one in said.taken] == [str(one) for one in done.taken]
        assert said.obstacles == done.obstacles
        assert (said.settled, said.moving) == (done.settled, done.moving)
        assert not said.failures and not done.failures
        assert self._shape_there() == self._shape_here()
        self.steps.append(said.taken)

    def _change(self, name: str, **fields: Any) -> None:
        link = find(self.imagined.machine, name)
        assert link is not None
        machine = changed(self.imagined.machine, link._replace(**fields))
        self.imagined.machine = settled(machine)

    def _shape_there(self) -> list[tuple[object, ...]]:
        self.kernel.read()
        found = []
        for name, one in self.kernel.devices.items():
            of_bond = (one.primary, one.active, one.reselect, one.all_receive)
            more = of_bond if one.kind is Kind.BOND else ()
            addresses = tuple(one.addresses)
            found.append((name, one.up, one.master, addresses, one.ipv6_disabled, *more))
        return sorted(found, key=str)

    def _shape_here(self) -> list[tuple[object, ...]]:
        found = []
        for one in self.imagined.machine.links:
            of_bond = (one.primary, one.active, one.reselect, one.all_receive)
            more = of_bond if one.nic.kind is Kind.BOND else ()
            is_off = one.ipv6_disabled
            found.append((one.nic.name, one.is_up, one.nic.master, one.addresses, is_off, *more))
        return sorted(found, key=str)


class _Kernel(Kernel):
    """The small kernel, whose VFs lose their link with being set down, as a driver has it."""

    def close(self) -> None:
        for device in self.devices.values():
            if device.bus == "pci" and not device.up:
                device.link = False

    def make_aggregate(self, name: str) -> None:
        super().make_aggregate(name)
        own = next(iter(self.devices))
        self.devices[own].master, self.devices[own].up = name, True

    def _begin(self, command: str) -> None:
        self.after_command = self.close
        super()._begin(command)


def _each_vf(change: Callable[[Both, str], None]) -> Callable[[Both], None]:
    def happens(both: Both) -> None:
        for name in both.vfs():
            change(both, name)

    return happens


def _come(place: int) -> Callable[[Both], None]:
    def happens(both: Both) -> None:
        name = list(VFS[both.kernel.system])[place]
        if name not in both.kernel.devices:
            both.comes(name)

    return happens


EVENTS: dict[str, Callable[[Both], None]] = {
    "a VF comes": _come(0),
    "one comes under another name and driver": _come(1),
    "the VFs go": _each_vf(Both.goes),
    "their links come": Both.links,
    "a drain": Both.drain,
    "an undrain": Both.undrain,
    "an event's drain": lambda both: both.drain("azure:F1"),
    "the event is over": lambda both: both.undrain("azure:F1"),
    "somebody raises the VFs": _each_vf(Both.raised),
    "somebody gives the VFs addresses": _each_vf(Both.addressed),
    "somebody has DHCP on the VFs": _each_vf(Both.served),
    "somebody takes the VFs out": _each_vf(Both.taken_out),
    "somebody takes the synthetic NIC out": lambda both: both.taken_out(both.synthetic.name),
    "somebody deletes the aggregate": Both.deleted,
}


@pytest.mark.parametrize("system", System)
@settings(max_examples=40, deadline=None)
@given(groups=st.lists(st.lists(st.sampled_from(list(EVENTS)), min_size=1, max_size=3), max_size=6))
def test_same_events_same_steps_and_the_same_state_in_the_end(
    system: System, groups: list[list[str]]
) -> None:
    both = Both(system)
    both.hook()
    for group in groups:
        for event in group:
            EVENTS[event](both)
        both.hook()


@pytest.mark.parametrize("system", System)
def test_the_events_together_have_the_hook_take_every_step_there_is(system: System) -> None:
    """So that the test above compares them all: but for those of its other system alone."""
    both = Both(system)
    both.hook()
    first = [
        *("a VF comes", "their links come", "a drain"),
        *("somebody takes the VFs out", "a drain", "an undrain", "their links come"),
        *("the VFs go", "one comes under another name and driver", "their links come"),
        *("somebody has DHCP on the VFs", "somebody gives the VFs addresses"),
        *("somebody takes the VFs out", "somebody raises the VFs"),
        *("somebody deletes the aggregate", "somebody takes the synthetic NIC out"),
    ]
    for event in first:
        EVENTS[event](both)
        if event != "somebody takes the VFs out":
            both.hook()
    taken = {step.kind for steps in both.steps for step in steps}
    of_cards = {StepKind.LEAVE, StepKind.SET_MTU, StepKind.MOVE_ADDRESSES}
    of_freebsd = {StepKind.RAISE, StepKind.DISABLE_IPV6}
    of_bonds = {
        *(StepKind.SET_PRIMARY, StepKind.FORGET_PRIMARY),
        *(StepKind.SET_RESELECT, StepKind.ACTIVATE),
        *(StepKind.RECEIVE_BY_ALL, StepKind.RECEIVE_BY_ACTIVE),
    }
    others = of_freebsd if system is System.LINUX else of_bonds
    assert set(EFFECTS) | {StepKind.REBUILD} == set(StepKind)
    assert set(StepKind) - taken == of_cards | others
