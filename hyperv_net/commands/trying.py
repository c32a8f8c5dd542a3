"""`apply --confirm SECONDS`: on this machine alone, and whatever becomes of the terminal."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager, suppress

from hyperv_net import terminal
from hyperv_net.applying import confirming
from hyperv_net.applying.here import here
from hyperv_net.applying.pending import LONGEST
from hyperv_net.errors import UsageError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.system import system_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hyperv_net.applying.writing import Applied

SHORTEST = 5


def seconds(text: str) -> int:
    """The value of the option.  Raises ValueError, which argparse reports."""
    number = int(text)
    if not SHORTEST <= number <= LONGEST:
        raise ValueError(text)
    return number


def check(args: argparse.Namespace, *, is_this_machine: bool) -> None:
    """Raise UsageError where --confirm does not go with the other options."""
    if args.confirm is None:
        return
    if not is_this_machine:
        raise UsageError(
            "only this machine can be tried out",
            where=f"--confirm with --root {args.root}",
            hint="leave one of them out",
        )
    for option in ("rollback", "dry_run"):
        if getattr(args, option):
            name = f"--{option.replace('_', '-')}"
            raise UsageError(
                "there is nothing to confirm",
                where=f"--confirm with {name}",
                hint=f"leave {name} out",
            )


def tried_out(args: argparse.Namespace, root: Path, write: Callable[[bool], Applied]) -> Applied:
    """Write it, activate it, and say how long it waits.  Raises as confirming.try_out does."""

    def announce(applied: Applied) -> None:
        # The terminal may be behind the very network that is about to change.
        with suppress(OSError):
            terminal.complain(
                f"written; it is taken back in {args.confirm} s unless 'hyperv-net confirm' is run;"
                " the machine follows now, and this connection may be interrupted"
            )

    with _without_hangups():
        return confirming.try_out(here(system_of(root)), args.confirm, write, announce)


def refuse_another(root: Path) -> None:
    """Raise HypervNetError where an apply waits on this machine, which is `root`."""
    if os.path.realpath(root) == "/":
        confirming.refuse_another(here(system_of(root)))


def rolled_back(root: Path) -> None:
    """Have nothing wait after a rollback by hand."""
    confirming.give_up_waiting(here(system_of(root)), "'hyperv-net apply --rollback' took it back")


@contextmanager
def _without_hangups() -> Iterator[None]:
    """Go on where the terminal is lost; what is started has the signal as it was."""
    before = signal.signal(signal.SIGHUP, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)
