"""The plan that `review` shows, beside that of a base where one is named."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

from hyperv_net.commands.plan import full_plan
from hyperv_net.decision.binding import bound, bound_to_both
from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.assembling import review_of
from hyperv_net.review.comparing import comparison, without_base
from hyperv_net.root.files import STDIN
from hyperv_net.simulation.as_json import document_of
from hyperv_net.simulation.events import simulate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterable, Sequence

    from hyperv_net.commands.inputs import Bind
    from hyperv_net.decision.binding import NamedCard
    from hyperv_net.model import Inventory
    from hyperv_net.plan.flow import Plan
    from hyperv_net.review.model import Review


def reviewed_plan(args: argparse.Namespace, words: Sequence[str]) -> Review:
    """The review that the options ask for; `words` are those of the command."""
    plan = full_plan(args)
    base: Plan | None = None
    if args.against is not None:
        if _is_new(args):
            told = f"it is not in {args.against}, so nothing is compared"
            new = Finding("new-config", Severity.NOTE, told, Place(plan.config.source))
            plan = plan._replace(findings=(*plan.findings, new))
        else:
            base, why = _planned_base(args, plan)
            if base is None:
                plan = without_base(plan, why)
            elif _is_bound(args):
                plan = full_plan(args, _of_one_machine(base=base.cards))
    review = with_timeline(plan, show_secrets=args.show_secrets, words=words)
    if base is None:
        return review
    changes = comparison(base, review_of(base), plan, review)
    return dataclasses.replace(review, against=changes)


def _is_bound(args: argparse.Namespace) -> bool:
    """Whether the machine's addresses are those that the configs name."""
    return args.bind or args.kind is not None


def _of_one_machine(
    *, base: Collection[NamedCard] | None = None, head: Collection[NamedCard] | None = None
) -> Bind:
    """What binds to the machine of both plans, by their cards, that which is not given."""

    def bind(
        inventory: Inventory, cards: Collection[NamedCard], synthetic_drivers: Collection[str]
    ) -> Inventory:
        first, second = (cards if one is None else one for one in (base, head))
        return bound_to_both(inventory, first, second, synthetic_drivers)

    return bind


def _planned_base(args: argparse.Namespace, head: Plan) -> tuple[Plan | None, str]:
    """The plan of the base, or why there is none: what is wrong there is no fault of the head."""
    from hyperv_net.rules.allowing import NOTHING

    with TemporaryDirectory(prefix="hyperv-net-") as folder:
        try:
            bind = _of_one_machine(head=head.cards) if _is_bound(args) else bound
            base = full_plan(_base(args, folder), bind)
        except UsageError:
            raise
        except HypervNetError as error:
            return None, str(error).replace(f"{folder}/", f"{args.against}:")
    # What is allowed for the head need not be in the base.
    findings = tuple(one for one in base.findings if one.rule != NOTHING)
    config = base.config._replace(source=args.against)
    return base._replace(findings=findings, config=config), ""


def with_timeline(plan: Plan, *, show_secrets: bool = False, words: Sequence[str] = ()) -> Review:
    """The review of a plan, with what happens when the VF comes and goes."""
    return dataclasses.replace(
        review_of(plan, show_secrets=show_secrets, reproduce=words),
        timeline=document_of(simulate(plan)) if plan.decisions else None,
    )


def _is_new(args: argparse.Namespace) -> bool:
    """Whether the base is a revision that the network config is not in yet."""
    base, config = args.against, args.network_config
    if base is None or config in (None, STDIN) or Path(base).exists():
        return False
    from hyperv_net.commands import checkout

    return not checkout.is_at_revision(config, base)


def _base(args: argparse.Namespace, folder: str) -> argparse.Namespace:
    """The options that lead to the base: a file, a directory, or a revision of a checkout.

    What a revision had is put below `folder`.
    """
    import argparse

    options = argparse.Namespace(**{**vars(args), "expect_aggregates": None})
    base = args.against
    given = {
        name: getattr(args, name)
        for name in ("network_config", "root")
        if getattr(args, name) not in (None, STDIN)
    }
    if Path(base).exists():
        _refuse_both(base, given.values())
        setattr(options, "root" if Path(base).is_dir() else "network_config", base)
        return options
    if not given:
        raise UsageError(
            "a revision is of a checkout, and nothing of one is given",
            where=f"--against {base}",
            hint="name the network config or the root in it",
        )
    from hyperv_net.commands import checkout

    for name, path in given.items():
        setattr(options, name, checkout.at_revision(path, base, folder))
    return options


def _refuse_both(base: str, given: Iterable[str]) -> None:
    """A name that is a path and a revision too would compare with what nobody meant."""
    if "/" in base or base in (".", ".."):
        return
    from hyperv_net.commands import checkout

    if any(checkout.is_revision(one, base) for one in given):
        raise UsageError(
            "it is a path and a revision",
            where=f"--against {base}",
            hint=f"write ./{base}, or refs/heads/{base}",
        )
