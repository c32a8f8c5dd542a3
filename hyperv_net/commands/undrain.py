"""`hyperv-net undrain`: traffic moved back to the VF, where the migration is over or off."""

from __future__ import annotations

from hyperv_net.commands import draining
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    draining.configure(parser)
    parser.epilog = "example:\n  hyperv-net undrain --dry-run"


def run(args: argparse.Namespace) -> int:
    """Undrain the pairs and say what moved; 1 where one could not be undrained."""
    from hyperv_net.hotplug.draining import steps_to_undrain, undrain_pairs

    if args.dry_run:
        return draining.show(args.names, steps_to_undrain)
    return draining.run(args.names, undrain_pairs)
