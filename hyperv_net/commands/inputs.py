"""The input options that plan, render and apply share, and what they lead to."""

from __future__ import annotations

from contextlib import contextmanager

from hyperv_net.commands.machine import (
    add_settings_options,
    chosen_inventory,
    chosen_root,
    effective_settings,
    is_elsewhere,
)
from hyperv_net.decision.binding import bound
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.kinds import KINDS
from hyperv_net.marks import MADE
from hyperv_net.model import Finding, Mode, Severity
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.netconfig.spans import all_located
from hyperv_net.places import Place
from hyperv_net.plan.flow import NO_CONFIG, Ground, make_plan, reads
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import TARGETS, known, lacking, load, of_kind
from hyperv_net.renderers.recognising import installed, missing_packages
from hyperv_net.root import files
from hyperv_net.root.cloud_config import find_network_config, writes_network
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from hyperv_net.model import Decision, Inventory, NetworkConfig, System
    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.target import Target
    from hyperv_net.root.files import Root

    #: The inventory of a kind with the addresses that a config names; then synthetic drivers.
    Bind = Callable[[Inventory, NetworkConfig, Collection[str]], Inventory]


def add_input_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("input")
    group.add_argument(
        "--network-config",
        metavar="FILE",
        help="cloud-init network config, version 1 or 2; '-' for standard input "
        "(default: the one found in the root)",
    )
    machine = group.add_mutually_exclusive_group()
    machine.add_argument(
        "--inventory",
        metavar="FILE",
        help="what 'inventory --format json' printed, or a capture "
        "(default: this machine, or the root)",
    )
    machine.add_argument(
        "--kind",
        metavar="NAME",
        choices=list(KINDS),
        help="a kind of machine that is known, its cards with the addresses that the network "
        f"config names: {', '.join(KINDS)}",
    )
    group.add_argument(
        "--bind",
        action="store_true",
        help="the inventory is of a kind of machine: its cards get the MAC addresses that the "
        "network config names, in order",
    )
    group.add_argument(
        "--root",
        metavar="DIR",
        help="directory that stands for /, or for plan and render a capture "
        "(default: /, or an empty one where --inventory or --kind names another machine)",
    )
    group.add_argument(
        "--target",
        choices=[*TARGETS, "auto"],
        default="auto",
        help="what configures the network there (default: auto)",
    )
    add_settings_options(parser)


def plan_from(args: argparse.Namespace, bind: Bind = bound) -> Plan:
    """The plan that the options ask for; `bind` gives an inventory the addresses of a config.

    Raises HypervNetError for an aggregate on a system that is known and not written, unless a
    target is named.
    """
    root = chosen_root(args)
    inventory = chosen_inventory(args, root)
    text, config = _network_config(args.network_config, root)
    met = known.known(root, inventory.system) if root and args.target == "auto" else None
    plan = _plan(args, root, inventory, text, config, bind)
    plan = with_lines(plan, {config.source: text} if text is not None and config else {})
    if met is None or root is None or (config is not None and met.by_cloud_init):
        return plan
    names = [one.pair.synthetic.name for one in plan.rewritten.aggregates if one.pair.synthetic]
    if names and not met.is_beside:
        raise known.refused(met, root, names)
    return plan._replace(findings=(*plan.findings, known.met(met)))


def with_lines(plan: Plan, texts: Mapping[str, str]) -> Plan:
    """The plan with the lines of what its findings are about, by the texts of files by name."""
    return plan._replace(findings=all_located(plan.findings, texts, plan.config))


def _plan(
    args: argparse.Namespace,
    root: str | None,
    inventory: Inventory,
    text: str | None,
    config: NetworkConfig | None,
    bind: Bind,
) -> Plan:
    target = chosen_target(args) or installed(root, inventory.system)
    existing = files.read_matching(root, reads(target)) if root else {}
    settings = effective_settings(args, root)
    if args.bind or (args.kind is not None and config is not None):
        if not is_elsewhere(args) or config is None:
            raise HypervNetError(
                "there is no inventory or no network config to bind",
                where="--bind",
                hint="give both, with --inventory FILE and --network-config FILE",
            )
        inventory = bind(inventory, config, settings.synthetic_drivers)
    if config is not None:
        plan = make_plan(inventory, config, settings, target, existing)
        plan = plan._replace(ground=_ground(text, existing, plan, root))
        is_of_here = not is_elsewhere(args) and args.root is None
        if args.network_config is not None and is_of_here and not plan.meets:
            _ask_for_inventory(config)
        return with_missing(plan, target, root)
    existing = _with_included(target, root, existing) if root else existing
    with with_texts(existing):
        adopted = target.adopt(existing, inventory, settings)
        if adopted is not None:
            plan = make_plan(inventory, adopted.config, settings, target, existing, adopted.render)
            plan = plan._replace(ground=_ground(None, existing, plan, root))
            return with_missing(plan, target, root)
    plan = make_plan(inventory, NO_CONFIG, settings, target, existing)
    plan = plan._replace(ground=_ground(None, existing, plan, root))
    needing = [one for one in plan.decisions if one.mode is Mode.AGGREGATE]
    if needing or not plan.decisions:
        raise _no_network_config(target, root, inventory.system, needing)
    return plan


@contextmanager
def with_texts(texts: Mapping[str, str]) -> Iterator[None]:
    """Have errors that are raised inside know the texts of the files that they are about."""
    try:
        yield
    except HypervNetError as error:
        for one in (error, *error.others):
            if isinstance(one.where, Place):
                one.text = one.text or texts.get(one.where.file, "")
        raise


def _ground(text: str | None, existing: Mapping[str, str], plan: Plan, root: Root | None) -> Ground:
    """What the plan rests on, with those files that it would replace without reading them."""
    others = [one.file.path for one in plan.changes if one.file.path not in existing]
    return Ground(text, {**existing, **(files.read_matching(root, others) if root else {})})


def _ask_for_inventory(config: NetworkConfig) -> None:
    """Refuse a config that names other cards by their addresses than this machine has."""
    for one, entry in (config.tree.get("ethernets") or Node({})).items():
        mac = at(entry, ("match", "macaddress"))
        if mac is not None:
            raise HypervNetError(
                f"no NIC here has the MAC address {mac.value}, so it is another machine's",
                where=Place(config.source, ("ethernets", one, "match", "macaddress")),
                hint="name that machine's NICs with --inventory FILE, "
                "as 'hyperv-net inventory --format json' prints them there",
            )


def _no_network_config(
    target: Target, root: Root | None, system: System, needing: Sequence[Decision]
) -> HypervNetError:
    """Why a plan cannot do without one: a pair needs an aggregate, or nothing was looked at."""
    below = f" below {root}" if root else ""
    names = [one.pair.synthetic.name for one in needing if one.pair.synthetic is not None]
    if not names:
        message = (
            f"no synthetic NIC and no network config found{below}, so there is nothing to plan"
        )
    elif root and (met := known.known(root, system)) is not None and not met.is_beside:
        return known.refused(met, root, names)
    elif target.adopt is lacking.adopt:
        message = (
            f"no network config found{below} for {', '.join(names)}, "
            f"and {target.files}'s own files are not adopted"
        )
    else:
        message = f"no network config found{below} for {', '.join(names)}"
    return HypervNetError(message, hint="name one with --network-config FILE")


def written_again(plan: Plan, root: Root | None) -> HypervNetError | None:
    """What is wrong where cloud-init would write a file of the plan again, and without us."""
    again = load(plan.target).cloud_init.writes
    mine = [one.file.path for one in plan.changes if one.differs and one.file.path in again]
    if root is None or not mine or not writes_network(root):
        return None
    return HypervNetError(
        "cloud-init writes it again at a next boot, and the members would have addresses",
        where=Place(mine[0]),
        hint="put hyperv-net into cloud-init with 'hyperv-net bake', or have cloud-init leave the"
        " network with 'network: {config: disabled}' in a file of /etc/cloud/cloud.cfg.d",
    )


#: How what cloud-init writes begins (NETWORK_FILE_HEADER of cloudinit/distros/debian.py).
_CLOUD_INITS = "# This file is generated from information provided by"


def edited_there(plan: Plan, root: Root | None) -> Iterator[Finding]:
    """A note for each file that cloud-init writes again and that no longer reads as if it had."""
    mine = [one for one in load(plan.target).cloud_init.writes if one in plan.stays]
    if root is None or not mine or not writes_network(root):
        return
    for path, text in files.read_matching(root, mine).items():
        if not text.startswith((_CLOUD_INITS, MADE)):
            yield Finding(
                "written-again",
                Severity.NOTE,
                "cloud-init writes it again for a new instance, on Azure at every boot, and what "
                "was changed by hand is lost",
                Place(path),
                "put it into a file of another name",
            )


def with_missing(plan: Plan, target: Target, root: Root | None) -> Plan:
    """The plan with an error for each package that its devices need and the root has not."""
    missing = missing_packages(target, plan.needs, root) if root is not None else ()
    return plan._replace(findings=(*plan.findings, *missing))


def chosen_target(args: argparse.Namespace) -> Target | None:
    """The target that the options name; None for `auto`.

    A kind of machine that has no root has that of its kind.
    """
    if args.target != "auto":
        return load(args.target)
    if args.kind is None or args.root is not None:
        return None
    return of_kind(KINDS[args.kind][0].system)


def _with_included(target: Target, root: Root, existing: dict[str, str]) -> dict[str, str]:
    """The files, with those that they include and that no pattern of the target names."""
    looked_for: frozenset[str] = frozenset()
    while True:
        with with_texts(existing):
            patterns = target.further_files(existing)
        if patterns <= looked_for:
            return existing
        paths = [path for one in patterns - looked_for for path in files.find_below(root, one)]
        found = files.read_matching(root, [path for path in paths if path not in existing])
        existing = {**existing, **found}
        looked_for |= patterns


def _network_config(
    given: str | None, root: Root | None
) -> tuple[str | None, NetworkConfig | None]:
    """The text and the config that are given, or else cloud-init's; None where there is neither."""
    if given == files.STDIN:
        text, source = files.read_stdin(), "standard input"
    elif given is not None:
        text, source = files.read_text(given), given
    else:
        found = find_network_config(root) if root else None
        if found is None:
            return None, None
        text, source = found.text, found.source
    return text, read_network_config(text, source)
