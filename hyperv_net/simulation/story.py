"""What came of a simulation: a story for each pair, moment after moment."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hyperv_net.facts import Finding, System
    from hyperv_net.model import Decision
    from hyperv_net.simulation.looking import View
    from hyperv_net.simulation.measured import Measured

#: The events, and what each is.
EVENTS = {
    "boot": "the machine boots, with its VF where the inventory has one",
    "late": "the machine boots again, and the VF comes late",
    "detach": "the VF leaves without warning",
    "attach": "a VF comes back, under another name and with another driver",
    "drain": "traffic is moved to the synthetic NIC ahead of a migration",
    "undrain": "the traffic is moved back",
    "reboot": "the machine reboots",
    "announced": "an announced migration is near, which keeps traffic off the VFs until it is over",
    "over": "the announced migration is over",
}

#: Those of the story that is told where none was asked for.
WHOLE_STORY = ("boot", "late", "detach", "attach", "drain", "undrain", "reboot")


class Moment(NamedTuple):
    """One thing that happens to a pair, and how the pair is after it.

    `actor` is host, kernel, network (the target's own program), reconcile, drain, undrain
    or watch, and `what` a sentence with its reason in `why`.  `step` names the kind of a step of
    the hook, and `decided_by` the function that decided it.  `changed` is what is another than
    at the moment before.  `is_settled` where nobody has anything left to do until the next event:
    there `warned` has all that `status` would say, and elsewhere what does not hold just now.
    """

    event: str
    actor: str
    what: str
    view: View
    why: str = ""
    step: str = ""
    decided_by: str = ""
    changed: tuple[str, ...] = ()
    is_settled: bool = False
    warned: tuple[Finding, ...] = ()
    measured: tuple[Measured, ...] = ()


class Story(NamedTuple):
    """What happens to one pair."""

    decision: Decision
    label: str
    moments: tuple[Moment, ...]


def label(decision: Decision) -> str:
    """What a person calls a pair: its NICs, as the inventory has them."""
    pair = decision.pair
    return " + ".join(one.name for one in (pair.synthetic, pair.vf) if one is not None)


class Simulation(NamedTuple):
    """The stories of all pairs; `target` is what configures the network."""

    system: System
    target: str
    events: tuple[str, ...]
    stories: tuple[Story, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was warned of in any story, each once."""
        found = (one for story in self.stories for moment in story.moments for one in moment.warned)
        return tuple(dict.fromkeys(found))
