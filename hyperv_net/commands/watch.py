"""`hyperv-net watch`: traffic moved ahead of what is announced."""

from __future__ import annotations

import time

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from hyperv_net.announcements.announcement import Announcement
    from hyperv_net.announcements.source import Source


#: The exit status where there is nothing to watch for, which is no error.
NOT_NEEDED = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--once",
        action="store_true",
        help="ask each source once, print what is announced, and move nothing",
    )
    how.add_argument(
        "--dry-run", action="store_true", help="watch, print what would be done, and move nothing"
    )
    how.add_argument(
        "--is-needed",
        action="store_true",
        help=f"say so and exit with {NOT_NEEDED} where there is nothing to watch for, as rc(8) "
        "asks first",
    )
    parser.epilog = (
        "It asks whom the setting `announcements` names, until it is ended. To ask Azure turns\n"
        "its Scheduled Events on: a reboot from the portal waits from then on for 15 minutes, or\n"
        "until it is acknowledged.\n\n"
        "Exit status: 1 as well where drains of events are left that could not be ended, where it\n"
        "ends because nobody is to be asked.\n\nexample:\n  hyperv-net watch --once"
    )


def run(args: argparse.Namespace) -> int:
    """Watch; 1 where `--once` finds a source that cannot be asked, or a drain cannot be ended."""
    from hyperv_net.announcements.registry import sources
    from hyperv_net.announcements.service import NOBODY, show
    from hyperv_net.announcements.starting import is_needed, rules_of, start
    from hyperv_net.root.cloud_config import find_settings

    if args.is_needed:
        return 0 if is_needed() else NOT_NEEDED
    if not args.once and not args.dry_run:
        return start()
    settings = find_settings("/")
    if not settings.announcements:
        terminal.say(NOBODY)
        return 0
    if args.once:
        return _once(sources(settings.announcements))
    show(sources(settings.announcements), rules_of(settings))
    return 0


def _once(asked: Sequence[Source]) -> int:
    status = 0
    for source in asked:
        heard = source.ask(time.time())
        if heard.is_half:
            # Two in a second are no more than others ask (azure_source).
            heard = source.ask(time.time())
        if heard.trouble:
            terminal.complain(f"hyperv-net: {source.name}: {heard.trouble}")
        if heard.announcements is None:
            status = 1
        elif not heard.announcements:
            terminal.say(f"{source.name}: nothing is announced")
        for announcement in heard.announcements or ():
            terminal.say("; ".join(_facts(announcement)))
    return status


def _facts(announcement: Announcement) -> Iterator[str]:
    """What is known of one, for people."""
    from hyperv_net.journal.kept import stamp

    yield f"{announcement.kind} {announcement.owner}: {announcement.stage.value}"
    if announcement.not_before is not None:
        yield f"not before {stamp(announcement.not_before)}"
    if not announcement.is_mine:
        yield "not about this machine"
    elif not announcement.is_mine_alone:
        yield "about this machine and others"
    if announcement.interrupts is not None:
        yield f"stands still for {announcement.interrupts:g} s"
    if announcement.text:
        yield announcement.text
