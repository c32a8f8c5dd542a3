"""`hyperv-net unbake`: an image left as it was before it was baked."""

from __future__ import annotations

from pathlib import Path

from hyperv_net import terminal
from hyperv_net.applying import writing
from hyperv_net.commands import draining
from hyperv_net.commands.bake import RECORD
from hyperv_net.commands.root import (
    add_record_option,
    add_show_secrets,
    directory,
    is_this_machine,
    undo_interrupted,
)
from hyperv_net.commands.trying import refuse_another
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.status import textfile

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument("--root", metavar="DIR", required=True, help="the image")
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be done, write nothing"
    )
    parser.add_argument("--diff", action="store_true", help="the same, with the diff of every file")
    parser.add_argument("--force", action="store_true", help="take back files that were edited too")
    add_record_option(parser)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    add_show_secrets(parser)
    parser.epilog = "example:\n  hyperv-net unbake --root examples/image-freebsd/root --dry-run"


def run(args: argparse.Namespace) -> int:
    """Put back what was there, byte for byte."""
    from hyperv_net.review.applied import print_applied, telling
    from hyperv_net.root.extension import GUARDS_MEMORY
    from hyperv_net.root.system import system_of

    root = Path(directory(args.root))
    system = system_of(root)
    args.dry_run = args.dry_run or args.diff
    if not args.dry_run:
        # What takes it back would be gone.
        refuse_another(root)
    say = terminal.say if args.format == "text" else lambda line: None
    metrics = ""
    if not args.dry_run and is_this_machine(root):
        # What moves the traffic back would be gone as well, and so would the settings.
        draining.end_all(say)
        metrics = _folder_of_metrics(root)
    if not args.dry_run or args.set_record_aside:
        undo_interrupted(root, args, RECORD)
    done = writing.roll_back(
        root,
        system,
        force=args.force,
        dry_run=args.dry_run,
        record=RECORD,
        with_them=GUARDS_MEMORY[system],
        track=terminal.progress,
    )
    if metrics and done.changes:
        # Only now, when nobody begins to write it any more.
        _clear(metrics, say)
    with telling(is_done=bool(done.changes) and not args.dry_run):
        print_applied(
            done,
            root,
            args.format,
            dry_run=args.dry_run,
            of_all=args.diff,
            verb="unbake",
            show_secrets=args.show_secrets,
            nothing=f"nothing to do: nothing is baked into {root}",
        )
    return 0


def _folder_of_metrics(root: Path) -> str:
    """Where the settings have metrics written; nowhere where they cannot be read, which is said."""
    from hyperv_net.errors import HypervNetError
    from hyperv_net.root.cloud_config import find_settings

    try:
        return find_settings(root).metrics
    except HypervNetError as error:
        terminal.complain(f"hyperv-net: the file of metrics is left, if there is one: {error}")
        return ""


def _clear(folder: str, say: Callable[[str], None]) -> None:
    """What cannot be taken away is a complaint: all else is done."""
    try:
        if textfile.clear(folder):
            say(f"{folder}/{textfile.NAME}: taken away")
    except OSError as error:
        terminal.complain(f"hyperv-net: {folder}/{textfile.NAME}: {error.strerror}")
