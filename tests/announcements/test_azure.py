"""A document of Scheduled Events as announcements, whatever is in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hyperv_net.announcements.announcement import ID, Announcement, Stage
from hyperv_net.announcements.azure import announcements_in, machine_name
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.checked_json import shown
from tests.announcements.azure_fabric import Fabric, iso, rfc1123
from tests.announcements.clock import Clock
from tests.announcements.courses import SIX, Course

EVENT = "C7061BAC-AFDC-4513-B24B-AA5F13A16123"
SCHEDULED = {
    "EventId": EVENT,
    "EventStatus": "Scheduled",
    "EventType": "Freeze",
    "ResourceType": "VirtualMachine",
    "Resources": ["WestNO_0", "WestNO_1"],
    "NotBefore": "Mon, 11 Apr 2026 22:26:58 GMT",
    "Description": "Virtual machine is being paused.",
    "EventSource": "Platform",
    "DurationInSeconds": 5,
}
"""The documentation's example; its day was no Monday."""


def document(*events: Any) -> bytes:
    return json.dumps({"DocumentIncarnation": 2, "Events": events}).encode()


def only(*events: Any, name: str = "WestNO_0") -> Announcement:
    told = announcements_in(document(*events), name)
    assert told.trouble == ""
    (found,) = told.announcements
    return found


def changed(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in {**SCHEDULED, **fields}.items() if value is not ...}


def test_the_example_of_the_documentation_is_read_in_full() -> None:
    assert only(SCHEDULED) == Announcement(
        source="azure",
        id=EVENT,
        kind="freeze",
        stage=Stage.SCHEDULED,
        not_before=1775946418.0,
        is_mine=True,
        is_mine_alone=False,
        interrupts=5.0,
        text="Virtual machine is being paused.",
    )
    assert only(SCHEDULED).owner == f"azure:{EVENT}"


@pytest.mark.parametrize("course", SIX.values(), ids=SIX)
@pytest.mark.parametrize("spelling", [rfc1123, iso])
def test_each_course_is_told_in_both_spellings(course: Course, spelling: Any) -> None:
    fabric = Fabric(Clock(), name="vm_0")
    event = fabric.announce(course, spelling=spelling)
    found = only(*fabric.document["Events"], name="vm_0")
    assert (found.id, found.kind) == (event, course.kind.lower())
    assert found.not_before == fabric.clock() + course.notice
    assert found.interrupts == (None if course.duration < 0 else course.duration)
    assert found.is_mine_alone
    fabric.start(event)
    (started,) = announcements_in(json.dumps(fabric.document).encode(), "vm_0").announcements
    assert started == found._replace(stage=Stage.STARTED, not_before=None)


@pytest.mark.parametrize("blank", ["", None, ...])
def test_a_started_event_needs_no_time(blank: Any) -> None:
    found = only(changed(EventStatus="Started", NotBefore=blank))
    assert (found.stage, found.not_before) == (Stage.STARTED, None)


def test_a_time_of_an_event_that_has_started_says_nothing() -> None:
    assert only(changed(EventStatus="Started")).not_before is None


@pytest.mark.parametrize("blank", ["", None, ...])
def test_a_scheduled_event_without_a_time_may_begin_at_any_moment(blank: Any) -> None:
    found = only(changed(NotBefore=blank))
    assert (found.stage, found.not_before) == (Stage.SCHEDULED, None)


@pytest.mark.parametrize("wrong", ["soon", 1775946418, [], {"a": 1}, True, "\ud800"])
def test_a_time_that_is_none_is_told_and_the_event_kept(wrong: Any) -> None:
    told = announcements_in(document(changed(NotBefore=wrong)), "WestNO_0")
    assert [one.not_before for one in told.announcements] == [None]
    assert told.trouble.startswith("scheduled events: Events[0].NotBefore: not a time: ")
    assert told.trouble.endswith(shown(wrong))
    event = changed(NotBefore=wrong, EventStatus="Started")
    told = announcements_in(document(event), "WestNO_0")
    assert [one.stage for one in told.announcements] == [Stage.STARTED] and told.trouble


@pytest.mark.parametrize("status", ["Completed", "", None, ..., 3])
def test_an_event_of_an_unknown_status_is_not_over(status: Any) -> None:
    assert only(changed(EventStatus=status)).stage is Stage.SCHEDULED
    assert only(changed(EventStatus=status, NotBefore="")).stage is Stage.STARTED


def test_events_of_others_are_told_as_theirs() -> None:
    found = only(SCHEDULED, name="WestNO_2")
    assert not found.is_mine and not found.is_mine_alone
    assert only(changed(Resources=["WestNO_0"])).is_mine_alone


def test_a_name_is_compared_whole_and_without_regard_to_case() -> None:
    assert only(changed(Resources=["WESTNO_0"])).is_mine_alone
    assert only(changed(Resources=[" WestNO_0 "])).is_mine_alone
    assert not only(changed(Resources=["WestNO_00", "WestNO_"])).is_mine


@pytest.mark.parametrize("resources", [[], None, ..., "WestNO_0", {"WestNO_0": 1}])
def test_an_event_that_names_no_machine_is_not_of_this_one(resources: Any) -> None:
    found = only(changed(Resources=resources))
    assert not found.is_mine and not found.is_mine_alone
    assert found.names_nobody and not only(SCHEDULED, name="other").names_nobody


def test_a_machine_beside_one_that_cannot_be_read_is_not_alone() -> None:
    found = only(changed(Resources=["WestNO_0", 7]))
    assert found.is_mine and not found.is_mine_alone


@pytest.mark.parametrize(
    ("duration", "interrupts"),
    [
        *((0, 0.0), (9, 9.0), (2.5, 2.5), (-1, None), (..., None)),
        *(("9", None), (True, None), (1e999, None)),
    ],
)
def test_a_duration_is_kept_where_it_is_known(duration: Any, interrupts: float | None) -> None:
    assert only(changed(DurationInSeconds=duration)).interrupts == interrupts


@pytest.mark.parametrize("kind", ["Hibernate", "freeze"])
def test_a_type_is_told_in_its_own_word(kind: str) -> None:
    assert only(changed(EventType=kind)).kind == kind.lower()


@pytest.mark.parametrize("kind", [..., None, "", "a b", "x" * 33, "a\nb", 7, ["Freeze"]])
def test_a_type_that_is_no_word_is_unknown(kind: Any) -> None:
    assert only(changed(EventType=kind)).kind == "unknown"


def test_an_example_with_much_missing_is_read() -> None:
    """As webdevops/azure-scheduledevents-manager has it in examples/events.json."""
    first = {
        "EventId": "102d9444-d2cd-49c7-8624-8643e7171291",
        "EventType": "Reboot",
        "ResourceType": "VirtualMachine",
        "Resources": [],
        "EventStatus": "Scheduled",
        "NotBefore": "Mon, 19 Sep 2019 18:29:47 GMT",
    }
    last = {
        "EventId": "602d9444-d2cd-49c7-8624-8643e7171293",
        "EventType": "Reboot",
        "Resources": ["FrontEnd_IN_0", "BackEnd_IN_0"],
        "EventStatus": "Started",
    }
    told = announcements_in(document(first, last), "FrontEnd_IN_0")
    assert told.trouble == ""
    assert [(one.is_mine, one.stage.value) for one in told.announcements] == [
        (False, "scheduled"),
        (True, "started"),
    ]


HOSTILE_IDS = ["", "../../etc/passwd", "a/b", "a b", "a\nb", "x" * 129, "-x", 7, None, ..., ["a"]]


@pytest.mark.parametrize("event", HOSTILE_IDS)
def test_an_event_whose_id_cannot_be_used_is_passed_over_and_told(event: Any) -> None:
    told = announcements_in(document(changed(EventId=event), changed(EventId="good")), "WestNO_0")
    assert [one.id for one in told.announcements] == ["good"]
    assert told.unread == ("",)
    assert told.trouble.startswith("scheduled events: Events[0]") and "\n" not in told.trouble
    assert all(ID.match(one.id) for one in told.announcements)


def test_what_people_are_told_is_one_short_line_that_no_terminal_obeys() -> None:
    found = only(changed(Description="a\n\x1b[31mb " + "x" * 9999))
    assert found.text.startswith("a \\x1b[31mb xxx")
    assert len(found.text) < 220 and found.text.isprintable()
    assert only(changed(Description=7)).text == ""
    assert only(changed(Description="x" * 200)).text == "x" * 200
    assert only(changed(Description="x" * 201)).text == "x" * 200 + "..."


def test_of_two_events_by_one_id_the_one_about_this_machine_counts() -> None:
    theirs = changed(Resources=["other"])
    for events in ([theirs, SCHEDULED], [SCHEDULED, theirs], [SCHEDULED, SCHEDULED]):
        assert only(*events).is_mine


def test_many_troubles_are_one_line() -> None:
    told = announcements_in(document(1, 2, 3, SCHEDULED), "WestNO_0")
    assert len(told.announcements) == 1
    assert told.trouble.startswith("scheduled events: Events[0]: not an object: 1")
    assert told.trouble.endswith("(and 2 more)")


def test_no_event_is_no_announcement_whatever_the_incarnation_is() -> None:
    for incarnation in (1, 0, -7, "x", None):
        data = json.dumps({"DocumentIncarnation": incarnation, "Events": []}).encode()
        assert announcements_in(data, "vm").announcements == ()
    assert announcements_in(b'\xef\xbb\xbf{"Events": []}', "vm").announcements == ()


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"null", b"[]", b"{}", b'{"Events": null}', b'{"Events": {}}', b'{"Events": 1}'),
        *(b"<html>", b"\xff\xfe", b'{"Events": [', b"[" * 100_000, b'{"a":' * 100_000),
        *(b'{"Events": [], "Events": []}', b'{"Events": [}'),
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_such_document_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(HypervNetError) as raised:
        announcements_in(data, "vm")
    assert "\n" not in str(raised.value) and str(raised.value).startswith("scheduled events")
    if data == b"{}":
        assert str(raised.value) == "scheduled events: has no Events"


@pytest.mark.parametrize("name", ["issue_0", "vm", "  vm-1 ", "x" * 128])
def test_the_name_of_the_machine_is_that_of_its_instance(name: str) -> None:
    data = {"compute": {"name": name, "osProfile": {"computerName": "issue000000"}}}
    assert machine_name(json.dumps(data).encode()) == name.strip()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not JSON"),
        (b"[]", "not an object"),
        *((one, "has no compute.name") for one in (b"{}", b'{"compute": {}}', b'{"name": "vm"}')),
        (b'{"compute": {"name": null}}', "has no compute.name"),
        (b'{"compute": []}', "compute: not an object"),
        *((b'{"compute": {"name": "%s"}}' % one, "has no compute.name") for one in (b"", b"  ")),
        (b'{"compute": {"name": 7}}', "name: not a text"),
        (b'{"compute": {"name": "%s"}}' % (b"x" * 129), "name: too long"),
    ],
    ids=lambda one: repr(one[:40]),
)
def test_an_instance_without_a_name_is_refused_in_one_line(data: bytes, said: str) -> None:
    with pytest.raises(HypervNetError, match="instance metadata") as raised:
        machine_name(data)
    assert said in str(raised.value) and "\n" not in str(raised.value)
