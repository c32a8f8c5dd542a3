"""What may be sent to a source, and when."""

from __future__ import annotations

import pytest

from hyperv_net.announcements.source import Heard, Source, Took
from hyperv_net.announcements.turns import Sending, Turn, turns_of

APART = 5.0
HEARD = Heard((), 10)


def test_a_question_goes_when_it_is_due_and_one_at_a_time() -> None:
    turn = Turn(0, APART)
    assert turn.sending(0, None) is Sending.QUESTION
    asked = turn.asking()
    assert asked.sending(100, 0) is Sending.NOTHING and asked.next(0) == float("inf")
    heard = asked.heard(HEARD, 20)
    assert (heard.sending(29, None), heard.sending(30, None)) == (Sending.NOTHING, Sending.QUESTION)
    assert heard.next(None) == 30


def test_word_goes_on_the_heels_of_a_question_that_was_answered_and_one_for_each() -> None:
    turn = Turn(0, APART)
    assert turn.sending(0, 0) is Sending.QUESTION
    heard = turn.asking().heard(Heard((), 5), 0)
    assert heard.sending(4.9, 0) is Sending.NOTHING and heard.next(0) == 5
    assert heard.sending(5, 0) is Sending.WORD
    took = heard.to_tell("azure:E1").took(Took(), 6)
    assert (took.told, took.sending(10.9, 0), took.sending(11, 0)) == (
        *("", Sending.NOTHING),
        Sending.QUESTION,
    )


@pytest.mark.parametrize(
    "heard", [Heard(None, 40, "500"), Heard(None, 40, is_half=True)], ids=["trouble", "half"]
)
def test_a_source_that_has_not_answered_is_told_nothing_and_left_in_peace(heard: Heard) -> None:
    turn = Turn(0, APART).asking().heard(heard, 0)
    assert turn.sending(39, 0) is Sending.NOTHING
    assert turn.sending(40, 0) is Sending.QUESTION


def test_what_cannot_be_taken_now_waits_and_the_questions_do_not() -> None:
    turn = Turn(0, APART).asking().heard(HEARD, 0).to_tell("azure:E1").took(Took("500", wait=60), 5)
    assert (turn.telling, turn.delays, turn.sending(10, 0)) == (65, 1, Sending.QUESTION)
    heard = turn.asking().heard(HEARD, 10)
    assert (heard.sending(15, 0), heard.next(0)) == (Sending.NOTHING, 20)
    later = heard._replace(due=100.0)
    assert (later.sending(64, 0), later.sending(65, 0)) == (Sending.NOTHING, Sending.WORD)
    refused = later.to_tell("azure:E1").took(Took("400", is_refused=True), 65)
    assert (refused.telling, refused.delays) == (0, 0)


def test_what_is_on_its_way_and_the_spacing_outlast_a_time_that_is_over() -> None:
    azure, other = (Source(name, lambda now: HEARD, apart=APART) for name in ("azure", "other"))
    before = {"azure": Turn(0, APART).asking().heard(HEARD, 3), "other": Turn(0, APART).asking()}
    turns = turns_of([azure, other], 4, before)
    assert (turns["azure"].next(0), turns["azure"].sending(8, 0)) == (8, Sending.QUESTION)
    assert turns["other"].is_busy
    assert turns_of([azure], 4)["azure"].sending(4, None) is Sending.QUESTION


def test_a_source_in_trouble_that_wants_to_be_asked_at_once_is_not() -> None:
    turn = Turn(0, APART).asking().heard(Heard(None, 0, "500"), 0)
    assert (turn.sending(4, None), turn.next(None)) == (Sending.NOTHING, APART)
