"""`hyperv-net apply`: a plan's files written below a root, and put back."""

from __future__ import annotations

from pathlib import Path

from hyperv_net import terminal
from hyperv_net.applying import writing
from hyperv_net.applying.manifest import RECORDS
from hyperv_net.applying.pending import LONGEST
from hyperv_net.applying.trial import refusal
from hyperv_net.applying.writing import APPLIED, Applied
from hyperv_net.commands import draining, reviewing, trying
from hyperv_net.commands.inputs import add_input_options, plan_from
from hyperv_net.commands.machine import chosen_root
from hyperv_net.commands.root import (
    add_record_option,
    add_show_secrets,
    is_this_machine,
    undo_interrupted,
)
from hyperv_net.commands.written_again import written_again
from hyperv_net.errors import HypervNetError
from hyperv_net.marks import MADE
from hyperv_net.model import Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load, targets
from hyperv_net.review.printing import complain_of
from hyperv_net.review.text import nothing
from hyperv_net.root import files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from hyperv_net.hotplug.wanted import Wanted
    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.target import Target


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    add_input_options(parser)
    group = parser.add_argument_group("what to do")
    group.add_argument(
        "--rollback", action="store_true", help="put back what was there before the first apply"
    )
    group.add_argument(
        "--confirm",
        metavar="SECONDS",
        type=trying.seconds,
        help="have this machine follow as well, and take both back unless 'hyperv-net confirm' is "
        f"run in so many seconds ({trying.SHORTEST} to {LONGEST}); a reboot before that takes them "
        "back too",
    )
    group.add_argument(
        "--plan",
        metavar="FILE",
        help="what 'plan --format json' printed with the same options: refuse where what is to be "
        "written, or what it rests on, is not as it was then",
    )
    group.add_argument("--dry-run", action="store_true", help="print the diff, write nothing")
    group.add_argument(
        "--force", action="store_true", help="overwrite what was edited since hyperv-net wrote it"
    )
    add_record_option(group)
    group.add_argument("--format", choices=["text", "json"], default="text")
    add_show_secrets(group)
    parser.epilog = (
        "Without --confirm nothing is activated: the last lines say which command does that.\n\n"
        "example:\n"
        "  hyperv-net apply --inventory examples/azure-freebsd-mce/inventory.json \\\n"
        "      --network-config examples/azure-freebsd-mce/network-config.yaml \\\n"
        "      --root examples/azure-freebsd-mce/root --dry-run"
    )


def run(args: argparse.Namespace) -> int:
    """Write the files, or put them back, and print what was done."""
    chosen = chosen_root(args)
    if chosen is None:
        raise HypervNetError(
            "the inventory is another machine's, and its files are not this one's",
            where="--inventory",
            hint="name the directory to write below with --root DIR",
        )
    root = Path(chosen)
    reviewing.check(args)
    trying.check(args, is_this_machine=is_this_machine(root))
    if not args.rollback and not args.dry_run:
        trying.refuse_another(root)
    recovered = undo_interrupted(root, args, APPLIED)
    return _roll_back(root, args, recovered) if args.rollback else _apply(root, args, recovered)


def _apply(root: Path, args: argparse.Namespace, recovered: bool) -> int:
    if not args.dry_run:
        # Whatever becomes of the plan: nobody is kept from turning it off.
        _turn(root, args)
    plan = plan_from(args)
    reviewing.check_reviewed(args, plan)
    complain_of(plan.findings)
    if plan.failed:
        raise _refusal(plan, root)
    if not plan.meets:
        raise HypervNetError(
            "the network config speaks of no NIC of this machine, so nothing was written",
            where=Place(plan.config.source),
            hint="look with 'hyperv-net plan'",
        )
    target = load(plan.target)
    if plan.rewritten.aggregates and target.cloud_init.is_passed_on:
        of_system = targets(plan.inventory.system)
        written = (one.name for one in of_system if not one.cloud_init.is_passed_on)
        raise HypervNetError(
            "hyperv-net has no files of its own for it: cloud-init writes them at first boot",
            where=f"--target {target.name}",
            hint=f"name one of {', '.join(written)}",
        )
    undone = written_again(plan, root)
    if undone is not None:
        raise undone
    stale = _stale(root, plan, target)

    drained = draining.before_writing() if is_this_machine(root) and not args.dry_run else None

    def write(*, dry_run: bool) -> Applied:
        applied = writing.apply_files(
            root,
            plan.inventory.system,
            plan.changes,
            stale=stale,
            stays=plan.stays,
            force=args.force,
            dry_run=dry_run,
        )
        if is_this_machine(root) and not dry_run:
            # Only now, when nothing refuses it any more, and before the machine follows.
            _end_drains_of_others(plan, args, drained)
        return applied

    if args.plan is not None:
        reviewing.check_nothing_else(root, plan, write(dry_run=True))
    if is_this_machine(root):
        refused = refusal(target, files.read_matching(root, target.reads), write(dry_run=True))
        if refused is not None:
            raise refused
    if args.confirm is not None:
        applied = trying.tried_out(args, root, lambda dry_run: write(dry_run=dry_run))
    else:
        applied = write(dry_run=args.dry_run)
    why = "all files are as they should be" if plan.changes else nothing(plan)
    _print(applied, root, args, recovered, nothing=f"nothing to do: {why}")
    return 0


def _turn(root: Path, args: argparse.Namespace) -> None:
    """Have what runs at an event follow the settings that are found below the root."""
    from hyperv_net.applying.turning import turn
    from hyperv_net.root.cloud_config import find_settings
    from hyperv_net.root.turned_off import why_turned_off

    before = why_turned_off(str(root))
    # Not as options have it: they are for this run.
    why = turn(root, find_settings(root))
    is_text = args.format == "text"
    if is_text and why:
        terminal.say(f"hyperv-net is turned off, and leaves VFs and the host alone: {why}")
    elif is_text and before:
        terminal.say("hyperv-net is turned on again")
    if why and is_this_machine(root):
        # Only now, when none can begin any more.
        draining.end_all(_saying(args))


def _end_drains_of_others(plan: Plan, args: argparse.Namespace, before: Wanted | None) -> None:
    """End the drains of pairs that no event is about any more, now that the plan is written.

    `before` is what was wanted until then.
    """
    from hyperv_net.companions.wanted_file import wanted_from

    wanted = wanted_from(plan.rewritten, plan.decisions, plan.target)
    kept = {pair.mac for pair in wanted.pairs}
    draining.end_all(_saying(args), lambda mac: mac not in kept, before)


def _saying(args: argparse.Namespace) -> Callable[[str], None]:
    return terminal.say if args.format == "text" else lambda line: None


def _refusal(plan: Plan, root: Path) -> HypervNetError:
    errors = [one for one in plan.findings if one.severity is Severity.ERROR]
    is_ours = all(one.rule == "leftover" for one in errors)
    if is_ours and writing.is_recorded(root, plan.inventory.system):
        hint = "'hyperv-net apply --rollback' puts back what was there"
    else:
        hint = "put right what the errors above say, and look with 'hyperv-net plan'"
    return HypervNetError("the plan has errors, so nothing was written", hint=hint)


def _stale(root: Path, plan: Plan, target: Target) -> list[str]:
    """Files that a run without a record rendered for this target, and that are wanted no more."""
    changed = (change.file.path for change in plan.changes)
    kept = {*changed, *plan.stays, *target.cloud_init.writes}
    existing = files.read_matching(root, target.reads)
    return [
        path
        for path, text in existing.items()
        if path not in kept and path.startswith("etc/") and text.startswith(MADE)
    ]


def _roll_back(root: Path, args: argparse.Namespace, recovered: bool) -> int:
    for option in ("network_config", "inventory"):
        if getattr(args, option) is not None:
            name = f"--{option.replace('_', '-')}"
            raise HypervNetError("--rollback needs none", where=name, hint=f"leave {name} out")
    recorded = [system for system in RECORDS if writing.is_recorded(root, system)]
    if not recorded:
        done = Applied((), {})
    else:

        def first() -> None:
            if is_this_machine(root):
                # What is to be moved, and by what, is in the files that go.
                draining.end_all(_saying(args))

        # A root is of one system, so there is one record.
        done = writing.roll_back(
            root, recorded[0], force=args.force, dry_run=args.dry_run, first=first
        )
    if is_this_machine(root) and not args.dry_run:
        trying.rolled_back(root)
    undone = "what an interrupted run did is undone, and there is nothing else"
    none = (
        undone if recovered else f"no apply is recorded below {root}; what a first boot wrote stays"
    )
    _print(done, root, args, recovered, nothing=f"nothing to do: {none}")
    return 0


def _print(
    applied: Applied, root: Path, args: argparse.Namespace, recovered: bool, *, nothing: str
) -> None:
    from hyperv_net.review.applied import activation, print_applied, telling

    with telling(is_done=bool(applied.changes) and not args.dry_run):
        print_applied(
            applied,
            root,
            args.format,
            dry_run=args.dry_run,
            verb="rollback" if args.rollback else "apply",
            recovered=recovered,
            nothing=nothing,
            show_secrets=args.show_secrets,
        )
        if args.format == "json" or args.dry_run or not applied.changes:
            return
        if args.confirm is not None:
            terminal.say(
                "the machine has followed; 'hyperv-net confirm' keeps it, or it is taken back"
            )
            return
        if not args.rollback:
            terminal.say("'hyperv-net apply --rollback' puts back what was there")
        # What makes the running machine follow is said and never done from here.
        command = activation(applied, root)
        if not is_this_machine(root):
            terminal.say(f"it takes effect when the system below {root} boots")
        elif command is not None:
            terminal.say(f"to use it now: {command}  (this may interrupt your connection)")
            terminal.say("VFs join by 'hyperv-net reconcile', which their events call")
