"""`hyperv-net inventory`: NICs, pairs, modes and reasons."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.commands.machine import (
    add_settings_options,
    chosen_root,
    effective_settings,
    read_inventory,
)
from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.layout import finding_lines
from hyperv_net.review.text import inventory_text

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument("--root", metavar="DIR", help="a captured tree with sys/ (default: /)")
    parser.add_argument(
        "--inventory", metavar="FILE", help="show what 'inventory --format json' printed elsewhere"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    add_settings_options(parser)
    parser.epilog = (
        "example:\n  hyperv-net inventory --inventory examples/azure-freebsd-mce/inventory.json"
    )


def run(args: argparse.Namespace) -> int:
    """Print the inventory; 1 where a pair cannot be told."""
    root = chosen_root(args)
    inventory = read_inventory(args.inventory, root)
    settings = effective_settings(args, root)
    pairing = find_pairs(inventory, settings.synthetic_drivers, settings.pairs)
    decided = decide(pairing.pairs, inventory, settings)
    findings = (*inventory.findings, *pairing.findings, *decided.findings)
    if args.format == "json":
        from hyperv_net.review.as_json import inventory_document

        terminal.write(inventory_document(inventory, decided.decisions))
        for line in finding_lines((*pairing.findings, *decided.findings)):
            terminal.complain(line)
    else:
        terminal.write(inventory_text(inventory, decided.decisions, findings))
    return int(any(finding.severity is Severity.ERROR for finding in findings))
