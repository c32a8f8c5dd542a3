"""What each word of an ifconfig command does to the interface it is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_interface, ip_network

from tests.freebsd_machine import kernel
from tests.freebsd_machine.state import WORDS, Interface, RefusedError, State

_PROTOS = ("failover", "lacp", "loadbalance", "roundrobin", "broadcast", "none")


class IfconfigError(Exception):
    """The program ends here, with this line on standard error."""


@dataclass
class Line:
    """The state of one ifconfig command."""

    state: State
    interface: Interface
    family: str = "inet"
    status: int = 0
    warnings: list[str] = field(default_factory=list)
    address: str = ""
    mask: str = ""
    remove: bool = False
    alias: bool = False

    def warn(self, text: str) -> None:
        """A warning that does not stop the line."""
        self.warnings.append(f"ifconfig: {text}\n")
        self.status = 1


def _port(line: Line, name: str) -> None:
    try:
        kernel.join(line.state, line.interface, line.state.find(name))
    except RefusedError as refused:
        if refused.name != "EEXIST":
            line.warn(f"{line.interface.name} {name}: SIOCSLAGGPORT: {refused}")


def _no_port(line: Line, name: str) -> None:
    port = line.state.find(name)
    try:
        if port is None:
            raise RefusedError("EINVAL")
        kernel.leave(line.state, line.interface, port)
    except RefusedError as refused:
        raise IfconfigError(f"SIOCSLAGGDELPORT: {refused}") from None


def _proto(line: Line, name: str) -> None:
    if name not in _PROTOS:
        raise IfconfigError(f"Invalid aggregation protocol: {name}")
    if line.interface.kind != "lagg":
        raise IfconfigError(f"SIOCSLAGG: {WORDS['EINVAL']}")
    line.interface.proto = name


def _member(line: Line, name: str) -> None:
    port = line.state.find(name)
    if port is None or line.interface.kind != "bridge":
        raise IfconfigError(f"BRDGADD {name}: {WORDS['ENOENT']}")
    line.interface.members.append(name)
    port.inet6 = []


def _no_member(line: Line, name: str) -> None:
    if name not in line.interface.members:
        raise IfconfigError(f"BRDGDEL {name}: {WORDS['ENOENT']}")
    line.interface.members.remove(name)


def _mtu(line: Line, text: str) -> None:
    try:
        kernel.set_mtu(line.state, line.interface, int(text) if text.isdigit() else 0)
    except RefusedError as refused:
        raise IfconfigError(f"ioctl SIOCSIFMTU (set mtu): {refused}") from None


def _name(line: Line, name: str) -> None:
    try:
        kernel.rename(line.state, line.interface, name)
    except RefusedError as refused:
        raise IfconfigError(f"ioctl SIOCSIFNAME (set name): {refused}") from None


def _description(line: Line, text: str) -> None:
    line.interface.description = text


def _fib(line: Line, text: str) -> None:
    line.interface.fib = int(text)


def _group(line: Line, name: str) -> None:
    if name[-1:].isdigit():
        raise IfconfigError("setifgroup: group names may not end in a digit")
    line.interface.groups.append(name)


def _no_group(line: Line, name: str) -> None:
    if name not in line.interface.groups:
        raise IfconfigError(f"SIOCDIFGROUP: {WORDS['ENOENT']}")
    line.interface.groups.remove(name)


def _netmask(line: Line, text: str) -> None:
    plain = str(IPv4Address(int(text, 16))) if text.startswith("0x") else text
    try:
        line.mask = str(ip_network(f"0.0.0.0/{plain}").prefixlen)
    except ValueError:
        raise IfconfigError(f"{text}: bad value") from None


def _prefixlen(line: Line, text: str) -> None:
    if not text.isdigit():
        raise IfconfigError(f"{text}: bad value")
    line.mask = text


def _broadcast(line: Line, text: str) -> None:
    try:
        ip_interface(text)
    except ValueError:
        raise IfconfigError(f"{text}: bad value") from None


def _vlan(line: Line, text: str) -> None:
    line.interface.tag = int(text)
    _configure_vlan(line)


def _vlandev(line: Line, name: str) -> None:
    line.interface.parent = name
    _configure_vlan(line)


def _configure_vlan(line: Line) -> None:
    vlan = line.interface
    if vlan.kind != "vlan":
        raise IfconfigError(f"SIOCSETVLAN: {WORDS['EINVAL']}")
    if vlan.tag and vlan.parent:
        parent, vlan.parent = vlan.parent, ""
        try:
            kernel.configure_vlan(line.state, vlan, parent, vlan.tag)
        except RefusedError as refused:
            raise IfconfigError(f"SIOCSETVLAN: {refused}") from None


def _up(line: Line) -> None:
    kernel.set_flag_up(line.state, line.interface, True)


def _down(line: Line) -> None:
    kernel.set_flag_up(line.state, line.interface, False)


def _alias(line: Line) -> None:
    line.alias = True


def _delete(line: Line) -> None:
    line.remove = True


def _destroy(line: Line) -> None:
    try:
        kernel.destroy(line.state, line.interface.name)
    except RefusedError as refused:
        raise IfconfigError(f"SIOCIFDESTROY: {refused}") from None


def _no_description(line: Line) -> None:
    line.interface.description = ""


#: Words that take another one after them.
WITH_ARGUMENT: dict[str, Callable[[Line, str], None]] = {
    "laggport": _port,
    "-laggport": _no_port,
    "laggproto": _proto,
    "addm": _member,
    "deletem": _no_member,
    "mtu": _mtu,
    "name": _name,
    "description": _description,
    "descr": _description,
    "fib": _fib,
    "group": _group,
    "-group": _no_group,
    "netmask": _netmask,
    "prefixlen": _prefixlen,
    "broadcast": _broadcast,
    "vlan": _vlan,
    "vlandev": _vlandev,
}
#: Words that stand alone.
ALONE: dict[str, Callable[[Line], None]] = {
    "up": _up,
    "down": _down,
    "alias": _alias,
    "add": _alias,
    "-alias": _delete,
    "delete": _delete,
    "remove": _delete,
    "destroy": _destroy,
    "unplumb": _destroy,
    "-description": _no_description,
    "-descr": _no_description,
}
