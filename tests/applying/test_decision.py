"""What is decided for a file, on generated trees: nobody's bytes are lost and all can go back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.applying.decision import Action, Decision, WantedFile, decide, decide_rollback
from hyperv_net.applying.manifest import FileState, Manifest

PATHS = st.sampled_from(["a", "b", "c/d"])
TEXTS = st.sampled_from(["1", "2", "3"])
States = dict[str, FileState]

states = st.builds(
    FileState, TEXTS, st.sampled_from([0o644, 0o600]), st.just(0), st.sampled_from([0, 5])
)
trees = st.dictionaries(PATHS, states)
wanted_files = st.dictionaries(PATHS, st.tuples(TEXTS, st.booleans())).map(
    lambda files: [WantedFile(path, text, 0o644, kept) for path, (text, kept) in files.items()]
)


def carried_out(decision: Decision, present: States) -> States:
    result = dict(present)
    for one in decision.operations:
        assert one.before == present.get(one.path)
        if one.after is None:
            result.pop(one.path, None)
        else:
            owner = one.after.owner or (0, 0)
            result[one.path] = FileState(
                one.after.sha256, one.after.mode, *owner, one.after.is_link
            )
    return result


@given(trees, wanted_files, st.sets(PATHS))
def test_what_is_wanted_is_there_afterwards_and_a_second_time_nothing_is_done(
    present: States, wanted: list[WantedFile], stale: set[str]
) -> None:
    gone = stale - {file.path for file in wanted}
    decision = decide(wanted, gone, present, Manifest())
    after = carried_out(decision, present)
    assert {file.path: file.sha256 for file in wanted}.items() <= {
        path: state.sha256 for path, state in after.items()
    }.items()
    assert not gone & after.keys()
    again = decide(wanted, gone, after, decision.manifest)
    assert again.changes == ()
    assert again.manifest == decision.manifest


@given(trees, st.lists(wanted_files, max_size=4), st.booleans())
def test_after_any_row_of_applies_a_rollback_gives_the_first_tree(
    present: States, rows: list[list[WantedFile]], partial: bool
) -> None:
    """Where each file is either always edited in place or never."""
    kinds: dict[str, bool] = {}
    now, manifest = present, Manifest()
    for wanted in rows:
        wanted = [
            file._replace(in_place=kinds.setdefault(file.path, file.in_place)) for file in wanted
        ]
        decision = decide(wanted, (), now, manifest, partial=partial)
        assert decision.conflicts == ()
        now, manifest = carried_out(decision, now), decision.manifest
    back = decide_rollback(now, manifest)
    assert back.conflicts == ()
    assert carried_out(back, now) == present
    assert back.manifest.entries == ()


@given(trees, wanted_files, wanted_files, trees)
def test_bytes_that_are_neither_ours_nor_kept_are_never_overwritten_without_a_conflict(
    present: States, first: list[WantedFile], second: list[WantedFile], edited: States
) -> None:
    one = decide(first, (), present, Manifest())
    written = carried_out(one, present)
    now = {**written, **edited}
    for decision in (
        decide(second, (), now, one.manifest),
        decide_rollback(now, one.manifest),
    ):
        recorded = {entry.path: entry for entry in one.manifest.entries}
        in_place = {file.path for file in second if file.in_place}
        conflicts = {conflict.path for conflict in decision.conflicts}
        for operation in decision.changes:
            entry, path = recorded.get(operation.path), operation.path
            if entry is None or operation.before is None:
                continue
            known = {entry.written, entry.before.sha256 if entry.before else None}
            lost = operation.before.sha256 not in known
            if lost and not (path in in_place and operation.action is Action.REPLACE):
                assert path in conflicts
            assert lost or path not in conflicts
            assert not lost or operation.note


@given(trees, wanted_files, trees)
def test_force_is_never_stopped(present: States, wanted: list[WantedFile], edited: States) -> None:
    decision = decide(wanted, (), present, Manifest())
    now = {**carried_out(decision, present), **edited}
    assert decide(wanted, (), now, decision.manifest, force=True).conflicts == ()
    back = decide_rollback(now, decision.manifest, force=True)
    after = carried_out(back, now)
    for entry in decision.manifest.entries:
        assert after.get(entry.path) == entry.before
