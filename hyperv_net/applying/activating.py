"""What makes the running machine follow files that have changed, and doing that."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import targets
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from hyperv_net.applying.writing import Applied
    from hyperv_net.renderers.parts import Step
    from hyperv_net.renderers.target import Target

    Run = Callable[[Sequence[str]], str]


def steps_after(applied: Applied, root: Path) -> tuple[Step, ...]:
    """The steps for what was done below the root, or would be; none where it takes none."""
    states: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for one in applied.changes:
        for texts, state in zip(states, (one.before, one.after)):
            if state is not None and not state.is_link:
                data = applied.contents[state.sha256]
                texts[one.path] = data.decode("utf-8", errors="replace")
    return steps_between(root, [one.path for one in applied.changes], *states)


def steps_between(
    root: Path, paths: Sequence[str], before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Step, ...]:
    """The same for files at `paths`, with the texts that they have `before` and `after`."""
    target = target_of(paths)
    if target is None:
        return ()
    try:
        there = files.read_matching(root, target.reads)
    except HypervNetError:  # what is changed is known all the same
        there = {}
    others = {path: text for path, text in there.items() if path not in paths}
    return tuple(target.activation({**others, **before}, {**others, **after}))


def target_of(paths: Iterable[str]) -> Target | None:
    """The target whose configuration is among the files; None where none is."""
    found = list(paths)
    for target in targets():
        start = target.configured_in
        if start is not None and any(path.startswith(start) for path in found):
            return target
    return None


def follow(steps: Iterable[Step], run: Run) -> None:
    """Take the steps; the first that fails and may not ends it with HypervNetError."""
    for step in steps:
        error = _failed(step, run)
        if error is not None:
            raise error


def follow_all(steps: Iterable[Step], run: Run) -> list[HypervNetError]:
    """Take the steps, each whatever became of those before it; what failed and may not."""
    return [error for step in steps if (error := _failed(step, run)) is not None]


def _failed(step: Step, run: Run) -> HypervNetError | None:
    for command in filter(None, (step.command, step.otherwise)):
        try:
            run(command)
        except HypervNetError as error:
            last = error
        else:
            return None
    return None if step.may_fail else last
