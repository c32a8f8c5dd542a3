"""The tests' own server plays what is documented; asked with a client that is not ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from tests.announcements.azure_fabric import (
    EVENTS,
    INSTANCE,
    REQUESTS_A_SECOND,
    Answer,
    Fabric,
    iso,
)
from tests.announcements.clock import Clock
from tests.announcements.courses import (
    CANCELLED_MAINTENANCE,
    HOST_FAILURE,
    LIVE_MIGRATION,
    SIX,
    Course,
)
from tests.announcements.serving import served

_TRUE = {"Metadata": "true"}
_OPENER = build_opener(ProxyHandler({}))


@pytest.fixture
def fabric() -> Fabric:
    return Fabric(Clock())


@pytest.fixture
def at(fabric: Fabric) -> Iterator[str]:
    with served(fabric) as (host, port):
        yield f"http://{host}:{port}"


def ask(
    at: str,
    path: str = EVENTS,
    headers: dict[str, str] = _TRUE,
    version: str = "2020-07-01",
    body: bytes | None = None,
) -> tuple[int, Any]:
    request = Request(f"{at}{path}?api-version={version}", body, headers)
    try:
        with _OPENER.open(request) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def statuses(at: str) -> list[str]:
    return [one["EventStatus"] for one in ask(at)[1]["Events"]]


@pytest.mark.parametrize("course", SIX.values(), ids=SIX)
def test_each_course_is_scheduled_started_and_removed_when_it_should_be(
    fabric: Fabric, at: str, course: Course
) -> None:
    event = fabric.announce(course, spelling=iso)
    (told,) = ask(at)[1]["Events"]
    assert told["EventId"] == event and told["EventType"] == course.kind
    assert told["NotBefore"] == iso(fabric.clock() + course.notice)
    fabric.clock.advance((course.cancelled or course.notice) - 1)
    assert statuses(at) == ["Scheduled"]
    fabric.clock.advance(1)
    if course.cancelled is None:
        assert statuses(at) == ["Started"]
        assert ask(at)[1]["Events"][0]["NotBefore"] == ""
        fabric.clock.advance(course.lasts)
    assert statuses(at) == []


def test_a_host_that_broke_is_first_seen_as_started(fabric: Fabric, at: str) -> None:
    fabric.announce(HOST_FAILURE)
    assert statuses(at) == ["Started"]


def test_every_change_is_another_incarnation_and_a_reset_begins_anew(
    fabric: Fabric, at: str
) -> None:
    seen = [ask(at)[1]["DocumentIncarnation"]]
    event = fabric.announce(CANCELLED_MAINTENANCE)
    seen.append(ask(at)[1]["DocumentIncarnation"])
    fabric.move(event, notice=30)
    seen.append(ask(at)[1]["DocumentIncarnation"])
    fabric.start(event)
    seen.append(ask(at)[1]["DocumentIncarnation"])
    fabric.end(event)
    seen.append(ask(at)[1]["DocumentIncarnation"])
    assert seen == [1, 2, 3, 4, 5]
    fabric.reset()
    fabric.clock.advance(1)
    assert ask(at)[1] == {"DocumentIncarnation": 1, "Events": []}


def test_who_acknowledges_has_it_start_before_its_time(fabric: Fabric, at: str) -> None:
    event = fabric.announce(LIVE_MIGRATION)
    body = json.dumps({"StartRequests": [{"EventId": event}]}).encode()
    assert ask(at, body=body) == (200, None)
    assert statuses(at) == ["Started"]
    assert fabric.acknowledged == [event]
    fabric.clock.advance(LIVE_MIGRATION.lasts)
    assert statuses(at) == []


@pytest.mark.parametrize(
    ("path", "headers", "version", "body", "status"),
    [
        (EVENTS, {}, "2020-07-01", None, 400),
        (EVENTS, {**_TRUE, "X-Forwarded-For": "10.0.0.1"}, "2020-07-01", None, 400),
        (EVENTS, _TRUE, "latest", None, 400),
        (EVENTS, _TRUE, "2020-07-01", b"[]", 400),
        (EVENTS, _TRUE, "2020-07-01", b'{"StartRequests": [{"EventId": "x"}]}', 400),
        ("/metadata", _TRUE, "2020-07-01", None, 404),
        (INSTANCE, _TRUE, "2021-12-13", b"{}", 405),
    ],
)
def test_it_refuses_as_the_service_does(
    at: str, path: str, headers: dict[str, str], version: str, body: bytes | None, status: int
) -> None:
    assert ask(at, path, headers, version, body)[0] == status


def test_it_refuses_more_requests_in_a_second_than_are_allowed(fabric: Fabric, at: str) -> None:
    answers = [ask(at)[0] for _ in range(REQUESTS_A_SECOND + 1)]
    assert answers == [200] * REQUESTS_A_SECOND + [429]
    fabric.clock.advance(1)
    assert ask(at)[0] == 200
    assert [one.status for one in fabric.asked] == [*answers, 200]


def test_an_answer_can_be_replaced_and_the_first_be_late(fabric: Fabric, at: str) -> None:
    fabric.turning_on = 110
    before = fabric.clock()
    fabric.instead = [Answer(410, b"{}", when=EVENTS)]
    assert ask(at, INSTANCE, version="2021-12-13")[1]["compute"]["name"] == "vm_0"
    assert ask(at)[0] == 410
    assert ask(at)[0] == 200 and fabric.clock() == before + 110
    assert ask(at)[0] == 200 and fabric.clock() == before + 110
