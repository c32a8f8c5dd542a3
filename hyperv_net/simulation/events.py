"""The events of a story: who does what, one after another."""

from __future__ import annotations

from hyperv_net.hotplug.draining import Machine as Drained
from hyperv_net.hotplug.draining import drain_pairs, undrain_pairs
from hyperv_net.model import Mode
from hyperv_net.owners import PERSON
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load
from hyperv_net.simulation import host, looking
from hyperv_net.simulation.imagined import Imagined
from hyperv_net.simulation.kernel import removed
from hyperv_net.simulation.measured import of_event
from hyperv_net.simulation.model import Machine, actual
from hyperv_net.simulation.network import with_alone, with_network
from hyperv_net.simulation.sentences import after_leaving, by_link, configures, whose
from hyperv_net.simulation.story import WHOLE_STORY, Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hyperv_net.hotplug.act.converge import Outcome
    from hyperv_net.hotplug.draining import Result
    from hyperv_net.model import Decision
    from hyperv_net.plan.flow import Plan
    from hyperv_net.simulation.measured import Measured

_BOOTS = ("boot", "late", "reboot")

#: Who owns the drain of what is announced.
_ANNOUNCED = "announced:this-story"


def simulate(plan: Plan, events: Sequence[str] = WHOLE_STORY) -> Simulation:
    """What happens to the pairs of a plan's machine at these events, one after another.

    The plan is applied before the first.  A story that does not begin with a boot begins on
    a machine that has booted.
    """
    here = lived(plan, events)
    return Simulation(plan.inventory.system, plan.target, tuple(events), here.stories())


def lived(plan: Plan, events: Sequence[str]) -> Imagined:
    """The machine after all that, with what is told of it."""
    here = Imagined(plan)
    if events and events[0] not in _BOOTS:
        _boot(here)
        here.forget()
    for event in events:
        here.event, before = event, here.machine
        _HAPPEN[event](here)
        here.end({one.pair.mac: _measured(here, one, before) for one in here.decisions})
    return here


def _measured(here: Imagined, decision: Decision, before: Machine) -> tuple[Measured, ...]:
    """What was measured of the event of now; nothing where it has changed nothing."""
    if decision.mode is not Mode.AGGREGATE or not here.has_hook(decision):
        return ()
    old, new = (looking.view(one, here.wanted, decision) for one in (before, here.machine))
    if here.event != "late" and (old.vf, old.path) == (new.vf, new.path):
        return ()
    is_drained = any(one.mac == decision.pair.mac for one in before.drains)
    return of_event(here.event, load(here.plan.target).files, is_drained=is_drained)


def _boot(here: Imagined) -> None:
    """The kernel finds its cards, the network's own program starts, and then the hook."""
    here.machine, here.is_up = host.started(here.plan, here.network), False
    for one in here.decisions:
        synthetic = one.pair.synthetic
        if synthetic is not None:
            name = dict(here.network.names).get(synthetic.name, synthetic.name)
            given = f", to be named {name}" if name != synthetic.name else ""
            what = f"finds {synthetic.name} ({synthetic.driver}){given}"
            here.tell(here.machine, "kernel", what, one)
    for one in here.decisions:
        if one.pair.mac in here.given:
            _appears(here, one, "finds")
    before = here.machine
    here.machine = with_network(here.machine, here.network)
    for one in here.decisions:
        if one.pair.synthetic is None and one.pair.mac in here.given:
            here.machine = with_alone(here.machine, here.plan, here.vfs[one.pair.mac])
    here.is_up = True
    for one in here.decisions:
        here.tell(before, "network", configures(here, one), one)
    _catch_up(here)


def _first_boot(here: Imagined) -> None:
    here.given = {one.pair.mac for one in here.decisions if one.pair.vf is not None}
    _boot(here)


def _late(here: Imagined) -> None:
    here.given = set()
    _boot(here)
    _come(here)


def _reboot(here: Imagined) -> None:
    """What is remembered of a boot is in a folder that the next one empties."""
    before, here.is_up = here.machine, False
    here.machine = Machine(before.system, before.kernel)
    for one in here.decisions:
        here.tell(before, "host", "the machine stops, and what it kept of this boot is gone", one)
    _boot(here)


def _detach(here: Imagined) -> None:
    for one in here.decisions:
        if one.pair.mac not in here.given:
            here.tell(here.machine, "host", "has taken the VF away already", one)
            continue
        before, name = here.machine, here.vfs[one.pair.mac].name
        here.machine = removed(before, name)
        here.tell(before, "host", f"takes {name} away", one, after_leaving(here, one))
    here.given = set()
    _catch_up(here)


def _attach(here: Imagined) -> None:
    for one in here.decisions:
        if one.pair.mac in here.given:
            here.tell(here.machine, "host", "has given a VF already", one)
        else:
            before, system = here.vfs[one.pair.mac], here.machine.system
            here.offer(one, host.next_vf(one.pair, before, system, here.taken_names))
    _come(here)


def _come(here: Imagined) -> None:
    """The VFs that are away come, and whoever wakes by that does what is his."""
    for one in here.decisions:
        if one.pair.mac not in here.given:
            here.given.add(one.pair.mac)
            _appears(here, one, "gives")
    _catch_up(here)


def _drain(here: Imagined) -> None:
    _moved(here, "drain", drain_pairs, PERSON)


def _undrain(here: Imagined) -> None:
    _moved(here, "undrain", undrain_pairs, PERSON)


def _announced(here: Imagined) -> None:
    _moved(here, "watch", drain_pairs, _ANNOUNCED)


def _over(here: Imagined) -> None:
    _moved(here, "watch", undrain_pairs, _ANNOUNCED)


def _moved(here: Imagined, actor: str, move: Callable[..., list[Result]], owner: str) -> None:
    """The verb's own functions, on the imagined machine; `owner` is the drain's."""

    def settle() -> Outcome:
        return here.reconcile(actor, patient=False)

    machine = Drained(lambda: actual(here.machine), here.keep_drains, settle)
    results = move(machine, here.wanted, here.wanted.pairs, looking.SINCE, owner)
    said = {pair.mac: result.text for pair, result in zip(here.wanted.pairs, results)}
    for one in here.decisions:
        nothing = "no pair of hyperv-net's: there is nothing to move"
        here.tell(here.machine, actor, said.get(one.pair.mac, nothing), one)
    _catch_up(here)


_HAPPEN: dict[str, Callable[[Imagined], None]] = {
    "boot": _first_boot,
    "late": _late,
    "detach": _detach,
    "attach": _attach,
    "drain": _drain,
    "undrain": _undrain,
    "reboot": _reboot,
    "announced": _announced,
    "over": _over,
}


def _appears(here: Imagined, decision: Decision, verb: str) -> None:
    """A VF appears; one without a synthetic NIC is configured by whatever entry fits it."""
    before, nic = here.machine, here.vfs[decision.pair.mac]
    is_alone = decision.pair.synthetic is None
    here.machine = host.arrived(before, here.network, nic, is_alone=is_alone)
    driver = f" ({nic.driver})" if nic.driver else ""
    actor = "kernel" if verb == "finds" else "host"
    here.tell(before, actor, f"{verb} {nic.name}{driver}", decision, whose(here, decision))
    if is_alone and verb == "gives":
        before, here.machine = here.machine, with_alone(here.machine, here.plan, nic)
        here.tell(before, "network", configures(here, decision), decision)


def _catch_up(here: Imagined) -> None:
    """The hook runs, the VFs that have come get their links, and it runs once more."""
    if here.wanted.pairs:
        here.reconcile()
    names = {here.vfs[mac].name for mac in here.given}
    up = {link.nic.name for link in here.machine.links if link.is_up}
    waiting = names & up - here.machine.carriers
    if not waiting:
        return
    before = here.machine
    here.machine = host.linked(before, waiting)
    for one in here.decisions:
        name = here.vfs[one.pair.mac].name
        if name in waiting:
            here.tell(before, "kernel", f"{name} has its link", one, by_link(here, one))
    if here.wanted.pairs:
        here.reconcile()
