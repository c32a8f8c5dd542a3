"""`hyperv-net review`: a plan for those who decide about it, in the form that they read."""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.fleet_options import add_fleet_options, refuse_fleet_options
from hyperv_net.commands.inputs import add_input_options
from hyperv_net.commands.plan import (
    add_allow_option,
    add_cloud_init_option,
    add_expect_option,
    add_show_option,
)
from hyperv_net.commands.review_configs import (
    add_config_options,
    check_within,
    each,
    refuse_empty_paths,
)
from hyperv_net.commands.root import add_show_secrets
from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import formats
from hyperv_net.review.layout import PLAIN_LOOK
from hyperv_net.review.located import located, located_as_named
from hyperv_net.review.presenting import without_secrets
from hyperv_net.review.terminal_look import look_of_terminal
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
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=list(formats.FORMATS), help="default: text")
    group.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=_file,
        help="write it there; '-' for standard output; a folder for the pages of several machines",
    )
    group.add_argument(
        "--also",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        type=_format_and_file,
        help="write it in this format too; may be given several times",
    )
    group.add_argument(
        "--name",
        metavar="NAME",
        help="what this report is called, where there are several of one change: by it whoever "
        "posts the comment finds the one of last time",
    )
    add_show_option(group)
    add_show_secrets(group)
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
    _refuse_one_file_twice(args)
    refuse_empty_paths(args)
    words = ["hyperv-net", *sys.argv[1:]]
    made = [
        dataclasses.replace(_review_of(one, words), fail_on=args.fail_on, report=args.name or "")
        for one in each(args)
    ]
    # What is a secret in one file is none less in the text of another.
    reviews = [without_secrets(one, terminal.hidden) for one in made]
    # All are drawn before the first is written: one that cannot be leaves none behind.
    also = [(file, _drawn(name, file, reviews)) for name, file in args.also]
    _write(args, reviews)
    for file, drawn in also:
        _put(file, drawn)
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


def _refuse_one_file_twice(args: argparse.Namespace) -> None:
    """Of two reports in one file the first would be gone, and nobody would know."""
    wanted = [args.output, *(file for _, file in args.also)]
    files = [Path(file).resolve() for file in wanted if file is not None]
    for file, times in Counter(files).items():
        if times > 1:
            raise UsageError(
                "two reports are to be written there",
                where=str(file),
                hint="name a file for each with -o and --also",
            )


def _write(args: argparse.Namespace, reviews: Sequence[Review]) -> None:
    """Write the reviews where they are to go; a text to a terminal as that shows it."""
    if args.format in (None, "text"):
        look = look_of_terminal(shows_all=args.show is not None)
        if args.output is not None:
            look = PLAIN_LOOK
        look = look._replace(folds=args.show is None)
        drawn: str | dict[str, str] = formats.load("text").draw_all(reviews, look)
    else:
        look = PLAIN_LOOK
        drawn = _drawn(args.format, args.output, reviews)
    if args.output is None:
        assert isinstance(drawn, str), "a folder has a name"
        terminal.write(drawn, coloured=look.coloured, is_hidden=True)
    else:
        _put(args.output, drawn)


def _drawn(name: str, file: str | None, reviews: Sequence[Review]) -> str | dict[str, str]:
    """The text of a format, or the files of its folder where a machine has one of its own."""
    folder = formats.draw_folder(name, reviews)
    if folder is None:
        return formats.draw(name, reviews)
    if file is None or Path(file).is_file():
        raise UsageError(
            f"{len(reviews)} machines are reviewed, and each has a page of its own",
            where=f"format {name}",
            hint=f"name a folder for them with -o, or --also {name}=FOLDER",
        )
    return folder


def _put(file: str, drawn: str | dict[str, str]) -> None:
    if isinstance(drawn, str):
        terminal.write_file(file, drawn)
        return
    Path(file).mkdir(parents=True, exist_ok=True)
    for name, text in drawn.items():
        terminal.write_file(str(Path(file, name)), text)


def _file(text: str) -> str | None:
    """The file of an option; None for standard output."""
    import argparse

    if not text:
        raise argparse.ArgumentTypeError("names no file")
    return None if text == "-" else text


def _format_and_file(text: str) -> tuple[str, str]:
    import argparse

    name, _, file = text.partition("=")
    if name not in formats.FORMATS or file in ("", "-"):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not FORMAT=FILE with one of {', '.join(formats.FORMATS)}"
        )
    return name, file


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
