"""What is done to one network device, told by its interface index.

A name may be another's when the step is taken: a VF that leaves is followed within milliseconds by
one that gets the same name.  What was decided of the first must not be done to the second.
"""

from __future__ import annotations

from enum import Enum

from hyperv_net.records import NamedTuple


class What(str, Enum):
    """What is done; the text is how a person reads it, with the index and the value."""

    UP = "set interface {0} up"
    DOWN = "set interface {0} down"
    MTU = "give interface {0} the MTU {1}"
    MASTER = "put interface {0} into interface {1}"
    NO_MASTER = "take interface {0} out of what it is in"
    FLUSH = "take the addresses off interface {0}"
    ACTIVE = "have bond {0} send through interface {1}"


class LinkChange(NamedTuple):
    """One of these; `value` is the MTU in bytes or another interface's index."""

    what: What
    ifindex: int
    value: int = 0

    def __str__(self) -> str:
        """One clause."""
        return self.what.value.format(self.ifindex, self.value)
