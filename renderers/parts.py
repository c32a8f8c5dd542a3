"""What the parts of targets hand on to those who use them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import NetworkConfig
    from hyperv_net.renderers.protocols import Render

Run = Callable[[Sequence[str]], str]
"""Runs a command and gives what it printed; raises HypervNetError where it fails."""


class Step(NamedTuple):
    """A command; one that `may_fail` says something that need not be so.

    `otherwise` is what does the same where the command fails.
    """

    command: tuple[str, ...]
    may_fail: bool = False
    otherwise: tuple[str, ...] = ()


def in_words(steps: Sequence[Step]) -> str:
    """The steps as one line of a shell; each is tried whatever became of those before it."""
    return "; ".join(" ".join(step.command) for step in steps)


class Asked(NamedTuple):
    """A default route that the files ask for: its family, 4 or 6, and what in them asks.

    `is_certain` is false where a server or a router may give none.
    """

    family: int
    by: str
    is_certain: bool


class Addressing(NamedTuple):
    """What the files of a machine say about the addresses of one interface.

    `dhcp` is whether it has IPv4 from DHCP; `addresses` have their prefix
    length and `nameservers` are those of this interface, all printed as
    `ipaddress` prints them.
    """

    dhcp: bool
    addresses: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = ()


def topmost(name: str, above: Mapping[str, str]) -> str:
    """The device over all those that stand on `name`; `above` has what is over each, if any is.

    Devices that stand on each other in a circle are left after one round.
    """
    seen: list[str] = []
    while name in above and name not in seen:
        seen.append(name)
        name = above[name]
    return name


class Adopted(NamedTuple):
    """What a root configures already, as a network config, and what edits its files in place."""

    config: NetworkConfig
    render: Render
