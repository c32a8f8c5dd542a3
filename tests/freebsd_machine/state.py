"""The state of the machine: plain data, kept in one JSON file under a lock."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

#: FreeBSD's words for its errors (lib/libc/gen/errlst.c), which differ from Linux's.
WORDS = {
    "EPERM": "Operation not permitted",
    "ENOENT": "No such file or directory",
    "ESRCH": "No such process",
    "ENXIO": "Device not configured",
    "EBUSY": "Device busy",
    "EEXIST": "File exists",
    "EINVAL": "Invalid argument",
    "EPROTONOSUPPORT": "Protocol not supported",
    "EOPNOTSUPP": "Operation not supported",
    "EADDRNOTAVAIL": "Can't assign requested address",
    "ENETUNREACH": "Network is unreachable",
}


class RefusedError(Exception):
    """The kernel says no, with the name of an errno."""

    def __init__(self, name: str) -> None:
        super().__init__(WORDS[name])
        self.name = name


@dataclass
class Address:
    """An address of an interface; `broadcast` for IPv4, `automatic` for what the kernel gave."""

    address: str
    prefix: int
    broadcast: str = ""
    automatic: bool = False


@dataclass
class Interface:
    """A network interface.

    `born` is the name that its driver gave it.  `kind` is ether, lagg, vlan,
    bridge, loopback or clone.  `link` is the state that the kernel reports,
    `carrier` whether the cable is in.  `vf` and `datapath` are for hn: the VF
    that it is mapped to, whether the host sends the traffic to that, and whether
    devd has yet to be told of the switch.  `ports` are a lagg's and `members` a
    bridge's.  `refuses` are words of ifconfig that fail on it (laggport, mtu), for tests.
    """

    name: str
    index: int
    kind: str = "ether"
    born: str = ""
    mac: str = ""
    own_mac: str = ""
    up: bool = False
    running: bool = False
    mtu: int = 1500
    largest_mtu: int = 9000
    link: str = "unknown"
    carrier: bool = True
    inet: list[Address] = field(default_factory=list)
    inet6: list[Address] = field(default_factory=list)
    nd6: list[str] = field(default_factory=list)
    description: str = ""
    fib: int = 0
    groups: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    proto: str = "failover"
    ports: list[str] = field(default_factory=list)
    primary: str = ""
    members: list[str] = field(default_factory=list)
    tag: int = 0
    parent: str = ""
    vf: str = ""
    datapath: bool = False
    switched: bool = False
    refuses: list[str] = field(default_factory=list)

    @property
    def driver(self) -> str:
        """The driver's name without the unit."""
        return self.born.rstrip("0123456789")


@dataclass
class Route:
    """A route; `source` is the address of the interface that it was made with."""

    family: str
    destination: str
    gateway: str
    interface: str
    flags: str
    source: str = ""
    fib: int = 0


@dataclass
class Offer:
    """What the DHCP server of the network gives: addresses, prefix length in bits.

    `routes` are those of option 121, each `NETWORK/LENGTH GATEWAY`, and
    `routes_named` what the lease file calls them: "classless-routes" is
    FreeBSD's name (sbin/dhclient/tables.c).
    """

    address: str
    prefix: int = 24
    router: str = ""
    servers: list[str] = field(default_factory=list)
    domain: str = ""
    routes: list[str] = field(default_factory=list)
    routes_named: str = "classless-routes"


@dataclass
class State:
    """All of the machine that its programs can see or change.

    `transparent` is hw.hn.vf_transparent, None for a kernel that has none.
    `lagg_raises_ports`: a kernel of 2025 or later.  `devd_is_quick`: devd starts
    what rc has made before rc itself does.  `offers` are by hardware
    address, `advertised` is the prefix of the router advertisements, if any.
    `clients` are the processes of the DHCP clients by interface (and a pid file
    that is not the usual one), `relinked` the interfaces whose link has come up
    since their clients looked, `events` what devd has yet to be told, each
    `SYSTEM SUBSYSTEM TYPE`.
    """

    release: str = "14.3-RELEASE"
    transparent: int | None = 0
    lagg_raises_ports: bool = False
    devd_is_quick: bool = False
    hostname: str = "guest"
    interfaces: list[Interface] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    offers: dict[str, Offer] = field(default_factory=dict)
    advertised: str = ""
    clients: dict[str, int] = field(default_factory=dict)
    relinked: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    kenv: dict[str, str] = field(default_factory=dict)
    modules: list[str] = field(default_factory=lambda: ["kernel"])
    events: list[str] = field(default_factory=list)
    next_index: int = 1

    def find(self, name: str) -> Interface | None:
        """The interface of that name."""
        return next((one for one in self.interfaces if one.name == name), None)

    def get(self, name: str) -> Interface:
        """The same; raises RefusedError where there is none."""
        found = self.find(name)
        if found is None:
            raise RefusedError("ENXIO")
        return found

    def lagg_of(self, name: str) -> Interface | None:
        """The lagg that has this port."""
        return next((one for one in self.interfaces if name in one.ports), None)

    @property
    def version(self) -> tuple[int, int]:
        """The release as numbers."""
        major, minor = self.release.partition("-")[0].split(".")
        return int(major), int(minor)

    def notify(self, system: str, subsystem: str, kind: str) -> None:
        """Tell devd (devctl_notify() in sys/kern/subr_bus.c)."""
        self.events.append(f"{system} {subsystem} {kind}")


def from_document(document: dict[str, Any]) -> State:
    """The state that `asdict` made a document of."""
    fields = dict(document)
    fields["interfaces"] = [_interface(one) for one in fields["interfaces"]]
    fields["routes"] = [Route(**one) for one in fields["routes"]]
    fields["offers"] = {mac: Offer(**one) for mac, one in fields["offers"].items()}
    return State(**fields)


def _interface(document: dict[str, Any]) -> Interface:
    families = {
        family: [Address(**one) for one in document[family]] for family in ("inet", "inet6")
    }
    return Interface(**{**document, **families})


@contextmanager
def changing(directory: Path) -> Iterator[State]:
    """The state in `directory`, locked, and written back when the block ends well or badly.

    A program that dies half way has done what it did, as on the real machine.
    """
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = from_document(json.loads((directory / "state.json").read_text()))
        try:
            yield state
        finally:
            save(directory, state)
    finally:
        os.close(lock)


def save(directory: Path, state: State) -> None:
    """Write the state in one piece."""
    new = directory / "state.json.new"
    new.write_text(json.dumps(asdict(state), indent=1))
    new.replace(directory / "state.json")
