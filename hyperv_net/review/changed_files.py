"""Which files of a machine change between two configurations of it.

Where no pair needs an aggregate the network is left to cloud-init's own renderer, whose texts are
its own.  What can be compared then is the network config that it is given.
"""

from __future__ import annotations

from hyperv_net.marks import MADE
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import load, passed_on
from hyperv_net.renderers.plain_yaml import dump
from hyperv_net.review import model
from hyperv_net.review.diff import file_diff
from hyperv_net.secrets.masking import holds_secret
from hyperv_net.tree import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.plan.flow import Plan

#: What a file is called that cloud-init's own renderer is given.
GIVEN = passed_on.FILE


def changed_files(base: Plan, head: Plan) -> Iterator[model.ChangedFile]:
    """Those that differ once the plan is done; what cloud-init makes is there as what it is of."""
    before, after = _texts(base), _texts(head)
    of_machine = {
        one.file.path for plan in (base, head) for one in plan.changes if one.is_companion
    }
    not_ours = _of_cloud_init(base) | _of_cloud_init(head)
    for path in sorted({*before, *after} - not_ours):
        purpose = "machine" if path in of_machine else "configuration"
        yield from _changed(path, purpose, before.get(path), after.get(path))
    if base.is_left_to_cloud_init or head.is_left_to_cloud_init:
        yield from _changed(GIVEN, "cloud-init", _given(base), _given(head))


def _texts(plan: Plan) -> dict[str, str]:
    """What the machine has: files that stand, of which ours go when they are made no more."""
    existing = plan.ground.existing if plan.ground is not None else {}
    stand = {path: text for path, text in existing.items() if not text.startswith(MADE)}
    return {**stand, **{one.file.path: one.file.text for one in plan.changes}}


def _given(plan: Plan) -> str | None:
    """The network config as cloud-init has it in version 2; None where there is none."""
    return dump(to_plain(plan.rewritten.tree)) if plan.is_asked else None


def _of_cloud_init(plan: Plan) -> set[str]:
    """The files that its own renderer makes or edits where it is left the network."""
    if not plan.is_left_to_cloud_init:
        return set()
    known = load(plan.target).cloud_init
    devices = {one for _, kind in plan.rewritten.tree.items() for one, _ in kind.items()}
    names = devices | set(plan.rewritten.interfaces.values())
    made = {one.replace("{}", name) for one in known.also_makes for name in names}
    return {*known.writes, *made, *((GIVEN,) if known.is_passed_on else ())}


def _changed(
    path: str, purpose: str, before: str | None, after: str | None
) -> Iterator[model.ChangedFile]:
    if before == after:
        return
    yield model.ChangedFile(
        path=path,
        change="create" if before is None else "delete" if after is None else "change",
        purpose=purpose,
        masked=any(holds_secret(text or "") for text in (before, after)),
        diff="".join(file_diff(path, before, after)),
    )
