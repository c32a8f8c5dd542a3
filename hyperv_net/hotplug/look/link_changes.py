"""Waiting until the kernel tells of a network device that came, went or changed (rtnetlink(7))."""

from __future__ import annotations

from contextlib import contextmanager

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_RTMGRP_LINK = 1  # include/uapi/linux/rtnetlink.h
_LARGEST_MESSAGE = 1 << 16

#: Seconds for what changes together, so that it is looked at once.
_TOGETHER = 0.02


@contextmanager
def link_changes() -> Iterator[Callable[[float], bool]]:
    """A function that waits so many seconds for a change; False where there was none.

    A change counts from the moment this is entered, so that one between a
    look and the wait after it is not missed.  Raises OSError where the kernel
    has no rtnetlink.
    """
    import select
    import socket
    import time

    with socket.socket(
        socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.NETLINK_ROUTE
    ) as messages:
        messages.bind((0, _RTMGRP_LINK))
        # Not select(2), which cannot name a descriptor above 1,023.
        poll = select.poll()
        poll.register(messages, select.POLLIN)

        def wait(seconds: float) -> bool:
            if not poll.poll(max(0.0, seconds) * 1000):
                return False
            time.sleep(_TOGETHER)
            _drain(messages.recv)
            return True

        yield wait


def _drain(receive: Callable[[int], bytes]) -> None:
    while True:
        try:
            receive(_LARGEST_MESSAGE)
        except BlockingIOError:
            return
        except OSError:
            # ENOBUFS: some messages were lost, and there has been a change.
            continue
