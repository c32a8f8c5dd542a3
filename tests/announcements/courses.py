"""The real courses of Azure's events, which `azure_fabric` plays.

The first six are the scenarios of Azure-Samples/scheduled-events-mock-server (main.py), whose
times are the medians of July 2025; the others are what the documentation says besides
(MicrosoftDocs/azure-compute-docs, articles/virtual-machines/linux/scheduled-events.md).
"""

from __future__ import annotations

from typing import NamedTuple

_MINUTES = 60.0


class Course(NamedTuple):
    """An event from its announcement to its removal; times in seconds.

    `notice` is what NotBefore is ahead by: 0 where it is first seen as Started.  `lasts` is how
    long it is Started before it is removed.  `cancelled` is when it is removed without having
    been started, counted from its announcement (None: it is not).
    """

    kind: str
    description: str
    source: str
    duration: int
    notice: float = 15 * _MINUTES
    lasts: float = 10 * _MINUTES
    cancelled: float | None = None


LIVE_MIGRATION = Course(
    "Freeze",
    "Virtual machine is being paused because of a memory-preserving Live Migration operation.",
    "Platform",
    duration=5,
    lasts=5 * _MINUTES,
)
USER_REBOOT = Course(
    "Reboot",
    "Virtual machine is going to be restarted as requested by authorized user.",
    "User",
    duration=-1,
)
HOST_MAINTENANCE = Course("Freeze", "Host server is undergoing maintenance.", "Platform", 9)
REDEPLOY = Course("Redeploy", "Virtual machine has encountered a failure.", "Platform", -1)
USER_REDEPLOY = Course(
    "Redeploy",
    "Virtual machine is going to be redeployed as requested by authorized user.",
    "User",
    duration=-1,
)
CANCELLED_MAINTENANCE = HOST_MAINTENANCE._replace(cancelled=8 * _MINUTES)

#: The six, by the names that the mock server has for them.
SIX = {
    "Live Migration": LIVE_MIGRATION,
    "User Reboot": USER_REBOOT,
    "Host Agent Maintenance": HOST_MAINTENANCE,
    "Redeploy": REDEPLOY,
    "User Redeploy": USER_REDEPLOY,
    "Canceled Maintenance": CANCELLED_MAINTENANCE,
}

#: A host that broke: no notice at all.
HOST_FAILURE = Course(
    "Reboot", "Host server is undergoing an emergency repair.", "Platform", -1, notice=0
)
#: An update of the network, which may be the case in which only the VF goes.
NETWORK_UPDATE = HOST_MAINTENANCE._replace(duration=0)
#: A spot machine that goes, and a machine of a scale set: 30 seconds, and 5 minutes.
PREEMPTED = Course("Preempt", "", "Platform", -1, notice=30, lasts=_MINUTES)
TERMINATED = Course("Terminate", "", "Platform", -1, notice=5 * _MINUTES, lasts=_MINUTES)
