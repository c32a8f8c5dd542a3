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
    whole = epoch_of(*(int(found[at] or 0) for at in range(1, 7)))
    return None if whole is None else whole + float(f"0.{found[7] or 0}")


def epoch_of(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | None:
    """Seconds since the epoch of a time in UTC; None where there is no such time since then."""
    # 60 is the second that is put in.
    is_date = year >= 1970 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    if not is_date or hour > 23 or minute > 59 or second > 60:
        return None
    return timegm((year, month, day, hour, minute, second))


def seconds_between(first: str, second: str) -> float | None:
    """Seconds from one time to another; None where one is not told, or the clock was set back."""
    begin, end = seconds_of(first), seconds_of(second)
    return None if begin is None or end is None or end < begin else end - begin
