"""`hyperv-net undrain`: traffic moved back to the VF, where the migration is over or off."""

from __future__ import annotations

from hyperv_net.commands import draining
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    draining.configure(parser)
    parser.add_argument(
        "--all-owners",
        action="store_true",
        help="end the drains of announced events as well, which are not over yet",
    )
    parser.epilog = (
        "Where an announced event keeps the pair drained, it stays so, and the exit status is 1.\n"
        "It ends drains where hyperv-net is turned off too, and does nothing else there.\n"
        "\nexample:\n  hyperv-net undrain --dry-run"
    )


def run(args: argparse.Namespace) -> int:
    """Undrain the pairs and say what moved; 1 where one could not be, or is an event's as well."""
    from functools import partial

    from hyperv_net.hotplug.draining import held, steps_to_undrain, undrain_pairs

    if args.all_owners:
        if args.dry_run:
            return draining.show(args.names, partial(steps_to_undrain, owner=None), only_back=True)
        return draining.run(args.names, partial(undrain_pairs, owner=None), only_back=True)
    if args.dry_run:
        return draining.show(args.names, steps_to_undrain, held, only_back=True)
    return draining.run(args.names, undrain_pairs, only_back=True)
