"""Times as those who announce write them, as seconds since the epoch."""

from __future__ import annotations

import re
from calendar import monthrange, timegm

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_CLOCK = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,12})?)?"
_ZONE = r"(?P<zone>z|gmt|utc|[+-][0-9]{2}:?[0-9]{2})?"

#: RFC 1123, as in Mon, 19 Sep 2016 18:29:47 GMT.  The day of the week is not held against the
#: date: two of Microsoft's and others' examples have a wrong one.
_RFC_1123 = re.compile(
    rf"(?:[a-z]{{3,9}}, *)?(?P<day>[0-9]{{1,2}}) (?P<month>[a-z]{{3}}) (?P<year>[0-9]{{4}})"
    rf" {_CLOCK} *{_ZONE}\Z"
)

#: ISO 8601 with a date and a time, which RFC 3339 is, as in 2016-09-19T18:29:47Z.
_ISO_8601 = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    rf"[t ]{_CLOCK} *{_ZONE}\Z"
)


def seconds_of(text: str) -> float | None:
    """The time that a text tells, in either spelling; None where it tells none.

    Without a zone it is UTC.  Parts of a second are passed over.
    """
    plain = text.strip().lower()
    found = _ISO_8601.match(plain) or _RFC_1123.match(plain)
    if found is None:
        return None
    month = found["month"]
    numbers = [
        int(found["year"]),
        int(month) if month.isdigit() else _MONTHS.index(month) + 1 if month in _MONTHS else 0,
        *(int(found[part] or 0) for part in ("day", "hour", "minute", "second")),
    ]
    if not _is_time(*numbers):
        return None
    return float(timegm((*numbers, 0, 0, 0)) - _offset(found["zone"] or ""))


def _is_time(year: int, month: int, day: int, hour: int, minute: int, second: int) -> bool:
    # The epoch is where clocks begin, and 60 is the second that is put in.
    is_date = year >= 1970 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return is_date and hour < 24 and minute < 60 and second <= 60


def _offset(zone: str) -> int:
    """Seconds by which a zone is ahead of UTC."""
    if zone[:1] not in ("+", "-"):
        return 0
    seconds = (int(zone[1:3]) * 60 + int(zone[-2:])) * 60
    return -seconds if zone[0] == "-" else seconds
