"""What changes on a machine between two configurations of it."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import model
from hyperv_net.review.changed_files import changed_files
from hyperv_net.review.model import value_of
from hyperv_net.review.pairs import becomes
from hyperv_net.secrets.hidden import HIDDEN
from hyperv_net.secrets.masking import masked_line
from hyperv_net.secrets.names import is_secret_path
from hyperv_net.tree import format_path, leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.plan.flow import Plan
    from hyperv_net.tree import Path, Scalar


def comparison(
    base: Plan, base_review: model.Review, head: Plan, head_review: model.Review
) -> model.Comparison:
    """What `head` makes of a machine that was configured as `base` says."""
    return model.Comparison(
        base=base.config.source,
        verdict=base_review.verdict,
        settings=tuple(_changed_settings(base, head)),
        pairs=tuple(_changed_pairs(base_review, head_review)),
        files=tuple(changed_files(base, head)),
        new_findings=_without(head_review.findings, base_review.findings),
        gone_findings=_without(base_review.findings, head_review.findings),
    )


def without_base(plan: Plan, why: str) -> Plan:
    """The plan beside a base that cannot be planned: no fault of this one, and told as a warning.

    `why` is the line of the base's error.
    """
    told = f"the base cannot be planned, so nothing is compared: {why}"
    of_config = Place(plan.config.source)
    found = Finding("base-not-planned", Severity.WARNING, told, of_config)
    return plan._replace(findings=(*plan.findings, found))


def _without(
    findings: tuple[model.Finding, ...], others: tuple[model.Finding, ...]
) -> tuple[model.Finding, ...]:
    """Those that are not among the others, wherever in the file these stand."""
    known = {(one.rule, one.message, one.key) for one in others}
    return tuple(one for one in findings if (one.rule, one.message, one.key) not in known)


def _changed_settings(base: Plan, head: Plan) -> Iterator[model.ChangedSetting]:
    before, after = (dict(_values(plan)) for plan in (base, head))
    for path in sorted({*before, *after}, key=format_path):
        if path in before and path in after and before[path] == after[path]:
            continue
        yield model.ChangedSetting(
            format_path(path),
            _shown(path, before[path]) if path in before else None,
            _shown(path, after[path]) if path in after else None,
        )


def _values(plan: Plan) -> Iterator[tuple[Path, Scalar]]:
    for path, node in leaves(plan.rewritten.tree):
        yield path, value_of(node.value)  # type: ignore[misc]


def _shown(path: Path, value: model.Value) -> model.Value:
    """A secret that is another is a change, and is not shown."""
    if is_secret_path(path):
        return HIDDEN
    return masked_line(value) if isinstance(value, str) else value


def _changed_pairs(base: model.Review, head: model.Review) -> Iterator[str]:
    before = {one.mac: one for one in base.pairs}
    for pair in head.pairs:
        was = before.pop(pair.mac, None)
        name = pair.synthetic or pair.vf or pair.mac
        if was is None:
            yield f"{name} is a pair now: {becomes(pair)}"
        elif becomes(was) != becomes(pair):
            yield f"{name} was {becomes(was)}, and is {becomes(pair)}"
    for was in before.values():
        yield f"{was.synthetic or was.vf or was.mac} is no pair any more"
