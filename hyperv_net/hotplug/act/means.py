"""Doing what the steps say: commands and files, with a bound on the time each takes."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.processes import output
from hyperv_net.programs import LONG_SECONDS
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hyperv_net.hotplug.act.link_change import LinkChange


class Means(NamedTuple):
    """How a system is changed: a command, one that takes longer, a file, a process to end.

    Each raises HypervNetError where that fails.  `target_of` is where a link of
    the file system leads, empty where there is none.  `change` does one thing to the network
    device of an interface index (Linux).  `hand_over` has an aggregate of this name made again by
    somebody else, None where this process may do so itself.
    """

    run: Callable[[Sequence[str]], str]
    run_long: Callable[[Sequence[str]], str]
    write: Callable[[str, str], None]
    stop_process: Callable[[str], None]
    target_of: Callable[[str], str]
    change: Callable[[LinkChange], None]
    hand_over: Callable[[str], None] | None = None


def live_means() -> Means:
    """The means to change the running machine."""
    return Means(output, _output_of_long, write, stop_process, target_of, _change)


def confined_means() -> Means:
    """Those of a process that may start nothing which does as it likes (the unit of the worker)."""
    return live_means()._replace(hand_over=_hand_over)


def _hand_over(aggregate: str) -> None:
    from hyperv_net.handed_over.asking import REBUILD, ask

    ask(REBUILD, aggregate)


def _change(one: LinkChange) -> None:
    from hyperv_net.hotplug.act.rtnetlink import change

    change(one)


def _output_of_long(command: Sequence[str]) -> str:
    return output(command, LONG_SECONDS)


def write(path: str, text: str) -> None:
    """Write to a file that the kernel shows; it takes the text in one piece or refuses it.

    Raises HypervNetError.
    """
    import os

    try:
        # Never created: a file that is not there is a device that has left.
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(descriptor, text.encode())
        finally:
            os.close(descriptor)
    except OSError as error:
        raise HypervNetError(f"{error.strerror}", where=f"{path} <- {text.strip()}") from None


def target_of(path: str) -> str:
    """Where a symbolic link leads, as its text says; empty where there is none."""
    import os

    try:
        return os.readlink(path)  # noqa: PTH115 - pathlib is slow
    except OSError:
        return ""


def stop_process(pid: str) -> None:
    """End a DHCP client, and wait for it only as long as the next look at the system takes.

    One that has gone already is no error.  Raises HypervNetError.
    """
    import os
    import signal

    try:
        os.kill(int(pid), signal.SIGTERM)
    except ProcessLookupError:
        pass
    except OSError as error:
        raise HypervNetError(f"{error.strerror}", where=f"kill {pid}") from None
