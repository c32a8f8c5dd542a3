"""`hyperv-net bake`: this program put into an image, offline."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.applying import writing
from hyperv_net.applying.manifest import RECORDS
from hyperv_net.commands import guard
from hyperv_net.commands.machine import (
    add_settings_options,
    add_watching_options,
    given_settings,
)
from hyperv_net.commands.root import (
    add_record_option,
    add_show_secrets,
    directory,
    undo_interrupted,
)
from hyperv_net.drivers import VF_DRIVERS
from hyperv_net.errors import HypervNetError
from hyperv_net.model import AggregatePolicy, Change, RenderedFile, Severity, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import files
from hyperv_net.root.settings import with_values

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from hyperv_net.bake.place import Place
    from hyperv_net.model import Finding

#: What bake wrote is recorded apart from what `apply` wrote: each takes back its own.
RECORD = "baked"

DRIVERS = tuple(one.name for one in VF_DRIVERS)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    parser.add_argument(
        "--root", metavar="DIR", required=True, help="the image: a directory that stands for its /"
    )
    parser.add_argument(
        "--only",
        choices=[guard.VERB],
        help="guard: what 'hyperv-net guard' writes and nothing else, for an image without "
        "cloud-init or Python; 'hyperv-net guard --remove' takes it out",
    )
    parser.add_argument(
        "--datasource",
        metavar="NAME",
        action="append",
        default=[],
        help="where cloud-init is to look, may be given again (default: what the image says)",
    )
    parser.add_argument(
        "--expect-driver",
        metavar="NAME",
        action="append",
        default=[],
        choices=DRIVERS,
        help="a VF's driver that the image must have: "
        f"{', '.join(DRIVERS)} (default: a warning for each that is missing)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print what would be done, write nothing"
    )
    parser.add_argument("--diff", action="store_true", help="the same, with the diff of every file")
    parser.add_argument(
        "--verify", action="store_true", help="check what an earlier bake wrote, write nothing"
    )
    parser.add_argument(
        "--force", action="store_true", help="bake despite errors, and overwrite foreign edits"
    )
    add_record_option(parser)
    parser.add_argument("--format", choices=["text", "json"], default="text")
    add_show_secrets(parser)
    add_settings_options(parser)
    add_watching_options(parser)
    parser.epilog = (
        "'hyperv-net unbake' leaves the image as it was.\n\n"
        "example:\n"
        "  hyperv-net bake --root examples/image-freebsd/root --dry-run"
    )


def run(args: argparse.Namespace) -> int:
    """Write the files into the image and print what was done and what was noticed."""
    root = Path(directory(args.root))
    args.dry_run = args.dry_run or args.diff
    if args.only is not None:
        if args.verify:
            raise HypervNetError(
                "it looks at what a whole bake wrote", where="--verify", hint="leave --only out"
            )
        return guard.write(root, args)
    if args.verify:
        return _verify(root, args)
    from hyperv_net.applying.relabel import relabelling
    from hyperv_net.bake.kvp import restored_by
    from hyperv_net.bake.place import find_place
    from hyperv_net.review.applied import print_applied, telling

    recovered = undo_interrupted(root, args, RECORD)
    place = find_place(root)
    rendered, findings = _rendered(root, place, args)
    _report(findings, args)
    existing = files.read_matching(root, [one.path for one in rendered if one.in_place])
    try:
        applied = writing.apply_files(
            root,
            place.system,
            (Change(one, existing.get(one.path)) for one in rendered),
            force=args.force,
            dry_run=args.dry_run,
            record=RECORD,
            track=terminal.progress,
        )
    except HypervNetError as error:
        where = error.where
        path = "" if isinstance(where, str) else os.path.relpath(where.file, root)
        hint = restored_by(path, place.system) or error.hint
        raise HypervNetError(error.what, where=where, hint=hint) from None
    written = [one.path for one in applied.changes if one.after is not None]
    relabel = relabelling(root, [*written, f"{RECORDS[place.system]}/{RECORD}"])
    with telling(is_done=bool(applied.changes) and not args.dry_run):
        print_applied(
            applied,
            root,
            args.format,
            dry_run=args.dry_run,
            of_all=args.diff,
            verb="bake",
            recovered=recovered,
            nothing="nothing to do: all is baked into it already",
            findings=findings,
            show_secrets=args.show_secrets,
            relabel=relabel,
        )
        if applied.changes and args.format == "text":
            _conclude(place, args, relabel)
    return 0


def _conclude(place: Place, args: argparse.Namespace, relabel: str | None) -> None:
    """What the image was found to be, what is left to do, and the way back."""
    found = place.cloud_init
    terminal.say(
        f"{place.system.value} image; {found.python} runs its cloud-init in /{found.packages}"
    )
    if relabel is not None:
        terminal.say(f"it uses SELinux; label what was written: {relabel}")
    if not args.dry_run:
        terminal.say(f"to take it out again: hyperv-net unbake --root {shlex.quote(args.root)}")


def _rendered(
    root: Path, place: Place, args: argparse.Namespace
) -> tuple[list[RenderedFile], tuple[Finding, ...]]:
    """The files for the image, and what the rules say of it once they are in it."""
    from hyperv_net.bake import loader_conf
    from hyperv_net.bake.content import Choices, contents, place_findings, settings_file
    from hyperv_net.bake.package import own_package
    from hyperv_net.lint import lint
    from hyperv_net.root.cloud_config import find_settings

    given = given_settings(args)
    # What an earlier bake chose is no setting of the image's own.
    own = find_settings(root, besides=settings_file(place))
    settings = with_values(own, given)
    watches = bool(settings.announcements)
    choices = Choices(given, args.datasource, watches=watches, metrics=settings.metrics)
    rendered = list(contents(place, own_package(), choices))
    findings = tuple(place_findings(place))
    if place.system is System.FREEBSD:
        existing = files.read_matching(root, (loader_conf.FILE, *loader_conf.LATER))
        loader = loader_conf.with_settings(existing, settings)
        findings += loader.findings
        if loader.text != existing.get(loader_conf.FILE, ""):
            rendered.append(RenderedFile(loader_conf.FILE, loader.text, in_place=True))
    overlay = {one.path: one.text for one in rendered if not one.is_link}
    found = lint(root, overlay, tuple(args.expect_driver))
    if settings.aggregate is AggregatePolicy.ALWAYS:
        # Then every first boot makes an aggregate, and needs what makes it.
        found = tuple(
            one._replace(severity=Severity.ERROR) if one.rule == "missing-package" else one
            for one in found
        )
    return rendered, (*findings, *found)


def _report(findings: tuple[Finding, ...], args: argparse.Namespace) -> None:
    """Print the findings; raises HypervNetError where one is an error."""
    from hyperv_net.review.printing import complain_of

    complain_of(findings)
    failed = [one for one in findings if one.severity is Severity.ERROR]
    if failed and not args.force:
        raise HypervNetError(
            "the image has errors, so nothing was written",
            where=args.root,
            hint="put right what is said above, or add --force",
        )


def _verify(root: Path, args: argparse.Namespace) -> int:
    from hyperv_net.bake.kvp import restored_by
    from hyperv_net.root.system import system_of

    system = system_of(root)
    if not writing.is_recorded(root, system, record=RECORD):
        raise HypervNetError("nothing was baked into it", where=str(root))
    differing = [
        (path, "; ".join(filter(None, (what, restored_by(path, system)))))
        for path, what in writing.differing(root, system, record=RECORD)
    ]
    differing += _not_loaded(root, system)
    if args.format == "json":
        from hyperv_net.review.documents.applied import VERIFY, Differing, Verified
        from hyperv_net.review.printing import print_document

        found = Verified(VERIFY, str(root), tuple(Differing(*one) for one in differing))
        print_document(found)
    else:
        for path, what in differing:
            terminal.say(f"{path}: {what}")
        count = "1 file differs" if len(differing) == 1 else f"{len(differing)} files differ"
        terminal.say(count if differing else "all is as it was baked")
    return 1 if differing else 0


def _not_loaded(root: Path, system: System) -> Iterator[tuple[str, str]]:
    """What keeps cloud-init from loading what was baked, though all of it may be as it was."""
    from hyperv_net.root.extension import extension_findings, find_extension

    found = list(extension_findings(root, system))
    for one in found:
        yield str(one.where), "; ".join(filter(None, (one.message, one.hint)))
    extension = None if found else find_extension(root, system)
    if extension is not None:
        folder = f"{extension.imported}/hyperv_net"
        if f"{folder}/__init__.py" not in writing.recorded(root, system, record=RECORD):
            yield folder, f"{extension.python} loads this one for cloud-init; remove it"
