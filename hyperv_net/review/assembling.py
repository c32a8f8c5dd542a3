"""From a plan, or from the errors that stopped it, to the review that is shown."""

from __future__ import annotations

import shlex
from collections import Counter

from hyperv_net import __version__
from hyperv_net.model import Action, Finding, Severity
from hyperv_net.netconfig.spans import spans
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import model
from hyperv_net.review.diff import unified_diff
from hyperv_net.review.document import LEFT_OUT
from hyperv_net.review.layout import revealed
from hyperv_net.review.model import value_of
from hyperv_net.review.shown_inputs import NOTHING, shown_inputs
from hyperv_net.review.target_lines import locating
from hyperv_net.review.topology import devices_after, devices_before, is_addressed
from hyperv_net.review.verdict import verdict_of, verdict_of_error
from hyperv_net.secrets.hidden import Hidden
from hyperv_net.secrets.masking import holds_secret, masked, mode_of
from hyperv_net.tree import format_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hyperv_net.errors import HypervNetError
    from hyperv_net.model import Change, Decision, Entry
    from hyperv_net.plan.flow import Plan
    from hyperv_net.review.shown_inputs import ShownInputs

#: The rule of what stops a plan before there is one.
CANNOT_PLAN = "cannot-plan"


def review_of(
    plan: Plan, *, show_secrets: bool = False, reproduce: Sequence[str] = ()
) -> model.Review:
    """The review of one machine; `reproduce` are the words of the command that made it."""
    texts = dict(_texts(plan))
    shown = shown_inputs(texts, show_secrets=show_secrets)
    span = spans(texts.get(plan.config.source, ""))
    places_of = locating(plan)

    def place_of(entry: Entry) -> Place:
        where = entry.where or plan.config.stands.get(entry.source)
        if where is not None and where.file in texts:
            return where
        return Place(plan.config.source, entry.source, *(span(entry.source) or ()))

    ledger = tuple(
        _setting(
            entry,
            shown.span_of(place_of(entry)),
            place_of(entry).file,
            places_of(revealed(entry) if show_secrets else entry),
            show_secrets=show_secrets,
        )
        for entry in plan.ledger
    )
    findings = tuple(finding_of(one, shown, allowed=one in plan.allowed) for one in plan.findings)
    files = tuple(_file(change, show_secrets=show_secrets) for change in plan.changes)
    dropped = {one.source for one in plan.ledger if one.action is Action.DROPPED}
    addressed = is_addressed(plan.config.tree, plan.inventory, dropped)
    names = {one.pair.mac: one.name for one in plan.rewritten.aggregates}
    return model.Review(
        schema=model.SCHEMA,
        version=__version__,
        system=plan.inventory.system.value,
        kernel=plan.inventory.kernel,
        target=plan.target,
        network_config=plan.config.source,
        differs=plan.differs,
        secrets="shown" if show_secrets else "hidden",
        verdict=verdict_of(plan, ledger, findings, is_addressed=addressed),
        counts=_counts(ledger, findings, files),
        nics=tuple(_nics(plan)),
        pairs=tuple(pair_of(one, names.get(one.pair.mac, one.aggregate)) for one in plan.decisions),
        before=devices_before(plan.config.tree, plan.inventory, plan.decisions),
        after=devices_after(plan.rewritten, plan.decisions, plan.unrendered),
        ledger=ledger,
        findings=findings,
        inputs=shown.inputs,
        files=files,
        reproduce=shlex.join(reproduce),
        against=None,
        basis=None,
    )


def pair_of(decision: Decision, aggregate: str | None) -> model.Pair:
    """A pair, with the name of the aggregate that it has, or gets."""
    pair = decision.pair
    return model.Pair(
        mac=pair.mac,
        synthetic=pair.synthetic.name if pair.synthetic else None,
        vf=pair.vf.name if pair.vf else None,
        mode=decision.mode.value,
        aggregate=aggregate,
        reason=decision.reason,
        evidence=decision.evidence,
    )


def review_of_error(
    error: HypervNetError, source: str, texts: dict[str, str], reproduce: Sequence[str]
) -> model.Review:
    """The review of a machine for which nothing could be planned.

    `texts` are those that were read, by name, besides what the error knows.
    """
    shown = shown_inputs({**texts, **error.texts})
    errors = tuple(
        finding_of(Finding(CANNOT_PLAN, Severity.ERROR, one.what, one.where, one.hint), shown)
        for one in (error, *error.others)
    )
    findings = (*errors, *(finding_of(one, shown) for one in error.findings))
    return model.Review(
        schema=model.SCHEMA,
        version=__version__,
        system=None,
        kernel=None,
        target=None,
        network_config=source,
        differs=False,
        secrets="hidden",
        verdict=verdict_of_error(errors),
        counts=_counts((), findings, ()),
        nics=(),
        pairs=(),
        before=(),
        after=(),
        ledger=(),
        findings=findings,
        inputs=shown.inputs,
        files=(),
        reproduce=shlex.join(reproduce),
        against=None,
        basis=None,
    )


def _counts(
    ledger: Iterable[model.Setting],
    findings: Iterable[model.Finding],
    files: Iterable[model.File],
) -> model.Counts:
    actions = Counter(one.action for one in ledger)
    severities = Counter(one.severity for one in findings if not one.allowed)
    changes = Counter(
        "same" if not one.differs else "change" if one.exists else "create" for one in files
    )
    return model.Counts(
        settings={one.value: actions[one.value] for one in Action},
        findings={one.value: severities[one.value] for one in Severity},
        files={one: changes[one] for one in ("create", "change", "same")},
    )


def _nics(plan: Plan) -> Iterable[model.Nic]:
    roles = {}
    for one in plan.decisions:
        if one.pair.synthetic is not None:
            roles[one.pair.synthetic.name] = "synthetic"
        if one.pair.vf is not None:
            roles[one.pair.vf.name] = "vf"
    for nic in plan.inventory.nics:
        yield model.Nic(
            name=nic.name,
            kind=nic.kind.value,
            role=roles.get(nic.name, ""),
            driver=nic.driver,
            bus=nic.bus,
            mac=nic.hardware_mac,
            state=nic.state,
            mtu=nic.mtu,
            master=nic.master,
        )


def _setting(
    entry: Entry,
    span: model.Span | None,
    source: str,
    lines: tuple[model.Place, ...],
    *,
    show_secrets: bool,
) -> model.Setting:
    hides = isinstance(entry.value, Hidden) or isinstance(entry.result, Hidden)
    entry = revealed(entry) if show_secrets else entry
    return model.Setting(
        source=format_path(entry.source),
        value=value_of(entry.value),
        action=entry.action.value,
        to=tuple(map(format_path, entry.to)),
        result=value_of(entry.result),
        places=entry.places,
        reason=entry.reason,
        masked=hides and not show_secrets,
        file=source if span else None,
        span=span,
        lines=lines,
        results=tuple(map(value_of, entry.results)) or LEFT_OUT,
    )


def finding_of(
    finding: Finding, shown: ShownInputs = NOTHING, *, allowed: bool = False
) -> model.Finding:
    """A finding, as reviews have them; its span is one of the texts that are shown."""
    where = finding.where
    place = Place("") if isinstance(where, str) else where
    span = shown.span_of(place)
    return model.Finding(
        rule=finding.rule,
        severity=finding.severity.value,
        message=finding.message,
        where=str(where),
        hint=finding.hint,
        file=place.file or LEFT_OUT,
        key=place.key or LEFT_OUT,
        allowed=allowed,
        **(vars(span) if span else {}),
    )


def _texts(plan: Plan) -> Iterable[tuple[str, str]]:
    """The network config, or the files that it was adopted from, by name."""
    if plan.ground is None:
        return
    if plan.ground.network_config is not None:
        yield plan.config.source, plan.ground.network_config
        return
    for path in plan.stays:
        yield path, plan.ground.existing.get(path, "")


def _file(change: Change, *, show_secrets: bool) -> model.File:
    text = change.file.text
    hides = not show_secrets and (holds_secret(text) or holds_secret(change.before or ""))
    return model.File(
        path=change.file.path,
        mode=f"{mode_of(change.file):04o}",
        purpose="machine" if change.is_companion else "configuration",
        exists=change.before is not None,
        differs=change.differs,
        masked=hides,
        text=text if show_secrets else masked(text),
        diff=unified_diff([change], show_secrets=show_secrets),
    )
