"""The type of hyperv-net/announcement/1, which scripts write and the service that watches reads.

`announcements.own_document` reads it; a test holds what that takes against this.
"""

from dataclasses import dataclass
from typing import Annotated, Optional

from hyperv_net.announcements.announcement import Stage


@dataclass(frozen=True)
class AnnouncementDocument:
    """Something that will take the VFs of this machine away, or does so now."""

    schema: str
    id: Annotated[
        Optional[str],
        "what it is called: letters, digits, dots, hyphens and underscores, up to 128; of a file "
        "it is the name without .json, and may be left out",
    ] = None
    kind: Annotated[Optional[str], "what is to happen, in one word, as in freeze or reboot"] = (
        "migration"
    )
    stage: Annotated[
        Optional[Stage], "started where it goes on; so it does where not_before is missing"
    ] = None
    not_before: Annotated[
        Optional[str], "when it may begin at the earliest, as in 2026-11-28T23:00:00Z"
    ] = None
    interrupts: Annotated[Optional[float], "seconds for which the machine stands still"] = None
    text: Annotated[Optional[str], "what it is, for people, in one line"] = None
