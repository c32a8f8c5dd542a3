"""Reviewing from within another program (docs/python.md): texts in, a review out.

Pure: no file is read, nothing is printed, no process is started, and nothing is kept from one
call to the next, so that threads and worker processes may call it as they like.
"""

from __future__ import annotations

import dataclasses
from types import MappingProxyType

from hyperv_net.decision.binding import bound, bound_to_both, cards_of
from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.inventory.kinds import KINDS, inventory_of
from hyperv_net.inventory.snapshot import from_json
from hyperv_net.model import Settings
from hyperv_net.netconfig.read import read_network_config, with_names
from hyperv_net.netconfig.spans import all_located, with_lines
from hyperv_net.plan.flow import NO_CONFIG, Ground, make_plan, reads
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import TARGETS, load, of_kind, of_system, targets
from hyperv_net.renderers.given_names import NAMES
from hyperv_net.review import formats
from hyperv_net.review.assembling import review_of, review_of_error
from hyperv_net.review.comparing import comparison, without_base
from hyperv_net.review.presenting import without_secrets
from hyperv_net.root.patterns import fits
from hyperv_net.root.settings import with_values
from hyperv_net.secrets.masking import hiding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from hyperv_net.decision.binding import NamedCard
    from hyperv_net.model import Inventory, NetworkConfig
    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.target import Target
    from hyperv_net.review.model import Review

_NONE: Mapping[str, Any] = MappingProxyType({})


def review(
    network_config: str | None,
    inventory: str | Inventory | None = None,
    *,
    kind: str | None = None,
    bind: bool = False,
    target: str | None = None,
    settings: Mapping[str, Any] = _NONE,
    files: Mapping[str, str] = _NONE,
    source: str = "network-config.yaml",
) -> Review:
    """The review of one machine, as `hyperv-net review` has it.

    `network_config` is a network config's text, as `--network-config` takes it; None adopts what
    `files` say.  The machine is an `inventory` (what `hyperv-net inventory --format json` prints,
    or that read) or of a `kind` (as `--kind` names it); with `bind`, and for a kind, its cards
    get the addresses that the config or else `files` name.  `target` is one of `--target`, which a
    kind and a system with one alone may do without.  `settings` are those of `hyperv_net:` in
    cloud.cfg.d, by name, `files` the texts of files that are there by their paths below the root,
    and `source` is what messages call the config.

    What stops a plan is a finding of the review, whose verdict is `network` then.  Raises
    HypervNetError where the inventory is none, and for a setting, a target or a kind that is none.
    """
    machine = _machine(inventory, kind, target, settings, files, is_bound=bind)
    return _reviewed(machine, {source: network_config}, source)


def compare(
    base: str,
    head: str,
    inventory: str | Inventory | None = None,
    *,
    kind: str | None = None,
    bind: bool = False,
    target: str | None = None,
    settings: Mapping[str, Any] = _NONE,
    files: Mapping[str, str] = _NONE,
    base_source: str = "base",
    source: str = "network-config.yaml",
) -> Review:
    """The review of the config `head`; `against` has what it changes on a machine of `base`.

    All else is as for `review`.
    """
    machine = _machine(inventory, kind, target, settings, files, is_bound=bind)
    return _reviewed(machine, {base_source: base, source: head}, source)


def draw(review: Review, form: str) -> str:
    """The review in a form of `hyperv-net review --format`, as a text.

    Raises UsageError where there is no such form, and HypervNetError where the library that it
    is drawn with is not installed (`hyperv-net[review]` has them all).
    """
    if form not in formats.FORMATS:
        known = ", ".join(formats.FORMATS)
        raise UsageError("no such format", where=form, hint=f"there are {known}")
    return formats.draw(form, [review])


class _Machine(NamedTuple):
    """What a plan is made for."""

    inventory: Inventory
    target: Target
    settings: Settings
    files: Mapping[str, str]
    is_bound: bool


def _machine(
    inventory: str | Inventory | None,
    kind: str | None,
    target: str | None,
    settings: Mapping[str, Any],
    files: Mapping[str, str],
    *,
    is_bound: bool,
) -> _Machine:
    if (inventory is None) == (kind is None):
        raise UsageError("one of the two says what machine it is", where="inventory, kind")
    found, drivers = _inventory(inventory, kind)
    given = {"synthetic_drivers": drivers, **settings} if drivers else settings
    return _Machine(
        inventory=found,
        target=_target(target, found, is_kind=kind is not None),
        settings=with_values(Settings(), given),
        files=files,
        is_bound=is_bound or kind is not None,
    )


def _inventory(inventory: str | Inventory | None, kind: str | None) -> tuple[Inventory, list[str]]:
    """The machine, and what its kind says of synthetic drivers."""
    if kind is not None:
        if kind not in KINDS:
            raise UsageError("no such kind", where=kind, hint=f"there are {', '.join(KINDS)}")
        return inventory_of(kind), [*KINDS[kind][0].synthetic_drivers]
    if isinstance(inventory, str):
        return from_json(inventory, "inventory"), []
    assert inventory is not None
    return inventory, []


def _target(name: str | None, inventory: Inventory, *, is_kind: bool) -> Target:
    if name is None:
        found = of_kind(inventory.system) if is_kind else of_system(inventory.system)
        if found is None:
            known = ", ".join(one.name for one in targets(inventory.system))
            raise UsageError(
                "nothing says what configures the network there",
                where="target",
                hint=f"there are {known}",
            )
        return found
    if name not in TARGETS:
        raise UsageError("no such target", where=name, hint=f"there are {', '.join(TARGETS)}")
    return load(name)


def _reviewed(machine: _Machine, configs: Mapping[str, str | None], source: str) -> Review:
    """The review of the config `source`; another is the base that it is compared with."""
    texts = {name: text for name, text in configs.items() if text is not None}
    # Errors and reasons quote values, and nobody looks through what is printed here.
    hide = hiding([*texts.values(), *machine.files.values()])
    base, named = next((one for one in configs.items() if one[0] != source), ("", None))
    try:
        found = _compared(machine, configs[source], source, base, named)
    except HypervNetError as error:
        found = review_of_error(with_lines(error, {**texts, **machine.files}), source, texts, ())
    return without_secrets(found, hide)


def _compared(
    machine: _Machine, text: str | None, source: str, base: str, base_text: str | None
) -> Review:
    """The review of a config, beside its base where there is the text of one."""
    head = read_network_config(text, source) if text is not None else None
    if base_text is None:
        return review_of(_plan(_bound(machine, head), text, source))
    try:
        of_both = _bound(machine, head, read_network_config(base_text, base))
        base_plan = _plan(of_both, base_text, base)
    except HypervNetError as error:
        alone = _plan(_bound(machine, head), text, source)
        return review_of(without_base(alone, str(error)))
    plan = _plan(of_both, text, source)
    found = review_of(plan)
    against = comparison(base_plan, review_of(base_plan), plan, found)
    return dataclasses.replace(found, against=against)


def _bound(
    machine: _Machine, head: NetworkConfig | None, base: NetworkConfig | None = None
) -> _Machine:
    """The machine with the cards that its configs name, or its files, where it is of a kind."""
    if not machine.is_bound:
        return machine
    inventory, drivers = machine.inventory, machine.settings.synthetic_drivers
    cards = cards_of(head) if head is not None else _cards_of_files(machine)
    if base is None:
        return machine._replace(inventory=bound(inventory, cards, drivers))
    return machine._replace(inventory=bound_to_both(inventory, cards_of(base), cards, drivers))


def _cards_of_files(machine: _Machine) -> tuple[NamedCard, ...]:
    existing = _adopted_files(machine)
    return tuple(machine.target.cards({**_matching(machine.files, NAMES), **existing}))


def _adopted_files(machine: _Machine) -> dict[str, str]:
    """The files of its target that are there, with those that they include."""
    existing = _matching(machine.files, reads(machine.target))
    return {**existing, **_included(machine.target, machine.files, existing)}


def _plan(machine: _Machine, text: str | None, source: str) -> Plan:
    target, settings, inventory = machine.target, machine.settings, machine.inventory
    if text is not None:
        existing = _matching(machine.files, reads(target))
        config = read_network_config(text, source)
        config = with_names(config, text, inventory, settings.synthetic_drivers)
        plan = make_plan(inventory, config, settings, target, existing)
        found = all_located(plan.findings, {source: text}, config)
        return plan._replace(findings=found, ground=Ground(text, existing))
    existing = _adopted_files(machine)
    adopted = target.adopt(existing, inventory, settings)
    if adopted is None:
        plan = make_plan(inventory, NO_CONFIG, settings, target, existing)
    else:
        plan = make_plan(inventory, adopted.config, settings, target, existing, adopted.render)
    found = all_located(plan.findings, {}, plan.config)
    return plan._replace(findings=found, ground=Ground(None, existing))


def _matching(files: Mapping[str, str], patterns: Iterable[str]) -> dict[str, str]:
    return {
        path: files[path] for pattern in patterns for path in sorted(files) if fits(path, pattern)
    }


def _included(
    target: Target, files: Mapping[str, str], existing: Mapping[str, str]
) -> dict[str, str]:
    """The files that those include which are there, and these again."""
    found: dict[str, str] = {}
    while True:
        more = _matching(files, target.further_files({**existing, **found}))
        if more.keys() <= found.keys() | existing.keys():
            return found
        found.update(more)
