"""The plan that `review` shows, beside that of a base where one is named."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hyperv_net.commands.plan import full_plan
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.assembling import review_of
from hyperv_net.review.comparing import comparison
from hyperv_net.root.files import STDIN
from hyperv_net.simulation.as_json import document_of
from hyperv_net.simulation.events import simulate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from hyperv_net.plan.flow import Plan
    from hyperv_net.review.model import Review


def reviewed_plan(args: argparse.Namespace, words: Sequence[str]) -> Review:
    """The review that the options ask for; `words` are those of the command."""
    plan = full_plan(args)
    is_new = _is_new(args)
    if is_new:
        note = Finding(
            "new-config",
            Severity.NOTE,
            f"it is not in {args.against}, so nothing is compared",
            Place(plan.config.source),
        )
        plan = plan._replace(findings=(*plan.findings, note))
    review = with_timeline(plan, show_secrets=args.show_secrets, words=words)
    if args.against is None or is_new:
        return review
    from hyperv_net.rules.allowing import NOTHING

    with _base(args) as options:
        base = full_plan(options)
        # What is allowed for the head need not be in the base.
        told = tuple(one for one in base.findings if one.rule != NOTHING)
        base = base._replace(findings=told, config=base.config._replace(source=args.against))
        base_review = review_of(base)
        changes = comparison(base, base_review, plan, review)
    return dataclasses.replace(review, against=changes)


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


@contextmanager
def _base(args: argparse.Namespace) -> Iterator[argparse.Namespace]:
    """The options that lead to the base: a file, a directory, or a revision of a checkout."""
    import argparse

    options = argparse.Namespace(**{**vars(args), "expect_aggregates": None})
    base = args.against
    if Path(base).is_file():
        options.network_config = base
        yield options
    elif Path(base).is_dir():
        options.root = base
        yield options
    else:
        with TemporaryDirectory(prefix="hyperv-net-") as folder:
            from hyperv_net.commands import checkout

            given = {
                name: getattr(args, name)
                for name in ("network_config", "root")
                if getattr(args, name) not in (None, STDIN)
            }
            if not given:
                raise HypervNetError(
                    "a revision is of a checkout, and nothing of one is given",
                    where=f"--against {base}",
                    hint="name the network config or the root in it",
                )
            for name, path in given.items():
                setattr(options, name, checkout.at_revision(path, base, folder))
            yield options
