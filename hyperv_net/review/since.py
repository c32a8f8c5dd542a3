"""What was found since a base, and what is found no more: as two lists with their titles."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.review.model import Comparison, Finding


def findings_since(against: Comparison) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """The lists that have something in them."""
    both = (("New findings", against.new_findings), ("Gone findings", against.gone_findings))
    return tuple((title, found) for title, found in both if found)
