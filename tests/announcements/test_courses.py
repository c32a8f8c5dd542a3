"""The real courses of Azure's events, from a server of the tests' own to the traffic that moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hyperv_net.announcements import azure_source
from hyperv_net.announcements.asking import Address
from hyperv_net.announcements.course import LONGEST
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.journal.entry import Happening
from tests.announcements.azure_fabric import NOTHING, Answer, Fabric, iso
from tests.announcements.clock import Clock
from tests.announcements.courses import (
    HOST_FAILURE,
    LIVE_MIGRATION,
    NETWORK_UPDATE,
    PREEMPTED,
    SIX,
    TERMINATED,
    USER_REBOOT,
    Course,
)
from tests.announcements.serving import served
from tests.announcements.watched import World

START = 1_790_000_000.0
AHEAD = 120


class OfAzure(World):
    """A machine of Azure: time goes by on the fabric's clock."""

    def __init__(self, address: tuple[str, int], fabric: Fabric) -> None:
        self._fabric, self._clock = fabric, fabric.clock
        super().__init__(lambda name, passed: Heard(None, 1), wall=START)
        self._azure = azure_source.source(Address(*address), lambda: 0.5, fabric.clock)
        self.apart = self._azure.apart
        self.began: list[int] = []

    @property
    def passed(self) -> float:
        return self._clock() - START

    @passed.setter
    def passed(self, passed: float) -> None:
        self._clock.advance(START + passed - self._clock())

    def source(self, name: str) -> Source:
        return self._azure

    def watch(self, seconds: float, rules: Rules = Rules(AHEAD)) -> None:  # noqa: B008
        self.serve(["azure"], self.passed + seconds, rules)

    def serve(self, *arguments: Any, **rest: Any) -> None:
        self.began.append(len(self._fabric.asked))
        super().serve(*arguments, **rest)


@pytest.fixture
def fabric() -> Fabric:
    return Fabric(Clock(START))


@pytest.fixture
def machine(fabric: Fabric) -> Iterator[OfAzure]:
    with served(fabric) as address:
        machine = OfAzure(address, fabric)
        yield machine
    assert min(gaps(fabric, machine), default=azure_source.QUICK) >= azure_source.QUICK - 0.01


def gaps(fabric: Fabric, machine: OfAzure) -> list[float]:
    """Seconds between two requests of one service, whatever they are for."""
    times = [one.time for one in fabric.asked]
    between = zip(times, times[1:], range(1, len(times)))
    return [late - soon for soon, late, number in between if number not in machine.began]


def happened(machine: OfAzure) -> list[Happening]:
    return [one.happening for one in machine.said]


@pytest.mark.parametrize("name", SIX)
def test_each_of_the_six_courses_is_drained_for_and_ends_undrained(
    name: str, fabric: Fabric, machine: OfAzure
) -> None:
    course = SIX[name]
    event = f"azure:{fabric.announce(course)}"
    machine.watch(course.notice - AHEAD - 10)
    assert machine.owners == {}
    machine.watch(30)
    is_cancelled = course.cancelled is not None
    assert [*machine.owners] == ([] if is_cancelled else [event])
    machine.watch(AHEAD + course.lasts)
    assert machine.owners == {}
    middle = [Happening.CANCELLED] if is_cancelled else [Happening.STARTED, Happening.OVER]
    assert happened(machine) == [Happening.ANNOUNCED, *middle]


@pytest.mark.parametrize("course", [HOST_FAILURE, NETWORK_UPDATE])
def test_one_that_is_first_seen_when_it_has_started_is_drained_for_at_once(
    course: Course, fabric: Fabric, machine: OfAzure
) -> None:
    machine.watch(20)
    event = fabric.announce(course._replace(notice=0))
    machine.watch(15)
    assert [*machine.owners] == [f"azure:{event}"]
    machine.watch(course.lasts)
    assert machine.owners == {}


@pytest.mark.parametrize("course", [PREEMPTED, TERMINATED])
def test_a_machine_that_will_be_gone_is_not_drained(
    course: Course, fabric: Fabric, machine: OfAzure
) -> None:
    fabric.announce(course)
    machine.watch(600)
    assert (machine.ever, happened(machine)[0]) == (set(), Happening.ANNOUNCED)


def test_other_machines_events_move_nothing_here(fabric: Fabric, machine: OfAzure) -> None:
    fabric.announce(LIVE_MIGRATION, resources=("vm_1",))
    machine.watch(1300)
    assert (machine.ever, machine.said) == (set(), [])


def test_a_shortened_notice_is_followed(fabric: Fabric, machine: OfAzure) -> None:
    event = fabric.announce(LIVE_MIGRATION, spelling=iso)
    machine.watch(60)
    fabric.move(event, notice=20)
    machine.watch(10)
    assert [*machine.owners] == [f"azure:{event}"]
    machine.watch(20 + LIVE_MIGRATION.lasts)
    assert machine.owners == {}


def test_an_incarnation_that_starts_anew_changes_nothing(fabric: Fabric, machine: OfAzure) -> None:
    event = fabric.announce(LIVE_MIGRATION)
    machine.watch(800)
    fabric.reset()
    machine.watch(50)
    assert [*machine.owners] == [f"azure:{event}"]
    machine.watch(400)
    assert machine.owners == {}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, b"{}"),
        Answer(410, b""),
        Answer(429, b""),
        Answer(500, b""),
        Answer(200, b"<html>"),
        Answer(200, b"[1, 2"),
        NOTHING,
        Answer(late=20),
        Answer(200, b"{" * 40, per_byte=1),
    ],
    ids=["400", "410", "429", "500", "HTML", "half", "nothing", "late", "dripping"],
)
def test_trouble_in_the_midst_of_it_ends_nothing_and_goes_by(
    answer: Answer, fabric: Fabric, machine: OfAzure
) -> None:
    event = fabric.announce(LIVE_MIGRATION)
    machine.watch(830)
    fabric.instead += [answer] * 5
    machine.watch(40)
    assert [*machine.owners] == [f"azure:{event}"]
    machine.watch(1500)
    assert (machine.owners, Happening.OVER in happened(machine)) == ({}, True)


def test_a_service_that_falls_silent_for_good_leaves_no_machine_drained(
    fabric: Fabric, machine: OfAzure
) -> None:
    fabric.announce(LIVE_MIGRATION)
    machine.watch(950)
    fabric.instead += [Answer(500, b"")] * 10_000
    machine.watch(LONGEST + 300)
    assert (machine.owners, happened(machine)[-1]) == ({}, Happening.GIVEN_UP)


def test_a_machine_that_is_alone_goes_ahead_of_its_time(fabric: Fabric, machine: OfAzure) -> None:
    """By an acknowledgement, once the traffic was moved; a reboot need not wait 15 minutes then."""
    event = fabric.announce(USER_REBOOT)
    fabric.announce(LIVE_MIGRATION, resources=("vm_0", "vm_1"))
    machine.watch(60, Rules(900, acknowledges=True))
    assert (fabric.acknowledged, f"azure:{event}" in machine.owners) == ([event], True)
    assert Happening.STARTED in happened(machine)
    machine.watch(700, Rules(900, acknowledges=True))
    assert fabric.acknowledged == [event]
    assert f"azure:{event}" not in machine.owners


def test_eight_at_once_are_acknowledged_one_after_another_between_the_questions(
    fabric: Fabric, machine: OfAzure
) -> None:
    """Others of the machine ask too, and all have 5 requests a second together."""
    events = [fabric.announce(USER_REBOOT) for _ in range(8)]
    machine.watch(150, Rules(900, acknowledges=True))
    assert sorted(fabric.acknowledged) == sorted(events)
    asked = [one.time for one in fabric.asked if one.method == "GET"]
    assert max(late - soon for soon, late in zip(asked, asked[1:])) <= 11


@pytest.mark.parametrize(
    "trouble",
    [Answer(410, b""), Answer(429, b""), Answer(500, b""), NOTHING],
    ids=["410", "429", "500", "nothing"],
)
def test_one_that_azure_cannot_take_now_is_acknowledged_later(
    trouble: Answer, fabric: Fabric, machine: OfAzure
) -> None:
    event = fabric.announce(USER_REBOOT)
    fabric.instead = [trouble._replace(method="POST")] * 5
    machine.watch(600, Rules(AHEAD, acknowledges=True))
    assert fabric.acknowledged == [event]
    assert Happening.ACKNOWLEDGED in happened(machine)


def test_one_that_azure_takes_and_answers_too_late_is_told_no_more_once_it_has_started(
    fabric: Fabric, machine: OfAzure
) -> None:
    event = fabric.announce(USER_REBOOT)
    fabric.instead = [Answer(late=20, method="POST")]
    machine.watch(300, Rules(AHEAD, acknowledges=True))
    assert (fabric.acknowledged, [*machine.owners]) == ([event], [f"azure:{event}"])


def test_one_that_azure_refuses_three_times_is_drained_for_at_its_time(
    fabric: Fabric, machine: OfAzure
) -> None:
    event = fabric.announce(USER_REBOOT)
    fabric.instead = [Answer(400, b"", method="POST")] * 9
    machine.watch(700, Rules(AHEAD, acknowledges=True))
    posts = [one for one in fabric.asked if one.method == "POST"]
    assert (len(posts), machine.owners) == (3, {})
    machine.watch(100, Rules(AHEAD, acknowledges=True))
    assert [*machine.owners] == [f"azure:{event}"]
    machine.watch(900, Rules(AHEAD, acknowledges=True))
    assert machine.owners == {} and happened(machine)[-1] is Happening.OVER


def test_a_machine_that_reboots_for_it_is_drained_again_until_it_is_over(
    fabric: Fabric, machine: OfAzure
) -> None:
    event = fabric.announce(USER_REBOOT)
    machine.watch(1000)
    machine.boot()
    machine.passed += 60
    machine.serve(["azure"], machine.passed + 10, Rules(AHEAD), is_anew=True)
    assert [*machine.owners] == [f"azure:{event}"]
    machine.watch(600)
    assert machine.owners == {}
