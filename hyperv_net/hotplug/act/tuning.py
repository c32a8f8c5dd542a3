"""Tuning the NICs of pairs, as often as they come back."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.decide.tuning import to_tune
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.tuning import QDISC

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hyperv_net.hotplug.look.state import ActualState
    from hyperv_net.hotplug.wanted import Wanted


class Tools(NamedTuple):
    """What a NIC has (None: it does not tell), and having it have something else.

    `tune` raises HypervNetError where the NIC's driver refuses.  `is_still` tells whether the NIC
    of an interface index has a name: ethtool's ioctl and tc(8) take names, which may be another's
    by then.
    """

    tuned: Callable[[str, str], str | None]
    tune: Callable[[str, str, str], None]
    is_still: Callable[[int, str], bool] = lambda index, name: True


class Difference(NamedTuple):
    """A setting of a NIC that is not what is wanted; `why` is what its driver said, if asked."""

    mac: str
    nic: str
    setting: str
    wanted: str
    found: str | None
    why: str = ""

    def __str__(self) -> str:
        """One clause."""
        found = f"is {self.found}" if self.found is not None else "cannot be told"
        why = f": {self.why}" if self.why else ""
        return f"{self.setting} of {self.nic} {found}, not {self.wanted}{why}"


class Done(NamedTuple):
    """What was changed, one line each, and what was refused."""

    changed: tuple[str, ...]
    refused: tuple[Difference, ...]


def differences(actual: ActualState, wanted: Wanted, tools: Tools) -> tuple[Difference, ...]:
    """What the NICs have that is not as wanted; nothing is changed."""
    found = []
    for nic in to_tune(actual, wanted):
        for setting, text in nic.settings:
            now = tools.tuned(nic.name, setting)
            if now != text:
                found.append(Difference(nic.mac, nic.name, setting, text, now))
    return tuple(found)


def tune_all(actual: ActualState, wanted: Wanted, tools: Tools) -> Done:
    """Change what differs.  What a driver refuses is told, and stops nothing else."""
    changed, refused = [], []
    indexes = {nic.name: nic.ifindex for nic in to_tune(actual, wanted)}
    for one in differences(actual, wanted, tools):
        if not tools.is_still(indexes[one.nic], one.nic):
            continue  # It has left, and the next of its name wakes another look.
        try:
            tools.tune(one.nic, one.setting, one.wanted)
        except HypervNetError as error:
            refused.append(one._replace(why=str(error)))
        else:
            changed.append(f"set {one.setting} of {one.nic} to {one.wanted} (was {one.found})")
    return Done(tuple(changed), tuple(refused))


def live_tools(run: Callable[[Sequence[str]], str]) -> Tools:
    """Those of the running machine: ethtool's ioctl, and tc(8) for the qdisc."""
    from hyperv_net.inventory import tunables

    def tuned(nic: str, setting: str) -> str | None:
        if setting != QDISC:
            return tunables.tuned(nic, setting)
        try:
            # Only tc of 2020 and later shows the root alone where it is asked to.
            said = run(("tc", "qdisc", "show", "dev", nic))
        except HypervNetError:
            return None
        return kind_of(said)

    def tune(nic: str, setting: str, text: str) -> None:
        if setting == QDISC:
            run(("tc", "qdisc", "replace", "dev", nic, "root", text))
            return
        try:
            tunables.tune(nic, setting, text)
        except OSError as error:
            raise HypervNetError(f"{error.strerror}") from None

    return Tools(tuned, tune, _is_still)


def _is_still(index: int, name: str) -> bool:
    import socket

    try:
        return not index or socket.if_indextoname(index) == name
    except OSError:
        return False


def kind_of(said: str) -> str | None:
    """The kind of a device's root qdisc, from what tc(8) shows of all: `qdisc fq 8001: root …`."""
    lines = (line.split() for line in said.splitlines())
    return next((one[1] for one in lines if one[:1] == ["qdisc"] and one[3:4] == ["root"]), None)
