"""A machine that is being imagined: what is done to it, and the telling of that."""

from __future__ import annotations

from hyperv_net.hotplug.act.converge import converge
from hyperv_net.model import Mode, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.simulation import host, looking
from hyperv_net.simulation.changes import changes
from hyperv_net.simulation.effects import taken_step
from hyperv_net.simulation.model import actual
from hyperv_net.simulation.network import fitting, network_of, wanted_of, with_device
from hyperv_net.simulation.reasons import decided_by, why
from hyperv_net.simulation.story import Moment, Story, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.hotplug.act.converge import Outcome
    from hyperv_net.hotplug.decide.step import Step
    from hyperv_net.hotplug.look.state import ActualState, Drain
    from hyperv_net.model import Decision, Nic
    from hyperv_net.plan.flow import Plan
    from hyperv_net.simulation.measured import Measured
    from hyperv_net.simulation.model import Machine

#: The modes of pairs that are in the wanted state.
_KEPT = (Mode.AGGREGATE, Mode.TRANSPARENT)


class Imagined:
    """The machine of a plan, and what has happened to each of its pairs.

    `vfs` are the VFs that the host has for the pairs, by the pairs' MAC addresses, and
    `given` the pairs whose VF the machine has.  `event` is the one that happens now, and
    `is_up` tells that the network's own program has started.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.decisions = tuple(one for one in plan.decisions if not _is_taken(one))
        self.wanted = wanted_of(plan)
        self.network = network_of(plan, self.wanted)
        self.machine: Machine = host.started(plan, self.network)
        self.event = ""
        self.is_up = False
        self.outcome: Outcome | None = None
        self.vfs: dict[str, Nic] = {}
        for one in self.decisions:
            self.offer(one, host.first_vf(one, self.machine.system, self.taken_names))
        self.given = {one.pair.mac for one in self.decisions if one.pair.vf is not None}
        self._moments: dict[str, list[Moment]] = {one.pair.mac: [] for one in plan.decisions}

    def stories(self) -> tuple[Story, ...]:
        """What has been told, a story a pair."""
        return tuple(
            Story(one, label(one), tuple(self._moments[one.pair.mac]))
            for one in self.plan.decisions
        )

    def forget(self) -> None:
        """What has been told so far is no part of the story."""
        for moments in self._moments.values():
            moments.clear()

    @property
    def taken_names(self) -> frozenset[str]:
        """The names that a NIC which comes cannot have."""
        return frozenset(
            (
                *(link.nic.name for link in self.machine.links),
                *(nic.name for nic in self.vfs.values()),
                *(made.name for made in self.network.made),
            )
        )

    def offer(self, decision: Decision, nic: Nic) -> None:
        """The host has this VF for a pair from now on; the config may rename one that is alone."""
        made = fitting(self.plan, nic) if decision.pair.synthetic is None else None
        self.vfs[decision.pair.mac] = nic if made is None else nic._replace(name=made.name)

    def has_hook(self, decision: Decision) -> bool:
        """Whether the hook looks after a pair: the wanted state has it."""
        return any(one.mac == decision.pair.mac for one in self.wanted.pairs)

    def tell(
        self,
        before: Machine,
        actor: str,
        what: str,
        decision: Decision,
        why: str = "",
        step: str = "",
        decided_by: str = "",
    ) -> None:
        """A moment of a pair; `before` is the machine ahead of it."""
        names = self._names(decision, before) | self._names(decision, self.machine)
        broken = (
            tuple(looking.broken(self.machine, self.wanted, decision, is_settled=False))
            if self.is_up
            else ()
        )
        view = looking.view(self.machine, self.wanted, decision)
        changed = changes(before, self.machine, names)
        self._moments[decision.pair.mac].append(
            Moment(
                self.event,
                actor,
                what,
                view,
                why,
                step,
                decided_by,
                changed,
                warned=broken,
            )
        )

    def end(self, measured: Mapping[str, tuple[Measured, ...]]) -> None:
        """The end of an event: what `status` would say, and what was measured of such an event."""
        for one in self.decisions:
            is_kept = self.has_hook(one)
            self._moments[one.pair.mac].append(
                Moment(
                    self.event,
                    "reconcile" if is_kept else "nobody",
                    "nothing is left to do" if is_kept else "nobody has anything to do",
                    looking.view(self.machine, self.wanted, one),
                    is_settled=True,
                    warned=looking.warnings(self.machine, self.wanted, one, self.outcome),
                    measured=measured.get(one.pair.mac, ()),
                )
            )

    def reconcile(self, actor: str = "reconcile", *, patient: bool | None = None) -> Outcome:
        """One run of the hook: its own functions decide, and their steps are taken here.

        It is `patient` on Linux, where it waits for the link of a VF that has joined.
        """
        is_patient = self.machine.system is System.LINUX if patient is None else patient
        looked: list[ActualState] = []

        def read() -> ActualState:
            looked.append(actual(self.machine)._replace(patient=is_patient))
            return looked[-1]

        def carry_out(step: Step) -> None:
            before, state = self.machine, looked[-1]._replace(drains=self.machine.drains)
            self.machine = taken_step(before, step, self._made_again)
            told = (why(step, state, self.wanted), step.kind.name)
            decider = decided_by(step, state, self.wanted)
            for one in self._of(step.mac):
                self.tell(before, actor, str(step), one, *told, decider)

        def remember(names: frozenset[str]) -> None:
            self.machine = self.machine._replace(seen=self.machine.seen | names)

        done = converge(read, self.wanted, carry_out, remember, keep_drains=self.keep_drains)
        for failure in done.failures:
            for one in self._of(failure.step.mac):
                self.tell(self.machine, actor, str(failure), one, step=failure.step.kind.name)
        self.outcome = done
        return done

    def keep_drains(self, drains: tuple[Drain, ...]) -> None:
        """Keep what is drained, as /run does until the next boot."""
        self.machine = self.machine._replace(drains=drains)

    def _made_again(self, machine: Machine, name: str) -> Machine:
        return with_device(machine, self.network, name)

    def _of(self, mac: str) -> Iterable[Decision]:
        return (one for one in self.decisions if one.pair.mac == mac)

    def _names(self, decision: Decision, machine: Machine) -> set[str]:
        """The devices of a pair as they are on `machine`."""
        (pair,) = looking.status_of(machine, self.wanted, decision).pairs
        above = {pair.aggregate.name} if pair.aggregate is not None else set()
        return above | {one.name for one in pair.members}


def _is_taken(decision: Decision) -> bool:
    """Whether another program has the pair, so that nothing of it shows here."""
    return decision.mode is Mode.TRANSPARENT and decision.pair.synthetic is None
