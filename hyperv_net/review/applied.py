"""What was written below a root, or would be, as people and programs read it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

from hyperv_net.applying.decision import Action
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import targets
from hyperv_net.renderers.parts import in_words
from hyperv_net.review.diff import file_diff
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from hyperv_net.applying.decision import Operation
    from hyperv_net.applying.writing import Applied
    from hyperv_net.model import Finding
    from hyperv_net.renderers.target import Target

SCHEMA = "hyperv-net/apply/1"

_DONE = {
    Action.CREATE: "created",
    Action.REPLACE: "replaced",
    Action.REMOVE: "removed",
    Action.RESTORE: "put back",
}


def activation(applied: Applied, root: Path) -> str | None:
    """What makes the running machine follow the changes, as a line of a shell, if it takes one.

    `root` is where they were made, or would be.
    """
    paths = [operation.path for operation in applied.changes]
    for target in targets():
        start = target.configured_in
        if start is not None and any(path.startswith(start) for path in paths):
            return in_words(target.activation(*_before_and_after(applied, root, target))) or None
    return None


def _before_and_after(
    applied: Applied, root: Path, target: Target
) -> tuple[dict[str, str], dict[str, str]]:
    """All files that the target reads, as they were and as they are."""
    try:
        there = files.read_matching(root, target.reads)
    except HypervNetError:  # what was changed is known all the same
        there = {}
    states = [{**there}, {**there}]
    for one in applied.changes:
        for texts, state in zip(states, (one.before, one.after)):
            texts.pop(one.path, None)
            if state is not None and not state.is_link:
                data = applied.contents[state.sha256]
                texts[one.path] = data.decode("utf-8", errors="replace")
    return states[0], states[1]


def lines(operations: Sequence[Operation], *, done: bool) -> list[str]:
    """One aligned line a file: what happened to it, or would.

    The modules of this program that go into an image are one line together.
    """
    rows: dict[tuple[str, str], int] = {}
    for one in operations:
        word = _DONE[one.action] if done else one.action.value
        package, found, _ = one.path.partition("-packages/hyperv_net/")
        path = package + found if found else one.path
        shown = f"{path} ({one.note})" if one.note else path
        rows[word, shown] = rows.get((word, shown), 0) + 1
    width = max((len(word) for word, _ in rows), default=0)
    return [
        f"{word:{width}}  {shown}{f' ({count} files)' if count > 1 else ''}"
        for (word, shown), count in rows.items()
    ]


def diff(applied: Applied, *, of_all: bool = True) -> str:
    """The diff of every file that changes, which patch(1) and `git apply` take.

    Unless it is to be `of_all`, those that come or go whole are left out.
    """
    return "".join(
        line
        for one in applied.changes
        if of_all or (one.before is not None and one.after is not None)
        for line in (*_heading(one), *_diff(one, applied))
    )


def _diff(operation: Operation, applied: Applied) -> Iterable[str]:
    before, after = (
        applied.contents[state.sha256].decode("utf-8", errors="replace") if state else None
        for state in (operation.before, operation.after)
    )
    return file_diff(operation.path, before, after)


def _heading(operation: Operation) -> Iterable[str]:
    """What git says ahead of the lines, which cannot tell of links, programs and empty files.

    patch(1) and `git apply` understand it.
    """
    path, state = operation.path, operation.after or operation.before
    yield f"diff --git a/{path} b/{path}\n"
    if state is not None and (operation.before is None) != (operation.after is None):
        mode = "120000" if state.is_link else "100755" if state.mode & 0o111 else "100644"
        yield f"{'new' if operation.before is None else 'deleted'} file mode {mode}\n"


def document(
    applied: Applied,
    root: Path,
    *,
    verb: str,
    dry_run: bool,
    recovered: bool = False,
    findings: Sequence[Finding] | None = None,
    relabel: str | None = None,
) -> str:
    """The same as versioned JSON; keys are only ever added within a schema version."""
    import json

    changes = applied.changes
    fields: dict[str, object] = {
        "schema": SCHEMA,
        "verb": verb,
        "root": str(root),
        "dry_run": dry_run,
        "recovered": recovered,
        "changed": bool(changes),
        "files": [
            {
                "path": one.path,
                "action": one.action.value,
                "note": one.note,
                "mode": f"{one.after.mode:04o}" if one.after else None,
                "is_link": bool(one.after and one.after.is_link),
                "diff": "".join(_diff(one, applied)),
            }
            for one in changes
        ],
        "activate": activation(applied, root),
        "notes": list(applied.notes),
    }
    if findings is not None:
        fields["findings"] = [one.document() for one in findings]
        fields["relabel"] = relabel
    return json.dumps(fields, indent=2) + "\n"


@contextmanager
def telling(applied: Applied, *, is_done: bool) -> Iterator[None]:
    """Where all `is_done`, trouble with telling of it is a line on standard error and no failure.

    A reader that has gone away is none at all.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, HypervNetError) as error:
        if not is_done or not applied.changes:
            raise
        if isinstance(error, OSError):
            # What is left to be written would fail again when the process ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        what = error.strerror if isinstance(error, OSError) else str(error)
        print(f"warning: all is done, and cannot be told: {what}", file=sys.stderr)


def print_applied(
    applied: Applied,
    root: Path,
    form: str,
    *,
    dry_run: bool,
    verb: str,
    recovered: bool = False,
    nothing: str = "nothing to do",
    findings: Sequence[Finding] | None = None,
    relabel: str | None = None,
    of_all: bool = True,
) -> None:
    """Print what was done by `verb`, or would be, as `form` says: text or json.

    A dry run's text has the diff `of_all` files, or of those that are changed in place.
    """
    if form == "json":
        text = document(
            applied,
            root,
            verb=verb,
            dry_run=dry_run,
            recovered=recovered,
            findings=findings,
            relabel=relabel,
        )
        print(text, end="")
        return
    for note in applied.notes:
        print(f"warning: {note}", file=sys.stderr)
    if dry_run:
        from hyperv_net.review.terminal import print_diff

        print_diff(diff(applied, of_all=of_all), sys.stdout)
    for line in lines(applied.changes, done=not dry_run):
        print(line)
    if not applied.changes:
        print(nothing)
