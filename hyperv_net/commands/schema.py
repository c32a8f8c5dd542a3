"""`hyperv-net schema`: what is in the JSON documents of this program, as JSON Schema."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        help="the document, as plan or plan/2: its JSON Schema (2020-12) is printed "
        "(default: the list of them)",
    )
    parser.epilog = "example:\n  hyperv-net schema plan"


def run(args: argparse.Namespace) -> int:
    """Print the list, or one schema."""
    from hyperv_net.review import documents
    from hyperv_net.review.json_text import json_text
    from hyperv_net.review.layout import table
    from hyperv_net.review.terminal_look import look_of_terminal

    if args.name is not None:
        terminal.write(json_text(documents.described(args.name).schema()))
        return 0
    rows = [("DOCUMENT", "WHAT IT IS", "PRINTED BY", "READ BY")]
    rows += [(one.short, one.what, one.printed_by, one.read_by) for one in documents.DOCUMENTS]
    for line in table(rows, look_of_terminal()):
        terminal.say(line)
    return 0
