"""One run of the flow: facts, decision, rewrite, text."""

from __future__ import annotations

from hyperv_net.companions import beside
from hyperv_net.companions.wanted_file import unmet_tuning
from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import Mode
from hyperv_net.marks import MARKS
from hyperv_net.model import (
    Change,
    Finding,
    NetworkConfig,
    Severity,
    System,
)
from hyperv_net.places import Place
from hyperv_net.plan.drops import drops
from hyperv_net.plan.ledger import build_ledger
from hyperv_net.plan.left_behind import left_behind, told
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.rewrite.failover import rewrite
from hyperv_net.rewrite.findings import STRANGER
from hyperv_net.secrets.masking import masked_message, mode_of
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hyperv_net.decision.binding import NamedCard
    from hyperv_net.model import (
        Decision,
        Entry,
        Inventory,
        Rendered,
        RenderedFile,
        Rewritten,
        Settings,
    )
    from hyperv_net.renderers.protocols import Render
    from hyperv_net.renderers.target import Target
    from hyperv_net.tree import Path


#: For a machine whose pairs need none: nothing is asked of its network.
NO_CONFIG = NetworkConfig(
    source="no network config",
    tree=Node({"version": Node(2), "ethernets": Node({})}),
    leaves=(),
)


def reads(target: Target) -> tuple[str, ...]:
    """Patterns, below the root, of the existing files that a plan takes into account."""
    return (*target.reads, *beside.reads())


class Ground(NamedTuple):
    """The texts that a plan was made from: the network config, if it was given or found, and files.

    `existing` maps paths below the root.
    """

    network_config: str | None
    existing: Mapping[str, str]


class Plan(NamedTuple):
    """What is found, decided, moved and written for one machine.

    `changes` has every rendered file, changed or not, and `needs` the packages
    without which the devices in them are not made.  `stays` are the files that an
    adopted config was read from, which are wanted whether the plan changes them or not.
    `unrendered` are the parts of the rewritten tree that the target's text has not.
    `ground` is None where nobody asked for it.  `allowed` are those of the findings that are
    known and meant, and count for nothing.  `cards` are those that a kind of machine was bound to.
    Where no pair needs an aggregate cloud-init's own rendering stands, and there are
    companions at most.
    """

    inventory: Inventory
    config: NetworkConfig
    settings: Settings
    target: str
    decisions: tuple[Decision, ...]
    rewritten: Rewritten
    ledger: tuple[Entry, ...]
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    needs: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    unrendered: frozenset[Path] = frozenset()
    ground: Ground | None = None
    allowed: frozenset[Finding] = frozenset()
    cards: tuple[NamedCard, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether there was a network config."""
        return self.config is not NO_CONFIG

    @property
    def is_left_to_cloud_init(self) -> bool:
        """Whether cloud-init's own renderer writes the network: no pair has an aggregate of us."""
        return self.is_asked and not self.stays and not self.rewritten.aggregates

    @property
    def meets(self) -> bool:
        """Whether the network config speaks of a NIC of the machine, if of any."""
        return all(finding.rule != STRANGER for finding in self.findings)

    @property
    def differs(self) -> bool:
        """Whether applying the plan would change a file."""
        return any(change.differs for change in self.changes)

    @property
    def failed(self) -> bool:
        """Whether some part could not be done."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def make_plan(
    inventory: Inventory,
    config: NetworkConfig,
    settings: Settings,
    target: Target,
    existing: Mapping[str, str],
    render: Render | None = None,
    *,
    is_first_boot: bool = False,
) -> Plan:
    """The plan for a machine.

    `existing` maps paths below the root to the text of the files that
    `reads(target)` asks for.  `render` is what edits the files in place where
    the config was adopted from them; without it the target's own renders them.
    `is_first_boot` tells that cloud-init has the config rendered, and that what earlier boots
    left behind goes.  Raises HypervNetError where the target is not one of the inventory's system.
    """
    if target.system is not inventory.system:
        raise HypervNetError(
            f"the inventory is of a {inventory.system.value} machine",
            where=f"--target {target.name}",
            hint="name a target of that system, or leave it at auto",
        )
    pairing = find_pairs(inventory, settings.synthetic_drivers, settings.pairs)
    decided = decide(pairing.pairs, inventory, settings)
    members = [
        nic.name
        for one in decided.decisions
        for nic in (one.pair.synthetic, one.pair.vf)
        if one.mode is Mode.AGGREGATE and nic is not None
    ]
    taken = target.taken_names(existing, members) if members else frozenset()
    rewritten = rewrite(config, decided.decisions, inventory, settings, taken)
    rendered = (render or target.render)(rewritten, existing) if rewritten.aggregates else None
    ledger = build_ledger(config, rewritten, rendered)
    files = sorted(rendered.files, key=lambda file: file.path) if rendered else ()
    texts = _as_left(existing, rendered)
    made_of = _as_rendered(rewritten, rendered)
    companions = beside.companions(made_of, decided.decisions, target, texts)
    made = {file.path for file in (*files, *companions)}
    gone = left_behind(existing, target, made) if is_first_boot else ()
    return Plan(
        inventory=inventory,
        config=config,
        settings=settings,
        target=target.name,
        decisions=decided.decisions,
        rewritten=rewritten,
        ledger=ledger,
        changes=(
            *(Change(file, existing.get(file.path)) for file in files),
            *(Change(file, existing.get(file.path), is_companion=True) for file in companions),
        ),
        findings=_without_secrets(
            *inventory.findings,
            *pairing.findings,
            *decided.findings,
            *config.findings,
            *rewritten.findings,
            *target.undeclared(rewritten, config.source, existing, is_adopted=render is not None),
            *_of_both_nics(rewritten, decided.decisions, config.source, target),
            *(rendered.findings if rendered else _leftovers(existing, target, gone)),
            *map(told, gone),
            *beside.leftovers(existing, companions),
            *unmet_tuning(rewritten, decided.decisions),
            *_made_private(files, existing),
            *drops(config, rendered, ledger),
        ),
        needs=rendered.needs if rendered else (),
        stays=_read_from(existing, rendered) if render is not None else (),
        unrendered=_unrendered(rewritten, rendered),
    )


def _unrendered(rewritten: Rewritten, rendered: Rendered | None) -> frozenset[Path]:
    """What of the tree is not in the text: settings, and aggregates as a whole."""
    if rendered is None or rendered.ledger is not None:
        return frozenset()
    made = _as_rendered(rewritten, rendered).aggregates
    left = (("bonds", one.name) for one in rewritten.aggregates if one not in made)
    return frozenset((*(rendered.dropped.keys() - rendered.places.keys()), *left))


def _read_from(existing: Mapping[str, str], rendered: Rendered | None) -> tuple[str, ...]:
    """The files that an adopted config was read from, without what others have taken over."""
    gone = {*beside.reads(), *(rendered.superseded if rendered else ())}
    return tuple(path for path in existing if path not in gone)


def _as_left(existing: Mapping[str, str], rendered: Rendered | None) -> dict[str, str]:
    """The files with what is rendered, and without those that it has taken over."""
    gone = rendered.superseded if rendered else ()
    kept = {path: text for path, text in existing.items() if path not in gone}
    return {**kept, **({one.path: one.text for one in rendered.files} if rendered else {})}


def _as_rendered(rewritten: Rewritten, rendered: Rendered | None) -> Rewritten:
    """Without the aggregates that the target could not express: those it left where they were."""
    bonds = {path[1] for path in rendered.places if path[0] == "bonds"} if rendered else set()
    kept = tuple(one for one in rewritten.aggregates if one.name in bonds)
    return rewritten._replace(aggregates=kept)


def _of_both_nics(
    rewritten: Rewritten, decisions: tuple[Decision, ...], source: str, target: Target
) -> list[Finding]:
    """Entries that would give one name to both NICs of a card.

    Where cloud-init's renderer is given the config, no file that it writes names a NIC by its
    address, or lint looks for what does; and where nothing is rendered, some write none at all.
    """
    entries = (rewritten.tree.get("ethernets") or Node({})).items()
    naming = {one: entry for one, entry in entries if entry.get("set-name") is not None}
    cloud_init = target.cloud_init
    writes_names = bool(rewritten.aggregates) or cloud_init.names_nics
    if not (naming and writes_names) or cloud_init.is_passed_on:
        return []
    if target.system is not System.LINUX:
        return []
    from hyperv_net.decision.claims import cards, findings
    from hyperv_net.rewrite.entry_claims import names_given

    claims = [
        claim
        for one, entry in naming.items()
        for claim in names_given(one, entry, Place(source, ("ethernets", one, "set-name")))
    ]
    return [*findings(claims, cards(decisions))]


def _without_secrets(*findings: Finding) -> tuple[Finding, ...]:
    return tuple(one._replace(message=masked_message(one.message)) for one in findings)


def _made_private(files: Iterable[RenderedFile], existing: Mapping[str, str]) -> list[Finding]:
    """A note for each file that others could read, and that is its owner's alone from now on."""
    return [
        Finding(
            rule="made-private",
            severity=Severity.NOTE,
            message="it holds a secret, so that it is written for its owner alone (mode 0600)",
            where=Place(file.path),
        )
        for file in files
        if file.text != existing.get(file.path) and mode_of(file) != file.mode
    ]


def _leftovers(existing: Mapping[str, str], target: Target, gone: Collection[str]) -> list[Finding]:
    """Files of an earlier run, which now configure an aggregate that is not wanted.

    What cloud-init writes anew at every boot is not among them, nor what goes by itself.
    """
    return [
        Finding(
            rule="leftover",
            severity=Severity.ERROR,
            message="an earlier run wrote this for an aggregate, and no pair needs one now",
            where=Place(path),
            hint="remove what it marks as hyperv-net's, or set 'aggregate: always'",
        )
        for path, text in sorted(existing.items())
        if path not in target.cloud_init.writes
        and path not in gone
        and path not in beside.reads()
        and any(mark in text for mark in MARKS)
    ]
