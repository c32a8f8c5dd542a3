"""`apply --plan FILE`: what is written is what was reviewed."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files

if TYPE_CHECKING:
    import argparse

    from hyperv_net.applying.writing import Applied
    from hyperv_net.plan.flow import Plan


def check(args: argparse.Namespace) -> None:
    """Raise UsageError where --plan does not go with the other options."""
    if args.plan is not None and args.rollback:
        raise UsageError("a rollback has none", where="--plan with --rollback", hint="leave it out")


def check_reviewed(args: argparse.Namespace, plan: Plan) -> None:
    """Raise HypervNetError where the plan is not the one in the file, with what has moved."""
    if args.plan is None:
        return
    from functools import partial

    from hyperv_net.review import reviewed
    from hyperv_net.review.as_json import as_shown

    reviewed.check(files.read_text(args.plan), args.plan, plan, partial(as_shown, plan))


def check_nothing_else(root: Path, plan: Plan, would: Applied) -> None:
    """Raise HypervNetError where a file would change that the plan does not show.

    A record of what was written before has further files put back.
    """
    shown = {_below(root, change.file.path, change.file.is_link) for change in plan.changes}
    for one in would.changes:
        if one.path not in shown:
            raise HypervNetError(
                "it would change too, and the reviewed plan shows nothing of it",
                where=Place(str(root / one.path)),
                hint="'hyperv-net apply --rollback' first, or leave --plan out",
            )


def _below(root: Path, path: str, is_link: bool) -> str:
    """The path with all links resolved, of a link but the last name."""
    folder, _, name = path.rpartition("/")
    found = Path(files.resolve_below(root, folder if is_link else path), name if is_link else "")
    return found.relative_to(Path(files.resolve_below(root, ""))).as_posix()
