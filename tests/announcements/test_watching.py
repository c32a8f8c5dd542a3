"""The watch on clocks of the test's own: how often it asks, and when the traffic is moved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hyperv_net.announcements.announcement import Announcement, Stage
from hyperv_net.announcements.course import LONGEST, PAUSES
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.questions import NAP
from hyperv_net.announcements.source import Heard, Took
from hyperv_net.journal.entry import Happening
from tests.announcements.watched import World

EVENT = Announcement("azure", "E1", "freeze", Stage.SCHEDULED, 1_800_000_000.0 + 900)
STARTED = EVENT._replace(stage=Stage.STARTED, not_before=None)
OWNER = EVENT.owner


def says(*course: tuple[float, Heard]) -> Callable[[str, float], Heard]:
    """A source that says each from its time on."""

    def answer(name: str, passed: float) -> Heard:
        return [heard for since, heard in course if since <= passed][-1]

    return answer


def heard(*announcements: Announcement, wait: float = 5) -> Heard:
    return Heard(announcements, wait)


LIVE_MIGRATION = says((0, heard(EVENT)), (900, heard(STARTED)), (1200, heard()))


def test_a_live_migration_is_drained_ahead_of_and_undrained_when_it_is_over() -> None:
    world = World(LIVE_MIGRATION)
    world.serve(["azure"], 779)
    assert (world.owners, world.kept.courses[0].holds) == ({}, False)
    world.serve(["azure"], 1199)
    assert world.owners == {OWNER: 780}
    world.serve(["azure"], 1300)
    assert (world.owners, world.longest) == ({}, 1204 - 780)
    assert [one.happening for one in world.said] == [
        Happening.ANNOUNCED,
        Happening.STARTED,
        Happening.OVER,
    ]


def test_a_source_is_asked_as_often_as_it_wants_to_be_counted_from_its_answer() -> None:
    world = World(says((0, heard(wait=5)), (100, heard(wait=30))), latency=3)
    world.serve(["azure"], 200)
    assert [one.time for one in world.asked][:3] == [0, 8, 16]
    gaps = {later.time - one.answered for one, later in zip(world.asked, world.asked[1:])}
    assert gaps == {5, 30}


def test_a_source_that_wants_to_be_asked_all_the_time_is_not() -> None:
    world = World(says((0, heard(wait=0))))
    world.serve(["azure"], 10)
    assert len(world.asked) <= 10


def test_a_question_that_takes_minutes_delays_neither_a_drain_nor_other_sources() -> None:
    def answer(name: str, passed: float) -> Heard:
        if name == "google":
            return Heard((), 3600)
        return LIVE_MIGRATION(name, passed)

    world = World(answer)
    world.serve(["google", "azure"], 10)
    world.latency = 600
    world.serve(["google", "azure"], 790)
    assert world.owners == {OWNER: 780}


def test_where_one_event_follows_on_another_the_traffic_does_not_go_back_in_between() -> None:
    second = STARTED._replace(id="E2")
    world = World(says((0, heard(STARTED)), (100, heard(second))))
    world.serve(["azure"], 200)
    assert ([*world.owners], world.went_back) == ([second.owner], 0)


def test_a_drain_that_fails_is_tried_until_it_is_done() -> None:
    failures = iter([True, True, True])
    world = World(says((0, heard(STARTED))), fails=lambda owner: next(failures, False))
    world.serve(["azure"], 300)
    assert world.owners == {OWNER: 70}


def test_an_end_that_fails_is_tried_until_it_is_done() -> None:
    world = World(says((0, heard(STARTED)), (100, heard())))
    world.serve(["azure"], 100)
    failures = iter([True] * 5)
    world.fails = lambda owner: next(failures, False)
    world.serve(["azure"], 600)
    assert (world.owners, world.kept.courses) == ({}, ())


def test_one_that_never_ends_holds_the_traffic_for_half_an_hour() -> None:
    world = World(says((0, heard(STARTED)), (60, Heard(None, 5, "timed out"))))
    world.serve(["azure"], 3 * LONGEST)
    assert (world.owners, world.longest) == ({}, LONGEST)


def test_it_is_acknowledged_once_and_only_where_that_is_set() -> None:
    world = World(LIVE_MIGRATION)
    world.serve(["azure"], 890, Rules(acknowledges=True))
    assert (world.acknowledged, world.owners) == (["E1"], {OWNER: 0})
    assert world.said[-1].happening is Happening.ACKNOWLEDGED
    never = World(LIVE_MIGRATION)
    never.serve(["azure"], 890)
    assert never.acknowledged == []


REFUSED = Took("the answer is 400", is_refused=True)
NOT_NOW = Took("the answer is 500", wait=20)


@pytest.mark.parametrize(
    ("took", "text", "tries"),
    [
        (REFUSED, "freeze could not be acknowledged: the answer is 400", 3),
        (NOT_NOW, "freeze cannot be acknowledged yet: the answer is 500", 30),
    ],
    ids=["refused", "not now"],
)
def test_what_cannot_be_acknowledged_is_told_once(took: Took, text: str, tries: int) -> None:
    world = World(LIVE_MIGRATION)
    world.takes = lambda event: took
    world.serve(["azure"], 890, Rules(acknowledges=True))
    assert [one.text for one in world.said if one.happening is Happening.FAILED] == [text]
    assert len(world.told) >= tries


def test_what_is_refused_is_told_three_times_and_drained_for_at_its_time() -> None:
    world = World(LIVE_MIGRATION)
    world.takes = lambda event: REFUSED
    world.serve(["azure"], 700, Rules(acknowledges=True))
    assert (len(world.told), world.owners) == (3, {})
    world.serve(["azure"], 890, Rules(acknowledges=True))
    assert (len(world.told), world.owners) == (3, {OWNER: 780})


def test_what_could_not_be_taken_for_a_while_is_acknowledged_then() -> None:
    world = World(LIVE_MIGRATION)
    world.takes = lambda event: NOT_NOW if world.passed < 400 else Took()
    world.serve(["azure"], 890, Rules(acknowledges=True))
    assert (world.acknowledged, world.owners) == (["E1"], {OWNER: 0})
    gaps = [later.time - one.answered for one, later in zip(world.told, world.told[1:])]
    assert min(gaps) >= NOT_NOW.wait


EIGHT = tuple(EVENT._replace(id=f"E{number}") for number in range(8))


def test_of_eight_at_once_each_has_its_turn_and_the_questions_go_on() -> None:
    world = World(says((0, heard(*EIGHT))), latency=0.25)
    world.apart = 5
    world.serve(["azure"], 120, Rules(acknowledges=True))
    assert sorted(world.acknowledged) == [one.id for one in EIGHT]
    sent = sorted([*world.asked, *world.told], key=lambda one: one.time)
    assert min(later.time - one.answered for one, later in zip(sent, sent[1:])) >= 5
    questions = [one.time for one in world.asked]
    assert max(late - soon for soon, late in zip(questions, questions[1:])) < 12


def test_a_vf_that_takes_the_traffic_back_meanwhile_is_drained_again() -> None:
    world = World(LIVE_MIGRATION)
    world.vf_returns = [100.0, 900.0, 1000.5, 1150.0, 1300.0]
    world.serve(["azure"], 1400)
    assert [since for since, _ in world.lapses] == [900.0, 1000.5, 1150.0]
    assert all(seen - since <= NAP for since, seen in world.lapses)
    assert (world.drained_again, world.went_back, world.owners) == (3, 1, {})


def test_a_vf_that_takes_it_back_at_each_look_is_drained_again_less_and_less_often() -> None:
    world = World(LIVE_MIGRATION)
    drains: list[float] = []
    has_lapsed = True

    def fails(owner: str) -> bool:
        drains.append(world.passed)
        return False

    world.fails = fails
    world._look = lambda: has_lapsed  # type: ignore[method-assign]
    world.vf_returns = [9000.0]
    world.serve(["azure"], 780 + 310)
    waits = [later - soon for soon, later in zip(drains, drains[1:])]
    assert 5 <= len(drains) <= 8
    assert all(wait >= pause for wait, pause in zip(waits[1:], PAUSES))
    # Once a look has found it where it was moved to the next one is moved back at once.
    has_lapsed = False
    world.serve(["azure"], 1160)
    assert (world.kept.courses[0].is_moved, world.owners) == (True, {OWNER: 780})
    has_lapsed, before = True, len(drains)
    world.serve(["azure"], 1160 + NAP + 1)
    assert len(drains) == before + 1


@pytest.mark.parametrize("is_anew", [False, True], ids=["the service", "the machine"])
def test_a_restart_takes_up_where_it_was(is_anew: bool) -> None:
    world = World(LIVE_MIGRATION)
    world.serve(["azure"], 1000)
    if is_anew:
        world.boot()
    world.passed = 1010.0
    world.serve(["azure"], 1199, is_anew=is_anew)
    assert world.owners == {OWNER: 1010 if is_anew else 780}
    world.serve(["azure"], 1300)
    assert world.owners == {}


def test_a_service_that_finds_a_drain_of_which_it_knows_nothing_ends_it() -> None:
    world = World(says((0, heard())))
    world.owners["azure:LOST"] = 0
    world.serve(["azure"], 100)
    assert world.owners == {}


def test_a_source_that_falls_silent_and_answers_again_is_kept_for_who_looks_from_outside() -> None:
    """A single silence is not worth a write."""
    world = World(says((0, heard()), (10, Heard(None, 5, "no")), (100, heard())))
    seen = []
    for until in (18, 60, 120):
        world.serve(["azure"], until)
        seen.append([name for name, _ in world.kept.unheard])
    assert seen == [[], ["azure"], []]
