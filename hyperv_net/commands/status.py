"""`hyperv-net status`: how the pairs of a running machine are."""

from __future__ import annotations

import os
import time
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.machine import chosen_root
from hyperv_net.commands.root import is_this_machine
from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import UsageError, of_file
from hyperv_net.facts import System
from hyperv_net.hotplug.kept.wanted import find_wanted
from hyperv_net.inventory.gathering import gather
from hyperv_net.lint.both_nics import of_machine
from hyperv_net.model import Finding, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.printing import print_document, print_drawn, shown
from hyperv_net.root.cloud_config import find_settings
from hyperv_net.root.extension import extension_findings
from hyperv_net.root.system import running_system, system_of
from hyperv_net.root.turning import turning_findings
from hyperv_net.status.assemble import NOBODY, assemble
from hyperv_net.status.judge import judge
from hyperv_net.status.linux import Live, see_linux
from hyperv_net.status.routes import asking
from hyperv_net.status.textfile import NAME

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.model import Settings
    from hyperv_net.status.linux import Seen
    from hyperv_net.status.model import MachineStatus, Verdict, Watching


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "--root",
        metavar="DIR|FILE",
        help="a captured tree with sys/ and run/, or a capture (default: /)",
    )
    parser.add_argument(
        "--format", choices=["text", "json", "openmetrics", "prometheus"], default="text"
    )
    parser.add_argument(
        "--textfile",
        metavar="DIR",
        nargs="?",
        const="",
        help=f"write the metrics to {NAME} there, for node_exporter, instead of printing them "
        "(default: where the setting `metrics` says)",
    )
    parser.add_argument(
        "--clear-textfile",
        metavar="DIR",
        nargs="?",
        const="",
        help="take away the file that --textfile wrote there (default: as for --textfile); with "
        "--textfile, where the metrics go elsewhere now or nowhere",
    )
    parser.set_defaults(inventory=None)
    parser.epilog = (
        "Exit status: 0 where all pairs are healthy, 1 where one is not (docs/status.md); with\n"
        "--textfile 0 where it is written, and with --clear-textfile where none is left\n"
        "(docs/monitoring.md).\n\n"
        "example:\n  hyperv-net status --format json"
    )


def run(args: argparse.Namespace) -> int:
    """Print the status, or write its metrics; 1 where a pair is unhealthy."""
    for option in ("textfile", "clear_textfile"):
        if getattr(args, option) is not None and args.format != "text":
            where = f"--{option.replace('_', '-')}"
            raise UsageError("it has a format of its own", where=where, hint="leave --format out")
    with captures_unpacked(args):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    chosen = chosen_root(args)
    assert chosen is not None  # there is no option --inventory
    root = Path(chosen)
    if args.clear_textfile is not None and args.textfile is None:
        _clear(args.clear_textfile or find_settings(root).metrics)
        return 0
    settings = find_settings(root)
    if args.clear_textfile is not None:
        # Whatever becomes of the others.
        _clear_but(args.textfile or settings.metrics, args.clear_textfile or settings.metrics)
    if args.textfile == "" and not settings.metrics:
        if args.clear_textfile is None:
            terminal.say("no file was written: the setting metrics is empty")
        return 0
    seen = _see(root)
    wanted = find_wanted(root)
    drivers = {*settings.synthetic_drivers}
    for pair in wanted.pairs if wanted is not None else ():
        drivers.update(pair.synthetic_drivers)
    pairing = find_pairs(seen.inventory, sorted(drivers), settings.pairs)
    decided = decide(pairing.pairs, seen.inventory, settings)
    findings = (
        *pairing.findings,
        *decided.findings,
        *of_machine(root, decided.decisions),
        *extension_findings(root, seen.inventory.system),
        *turning_findings(root),
        *_of_unconfirmed(root),
        *_of_tuning(root, seen, wanted),
    )
    target = wanted.target if wanted is not None else None
    asked = asking(root, seen.inventory.system, target)
    watching = _watching(root, seen.inventory.system, settings)
    assembled = assemble(seen, wanted, decided.decisions, findings, asked, watching)
    uptime = time.monotonic() if is_this_machine(root) else None
    judged = judge(assembled, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), uptime)
    status, verdict = shown(assembled), shown(judged)
    if args.textfile is not None:
        _write(args.textfile or settings.metrics, _metrics(status, verdict, root))
        return 0
    if args.format in ("openmetrics", "prometheus"):
        terminal.write(_metrics(status, verdict, root, args.format), is_hidden=True)
    elif args.format == "json":
        from hyperv_net.status.as_json import status_document

        print_document(status_document(status, verdict))
    else:
        from hyperv_net.review.terminal_look import look_of_terminal
        from hyperv_net.status.text import status_text

        look = look_of_terminal()
        print_drawn(status_text(status, verdict, look), look)
    return 0 if verdict.is_healthy else 1


def _watching(root: Path, system: System, settings: Settings) -> Watching:
    if not settings.announcements:
        return NOBODY
    from hyperv_net.status.followed import see_watching

    announcers, is_live = settings.announcements, is_this_machine(root)
    return see_watching(str(root), system, announcers, is_live=is_live)


def _metrics(status: MachineStatus, verdict: Verdict, root: Path, form: str = "prometheus") -> str:
    from hyperv_net.status.catalogue import CATALOGUE
    from hyperv_net.status.exposition import open_metrics, prometheus_text
    from hyperv_net.status.followed import see_moves
    from hyperv_net.status.openmetrics import samples

    found = samples(status, verdict, see_moves(str(root), status.system))
    return (open_metrics if form == "openmetrics" else prometheus_text)(CATALOGUE, found)


def _write(folder: str, text: str) -> None:
    """Raises HypervNetError where it cannot be written."""
    from hyperv_net.status.textfile import write

    try:
        write(folder, text)
    except OSError as error:
        raise of_file(
            f"{folder}/{NAME}", f"{error.strerror}", "the folder has to be there"
        ) from None


def _clear(folder: str) -> None:
    """Raises HypervNetError where a file cannot be taken away."""
    if not folder:
        terminal.say("no file is taken away: the setting metrics is empty")
    elif not _clear_but("", folder):
        terminal.say(f"{folder}: no {NAME} of hyperv-net's is there")


def _clear_but(kept: str, folder: str) -> bool:
    """Take the file of `folder` away, unless it is the one that is `kept`; whether it was.

    Raises HypervNetError where it cannot be.
    """
    from hyperv_net.status.textfile import clear

    if not folder or (kept and os.path.realpath(kept) == os.path.realpath(folder)):
        return False
    try:
        is_done = clear(folder)
    except OSError as error:
        raise of_file(f"{folder}/{NAME}", f"{error.strerror}") from None
    if is_done:
        terminal.say(f"{folder}/{NAME}: taken away, no metrics are written there")
    return is_done


def _of_unconfirmed(root: Path) -> Iterator[Finding]:
    """What a captured tree has is another machine's, whose clock nobody knows."""
    if is_this_machine(root):
        from hyperv_net.applying.here import findings, here

        yield from findings(here(system_of(root)))


def _of_tuning(root: Path, seen: Seen, wanted: Wanted | None) -> Iterator[Finding]:
    """What a NIC has not, though the settings say so: its driver is asked, so it must be here."""
    if wanted is None or not is_this_machine(root):
        return
    from hyperv_net.hotplug.act.tuning import differences, live_tools
    from hyperv_net.processes import output

    for one in differences(seen.actual, wanted, live_tools(output)):
        yield Finding(
            "tuning-refused",
            Severity.WARNING,
            str(one),
            one.nic,
            "run `hyperv-net reconcile`, which says why its driver refuses it",
        )


def _see(root: Path) -> Seen:
    from hyperv_net.processes import output

    is_live = is_this_machine(root)
    if is_live and running_system() is System.FREEBSD:
        from hyperv_net.status.freebsd import see_freebsd

        return see_freebsd(gather(root), output)
    if not is_live:
        return see_linux(str(root), None)
    from hyperv_net.inventory.driver_statistics import driver_statistics
    from hyperv_net.inventory.ethtool import permanent_address

    return see_linux("/", Live(output, permanent_address, driver_statistics))
