"""The plan of a machine's next first boot: `--cloud-init` of the verb plan."""

from __future__ import annotations

from hyperv_net.commands.inputs import chosen_target, located, with_missing
from hyperv_net.commands.machine import chosen_inventory, chosen_root, effective_settings
from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import make_plan, reads
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files

if TYPE_CHECKING:
    import argparse

    from hyperv_net.plan.flow import Plan


def plan_of_first_boot(args: argparse.Namespace) -> Plan:
    """What cloud-init would write, with hyperv-net in it, if the machine booted as a new one."""
    from hyperv_net.sources.next_boot import next_network_config, next_target

    for option, is_given in (
        ("--network-config", args.network_config is not None),
        ("--bind", args.bind),
    ):
        if is_given:
            raise HypervNetError(
                "--cloud-init takes cloud-init's own network config",
                where=option,
                hint="give one of the two",
            )
    root = chosen_root(args) or "/"
    inventory = chosen_inventory(args, root)
    settings = effective_settings(args, root)
    pairs = find_pairs(inventory, settings.synthetic_drivers, settings.pairs).pairs
    decisions = decide(pairs, inventory, settings).decisions
    found = next_network_config(root, inventory, decisions)
    target = chosen_target(args) or next_target(root, inventory.system)
    plan = make_plan(
        inventory,
        read_network_config(found.text, found.source),
        settings,
        target,
        files.read_matching(root, reads(target)),
        is_first_boot=True,
    )
    return with_missing(located(plan, {found.source: found.text}), target, root)
