"""An apply on trial: written and activated, and taken back unless it is confirmed in time.

The order makes it safe.  What leads back is recorded, then what ends the time and what
starts at a boot are set, and only then is a file written.  From that moment on the way
back is taken whatever ends this process, and taking it twice changes nothing.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import hyperv_net
from hyperv_net.applying import below, here, pending, taking_back, timing
from hyperv_net.applying.activating import follow, follow_all, steps_after, steps_between, target_of
from hyperv_net.applying.here import alone, seconds_left, waiting
from hyperv_net.applying.pending import Pending
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.parts import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hyperv_net.applying.here import Here
    from hyperv_net.applying.writing import Applied

#: Seconds that the machine may take to follow on the way back.
_LONG = 300
_PROGRAM = "take-back.py"


def try_out(
    machine: Here,
    seconds: int,
    write: Callable[[bool], Applied],
    announce: Callable[[Applied], None],
) -> Applied:
    """Write and activate what has to be confirmed within `seconds`, which begin now.

    `write` writes it, or says what it would write where it is given True; `announce` is
    called between writing and activating.  With nothing to write nothing waits.  Raises
    HypervNetError where another waits, and where something fails: all is as it was then.
    """
    with alone(machine, seconds):
        refuse_another(machine)
        would = write(True)
        if not would.changes:
            return would
        one = _prepare(machine, seconds, would)
        activated = False
        try:
            applied = write(False)
            if taking_back.steps_of(applied) != one.steps:
                raise HypervNetError("files changed in the meantime", hint="run it again")
            announce(applied)
            activated = True
            follow(steps_after(applied, machine.root), _bounded(machine, one))
            if waiting(machine) != one:
                raise HypervNetError("its time was over before the machine had followed")
        except BaseException as error:
            # One that was stopped for so long that it was taken back has nothing to take back.
            is_open = waiting(machine) == one
            why = "it failed, and was taken back at once"
            failed = _return(machine, one, why, activated) if is_open else []
            if isinstance(error, HypervNetError):
                what = "; ".join([error.what, "what was there before is back", *map(str, failed)])
                raise HypervNetError(what, where=error.where, hint=error.hint) from None
            raise
        return applied


def refuse_another(machine: Here) -> None:
    """Raise HypervNetError where an apply waits to be confirmed."""
    one = waiting(machine)
    if one is None:
        return
    left = seconds_left(machine, one.token)
    if left is None:
        raise HypervNetError(
            "an apply was cut short before anybody confirmed it",
            hint="'hyperv-net confirm --revert' takes back what it wrote",
        )
    raise HypervNetError(
        f"an apply waits to be confirmed, with {left:.0f} s left",
        hint="'hyperv-net confirm' keeps it, 'hyperv-net confirm --revert' takes it back",
    )


def keep(machine: Here) -> None:
    """Keep what waits.  Raises HypervNetError where nothing does, with what became of it."""
    with alone(machine, _LONG):
        one = waiting(machine)
        if one is None:
            became = here.became(machine)
            if became:
                raise HypervNetError(f"nothing waits to be confirmed any more: {became}")
            raise HypervNetError(
                "nothing waits to be confirmed", hint="'hyperv-net apply --confirm SECONDS' begins"
            )
        left = seconds_left(machine, one.token)
        if not left:
            what = "it was cut short, or the machine booted" if left is None else "its time is over"
            raise HypervNetError(
                f"too late: {what}",
                hint="'hyperv-net confirm --revert' takes back now what is left of it",
            )
        taking_back.patiently(lambda: taking_back.keep(machine.root, machine.system, one))
        _end(machine, one, "it was confirmed before")


def take_back(machine: Here, why: str, *, token: str = "", is_boot: bool = False) -> list[str]:
    """Take back what waits, if anything does (and with `token`, if it is that one).

    `why` is what a later `confirm` says became of it.  Where it `is_boot` the network has yet
    to come up.  The result is what there is to tell, nothing where nothing waited.  Raises
    HypervNetError where the files could not be put back: it still waits then.
    """
    with alone(machine, _LONG, passes_by=True):
        one = waiting(machine)
        if one is None or (token and token != one.token):
            return []
        failed = _return(machine, one, why, activated=True, is_boot=is_boot)
        return [f"what 'hyperv-net apply --confirm' wrote is taken back: {why}", *failed]


def give_up_waiting(machine: Here, became: str) -> None:
    """Have nothing wait any more, since somebody else has put the files where they are."""
    if waiting(machine) is None:
        return
    with alone(machine, _LONG, passes_by=True):
        one = waiting(machine)
        if one is not None:
            _end(machine, one, became)


def _prepare(machine: Here, seconds: int, would: Applied) -> Pending:
    """Record the way back and set what takes it; all or nothing."""
    manifest, holds = taking_back.holdings(machine.root, machine.system, would)
    with below.opened(machine.root, alone=True) as root:
        _tidy(machine, root, pending.read(root, machine.system, is_over=True))
        store = pending.store_of(root, machine.system)
        program = f"{machine.root}/{store}/{_PROGRAM}".replace("//", "/")
        starter = machine.starter(program)
        starters = tuple(filter(None, (starter.path, starter.link)))
        places = (store, *(one.rpartition("/")[0] for one in starters))
        made = {folder for place in places for folder in below.missing_folders(root, place)}
        one = Pending(
            token=os.urandom(8).hex(),
            seconds=seconds,
            steps=taking_back.steps_of(would),
            manifest=manifest,
            starters=starters,
            directories=tuple(sorted(made - {store}, key=lambda path: (path.count("/"), path))),
        )
        package = Path(hyperv_net.__file__).resolve().parents[1]
        programs = {_PROGRAM: timing.program(package, machine.system).encode()}
        try:
            pending.put(root, machine.system, one, holds, programs)
            for folder in (one for one in places[1:] for one in below.missing_folders(root, one)):
                below.make_folder(root, folder)
            below.write(root, starter.path, starter.text.encode(), starter.mode)
            if starter.link:
                below.stage_link(root, starter.link, f"/{starter.path}".encode(), None)
                below.put(root, starter.link)
            here.begin(machine, one.token, seconds)
            machine.timer.arm((sys.executable, "-I", program, one.token), seconds)
        except BaseException:
            _forget(machine, root, one)
            raise
    return one


def _return(
    machine: Here, one: Pending, why: str, activated: bool, is_boot: bool = False
) -> list[str]:
    """Put the files back and have the machine follow; what went wrong or has to be told."""
    root, system = machine.root, machine.system
    paths = [step.path for step in one.steps]
    states = taking_back.texts(root, system, one)
    told = [*taking_back.patiently(lambda: taking_back.put_back(root, system, one))]
    steps: Sequence[Step] = ()
    if is_boot:
        target = target_of(paths)
        if target is not None and target.before_network:
            steps = (Step(target.before_network),)
    elif activated:
        steps = steps_between(root, paths, *states)
    failed = follow_all(steps, lambda command: machine.run(command, _LONG))
    told += [f"on the way back: {error}" for error in failed]
    _end(machine, one, why)
    return told


def _end(machine: Here, one: Pending, became: str) -> None:
    with below.opened(machine.root, alone=False) as root:
        here.note(machine, became)
        _forget(machine, root, one)


def _forget(machine: Here, root: below.Root, one: Pending) -> None:
    """It ends at once: what a boot starts does nothing without the record.  Then all else goes."""
    pending.end(root, machine.system)
    here.end(machine)
    machine.timer.disarm()
    _tidy(machine, root, one)


def _tidy(machine: Here, root: below.Root, one: Pending | None) -> None:
    """Remove what was made for one that is over; None: of which nothing is known."""
    store = pending.store_of(root, machine.system)
    for path in reversed(one.starters if one is not None else ()):
        below.remove(root, below.staged_name(path))
        below.remove(root, path)
    folders = tuple(reversed(one.directories)) if one is not None else ()
    above = [folder for folder in folders if store.startswith(f"{folder}/")]
    for folder in folders:
        if folder not in above:
            below.drop_folder(root, folder)
    pending.drop(root, machine.system)
    for folder in above:
        below.drop_folder(root, folder)


def _bounded(machine: Here, one: Pending) -> Callable[[Sequence[str]], str]:
    """Runs commands no longer than there is time to confirm."""

    def run(command: Sequence[str]) -> str:
        return machine.run(command, max(1.0, seconds_left(machine, one.token) or 0.0))

    return run
