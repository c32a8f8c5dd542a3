"""`hyperv-net review`: a plan for those who decide about it, in the form that they read."""

from __future__ import annotations

import dataclasses
import sys

from hyperv_net import terminal
from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.fleet_options import add_fleet_options, refuse_fleet_options
from hyperv_net.commands.inputs import add_input_options
from hyperv_net.commands.plan import (
    add_allow_option,
    add_cloud_init_option,
    add_expect_option,
)
from hyperv_net.commands.review_configs import (
    add_config_options,
    check_within,
    each,
    refuse_empty_paths,
)
from hyperv_net.commands.review_output import (
    add_output_options,
    check_output_options,
    write_reports,
)
from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.located import located, located_as_named
from hyperv_net.review.presenting import without_secrets
from hyperv_net.review.verdict import is_refused

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from hyperv_net.review.model import Review


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    add_config_options(parser)
    add_input_options(parser)
    add_cloud_init_option(parser)
    add_fleet_options(parser)
    group = parser.add_argument_group("review")
    group.add_argument(
        "--against",
        metavar="BASE",
        help="tell what changes on the machine: BASE is another network config, another root, or "
        "a revision of the checkout that the network config or the root is in",
    )
    group.add_argument(
        "--history",
        metavar="FILE",
        help="tell on the page what really happened, beside what is simulated: FILE is what "
        "'history --format json' printed, or the journal of a machine",
    )
    add_expect_option(group)
    group.add_argument(
        "--fail-on",
        choices=[severity.value for severity in Severity],
        default=Severity.ERROR.value,
        help="exit with 1 where a finding is as severe, or more (default: error); 1 in any case "
        "where the network will be lost",
    )
    add_allow_option(group)
    add_output_options(parser)
    parser.epilog = (
        "example:\n"
        "  hyperv-net review --inventory examples/linux-netplan/inventory.json \\\n"
        "      --network-config examples/linux-netplan/network-config.yaml \\\n"
        "      --root examples/linux-netplan/root --format html -o review.html"
    )


def run(args: argparse.Namespace) -> int:
    """Write the review; 1 where the network will be lost, or a finding is too severe."""
    if args.fleet is not None or args.merge:
        from hyperv_net.commands import fleet

        return fleet.run(args)
    refuse_fleet_options(args)
    check_output_options(args)
    refuse_empty_paths(args)
    words = ["hyperv-net", *sys.argv[1:]]
    made = [
        dataclasses.replace(_review_of(one, words), fail_on=args.fail_on, report=args.name or "")
        for one in each(args)
    ]
    # What is a secret in one file is none less in the text of another.
    reviews = [without_secrets(one, terminal.hidden) for one in made]
    write_reports(args, reviews)
    return int(any(map(is_refused, reviews)))


def _with_history(review: Review, file: str | None) -> Review:
    """The review with what a history tells.  Raises HypervNetError where the file is none."""
    if file is None:
        return review
    from hyperv_net.journal.as_json import plain_story
    from hyperv_net.journal.reading import entries_of
    from hyperv_net.journal.story import stories
    from hyperv_net.root import files

    found = stories(entries_of(files.read_text(file), file))
    return dataclasses.replace(review, history=tuple(map(plain_story, found)))


def _review_of(args: argparse.Namespace, words: Sequence[str]) -> Review:
    """The review of one network config, whatever becomes of it."""
    from hyperv_net.review.assembling import review_of_error

    source = args.network_config or args.root or "this machine"
    told = {"inventory": args.inventory, "root": args.root}
    try:
        check_within(args)
    except HypervNetError as error:
        # Nothing of it is read, so that there is nothing of it to tell.
        refused = dataclasses.replace(review_of_error(error, source, {}, words), **told)
        return located_as_named(refused)
    with captures_unpacked(args):
        review = _with_history(_reviewed(args, source, words), args.history)
    return located(dataclasses.replace(review, **told))


def _reviewed(args: argparse.Namespace, source: str, words: Sequence[str]) -> Review:
    """The review; what stops a plan is a finding of it."""
    from hyperv_net.commands.reviewed_plan import reviewed_plan
    from hyperv_net.review.assembling import review_of_error

    try:
        return reviewed_plan(args, words)
    except UsageError:
        raise
    except HypervNetError as error:
        return review_of_error(error, source, _texts(args), words)


def _texts(args: argparse.Namespace) -> dict[str, str]:
    """The network config that could not be planned from, where it can be read."""
    from hyperv_net.root import files

    if args.network_config in (None, files.STDIN):
        return {}
    try:
        return {args.network_config: files.read_text(args.network_config)}
    except HypervNetError:
        return {}
