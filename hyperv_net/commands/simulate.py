"""`hyperv-net simulate`: what the machine would do when its VF comes and goes."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.inputs import add_input_options, plan_from
from hyperv_net.errors import UsageError
from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.printing import complain_of, print_document, print_drawn, shown
from hyperv_net.simulation.events import simulate
from hyperv_net.simulation.story import EVENTS, WHOLE_STORY

if TYPE_CHECKING:
    import argparse

    from hyperv_net.plan.flow import Plan


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    add_input_options(parser)
    group = parser.add_argument_group("story")
    group.add_argument(
        "--event",
        metavar="EVENT[,EVENT...]",
        default=",".join(WHOLE_STORY),
        help="what happens, in this order, as often as it is named (default: %(default)s)",
    )
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=["text", "json"], default="text")
    width = max(map(len, EVENTS))
    events = "\n".join(f"  {event:{width}}  {meaning}" for event, meaning in EVENTS.items())
    parser.epilog = (
        f"events:\n{events}\n\n"
        "Exit status: 0 where each pair comes through, 1 where one ends an event in an error, or\n"
        "where the plan loses the network, as the verdict of 'hyperv-net review' says.\n\n"
        "example:\n"
        "  hyperv-net simulate --event boot,detach,attach \\\n"
        "      --inventory examples/azure-freebsd-mce/inventory.json \\\n"
        "      --network-config examples/azure-freebsd-mce/network-config.yaml"
    )


def run(args: argparse.Namespace) -> int:
    """Print the story; 1 where a pair ends an event in an error, or the plan loses the network."""
    events = _events(args.event)
    with captures_unpacked(args):
        plan = plan_from(args)
        simulation = simulate(plan, events)
    if args.format == "json":
        from hyperv_net.simulation.as_json import document_of

        print_document(document_of(simulation))
    else:
        from hyperv_net.review.terminal_look import look_of_terminal
        from hyperv_net.simulation.text import simulation_text

        look = look_of_terminal()
        print_drawn(simulation_text(shown(simulation), look), look)
    _tell_errors(plan)
    is_well = all(one.severity is not Severity.ERROR for one in simulation.findings)
    return 0 if _keeps_the_network(plan) and is_well else 1


def _events(text: str) -> tuple[str, ...]:
    """The events of the option.  Raises UsageError for one that there is not."""
    found = tuple(one.strip() for one in text.split(","))
    for one in found:
        if one not in EVENTS:
            raise UsageError(
                f"no such event: {one!r}",
                where="--event",
                hint=f"name some of {', '.join(EVENTS)}",
            )
    return found


def _keeps_the_network(plan: Plan) -> bool:
    """Whether the verdict over the plan lets the story be; one without an error is told here."""
    from hyperv_net.review.assembling import review_of
    from hyperv_net.review.verdict import NETWORK

    verdict = shown(review_of(plan).verdict)
    if verdict.level != NETWORK:
        return True
    if not plan.failed:
        terminal.complain(
            f"hyperv-net: of the plan: {verdict.sentence} ({'; '.join(verdict.reasons)})",
            is_hidden=True,
        )
    return False


def _tell_errors(plan: Plan) -> None:
    """A plan with an error is not applied, and the machine would be another."""
    errors = [one for one in plan.findings if one.severity is Severity.ERROR]
    complain_of(errors, head="hyperv-net: of the plan: ")
