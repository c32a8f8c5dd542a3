"""What is told of the settings that are not in the result."""

from __future__ import annotations

from hyperv_net.model import Action, Finding, Severity
from hyperv_net.netconfig.checks import UNKNOWN_KEY
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import as_written

if TYPE_CHECKING:
    from hyperv_net.model import Entry, NetworkConfig, Rendered


def drops(
    config: NetworkConfig, rendered: Rendered | None, ledger: tuple[Entry, ...]
) -> list[Finding]:
    """A drop is never silent: one finding for each, also for a part of what a leaf became.

    Of a key that nobody knows its own finding tells.
    """
    if rendered is not None and rendered.ledger is not None:
        return []  # What was adopted is told of by those who read it.
    unknown = {
        one.where.key
        for one in config.findings
        if one.rule == UNKNOWN_KEY and isinstance(one.where, Place)
    }
    return [
        Finding(
            rule="setting-dropped",
            severity=Severity.WARNING,
            message=f"{as_written(entry.value)} is not{_wholly(entry)} in the result: "
            f"{entry.reason}",
            where=Place(config.source, entry.source),
        )
        for entry in ledger
        if entry.reason and not any(entry.source[: len(one)] == one for one in unknown)
    ]


def _wholly(entry: Entry) -> str:
    return "" if entry.action is Action.DROPPED else " wholly"
