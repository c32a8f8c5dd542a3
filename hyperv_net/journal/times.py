"""Times as entries have them, compared and reckoned with."""

from __future__ import annotations

import re
from calendar import monthrange, timegm

_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?Z?\Z", re.ASCII
)


def seconds_of(text: str) -> float | None:
    """Seconds since the epoch of a date, or a date and a time, in UTC; None for any other text."""
    found = _TIME.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[at] or 0) for at in range(1, 7))
    if year < 1970 or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    if hour > 23 or minute > 59 or second > 60:
        return None
    return timegm((year, month, day, hour, minute, second, 0, 0, 0)) + float(f"0.{found[7] or 0}")


def seconds_between(first: str, second: str) -> float | None:
    """Seconds from one time to another; None where one is not told, or the clock was set back."""
    begin, end = seconds_of(first), seconds_of(second)
    return None if begin is None or end is None or end < begin else end - begin
