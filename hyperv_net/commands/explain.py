"""`hyperv-net explain`: what a rule means, and how to mend what a finding tells."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "rule",
        metavar="RULE",
        nargs="?",
        help="the id at the end of a finding's line (default: a table of all)",
    )
    parser.add_argument("--format", choices=["text", "json", "markdown"], default="text")
    parser.epilog = "example:\n  hyperv-net explain setting-dropped"


def run(args: argparse.Namespace) -> int:
    """Print the rule, or all."""
    from hyperv_net.rules import catalogue, shown

    stages = catalogue.stages()
    if args.rule is not None:
        rule = catalogue.find(args.rule)
        stages = tuple(stage._replace(rules=(rule,)) for stage in stages if rule in stage.rules)
    if args.format == "json":
        from hyperv_net.review.json_text import json_text

        terminal.write(json_text(shown.document(stages)))
    elif args.format == "markdown":
        terminal.write(shown.page(stages) if args.rule is None else f"{shown.markdown(rule)}\n")
    elif args.rule is None:
        terminal.say(shown.table(stages, terminal.columns()))
    else:
        terminal.say(shown.text(rule, terminal.columns()))
    return 0
