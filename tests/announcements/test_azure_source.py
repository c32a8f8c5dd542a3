"""Azure's source against the fabric: what it hears, how often it asks, what it makes of trouble."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from hyperv_net.announcements import azure_source
from hyperv_net.announcements.announcement import Stage
from hyperv_net.announcements.asking import Address
from hyperv_net.announcements.azure_source import QUICK, QUIET
from hyperv_net.announcements.retrying import LONGEST
from hyperv_net.announcements.source import Heard, Source
from tests.announcements.azure_fabric import (
    EVENTS,
    INSTANCE,
    NOTHING,
    Answer,
    Fabric,
    iso,
)
from tests.announcements.courses import (
    HOST_FAILURE,
    HOST_MAINTENANCE,
    LIVE_MIGRATION,
    SIX,
    Course,
)
from tests.announcements.serving import served


def ask(azure: Source, fabric: Fabric) -> Heard:
    """What is heard, and the clock is where the source wants to be asked again."""
    heard = whole(azure, fabric)
    fabric.clock.advance(heard.wait)
    return heard


def whole(azure: Source, fabric: Fabric) -> Heard:
    """What is heard once the machine's name is known."""
    heard = azure.ask(fabric.clock())
    if heard.is_half:
        fabric.clock.advance(heard.wait)
        heard = azure.ask(fabric.clock())
    return heard


def stages(heard: Heard) -> list[Stage]:
    assert heard.announcements is not None and heard.trouble == ""
    return [one.stage for one in heard.announcements]


@pytest.mark.parametrize("course", SIX.values(), ids=SIX)
def test_each_course_is_heard_from_its_announcement_to_its_end(
    fabric: Fabric, azure: Source, course: Course
) -> None:
    assert stages(ask(azure, fabric)) == []
    event = fabric.announce(course, spelling=iso)
    began, heard = fabric.clock(), []
    for _ in range(int((course.notice + course.lasts) / QUICK) + 1):
        answer = ask(azure, fabric)
        heard += stages(answer)
        if not answer.announcements:
            break
        assert [one.id for one in answer.announcements] == [event]
    lasted = fabric.clock() - began - QUIET
    if course.cancelled is None:
        assert {*heard} == {Stage.SCHEDULED, Stage.STARTED}
        assert lasted == pytest.approx(course.notice + course.lasts, abs=QUICK)
    else:
        assert {*heard} == {Stage.SCHEDULED}
        assert lasted == pytest.approx(course.cancelled, abs=QUICK)


def test_a_shortened_notice_and_a_move_to_started_are_heard(fabric: Fabric, azure: Source) -> None:
    ask(azure, fabric)
    event = fabric.announce(LIVE_MIGRATION)
    fabric.move(event, notice=20)
    (found,) = whole(azure, fabric).announcements or ()
    assert found.not_before == fabric.clock() + 20
    fabric.start(event)
    assert stages(whole(azure, fabric)) == [Stage.STARTED]


def test_the_incarnation_that_starts_anew_hides_nothing(fabric: Fabric, azure: Source) -> None:
    first = fabric.announce(HOST_MAINTENANCE)
    assert [one.id for one in whole(azure, fabric).announcements or ()] == [first]
    fabric.end(first)
    second = fabric.announce(HOST_FAILURE)
    fabric.incarnation = 2  # as the first document had it
    assert [one.id for one in whole(azure, fabric).announcements or ()] == [second]
    fabric.reset()
    assert [one.id for one in whole(azure, fabric).announcements or ()] == [second]


def test_what_is_announced_to_others_is_told_and_not_mine(fabric: Fabric, azure: Source) -> None:
    fabric.announce(LIVE_MIGRATION, resources=["issue_1"])
    fabric.announce(LIVE_MIGRATION, resources=["issue_1", "ISSUE_0"])
    fabric.announce(LIVE_MIGRATION)
    heard = whole(azure, fabric).announcements or ()
    assert [(one.is_mine, one.is_mine_alone) for one in heard] == [
        *((False, False), (True, False), (True, True)),
    ]


def test_it_asks_as_the_service_wants_to_be_asked(fabric: Fabric, azure: Source) -> None:
    ask(azure, fabric)
    ask(azure, fabric)
    assert [(one.method, one.path, one.status) for one in fabric.asked] == [
        *(("GET", INSTANCE, 200), ("GET", EVENTS, 200), ("GET", EVENTS, 200)),
    ]
    assert all({*one.headers} == {"host", "accept-encoding", "metadata"} for one in fabric.asked)


def test_it_is_asked_more_often_where_something_is_announced_to_this_machine(
    fabric: Fabric, azure: Source
) -> None:
    assert ask(azure, fabric).wait == QUIET
    fabric.announce(LIVE_MIGRATION, resources=["another"])
    assert ask(azure, fabric).wait == QUIET
    fabric.announce(LIVE_MIGRATION)
    assert ask(azure, fabric).wait == QUICK
    assert 5 <= QUICK <= QUIET <= 10


def test_the_first_answer_may_be_two_minutes_late_and_no_other(
    fabric: Fabric, azure: Source
) -> None:
    fabric.turning_on = 120
    assert stages(ask(azure, fabric)) == []
    fabric.instead = [Answer(late=120, when=EVENTS)]
    heard = ask(azure, fabric)
    assert heard.announcements is None and "no answer in 15 s" in heard.trouble
    for trouble in (Answer(late=120, when=EVENTS), Answer(500, when=EVENTS)):
        fabric.instead = [trouble, Answer(late=120, when=EVENTS)]
        assert ask(azure, fabric).announcements is None
        assert "no answer in 15 s" in whole(azure, fabric).trouble, "an event may go on"
    fabric.clock.advance(86_400)  # A day without an answer: it is off.
    assert stages(ask(azure, fabric)) == []
    event = fabric.announce(LIVE_MIGRATION)
    ask(azure, fabric)
    fabric.instead = [Answer(late=120)]
    assert azure.acknowledge is not None and "no answer in 15 s" in azure.acknowledge(event).trouble


def test_the_name_of_the_machine_is_nothing_to_be_turned_on(fabric: Fabric, azure: Source) -> None:
    fabric.instead = [Answer(late=20, when=INSTANCE)]
    assert "instance: no answer in 15 s" in ask(azure, fabric).trouble


TROUBLES = [
    *(Answer(400), Answer(404), Answer(429), Answer(500), Answer(503), Answer(302), NOTHING),
    *(Answer(body=b"<html>"), Answer(body=b"{}"), Answer(body=b"[" * 99_999), Answer(body=b"")),
    Answer(203, b'{"Events": [], "compute": {"name": "issue_0"}}'),
    *(Answer(body=b"x" * 600_000), Answer(body=b'{"Events": []}', per_byte=9), Answer(204)),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: f"{one.status}-{one.body!r:.20}")
@pytest.mark.parametrize("when", [EVENTS, INSTANCE])
def test_after_any_trouble_nothing_is_known_and_it_is_asked_more_and_more_rarely(
    fabric: Fabric, azure: Source, trouble: Answer, when: str
) -> None:
    fabric.instead = [trouble._replace(when=when)] * 9
    heard = [ask(azure, fabric) for _ in range(9)]
    assert [one.announcements for one in heard] == [None] * 9
    assert all(one.trouble and "\n" not in one.trouble for one in heard)
    assert [one.wait for one in heard] == [10, 20, 40, *[LONGEST] * 6]
    assert stages(ask(azure, fabric)) == []
    fabric.instead = [trouble._replace(when=EVENTS)]
    assert ask(azure, fabric).wait == 10


def test_nobody_at_the_address_is_such_a_trouble() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        address = Address(*listening.getsockname())
    azure = azure_source.source(address, lambda: 0.0)
    heard = azure.ask(0)
    assert heard.announcements is None and "refused" in heard.trouble
    assert heard.wait == QUICK


@pytest.mark.parametrize("jitter", [0.0, 0.3, 1.0])
def test_the_wait_after_a_trouble_is_never_shorter_than_the_usual_one_nor_without_bound(
    fabric: Fabric, jitter: float
) -> None:
    with served(fabric) as (host, port):
        azure = azure_source.source(Address(host, port), lambda: jitter, fabric.clock)
        fabric.instead = [Answer(429)] * 40
        waits = [ask(azure, fabric).wait for _ in range(40)]
    assert waits == sorted(waits) and waits[0] >= QUICK
    assert waits[-1] == QUICK + jitter * (LONGEST - QUICK)


def test_a_service_that_is_gone_is_asked_quickly_for_seventy_seconds(
    fabric: Fabric, azure: Source
) -> None:
    ask(azure, fabric)
    began = fabric.clock()
    fabric.instead = [Answer(410, when=EVENTS)] * 20
    waits = [ask(azure, fabric).wait for _ in range(20)]
    assert waits[:14] == [QUICK] * 14 and waits[14:18] == [10, 20, 40, LONGEST]
    assert began + 70 == fabric.asked[2 + 14].time
    ask(azure, fabric)
    fabric.instead = [Answer(410)]
    assert ask(azure, fabric).wait == QUICK, "its seventy seconds begin anew"


def test_another_trouble_ends_the_seventy_seconds(fabric: Fabric, azure: Source) -> None:
    fabric.instead = [Answer(410), *[Answer(500)] * 4, Answer(410)]
    waits = [ask(azure, fabric).wait for _ in range(6)]
    assert waits == [QUICK, 10, 20, 40, LONGEST, QUICK]


@pytest.mark.parametrize("status", [400, 404])
def test_the_name_is_asked_again_where_the_question_is_refused(
    status: int, fabric: Fabric, azure: Source
) -> None:
    fabric.instead = [Answer(one, when=EVENTS) for one in (500, 410, 429, status)]
    for asked in (1, 1, 1, 1, 2):
        ask(azure, fabric)
        assert [one.path for one in fabric.asked].count(INSTANCE) == asked
        fabric.name = "renamed_0"
    fabric.announce(LIVE_MIGRATION, resources=["renamed_0"])
    assert [one.is_mine for one in ask(azure, fabric).announcements or ()] == [True]


def test_of_a_machine_without_a_name_no_event_is_known(fabric: Fabric, azure: Source) -> None:
    fabric.announce(LIVE_MIGRATION)
    fabric.name = ""
    heard = ask(azure, fabric)
    assert heard.announcements is None and "compute.name" in heard.trouble
    assert [one.path for one in fabric.asked] == [INSTANCE]


def test_an_event_that_cannot_be_read_does_not_hide_the_others(
    fabric: Fabric, azure: Source
) -> None:
    fabric.announce(LIVE_MIGRATION, EventId="../x")
    good = fabric.announce(LIVE_MIGRATION)
    heard = ask(azure, fabric)
    assert [one.id for one in heard.announcements or ()] == [good]
    assert "Events[0]" in heard.trouble


def test_no_course_with_any_trouble_has_more_requests_than_are_allowed(
    fabric: Fabric, azure: Source
) -> None:
    fabric.announce(LIVE_MIGRATION)
    fabric.instead = [one for one in TROUBLES for _ in range(2)]
    for _ in range(300):
        ask(azure, fabric)
    times = [one.time for one in fabric.asked]
    assert min(late - soon for soon, late in zip(times, times[1:])) >= QUICK
