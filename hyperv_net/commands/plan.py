"""`hyperv-net plan`: the whole flow, without writing anything."""

from __future__ import annotations

import argparse
import sys

from hyperv_net.commands.inputs import add_input_options, plan_from
from hyperv_net.plan import Plan

DIFFERENCE = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    add_input_options(parser)
    parser.add_argument(
        "--cloud-init",
        action="store_true",
        help="what the machine's next first boot would write: the network config and the target "
        "are those that cloud-init would choose",
    )
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=["text", "diff", "json"], default="text")
    group.add_argument(
        "--check", action="store_true", help="exit with 2 where something would change"
    )
    parser.epilog = (
        "example:\n"
        "  hyperv-net plan --inventory examples/azure-freebsd-mce/inventory.json \\\n"
        "      --network-config examples/azure-freebsd-mce/network-config.yaml \\\n"
        "      --root examples/azure-freebsd-mce/root"
    )


def run(args: argparse.Namespace) -> int:
    """Print the plan; 1 where a part could not be done, 2 for a difference under --check."""
    plan = _plan(args)
    if args.format == "json":
        from hyperv_net.review.as_json import plan_document

        print(plan_document(plan), end="")
    elif args.format == "diff":
        from hyperv_net.review.diff import unified_diff
        from hyperv_net.review.terminal import print_diff
        from hyperv_net.review.text import finding_lines

        print_diff(unified_diff(plan.changes), sys.stdout)
        for line in finding_lines(plan.findings):
            print(line, file=sys.stderr)
    else:
        from hyperv_net.review.diff import unified_diff
        from hyperv_net.review.terminal import print_diff
        from hyperv_net.review.text import plan_text, summary

        print(plan_text(plan))
        print_diff(unified_diff(plan.changes), sys.stdout)
        print(summary(plan))
    if plan.failed:
        return 1
    return DIFFERENCE if args.check and plan.differs else 0


def _plan(args: argparse.Namespace) -> Plan:
    if not args.cloud_init:
        return plan_from(args)
    from hyperv_net.commands.first_boot import plan_of_first_boot

    return plan_of_first_boot(args)
