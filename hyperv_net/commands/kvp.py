"""`hyperv-net kvp`: what hv_kvp_daemon asks about the network, and what its host injects."""

from __future__ import annotations

import os
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.commands.root import add_show_secrets, directory
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files

if TYPE_CHECKING:
    import argparse

#: Seconds to wait for a reconcile that is at work.
_WAIT = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the questions, and the options of all of them."""
    questions = parser.add_subparsers(
        dest="question", metavar="QUESTION", required=True, prog=parser.prog
    )
    dhcp = questions.add_parser("dhcp", help="print Enabled or Disabled for a NIC's aggregate")
    dhcp.add_argument("interface", metavar="INTERFACE")
    dns = questions.add_parser("dns", help="print the name servers, one a line")
    given = questions.add_parser("set", help="write what the host injects, and bring it up")
    given.add_argument("file", metavar="FILE", help="the daemon's file with KEY=value lines")
    given.add_argument(
        "keyfile",
        metavar="KEYFILE",
        nargs="?",
        help="the same for NetworkManager, which is not needed",
    )
    given.add_argument("--dry-run", action="store_true", help="print the changes, make none")
    add_show_secrets(given)
    for one in (dhcp, dns, given):
        one.add_argument(
            "--root",
            metavar="DIR",
            default="/",
            help="directory that stands for / (default: /); another one is written, not brought up",
        )
    parser.epilog = (
        "example:\n  hyperv-net kvp dhcp hn0 --root examples/azure-freebsd-mce/expected/freebsd"
    )


def run(args: argparse.Namespace) -> int:
    """Answer, or write; one line says what was written."""
    from hyperv_net.kvp.machine import look

    root = Path(directory(args.root))
    if args.question == "set":
        return _set(args, root)
    machine = look(root)
    if args.question == "dhcp":
        terminal.say("Enabled" if machine.answer_dhcp(args.interface) else "Disabled")
    else:
        for server in machine.answer_nameservers():
            terminal.say(server)
    return 0


def _set(args: argparse.Namespace, root: Path) -> int:
    from hyperv_net.kvp import injecting
    from hyperv_net.kvp.injected import parse
    from hyperv_net.kvp.machine import look
    from hyperv_net.kvp.settings import unused
    from hyperv_net.review.applied import telling

    if args.show_secrets:
        terminal.show_secrets()
    injection = parse(files.read_text(Path(args.file), args.file), args.file)
    if not args.dry_run:
        injecting.undo_interrupted(root)
    machine = look(root)
    prepared = injecting.prepare(machine, injection)
    if args.dry_run:
        from hyperv_net.review.diff import unified_diff

        terminal.write_diff(unified_diff(prepared.changes, show_secrets=args.show_secrets))
        return 0
    if os.path.realpath(root) == "/":
        _check_writable()
        from hyperv_net.hotplug.act.means import live_means
        from hyperv_net.hotplug.kept.worker import workers_kept_away
        from hyperv_net.hotplug.running import settle_here
        from hyperv_net.hotplug.wanted import RUN_DIRECTORY

        # A bond that ifdown takes away here must not be made again in between.
        directory = RUN_DIRECTORY[machine.system]
        with workers_kept_away(directory, _WAIT, lambda: settle_here(directory)):
            applied = injecting.write_and_activate(machine, prepared, live_means().run_long)
    else:
        applied = injecting.write(machine, prepared)
    written = ", ".join(change.file.path for change in prepared.changes) or "nothing to change"
    left = "; not used: " + ", ".join(unused(injection)) if any(unused(injection)) else ""
    with telling(applied, is_done=True):
        for note in applied.notes:
            terminal.complain(f"warning: {note}")
        terminal.say(
            f"{injection.interface}: injected settings are {prepared.device}'s: {written}{left}"
        )
    return 0


def _check_writable() -> None:
    """Debian's unit of the daemon, and with it this program, has /etc read-only."""
    if not os.access("/etc", os.W_OK):
        raise HypervNetError(
            "/etc cannot be written from within hv_kvp_daemon's service",
            where="/etc",
            hint="install hyperv-net's drop-in for hv-kvp-daemon.service",
        )
