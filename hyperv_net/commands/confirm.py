"""`hyperv-net confirm`: an apply that was tried out is kept, or taken back."""

from __future__ import annotations

from hyperv_net import terminal
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from hyperv_net.applying.here import Here


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "--revert",
        action="store_true",
        help="take it back now: the files, and what the running machine makes of them",
    )
    parser.epilog = (
        "Exit status: 0 where it is kept (with --revert: taken back), 1 where nothing waits or it "
        "was too late; the line says what became of it.\n\n"
        "example:\n  hyperv-net confirm --help"
    )


def run(args: argparse.Namespace) -> int:
    """Keep it, or take it back, and say so."""
    from hyperv_net.applying import confirming

    machine = _here()
    if not args.revert:
        confirming.keep(machine)
        terminal.say("confirmed: what was applied stays")
        return 0
    lines = confirming.take_back(machine, "it was taken back by hand")
    if not lines:
        raise HypervNetError("nothing waits to be confirmed")
    terminal.say(lines[0])
    for line in lines[1:]:
        terminal.complain(f"hyperv-net: {line}")
    return int(len(lines) > 1)


def _here() -> Here:
    """This machine."""
    from hyperv_net.applying.here import here
    from hyperv_net.root.system import system_of

    return here(system_of("/"))
