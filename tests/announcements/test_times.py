"""Times in the spellings that announcers have for them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.announcements.times import seconds_of
from tests.announcements.azure_fabric import iso, rfc1123

WHEN = datetime(2016, 9, 19, 18, 29, 47, tzinfo=timezone.utc).timestamp()


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 19 Sep 2016 18:29:47 GMT",
        "Sun, 19 Sep 2016 18:29:47 GMT",  # the wrong day of the week
        "19 Sep 2016 18:29:47 GMT",
        "Mon, 19 Sep 2016 20:29:47 +0200",
        "2016-09-19T18:29:47Z",
        "2016-09-19t18:29:47z",
        "2016-09-19T18:29:47.9876543Z",
        "2016-09-19 18:29:47",
        "2016-09-19T11:59:47-06:30",
        "  2016-09-19T18:29:47+00:00\n",
    ],
)
def test_each_spelling_is_the_same_time(text: str) -> None:
    assert seconds_of(text) == WHEN


@pytest.mark.parametrize("text", ["2016-09-19T18:29Z", "Mon, 19 Sep 2016 18:29 GMT"])
def test_a_time_without_seconds_is_that_of_the_minute(text: str) -> None:
    assert seconds_of(text) == WHEN - 47


def test_the_second_that_is_put_in_is_the_first_of_the_next_minute() -> None:
    assert seconds_of("2016-12-31T23:59:60Z") == seconds_of("2017-01-01T00:00:00Z")


@pytest.mark.parametrize("month", range(1, 13))
def test_each_month_has_its_name(month: int) -> None:
    when = datetime(2026, month, 28, tzinfo=timezone.utc)
    assert seconds_of(format_datetime(when, usegmt=True)) == when.timestamp()


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "1474309787", "2016-09-19", "18:29:47", "Mon, 19 Sep 2016"),
        *("2016-13-01T00:00:00Z", "2016-02-30T00:00:00Z", "2015-02-29T00:00:00Z"),
        *("2016-09-00T00:00:00Z", "2016-09-19T24:00:00Z", "2016-09-19T00:60:00Z"),
        *("2016-09-19T00:00:61Z", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z"),
        *("Mon, 19 Foo 2016 18:29:47 GMT", "Mon, 19 Sep 2016 18:29:47 PST"),
        *("2016-09-19T18:29:47Z" + "x", "2016-09-19T18:29:47Z" + " " * 99 + "Z"),
        "٢٠١٦-09-19T18:29:47Z",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert seconds_of(text) is None


@given(st.integers(0, 253_402_300_799))
def test_any_second_is_read_from_both_spellings(when: int) -> None:
    assert seconds_of(iso(when)) == seconds_of(rfc1123(when)) == when


@given(st.datetimes(datetime(1970, 1, 3), datetime(9999, 12, 30)), st.integers(-1439, 1439))
def test_a_zone_is_taken_off(when: datetime, minutes: int) -> None:
    local = when.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert seconds_of(local.isoformat()) == local.timestamp()
