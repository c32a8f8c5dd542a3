"""`hyperv-net inventory`: NICs, pairs, modes and reasons."""

from __future__ import annotations

from pathlib import Path

from hyperv_net import terminal
from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.machine import (
    add_settings_options,
    chosen_root,
    effective_settings,
    read_inventory,
)
from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import UsageError
from hyperv_net.model import Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.printing import complain_of, print_document, print_drawn, shown
from hyperv_net.review.terminal_look import look_of_terminal
from hyperv_net.review.text import inventory_text

if TYPE_CHECKING:
    import argparse

    from hyperv_net.model import Inventory


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "--root",
        metavar="DIR|FILE",
        help="a captured tree with sys/, or what --capture has made (default: /)",
    )
    parser.add_argument(
        "--inventory",
        metavar="FILE",
        help="show what 'inventory --format json' printed, or --capture made, elsewhere",
    )
    parser.add_argument(
        "--capture",
        metavar="FILE",
        help="make FILE, a .tar.gz of all that is looked at on this machine, or below the root, "
        "for a report: secrets are hidden in it, addresses and names are not (docs/capture.md)",
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    add_settings_options(parser)
    parser.epilog = (
        "example:\n  hyperv-net inventory --inventory examples/azure-freebsd-mce/inventory.json"
    )


def run(args: argparse.Namespace) -> int:
    """Print the inventory; 1 where a pair cannot be told."""
    with captures_unpacked(args):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    if args.inventory is not None and Path(args.inventory).is_dir() and args.root is None:
        # A capture has its machine's settings too.
        args.root = args.inventory
    root = chosen_root(args)
    if args.capture is not None and root is None:
        raise UsageError(
            "an inventory is of NICs alone, and there is no machine to look at",
            where="--capture with --inventory",
            hint="leave --inventory out, or name the machine's files with --root",
        )
    inventory = read_inventory(args.inventory, root)
    settings = effective_settings(args, root)
    pairing = find_pairs(inventory, settings.synthetic_drivers, settings.pairs)
    decided = decide(pairing.pairs, inventory, settings)
    findings = (*inventory.findings, *pairing.findings, *decided.findings)
    if args.format == "json":
        from hyperv_net.review.as_json import inventory_document

        print_document(inventory_document(inventory, decided.decisions))
        complain_of((*pairing.findings, *decided.findings))
    else:
        look = look_of_terminal()
        told = shown((inventory, decided.decisions, findings))
        print_drawn(inventory_text(*told, look), look)
    if args.capture is not None and root is not None:
        _capture(args.capture, root, inventory)
    return int(any(finding.severity is Severity.ERROR for finding in findings))


def _capture(file: str, root: str, inventory: Inventory) -> None:
    from hyperv_net.capture.archive import packed, write_archive
    from hyperv_net.capture.looking import look

    tree = look(root, inventory)
    write_archive(file, packed(tree))
    for path, why in sorted(tree.left_out.items()):
        terminal.complain(f"not in the capture: {path}: {why}")
    terminal.complain(
        f"{file} has what is looked at here, with secrets hidden; addresses and names of this "
        "machine are in it, so look through it before it goes to others"
    )
