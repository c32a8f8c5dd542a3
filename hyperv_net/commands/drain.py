"""`hyperv-net drain`: traffic moved to the synthetic NIC before an announced migration."""

from __future__ import annotations

from hyperv_net.commands import draining
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    draining.configure(parser)
    parser.epilog = (
        "A drain ends with `hyperv-net undrain`, when the VF has left and come back, and at a\n"
        "reboot.  Where an announced event has drained the pair too, it lasts until that is over.\n"
        "\nexample:\n  hyperv-net drain --dry-run"
    )


def run(args: argparse.Namespace) -> int:
    """Drain the pairs and say what moved; 1 where one could not be drained."""
    from hyperv_net.hotplug.draining import drain_pairs, foreseen, steps_to_drain

    if args.dry_run:
        return draining.show(args.names, steps_to_drain, foreseen)
    return draining.run(args.names, drain_pairs)
