"""The imagined machine beside the FreeBSD of `tests/freebsd_machine`, from one plan.

There rc makes what the rendered rc.conf says, and the hook's executors run its ifconfig; here
the steps are applied to the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.converge import converge
from hyperv_net.hotplug.act.freebsd import carry_out
from hyperv_net.hotplug.act.means import Means
from hyperv_net.hotplug.decide.drain_phase import begun, ended
from hyperv_net.hotplug.look.freebsd import freebsd_state
from hyperv_net.hotplug.look.state import ActualState, Drain
from hyperv_net.plan.flow import Plan
from hyperv_net.simulation.events import simulate
from hyperv_net.simulation.network import wanted_of
from hyperv_net.simulation.story import Moment
from tests.freebsd_machine.machine import Machine, new_machine
from tests.hotplug.machines import NOW
from tests.simulation.plans import HN0, MAC, MCE0, freebsd, moments, plan_of

EVENTS = ("boot", "detach", "attach", "drain", "undrain", "drain", "detach", "attach")


def _never(*_: object) -> Any:
    raise AssertionError("not on FreeBSD, and there is no client of a member")


class _There:
    """The machine with the hook's executors, and what is kept for these."""

    def __init__(self, folder: Path, plan: Plan, vf: str) -> None:
        self.wanted = wanted_of(plan)
        (change,) = [one for one in plan.changes if one.file.path == "etc/rc.conf"]
        self.machine: Machine = new_machine(folder, rc_conf=change.file.text, vf=vf)
        self.seen: frozenset[str] = frozenset()
        self.drains: tuple[Drain, ...] = ()

    def read(self) -> ActualState:
        texts = (self.run(("ifconfig", "-a")), self.run(("sysctl", "-i", "hw.hn", "dev.hn")))
        return freebsd_state(*texts)._replace(seen=self.seen, drains=self.drains)

    def run(self, command: Sequence[str]) -> str:
        done = self.machine.run(command[0].rpartition("/")[2], *command[1:])
        if done.status:
            raise HypervNetError(done.err)
        return done.out

    def hook(self) -> list[str]:
        """The steps that one run of it takes."""

        means = Means(self.run, self.run, _never, _never, _never, _never)

        def remember(names: frozenset[str]) -> None:
            self.seen |= names

        def keep(drains: tuple[Drain, ...]) -> None:
            self.drains = drains

        done = converge(
            self.read,
            self.wanted,
            lambda step: carry_out(step, self.wanted, means),
            remember,
            keep_drains=keep,
        )
        assert done.settled and not done.failures and not done.obstacles
        return [str(one) for one in done.taken]

    def happens(self, event: str, vf: str) -> list[str]:
        """One event; the steps that the hook takes because of it."""
        if event == "boot":
            self.run(("service", "netif", "start"))
            self.run(("service", "routing", "start"))
        elif event == "detach":
            self.machine.detach_vf(vf)
        elif event == "attach":
            self.machine.attach_vf(vf)
        elif event == "drain":
            self.drains = begun(self.read(), self.wanted, {MAC}, NOW)
        else:
            self.drains = ended(self.read(), {MAC})
        return self.hook()

    def shape(self) -> dict[str, object]:
        """What both sides can say of the lagg and its ports."""
        links = {link.nic.name: link for link in self.read().links}
        return {
            "ports": {
                name: (link.is_up, link.nic.state)
                for name, link in links.items()
                if link.nic.master == "lagg0"
            },
            "active": links["lagg0"].active,
            "addresses": {
                name: [one for one in link.addresses if not one.startswith("fe80:")]
                for name, link in links.items()
                if link.addresses and name != "lo0"
            },
        }


def _shape_of(moment: Moment) -> dict[str, object]:
    view, ports = moment.view, {}
    for word in (view.synthetic, view.vf):
        name, _, state = word.partition(" ")
        if state.endswith(" in lagg0"):
            state = state[: -len(" in lagg0")]
            ports[name] = (state != "down", "up" if state == "up" else "down")
    active = view.aggregate.partition(" by ")[2]
    addresses = {name: [one.partition("/")[0] for one in found] for name, found in view.addresses}
    return {
        "ports": ports,
        "active": None if active == "none" else active,
        "addresses": addresses,
    }


@pytest.mark.parametrize("vf", ["mce0", ""], ids=["VF at boot", "VF away at boot"])
def test_same_events_same_steps_ports_and_active_port(vf: str, tmp_path: Path) -> None:
    plan = plan_of(freebsd(HN0, *([MCE0] if vf else [])))
    there = _There(tmp_path, plan, vf)
    events = EVENTS if vf else ("boot", "attach", *EVENTS[1:])
    simulation = simulate(plan, events)
    told = iter(moments(simulation))
    name = vf
    for event in events:
        of_event: list[Moment] = []
        while not of_event or not of_event[-1].is_settled:
            of_event.append(next(told))
        if event == "attach":
            (line,) = [one.what for one in of_event if one.what.startswith("gives ")]
            name = line.split()[1]
        steps = there.happens(event, name)
        assert [one.what for one in of_event if one.step] == steps, event
        assert _shape_of(of_event[-1]) == there.shape(), event
