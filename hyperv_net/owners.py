"""Who keeps the traffic of a pair off its VF: a person, or an event that a source announced.

A word of its own, since the hook asks for it at an event, and what reads a journal without
looking at a machine.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The owner of a drain that somebody asked for.
PERSON = "person"

#: Owners that a drain has at most; its record is bounded.
MOST_OWNERS = 32

#: Seconds for which one event may own a drain, all in all.
LONGEST_OF_EVENT = 90 * 60.0

#: What a source may call an event.
EVENT_ID = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}\Z"

# Compiled when there is a drain.
_OF_EVENT = rf"[a-z][a-z0-9-]{{0,31}}:{EVENT_ID}"


def owner_of(source: str, event: str) -> str:
    """The owner that an event of a source is, as in azure:ID."""
    return f"{source}:{event}"


def source_and_event(owner: str) -> tuple[str, str]:
    """The source that announced an owner, and what the event is called there; '' for `PERSON`."""
    source, _, event = owner.partition(":")
    return source, event


def whose(owners: Iterable[str]) -> str:
    """The owners of a drain, for people."""
    return " and ".join("a person" if one == PERSON else one for one in owners)


def is_owner(text: str) -> bool:
    """Whether a drain may be owned by this name: PERSON, or an event's, as in azure:ID."""
    return text == PERSON or re.match(_OF_EVENT, text) is not None
