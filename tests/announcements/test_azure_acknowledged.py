"""What Azure's source tells the fabric to go ahead with, and what it makes of its refusals."""

from __future__ import annotations

import pytest

from hyperv_net.announcements.announcement import Stage
from hyperv_net.announcements.azure_source import QUICK
from hyperv_net.announcements.source import Source, Took
from tests.announcements.azure_fabric import (
    NOTHING,
    Answer,
    Fabric,
)
from tests.announcements.courses import (
    HOST_FAILURE,
    LIVE_MIGRATION,
)
from tests.announcements.test_azure_source import ask, stages, whole


def test_an_event_of_this_machine_alone_is_acknowledged(fabric: Fabric, azure: Source) -> None:
    event = fabric.announce(LIVE_MIGRATION)
    ask(azure, fabric)
    assert azure.acknowledge is not None and azure.acknowledge(event) == Took()
    assert fabric.acknowledged == [event]
    assert fabric.asked[-1].headers["metadata"] == "true"
    assert stages(ask(azure, fabric)) == [Stage.STARTED]


def test_nothing_else_is_acknowledged(fabric: Fabric, azure: Source) -> None:
    """It would begin for the others too (scheduled-events.md, "Start an event")."""
    shared = fabric.announce(LIVE_MIGRATION, resources=["issue_0", "issue_1"])
    theirs = fabric.announce(LIVE_MIGRATION, resources=["issue_1"])
    started = fabric.announce(HOST_FAILURE)
    ask(azure, fabric)
    unheard = fabric.announce(LIVE_MIGRATION)
    assert azure.acknowledge is not None
    for event in (shared, theirs, started, unheard, "x", '"}]}'):
        took = azure.acknowledge(event)
        assert "not acknowledged" in took.trouble and took.is_refused
    assert fabric.acknowledged == [] and all(one.method == "GET" for one in fabric.asked)


@pytest.mark.parametrize(
    ("trouble", "is_refused"),
    [
        *((Answer(status), True) for status in (400, 401, 403, 404, 405, 409, 413, 499)),
        *((Answer(status), False) for status in (408, 410, 429, 500, 503, 599, 302, 203)),
        *((NOTHING, False), (Answer(late=120), False)),
        *((Answer(body=b"x" * 600_000), False), (Answer(body=b"{}", per_byte=9), False)),
    ],
    ids=lambda one: f"{one.status}-{one.body!r:.9}" if isinstance(one, Answer) else "",
)
def test_an_acknowledgement_that_fails_is_refused_or_only_not_taken_now(
    fabric: Fabric, azure: Source, trouble: Answer, is_refused: bool
) -> None:
    event = fabric.announce(LIVE_MIGRATION)
    ask(azure, fabric)
    fabric.instead = [trouble] * 3
    assert azure.acknowledge is not None
    took = [azure.acknowledge(event) for _ in range(3)]
    assert all(one.trouble and "\n" not in one.trouble for one in took)
    assert [one.is_refused for one in took] == [is_refused] * 3
    assert [one.wait for one in took] == ([0] * 3 if is_refused else [10, 20, 40])


def test_an_acknowledgement_that_fails_hinders_neither_the_next_one_nor_a_question(
    fabric: Fabric, azure: Source
) -> None:
    event = fabric.announce(LIVE_MIGRATION)
    ask(azure, fabric)
    fabric.instead = [Answer(500)] * 3
    assert azure.acknowledge is not None
    for _ in range(3):
        azure.acknowledge(event)
    assert whole(azure, fabric).wait == QUICK
    assert azure.acknowledge(event) == Took() and fabric.acknowledged == [event]
    fabric.instead = [Answer(500)]
    assert azure.acknowledge(fabric.announce(LIVE_MIGRATION)).is_refused, "it was not heard of"
