"""The options of `review` for many machines."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_fleet_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options for many machines."""
    group = parser.add_argument_group("many machines")
    group.add_argument(
        "--fleet",
        metavar="DIR|FILE",
        help="review many machines: DIR has a folder with inventory.json, network-config.yaml and "
        "root for each, or captures; FILE has a JSON object a line; '-' for standard input",
    )
    group.add_argument(
        "--merge",
        metavar="DIR",
        nargs="+",
        help="put together what several runs with --fleet wrote",
    )
    group.add_argument(
        "--out", metavar="DIR", help="write groups, findings and machines there, into a new folder"
    )
    group.add_argument(
        "--jobs", metavar="N", type=int, help="how many processes (default: one a processor)"
    )
