"""What the hook can do to a machine, one thing at a time."""

from __future__ import annotations

from enum import Enum

from hyperv_net.records import NamedTuple


class StepKind(str, Enum):
    """What a step does; the text is how a person reads it, with the device and its master."""

    STOP_CLIENT = "stop the DHCP client of {0}"
    LOWER = "set {0} down"
    TAKE_ADDRESSES = "take the addresses off {0}"
    MOVE_ADDRESSES = "move addresses of {0} to {1}"
    LEAVE = "take {0} out of {1}"
    DISABLE_IPV6 = "turn IPv6 off on {0}"
    SET_MTU = "set the MTU of {0}"
    JOIN = "join {0} to {1}"
    RAISE = "set {0} up"
    SET_PRIMARY = "make {0} the primary of {1}"
    FORGET_PRIMARY = "have {0} forget its primary"
    REBUILD = "make {0} again"
    SET_RESELECT = "set primary_reselect of {0}"
    ACTIVATE = "move the traffic of {1} to {0}"
    RECEIVE_BY_ALL = "receive through all members of {0}"
    RECEIVE_BY_ACTIVE = "receive through the active member of {0} alone"


class Step(NamedTuple):
    """One thing to do for the pair with this MAC.

    `device` is what it is done to (for REBUILD, FORGET_PRIMARY,
    SET_RESELECT and both RECEIVEs the aggregate).
    `master` is the aggregate of a JOIN, SET_PRIMARY, ACTIVATE or MOVE_ADDRESSES, the
    other master of a LEAVE, and the aggregate that the device of a LOWER was seen not
    to be in, if that is why.  `values` are the addresses, the process of the client,
    the MTU in bytes, the kind of the other master, what primary_reselect is to be, or the
    port that has to join a lagg again for another to be its primary.
    `blamed` are those who had configured the device.  `ifindex` is the device's interface index, 0
    where that is not known: its name may be another's when the step is taken.  `master_ifindex` is
    that of `master`.
    """

    kind: StepKind
    mac: str
    device: str
    master: str = ""
    values: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()
    ifindex: int = 0
    master_ifindex: int = 0

    def __str__(self) -> str:
        """As `--dry-run` prints it."""
        values = f" ({', '.join(self.values)})" if self.values else ""
        blamed = f", configured by {' and '.join(self.blamed)}" if self.blamed else ""
        return self.kind.value.format(self.device, self.master) + values + blamed
