"""The inventory and the settings a verb works with."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.commands.root import directory
from hyperv_net.drivers import SYNTHETIC_DRIVERS
from hyperv_net.inventory.gathering import gather
from hyperv_net.inventory.kinds import KINDS, inventory_of
from hyperv_net.inventory.snapshot import from_json
from hyperv_net.model import AggregatePolicy, Announcer, KvpPolicy, Settings
from hyperv_net.netconfig.spans import all_located, telling_lines
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files
from hyperv_net.root.cloud_config import find_settings
from hyperv_net.root.settings import with_values

if TYPE_CHECKING:
    import argparse
    from typing import Any

    from hyperv_net.model import Inventory
    from hyperv_net.root.files import Root


def add_settings_options(parser: argparse.ArgumentParser) -> None:
    """Declare an option for each of hyperv-net's settings; none is set by default."""
    group = parser.add_argument_group("settings (default: 'hyperv_net:' in the root's cloud.cfg.d)")
    group.add_argument(
        "--aggregate",
        choices=[policy.value for policy in AggregatePolicy],
        help="auto: where the kernel leaves a pair to us; always: every synthetic NIC; never",
    )
    group.add_argument(
        "--synthetic-driver",
        dest="synthetic_drivers",
        metavar="DRIVER",
        action="append",
        help="further driver of synthetic NICs, may be given again "
        f"(besides {' and '.join(SYNTHETIC_DRIVERS)})",
    )
    group.add_argument(
        "--mii-monitor-interval",
        metavar="MS",
        type=int,
        help="how often a bond looks at its members' links (default: 100)",
    )
    group.add_argument(
        "--kvp",
        choices=[policy.value for policy in KvpPolicy],
        help="what the Hyper-V host may do: answer: ask for addresses; inject: set them too "
        "(default); off: neither",
    )
    group.add_argument(
        "--pair",
        dest="pairs",
        metavar="SYNTHETIC=VF",
        action="append",
        help="two NICs that are one card, where nothing shows it: each by name, MAC address or PCI "
        "address; may be given again",
    )
    enabled = group.add_mutually_exclusive_group()
    enabled.add_argument("--enabled", action="store_true", default=None, help="even if turned off")
    enabled.add_argument(
        "--disabled", dest="enabled", action="store_false", help="as if turned off"
    )


def add_watching_options(parser: argparse.ArgumentParser) -> None:
    """Declare an option for each setting of a machine that runs, of which no plan depends."""
    group = parser.add_argument_group("settings of the machine that runs (the same)")
    group.add_argument(
        "--announcements",
        metavar="SOURCE",
        action="append",
        choices=[one.value for one in Announcer],
        help="who announces migrations, for `hyperv-net watch` to drain ahead of them: "
        f"{', '.join(one.value for one in Announcer)}; may be given again (default: none)",
    )
    group.add_argument(
        "--drain-ahead",
        metavar="SECONDS",
        type=int,
        help="how long before an announced migration the traffic is moved (default: 120)",
    )
    group.add_argument(
        "--acknowledge",
        action="store_true",
        default=None,
        help="tell Azure to go ahead once the traffic is moved, where nobody else is concerned",
    )
    group.add_argument(
        "--metrics", metavar="DIR", help="the folder of node_exporter's textfiles (default: none)"
    )


def given_settings(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that are given as options, by name; values are not checked yet."""
    given = {name: getattr(args, name, None) for name in Settings._fields}
    return {name: value for name, value in given.items() if value is not None}


def effective_settings(args: argparse.Namespace, root: Root | None) -> Settings:
    """The settings found in the root, with those given as options in their place."""
    settings = find_settings(root) if root else Settings()
    given = given_settings(args)
    kind = getattr(args, "kind", None)
    if kind is not None and KINDS[kind][0].synthetic_drivers:
        given = {"synthetic_drivers": list(KINDS[kind][0].synthetic_drivers), **given}
    return with_values(settings, given)


def is_elsewhere(args: argparse.Namespace) -> bool:
    """Whether the options name another machine than this, or than the root's."""
    return args.inventory is not None or getattr(args, "kind", None) is not None


def chosen_root(args: argparse.Namespace) -> str | None:
    """The root the options name, or None: this machine's files say nothing of another's.

    Raises HypervNetError where `--root` is not a directory.
    """
    if args.root is None:
        return None if is_elsewhere(args) else "/"
    return directory(args.root)


def chosen_inventory(args: argparse.Namespace, root: Root | None) -> Inventory:
    """The inventory that the options name: a file's, that of a kind of machine, or the root's."""
    kind = getattr(args, "kind", None)
    return read_inventory(args.inventory, root) if kind is None else inventory_of(kind)


def read_inventory(file: str | None, root: Root | None) -> Inventory:
    """The inventory in `file`, or else that of the machine or captured tree at `root`.

    A folder in the place of `file` is a capture, unpacked.
    """
    if file is not None and Path(file).is_dir():
        return gather(file)
    if file is not None:
        text = files.read_text(file)
        with telling_lines({file: text}):
            read = from_json(text, file)
        return read._replace(findings=all_located(read.findings, {file: text}))
    return gather(root or "/")
