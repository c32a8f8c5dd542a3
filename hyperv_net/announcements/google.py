"""What the metadata of Google's Compute Engine says of maintenance, as announcements.

cloud.google.com/compute/docs/metadata/getting-live-migration-notice: `instance/maintenance-event`
is NONE, or MIGRATE_ON_HOST_MAINTENANCE or TERMINATE_ON_HOST_MAINTENANCE from 60 seconds before it
to its end.  More of when it begins is not told, so that it goes on from when it is told.
"""

from __future__ import annotations

import re

from hyperv_net.announcements.announcement import Announcement, Stage, kind_of
from hyperv_net.errors import HypervNetError

NAME = "google"

_NOTHING = "NONE"
_WORD = re.compile(r"[A-Z]+(_[A-Z]+)*\Z")
_BEHIND = "_ON_HOST_MAINTENANCE"
_LONGEST = 64  # characters

#: An ETag as the service has it: it stands for a value, until that changes.
ETAG = re.compile(r"[A-Za-z0-9]{1,64}\Z")


def announcements_in(data: bytes, etag: str) -> tuple[Announcement, ...]:
    """The announcements that a value of `maintenance-event` is; `etag` tells it from another.

    Raises HypervNetError where it is no such value.
    """
    word = data[: _LONGEST + 1].decode("ascii", "replace").strip()
    if not _WORD.match(word) or len(word) > _LONGEST:
        raise HypervNetError(f"not a word: {word!a}", where="maintenance-event")
    if not ETAG.match(etag):
        raise HypervNetError("has no usable ETag", where="maintenance-event")
    if word == _NOTHING:
        return ()
    kind = kind_of(word.removesuffix(_BEHIND).replace("_", "-"))
    return (Announcement(NAME, f"{kind}-{etag}", kind, Stage.STARTED, text=word),)
