"""The root that a verb works below: as an option names it, and rid of an interrupted run."""

from __future__ import annotations

import os

from hyperv_net import terminal
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from pathlib import Path


def directory(given: str) -> str:
    """The directory that `--root` names.  Raises HypervNetError where it is none."""
    if not given or not os.path.isdir(given):
        from hyperv_net.commands.captured import VERBS

        is_file = os.path.isfile(given)
        raise HypervNetError(
            "not a directory",
            where=f"--root {given!r}",
            hint=f"captures are for {', '.join(VERBS)}" if is_file else "",
        )
    return given


def is_this_machine(root: Path) -> bool:
    """Whether the root is the machine's own."""
    return os.path.realpath(root) == "/"


def add_record_option(parser: argparse._ActionsContainer) -> None:
    """Declare the way on where the record of a verb cannot be used."""
    from hyperv_net.applying.store import OPTION

    parser.add_argument(
        OPTION,
        action="store_true",
        help="go on without a record that is damaged or not believed: it gets another name, and "
        "the files that it speaks of stay as they are",
    )


def add_show_secrets(group: argparse._ActionsContainer) -> None:
    """Declare the option by which an owner gets to see secrets."""
    group.add_argument(
        "--show-secrets",
        action="store_true",
        help="print passwords and keys, which are hidden otherwise",
    )


def undo_interrupted(root: Path, args: argparse.Namespace, record: str) -> bool:
    """Undo what an interrupted run left, before anything is read; whether there was anything.

    `record` is that of the verb (applying/writing.py).  With `--dry-run` it is only said.
    A record that is to be set aside is, before that.
    """
    from hyperv_net.applying import writing
    from hyperv_net.applying.store import OPTION

    if args.set_record_aside:
        if args.dry_run:
            raise HypervNetError(
                "a dry run changes no name", where=OPTION, hint="leave one of the two out"
            )
        for aside in writing.set_aside(root, record=record):
            terminal.complain(f"the record is {aside} now, which nothing reads")
    if args.dry_run:
        if writing.is_interrupted(root, record=record):
            terminal.complain("an earlier run was interrupted: the next one first undoes it")
        return False
    recovered = writing.recover(root, force=args.force, record=record)
    if recovered:
        terminal.complain("an earlier run had been interrupted: it is undone")
    return recovered
