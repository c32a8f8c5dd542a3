"""One run of the flow: facts, decision, rewrite, text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hyperv_net.failover import rewrite
from hyperv_net.ledger import Action, Entry, build_ledger
from hyperv_net.model import (
    Decision,
    Finding,
    Inventory,
    NetworkConfig,
    RenderedFile,
    Rewritten,
    Settings,
    Severity,
)
from hyperv_net.modes import decide
from hyperv_net.pairing import find_pairs
from hyperv_net.renderers import Renderer
from hyperv_net.tree import format_path


class Change(NamedTuple):
    """A rendered file beside what stands in its place now (None: no such file)."""

    file: RenderedFile
    before: str | None

    @property
    def differs(self) -> bool:
        """Whether writing the file would change anything."""
        return self.before != self.file.text


@dataclass(frozen=True)
class Plan:
    """What is found, decided, moved and written for one machine.

    `changes` has every rendered file, changed or not; it is empty where no
    pair needs an aggregate, because then cloud-init's own rendering stands.
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
    target: str,
    renderer: Renderer,
    existing: Mapping[str, str],
) -> Plan:
    """The plan for a machine.

    `existing` maps paths below the root to the text of the files that
    `renderer.READS` asks for.
    """
    pairing = find_pairs(inventory, settings.synthetic_drivers)
    decided = decide(pairing.pairs, inventory, settings)
    rewritten = rewrite(config, decided.decisions, inventory, settings)
    rendered = renderer.render(rewritten, existing) if rewritten.aggregates else None
    ledger = build_ledger(config, rewritten, rendered)
    files = sorted(rendered.files, key=lambda file: file.path) if rendered else ()
    return Plan(
        inventory=inventory,
        config=config,
        settings=settings,
        target=target,
        decisions=decided.decisions,
        rewritten=rewritten,
        ledger=ledger,
        changes=tuple(Change(file, existing.get(file.path)) for file in files),
        findings=(
            *inventory.findings,
            *pairing.findings,
            *decided.findings,
            *config.findings,
            *rewritten.findings,
            *(rendered.findings if rendered else ()),
            *_drops(config.source, ledger),
        ),
    )


def _drops(source: str, ledger: tuple[Entry, ...]) -> list[Finding]:
    """A drop is never silent: one finding for each."""
    return [
        Finding(
            rule="setting-dropped",
            severity=Severity.WARNING,
            message=f"{entry.value!r} is not in the result: {entry.reason}",
            where=f"{source}: {format_path(entry.source)}",
        )
        for entry in ledger
        if entry.action is Action.DROPPED
    ]
