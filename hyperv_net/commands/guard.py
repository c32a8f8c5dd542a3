"""`hyperv-net guard`: everybody kept off the VFs of a machine, which need not be known."""

from __future__ import annotations

import os
import shlex
from functools import partial
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.applying import writing
from hyperv_net.commands.root import (
    add_record_option,
    directory,
    undo_interrupted,
)
from hyperv_net.companions.keep_off import keep_off_files
from hyperv_net.errors import HypervNetError
from hyperv_net.model import AggregatePolicy, Change, Finding, Mode, Severity, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.provisioned import BUTANE, as_butane, as_ignition
from hyperv_net.root import files
from hyperv_net.root.initramfs import MAKES_ANEW

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from hyperv_net.applying.writing import Applied
    from hyperv_net.model import Decision, RenderedFile, Settings

VERB = "guard"

#: What it wrote is recorded apart from what `apply` and `bake` wrote.
RECORD = "guarded"

_PRINTED = ("butane", "ignition")
#: systemd has one of its own.
_UDEV = ("usr/lib/udev", "lib/udev", "usr/lib/systemd/systemd", "lib/systemd/systemd")
#: udev reads its rules anew by itself, and NICs that are there have to be shown to it.
_FOLLOWS = "udevadm control --reload; udevadm trigger --action=change --subsystem-match=net"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "--root", metavar="DIR", help="the machine or image to write below (default: /)"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--remove", action="store_true", help="put back what was there")
    what.add_argument(
        "--output-dir", metavar="DIR", help="write the files below DIR, with no record of it"
    )
    parser.add_argument(
        "--synthetic-driver",
        dest="synthetic_drivers",
        metavar="DRIVER",
        action="append",
        help="further driver of synthetic NICs, may be given again (besides hv_netvsc, and "
        "virtio_net where it is the standby of net_failover)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print the diff of what would be done"
    )
    parser.add_argument(
        "--force", action="store_true", help="overwrite what was edited since it was written"
    )
    add_record_option(parser)
    parser.add_argument(
        "--format",
        choices=["text", "json", *_PRINTED],
        default="text",
        help="butane and ignition print the files for a machine that is provisioned so, and "
        "write none",
    )
    parser.add_argument(
        "--variant",
        choices=list(BUTANE),
        default=next(iter(BUTANE)),
        help="the system that Butane is for (default: %(default)s)",
    )
    parser.epilog = (
        "It needs neither cloud-init nor a network config, and changes nothing of the machine's\n"
        "configuration; what it writes needs no Python (docs/keep-off.md).\n\n"
        "example:\n"
        "  hyperv-net guard --format butane --variant flatcar"
    )


def run(args: argparse.Namespace) -> int:
    """Write the files, print them, or take them back."""
    if args.output_dir is not None or args.format in _PRINTED:
        return _hand_out(args)
    root = Path(directory(args.root or "/"))
    if args.remove:
        recovered = undo_interrupted(root, args, RECORD)
        done = writing.roll_back(
            root, System.LINUX, force=args.force, dry_run=args.dry_run, record=RECORD
        )
        none = f"nothing to do: {root} is not guarded"
        _print(done, root, args, recovered, (), verb="unguard", nothing=none)
        return 0
    return write(root, args)


def _hand_out(args: argparse.Namespace) -> int:
    """Files for a machine that another program writes them to."""
    if args.remove or args.dry_run:
        raise HypervNetError(
            "nothing is written below a root, so there is nothing to take back or to try",
            where=f"--format {args.format}" if args.format in _PRINTED else "--output-dir",
        )
    if args.root is not None:
        root = Path(directory(args.root))
        _check_system(root)
        made = _files(root, args)
    else:
        made = keep_off_files(args.synthetic_drivers or ())
    if args.output_dir is not None:
        from hyperv_net.applying.tree import write_tree

        write_tree(args.output_dir, made)
        for one in made:
            terminal.say(str(Path(args.output_dir) / one.path))
    elif args.format == "butane":
        terminal.write(as_butane(made, args.variant), is_product=True)
    else:
        terminal.write(as_ignition(made), is_product=True)
    return 0


def write(root: Path, args: argparse.Namespace) -> int:
    """Write the files below `root`, as the verb's options say."""
    from hyperv_net.review.printing import complain_of

    _check_system(root)
    recovered = undo_interrupted(root, args, RECORD)
    is_on = _settings(root, args).enabled
    made = _files(root, args) if is_on else ()
    if not is_on:
        terminal.complain("hyperv-net is turned off by its settings: nobody is kept off VFs")
    findings = tuple(_findings(root, args, made)) if made else ()
    complain_of(findings)
    applied = writing.apply_files(
        root,
        System.LINUX,
        (Change(one, None) for one in made),
        force=args.force,
        dry_run=args.dry_run,
        record=RECORD,
    )
    nothing = "nothing to do: all files are as they should be"
    _print(applied, root, args, recovered, findings, verb=VERB, nothing=nothing)
    return 0


def _files(root: Path, args: argparse.Namespace) -> tuple[RenderedFile, ...]:
    drivers = _settings(root, args).synthetic_drivers
    return keep_off_files(drivers, partial(files.exists_below, root))


def _settings(root: Path, args: argparse.Namespace) -> Settings:
    from hyperv_net.root.cloud_config import find_settings
    from hyperv_net.root.settings import with_values

    given = {"synthetic_drivers": args.synthetic_drivers} if args.synthetic_drivers else {}
    return with_values(find_settings(root), given)


def _check_system(root: Path) -> None:
    from hyperv_net.root.system import system_of

    if system_of(root) is System.FREEBSD:
        raise HypervNetError(
            "there is no udev on FreeBSD, and nothing of this to write",
            where=str(root),
            hint="'hyperv-net bake' has devd and netif leave VFs alone",
        )


def _findings(
    root: Path, args: argparse.Namespace, made: Iterable[RenderedFile]
) -> Iterator[Finding]:
    """What stands in the way of it, and what it is not enough for."""
    from hyperv_net.lint.both_nics import of_image
    from hyperv_net.root.system import is_whole

    if is_whole(root) and not any(files.exists_below(root, path) for path in _UDEV):
        yield _warning(
            "no-udev", "there is no udev, which is to go by the rules", _UDEV[0], "install it"
        )
    decisions: tuple[Decision, ...] = ()
    if files.exists_below(root, "sys/class/net"):
        decisions = _decisions(root, args)
    for one in decisions:
        if one.mode is Mode.AGGREGATE and one.pair.synthetic is not None:
            yield _warning(
                "needs-an-aggregate",
                f"the kernel does not own this pair ({one.reason}): its VF is kept off and idle",
                one.pair.synthetic.name,
                "see 'hyperv-net plan'",
            )
    yield from of_image(root, {one.path: one.text for one in made}, decisions)


def _decisions(root: Path, args: argparse.Namespace) -> tuple[Decision, ...]:
    from hyperv_net.decision.modes import decide
    from hyperv_net.decision.pairing import find_pairs
    from hyperv_net.inventory.gathering import gather

    inventory = gather(root)
    settings = _settings(root, args)._replace(aggregate=AggregatePolicy.AUTO)
    pairing = find_pairs(inventory, settings.synthetic_drivers, settings.pairs)
    return decide(pairing.pairs, inventory, settings).decisions


def _warning(rule: str, message: str, where: str, hint: str) -> Finding:
    return Finding(rule, Severity.WARNING, message, where, hint)


def _print(
    applied: Applied,
    root: Path,
    args: argparse.Namespace,
    recovered: bool,
    findings: Sequence[Finding],
    *,
    verb: str,
    nothing: str,
) -> None:
    from hyperv_net.applying.manifest import RECORDS
    from hyperv_net.applying.relabel import relabelling
    from hyperv_net.review.applied import print_applied, telling

    written = [one.path for one in applied.changes if one.after is not None]
    relabel = relabelling(root, [*written, f"{RECORDS[System.LINUX]}/{RECORD}"])
    is_here = os.path.realpath(root) == "/"
    with telling(is_done=bool(applied.changes) and not args.dry_run):
        print_applied(
            applied,
            root,
            args.format,
            dry_run=args.dry_run,
            verb=verb,
            recovered=recovered,
            nothing=nothing,
            findings=findings,
            activate=_FOLLOWS if is_here and applied.changes else None,
            relabel=relabel,
        )
        if args.format == "json" or args.dry_run or not applied.changes:
            return
        if relabel is not None:
            terminal.say(f"it uses SELinux; label what was written: {relabel}")
        if verb == VERB:
            there = "" if is_here else f" --root {shlex.quote(os.fspath(root))}"
            terminal.say(f"'hyperv-net guard{there} --remove' puts back what was there")
        changed = [one.path for one in applied.changes]
        for folder, command in MAKES_ANEW.items():
            if any(path.startswith(folder) for path in changed):
                terminal.say(f"for the initramfs, which has the rules too: {command}")
        if is_here:
            terminal.say(f"to use it now: {_FOLLOWS}")
        else:
            terminal.say(f"it takes effect when the system below {root} boots")
