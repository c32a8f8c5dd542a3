"""Times as those who announce write them, as seconds since the epoch."""

from __future__ import annotations

import re

from hyperv_net.journal.times import epoch_of

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
    whole = epoch_of(*numbers)
    return None if whole is None else float(whole - _offset(found["zone"] or ""))


def _offset(zone: str) -> int:
    """Seconds by which a zone is ahead of UTC."""
    if zone[:1] not in ("+", "-"):
        return 0
    seconds = (int(zone[1:3]) * 60 + int(zone[-2:])) * 60
    return -seconds if zone[0] == "-" else seconds
