"""The input options that plan, render and apply share, and what they lead to."""

from __future__ import annotations

from hyperv_net.commands.machine import (
    add_settings_options,
    chosen_inventory,
    chosen_root,
    effective_settings,
    is_elsewhere,
)
from hyperv_net.decision.binding import bound, cards_of
from hyperv_net.errors import HypervNetError, attempted, joined
from hyperv_net.inventory.kinds import KINDS
from hyperv_net.model import Mode
from hyperv_net.netconfig.read import read_network_config, with_names
from hyperv_net.netconfig.spans import all_located, telling_lines, with_lines
from hyperv_net.places import Place
from hyperv_net.plan.flow import NO_CONFIG, Ground, make_plan, reads
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import TARGETS, known, lacking, load, of_kind
from hyperv_net.renderers.recognising import installed, missing_packages
from hyperv_net.root import files
from hyperv_net.root.cloud_config import find_network_config
from hyperv_net.tree import Node, at

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Collection, Mapping, Sequence

    from hyperv_net.decision.binding import NamedCard
    from hyperv_net.model import Decision, Inventory, NetworkConfig, Settings, System
    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.target import Target
    from hyperv_net.root.files import Root

    #: The inventory of a kind with the cards that are named; the strings are synthetic drivers.
    Bind = Callable[[Inventory, Collection[NamedCard], Collection[str]], Inventory]


def add_input_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("input")
    group.add_argument(
        "--network-config",
        metavar="FILE",
        help="cloud-init network config, version 1 or 2, or OpenStack's network_data.json; '-' for "
        "standard input "
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
        f"config or the root's files name: {', '.join(KINDS)}",
    )
    group.add_argument(
        "--bind",
        action="store_true",
        help="the inventory is of a kind of machine: its cards get the MAC addresses that the "
        "network config names, or the files of the root, in order",
    )
    group.add_argument(
        "--root",
        metavar="DIR|FILE",
        help="directory that stands for /, or a capture, which apply does not take "
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
    read = _read(args, root)
    inventory, config = read.inventory, read.config
    met = known.known(root, inventory.system) if root and args.target == "auto" else None
    with telling_lines(read.texts):
        plan = _plan(args, root, read, bind)
    plan = located(plan, read.texts)
    if met is None or root is None or (config is not None and met.by_cloud_init):
        return plan
    names = [one.pair.synthetic.name for one in plan.rewritten.aggregates if one.pair.synthetic]
    if names and not met.is_beside:
        raise known.refused(met, root, names)
    return plan._replace(findings=(*plan.findings, known.met(met)))


class _Read(NamedTuple):
    """What the options name: the text and the config are None where there is no config."""

    inventory: Inventory
    text: str | None
    config: NetworkConfig | None
    target: Target
    settings: Settings

    @property
    def texts(self) -> dict[str, str]:
        """The text of the config by its name."""
        return {} if self.text is None or self.config is None else {self.config.source: self.text}


def _read(args: argparse.Namespace, root: str | None) -> _Read:
    """All that a plan is made from.  What is wrong with any of it is told at once."""
    errors: list[HypervNetError] = []
    given = attempted(errors, lambda: _network_config(args.network_config, root))
    settings = attempted(errors, lambda: effective_settings(args, root))
    inventory = attempted(errors, lambda: chosen_inventory(args, root))
    target = None
    if inventory is not None:
        system = inventory.system
        target = attempted(errors, lambda: chosen_target(args) or installed(root, system))
    if given is None or settings is None or inventory is None or target is None:
        text, config = given or (None, None)
        findings = [one for part in (inventory, config) if part for one in part.findings]
        texts = {config.source: text} if config is not None and text is not None else {}
        raise with_lines(joined(errors, findings), texts)
    return _Read(inventory, *given, target, settings)


def located(plan: Plan, texts: Mapping[str, str]) -> Plan:
    """The plan with the lines of what its findings are about, by the texts of files by name."""
    return plan._replace(findings=all_located(plan.findings, texts, plan.config))


def _plan(
    args: argparse.Namespace,
    root: str | None,
    read: _Read,
    bind: Bind,
) -> Plan:
    inventory = read.inventory
    existing = files.read_matching(root, reads(read.target)) if root else {}
    if read.config is None and root:
        existing = _with_included(read.target, root, existing)
    cards: tuple[NamedCard, ...] = ()
    if args.bind or args.kind is not None:
        cards = _named_cards(args, root, read, existing)
        with telling_lines(existing):
            inventory = bind(inventory, cards, read.settings.synthetic_drivers)
    plan = _plan_of(args, root, read._replace(inventory=inventory), existing)
    return plan._replace(cards=cards)


def _named_cards(
    args: argparse.Namespace, root: str | None, read: _Read, existing: Mapping[str, str]
) -> tuple[NamedCard, ...]:
    """The cards that the config names, or else the files of the root."""
    if args.bind and (not is_elsewhere(args) or (read.config is None and root is None)):
        raise HypervNetError(
            "there is no inventory or no network config to bind",
            where="--bind",
            hint="give both, with --inventory FILE and --network-config FILE or --root DIR",
        )
    if read.config is not None:
        return cards_of(read.config)
    from hyperv_net.renderers.given_names import NAMES

    given = files.read_matching(root, NAMES) if root else {}
    return tuple(read.target.cards({**given, **existing}))


def _plan_of(
    args: argparse.Namespace, root: str | None, read: _Read, existing: dict[str, str]
) -> Plan:
    inventory, text, config, target, settings = read
    if config is not None:
        config = with_names(config, text, inventory, settings.synthetic_drivers)
        plan = make_plan(inventory, config, settings, target, existing)
        plan = plan._replace(ground=_ground(text, existing, plan, root))
        is_of_here = not is_elsewhere(args) and args.root is None
        if args.network_config is not None and is_of_here and not plan.meets:
            _ask_for_inventory(config)
        return with_missing(plan, target, root)
    with telling_lines(existing):
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
        with telling_lines(existing):
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
