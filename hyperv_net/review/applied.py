"""What was written below a root, or would be, as people and programs read it."""

from __future__ import annotations

from contextlib import contextmanager

from hyperv_net import terminal
from hyperv_net.applying.activating import steps_after
from hyperv_net.applying.decision import Action
from hyperv_net.errors import HypervNetError, printable
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.parts import in_words
from hyperv_net.review.diff import file_diff
from hyperv_net.secrets.masking import holds_secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from hyperv_net.applying.decision import Operation
    from hyperv_net.applying.writing import Applied
    from hyperv_net.model import Finding
    from hyperv_net.review.documents.applied import AppliedDocument

#: Verbs about this program's own files, besides the lines that they edit in others.
_OWN_VERBS = ("bake", "unbake", "guard", "unguard")

#: The command that follows is to be read off what was changed.
_BY_CHANGES = "by changes"

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
    return in_words(steps_after(applied, root)) or None


def lines(operations: Sequence[Operation], *, done: bool) -> list[str]:
    """One aligned line a file: what happened to it, or would.

    The modules of this program that go into an image are one line together.
    """
    rows: dict[tuple[str, str], int] = {}
    for one in operations:
        word = _DONE[one.action] if done else one.action.value
        package, found, _ = one.path.partition("-packages/hyperv_net/")
        path = package + found if found else one.path
        path = printable(path)
        shown = f"{path} ({one.note})" if one.note else path
        rows[word, shown] = rows.get((word, shown), 0) + 1
    width = max((len(word) for word, _ in rows), default=0)
    return [
        f"{word:{width}}  {shown}{f' ({count} files)' if count > 1 else ''}"
        for (word, shown), count in rows.items()
    ]


def diff(
    applied: Applied, *, of_all: bool = True, verb: str = "apply", show_secrets: bool = False
) -> str:
    """The diff of every file that changes, which patch(1) and `git apply` take.

    Unless it is to be `of_all`, those that come or go whole are left out.
    """
    return "".join(
        line
        for one in applied.changes
        if of_all or _is_edit(one)
        for line in (*_heading(one), *_diff(one, applied, _is_open(one, verb) or show_secrets))
    )


def _is_edit(operation: Operation) -> bool:
    """Whether the file is there before and after."""
    return operation.before is not None and operation.after is not None


def _is_open(operation: Operation, verb: str) -> bool:
    """Whether nothing in the file is a secret, since all of it is this program's own."""
    return verb in _OWN_VERBS and not _is_edit(operation)


def _diff(operation: Operation, applied: Applied, show_secrets: bool) -> Iterable[str]:
    before, after = _texts(operation, applied)
    return file_diff(operation.path, before, after, show_secrets=show_secrets)


def _texts(operation: Operation, applied: Applied) -> tuple[str | None, str | None]:
    """The file before and after; None where there is none."""
    before, after = (
        applied.contents[state.sha256].decode("utf-8", errors="replace") if state else None
        for state in (operation.before, operation.after)
    )
    return before, after


def _holds_secret(operation: Operation, applied: Applied) -> bool:
    return any(holds_secret(text or "") for text in _texts(operation, applied))


def _heading(operation: Operation) -> Iterable[str]:
    """What git says ahead of the lines, which cannot tell of links, programs and empty files.

    patch(1) and `git apply` understand it.
    """
    path, state = printable(operation.path), operation.after or operation.before
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
    show_secrets: bool = False,
    relabel: str | None = None,
    activate: str | None = _BY_CHANGES,
) -> AppliedDocument:
    """The same as a document; keys are only ever added within a schema version."""
    from hyperv_net.review.document import LEFT_OUT
    from hyperv_net.review.documents.applied import APPLY, AppliedDocument, AppliedFile
    from hyperv_net.review.documents.findings import plain_findings

    changes = applied.changes
    files = tuple(
        AppliedFile(
            path=one.path,
            action=one.action,
            note=one.note,
            mode=f"{one.after.mode:04o}" if one.after else None,
            is_link=bool(one.after and one.after.is_link),
            masked=not is_shown and _holds_secret(one, applied),
            diff="".join(_diff(one, applied, is_shown)),
        )
        for one in changes
        for is_shown in (_is_open(one, verb) or show_secrets,)
    )
    return AppliedDocument(
        schema=APPLY,
        verb=verb,
        root=str(root),
        dry_run=dry_run,
        recovered=recovered,
        changed=bool(changes),
        secrets="shown" if show_secrets else "hidden",
        files=files,
        activate=activation(applied, root) if activate is _BY_CHANGES else activate,
        notes=tuple(applied.notes),
        findings=LEFT_OUT if findings is None else plain_findings(findings),
        relabel=LEFT_OUT if findings is None else relabel,
    )


@contextmanager
def telling(*, is_done: bool) -> Iterator[None]:
    """Where all `is_done`, trouble with telling of it is a line on standard error and no failure.

    A reader that has gone away is none at all.
    """
    try:
        yield
        terminal.flush()
    except BrokenPipeError:
        raise
    except (OSError, HypervNetError) as error:
        if not is_done:
            raise
        if isinstance(error, OSError):
            # What is left to be written would fail again when the process ends.
            terminal.discard()
        what = error.strerror if isinstance(error, OSError) else str(error)
        terminal.complain(f"warning: all is done, and cannot be told: {what}")


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
    show_secrets: bool = False,
    activate: str | None = _BY_CHANGES,
) -> None:
    """Print what was done by `verb`, or would be, as `form` says: text or json.

    A dry run's text has the diff `of_all` files, or of those that are changed in place.
    """
    if form == "json":
        from hyperv_net.review.printing import print_document

        told = document(
            applied,
            root,
            verb=verb,
            dry_run=dry_run,
            recovered=recovered,
            findings=findings,
            show_secrets=show_secrets,
            relabel=relabel,
            activate=activate,
        )
        print_document(told)
        return
    for note in applied.notes:
        terminal.complain(f"warning: {note}")
    if dry_run:
        text = diff(applied, of_all=of_all, verb=verb, show_secrets=show_secrets)
        terminal.write_diff(text)
    for line in lines(applied.changes, done=not dry_run):
        terminal.say(line, is_hidden=True)
    if not applied.changes:
        terminal.say(nothing)
