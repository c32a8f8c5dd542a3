"""`hyperv-net history`: what happened to the pairs of a machine."""

from __future__ import annotations

import os
import re
import time

from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.root import directory
from hyperv_net.errors import UsageError
from hyperv_net.hotplug.wanted import KEPT_IN
from hyperv_net.journal.kept import read, stamp
from hyperv_net.journal.story import stories
from hyperv_net.journal.times import seconds_of
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.printing import print_document, print_drawn, shown
from hyperv_net.root.system import system_of

if TYPE_CHECKING:
    import argparse

_AGO = re.compile(r"([0-9]{1,6})([mhd])\Z")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "--root",
        metavar="DIR|FILE",
        help="a machine's tree, or a capture (default: /)",
    )
    parser.add_argument(
        "--since",
        metavar="TIME",
        help="leave out what was over by then: a date, or a date and a time, in UTC, or 30m, 2h, "
        "3d for so long ago",
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(inventory=None)
    parser.epilog = "example:\n  hyperv-net history --since 2h"


def run(args: argparse.Namespace) -> int:
    """Print what the journal tells.  Raises HypervNetError where it is not believed."""
    since = _since(args.since) if args.since is not None else ""
    with captures_unpacked(args):
        root = directory("/" if args.root is None else args.root)
        folder = f"{str(root).rstrip('/')}/{KEPT_IN[system_of(root)]}"
        told = read(folder, doubting=os.path.realpath(root) == "/")
    # What has begun before may go on.
    found = [one for one in stories(told.entries) if one.last >= since]
    entries = [one for one in told.entries if one.time >= since]
    if args.format == "json":
        from hyperv_net.journal.as_json import history_document

        print_document(history_document(found, entries, told.damaged))
    else:
        from hyperv_net.journal.text import history_text
        from hyperv_net.review.terminal_look import look_of_terminal

        look = look_of_terminal()
        drawn = history_text(shown(found), shown(entries), told.damaged, look)
        print_drawn(drawn, look)
    return 0


def _since(text: str) -> str:
    """The time of the option as entries have it.  Raises UsageError."""
    ago = _AGO.match(text)
    if ago is not None:
        return stamp(max(0.0, time.time() - int(ago[1]) * _SECONDS[ago[2]]))
    seconds = seconds_of(text)
    if seconds is None:
        raise UsageError(
            f"no time: {text!r}",
            where="--since",
            hint="as in 2026-10-01, 2026-10-01T10:00Z or 2h",
        )
    return stamp(seconds)
