"""The document hyperv-net/announcement/1, in which a script announces something to this machine.

Its type is in `review.documents.announcement`, and who may write it in docs/json.md.
"""

from __future__ import annotations

from hyperv_net.announcements.announcement import (
    ID,
    UNKNOWN,
    Announcement,
    Stage,
    kind_of,
    line_of,
)
from hyperv_net.announcements.times import seconds_of
from hyperv_net.inventory import checked_json
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from hyperv_net.inventory.checked_json import Value

SCHEMA = "hyperv-net/announcement/1"

#: What is to happen where the document does not say.
_KIND = "migration"


def announcement_in(data: bytes, where: str, source: str, name: str = "") -> Announcement:
    """The announcement of a document; `name` is its id where that is told beside the document.

    What is announced so is announced to this machine alone.  Without `not_before`, or where the
    stage is `started`, it has begun.  Raises HypervNetError, which names `where` and the key.
    """
    document = checked_json.parse_bytes(data, where)
    fields = document.fields()
    if "schema" not in fields or fields["schema"].plain != SCHEMA:
        raise document.error("not an announcement", f'begin it with "schema": "{SCHEMA}"')
    told = fields.get("id")
    identity = told.checked(lambda one: one if ID.match(one) else None, "an id") if told else name
    if not identity:
        raise document.error("has no 'id'")
    if told is not None and name and identity != name:
        raise told.error(f"another id than the file's name, {name}", "leave it out")
    not_before = _time(fields.get("not_before"))
    stage = Stage.STARTED if not_before is None else Stage.SCHEDULED
    if "stage" in fields:
        stage = fields["stage"].one_of(Stage)
    return Announcement(
        source=source,
        id=identity,
        kind=_kind(fields.get("kind")),
        stage=stage,
        not_before=None if stage is Stage.STARTED else not_before,
        interrupts=_seconds(fields.get("interrupts")),
        text=line_of(fields["text"].text()) if "text" in fields else "",
    )


def _time(value: Value | None) -> float | None:
    if value is None or value.plain == "":
        return None
    found = seconds_of(value.text())
    if found is None:
        raise value.error(
            f"not a time: {checked_json.shown(value.plain)}", "write it as in 2026-11-28T23:00:00Z"
        )
    return found


def _kind(value: Value | None) -> str:
    if value is None:
        return _KIND
    found = kind_of(value.text())
    if found == UNKNOWN:
        raise value.error(f"not a word: {checked_json.shown(value.plain)}", "as in freeze")
    return found


def _seconds(value: Value | None) -> float | None:
    if value is None:
        return None
    is_number = isinstance(value.plain, (int, float)) and not isinstance(value.plain, bool)
    if not is_number or not 0 <= value.plain < float("inf"):
        raise value.error(f"not a number of seconds: {checked_json.shown(value.plain)}")
    return float(value.plain)
