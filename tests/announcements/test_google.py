"""Google's maintenance as a source: another cloud behind the same interface."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hyperv_net.announcements import google_source
from hyperv_net.announcements.announcement import ID, Stage
from hyperv_net.announcements.asking import Address
from hyperv_net.announcements.course import Known
from hyperv_net.announcements.following import Rules, follow
from hyperv_net.announcements.google import announcements_in
from hyperv_net.announcements.google_source import HELD, WAIT
from hyperv_net.announcements.retrying import LONGEST
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.errors import HypervNetError
from tests.announcements.azure_fabric import NOTHING, Answer
from tests.announcements.clock import Clock
from tests.announcements.google_metadata import EVENT, FLAVOR, Metadata
from tests.announcements.serving import served

MIGRATE = b"MIGRATE_ON_HOST_MAINTENANCE"


@pytest.fixture
def metadata() -> Metadata:
    return Metadata(Clock())


@pytest.fixture
def google(metadata: Metadata) -> Iterator[Source]:
    with served(metadata) as (host, port):
        yield google_source.source(Address(host, port), lambda: 1.0, metadata.clock)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b"NONE", None),
        (MIGRATE, "migrate"),
        (b"TERMINATE_ON_HOST_MAINTENANCE\n", "terminate"),
        (b"SHUTDOWN_ON_HOST_MAINTENANCE", "shutdown"),
        (b"SOMETHING_NEW", "something-new"),
        (b"A" * 64, "unknown"),
    ],
)
def test_each_value_is_an_announcement_or_none(value: bytes, kind: str | None) -> None:
    found = announcements_in(value, "a1b2")
    assert [one.kind for one in found] == ([] if kind is None else [kind])
    for one in found:
        assert one.owner == f"google:{kind}-a1b2" and ID.match(one.id)
        assert (one.stage, one.not_before) == (Stage.STARTED, None)
        assert one.text == value.decode().strip()


@pytest.mark.parametrize(
    ("value", "is_drained"),
    [
        (MIGRATE, True),
        (b"TERMINATE_ON_HOST_MAINTENANCE", False),
        (b"SHUTDOWN_ON_HOST_MAINTENANCE", False),
    ],
)
def test_what_ends_the_machine_is_only_told_of(value: bytes, is_drained: bool) -> None:
    heard = Heard(announcements_in(value, "a1b2"), 1.0)
    followed = follow(Known(), {"google": heard}, 0.0, 0.0, Rules())
    assert bool(followed.begin) is is_drained
    assert followed.told


@pytest.mark.parametrize(
    "value", [b"", b"none", b"<html>", b"A" * 65, b"A B", b"\xff", b"A\nB", b"<p>" * 999]
)
def test_what_is_no_value_is_refused_in_one_line(value: bytes) -> None:
    with pytest.raises(HypervNetError, match="maintenance-event: not a word") as raised:
        announcements_in(value, "a1b2")
    assert "\n" not in str(raised.value) and len(str(raised.value)) < 120


@pytest.mark.parametrize("etag", ["", "a b", "../x", "x" * 65, "a\nb"])
def test_an_etag_that_cannot_be_a_part_of_an_id_is_refused(etag: str) -> None:
    with pytest.raises(HypervNetError, match="maintenance-event: has no usable ETag"):
        announcements_in(MIGRATE, etag)


def test_a_migration_is_heard_as_soon_as_it_is_told_and_until_it_is_not(
    metadata: Metadata, google: Source
) -> None:
    assert google.name == "google" and google.acknowledge is None
    assert google.ask(0) == Heard((), WAIT)
    began = metadata.clock()
    assert google.ask(0) == Heard((), WAIT) and metadata.clock() == began + HELD
    metadata.set(MIGRATE, after=2)
    (found,) = google.ask(0).announcements or ()
    assert found.kind == "migrate" and metadata.clock() == began + HELD + 2
    assert google.ask(0).announcements == (found,), "its id stays"
    metadata.set(b"NONE")
    assert google.ask(0) == Heard((), WAIT)
    metadata.set(MIGRATE)
    (again,) = google.ask(0).announcements or ()
    assert again.id != found.id
    assert metadata.asked[0].path == EVENT
    assert all("wait_for_change=true" in one.path for one in metadata.asked[1:])
    assert all(one.headers["metadata-flavor"] == "Google" for one in metadata.asked)


def test_a_service_that_is_begun_anew_has_the_same_id_for_it(
    metadata: Metadata, google: Source
) -> None:
    metadata.set(MIGRATE)
    before = google.ask(0).announcements
    metadata.instead = [Answer(503)]
    assert google.ask(0).announcements is None
    assert google.ask(0).announcements == before


def test_an_etag_may_stand_in_quotes(metadata: Metadata, google: Source) -> None:
    metadata.instead = [Answer(body=MIGRATE, headers=(("ETag", '"a1"'), FLAVOR))]
    assert [one.id for one in google.ask(0).announcements or ()] == ["migrate-a1"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(503, b"NONE", headers=(("ETag", "a1"), FLAVOR)), "the answer is 503"),
        (Answer(body=b"NONE", headers=(("ETag", "a1"),)), "the answer has no Metadata-Flavor: Goo"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_of_where_it_was_asked(
    metadata: Metadata, google: Source, answer: Answer, said: str
) -> None:
    metadata.instead = [answer]
    assert google.ask(0).trouble.startswith(f"{EVENT}: {said}")


TROUBLES = [
    *(Answer(503), Answer(404), Answer(500), NOTHING, Answer(body=b"<html>")),
    Answer(body=b"NONE"),
    Answer(body=b"NONE", headers=(FLAVOR,)),
    Answer(body=b"NONE", headers=(("ETag", "a1"),)),
    Answer(body=b"NONE", headers=(("ETag", "a1"), ("Metadata-Flavor", "Other"))),
    Answer(body=b"NO", headers=(("ETag", "a1"), FLAVOR), per_byte=9),
    Answer(503, b"NONE", headers=(("ETag", "a1"), FLAVOR)),
    Answer(body=b"NONE", headers=(("ETag", "a1"), FLAVOR), late=HELD + 10),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_after_any_trouble_nothing_is_known_and_it_is_asked_more_and_more_rarely(
    metadata: Metadata, google: Source, trouble: Answer
) -> None:
    metadata.instead = [trouble] * 5
    heard = [google.ask(0) for _ in range(5)]
    assert [one.announcements for one in heard] == [None] * 5
    assert all(one.trouble and "\n" not in one.trouble for one in heard)
    assert [one.wait for one in heard] == [10, 20, 40, LONGEST, LONGEST]
    assert google.ask(0) == Heard((), WAIT)
    assert metadata.asked[-1].path == EVENT
    metadata.instead = [trouble]
    assert google.ask(0).wait == 10
    google.ask(0)
    assert metadata.asked[-1].path == EVENT, "what was known before is no more"
