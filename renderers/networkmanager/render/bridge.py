"""A bridge's parameters, and those of its ports.

NetworkManager loads no profile with a value out of its range (nm-setting-bridge.c and
nm-setting-bridge-port.c of libnm-core-impl; the ranges are in nm-base.h): such a one is refused
here by itself, and never made to fit.
"""

from __future__ import annotations

from contextlib import suppress

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import times, values
from hyperv_net.renderers.bridges import speaks_stp
from hyperv_net.renderers.networkmanager.render.profile import NO_WAY, parameters
from hyperv_net.renderers.values import RefusedError
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from hyperv_net.renderers.networkmanager.render.profile import Profile

    Check = Callable[[object], Any]

#: netplan's key → NetworkManager's, and the least and the greatest number of seconds.
_TIMES: Mapping[str, tuple[str, int, int]] = {
    "forward-delay": ("forward-delay", 2, 30),
    "hello-time": ("hello-time", 1, 10),
    "max-age": ("max-age", 6, 40),
    "ageing-time": ("ageing-time", 0, 1_000_000),
    "aging-time": ("ageing-time", 0, 1_000_000),
}
_PRIORITY = (0, 65535)
_PORT: Mapping[str, tuple[str, int, int]] = {
    "path-cost": ("path-cost", 0, 65535),
    "port-priority": ("priority", 0, 63),
}


def make_bridge(made: Profile, rest: dict[str, Node], device: Node) -> None:
    """[bridge]; STP is said in any case, since NetworkManager takes nothing for yes."""
    has_stp = speaks_stp(device)
    for key, node in parameters(rest):
        path = ("parameters", key)
        try:
            if key in _PORT:
                for port, value in node.items():
                    try:
                        _of_port(key, value)
                        made.placed[(*path, port)] = f"bridge-port.{_PORT[key][0]} of {port}"
                    except RefusedError as refusal:
                        made.refused[(*path, port)] = str(refusal)
            elif key in _TIMES:
                option, least, greatest = _TIMES[key]
                seconds = times.seconds(node.value)
                if seconds or has_stp:  # Without STP a timer may be 0 as well.
                    _within(seconds, least, greatest)
                made.set("bridge", option, seconds, path)
            elif key == "priority":
                made.set("bridge", key, _within(values.number(node.value), *_PRIORITY), path)
            elif key == "stp":
                made.set("bridge", "stp", values.boolean(node.value), path)
            else:
                made.refused[path] = NO_WAY
        except RefusedError as refusal:
            made.refused[path] = str(refusal)
    made.set("bridge", "stp", has_stp)


def bridge_port(made: Profile, one: str, bridge: Node) -> None:
    """What a bridge says of its port."""
    said = bridge.get("parameters") or Node({})
    for key, (option, *_) in _PORT.items():
        node = (said.get(key) or Node({})).get(one)
        if node is not None:
            with suppress(RefusedError):  # The bridge's own profile tells of it.
                made.set("bridge-port", option, _of_port(key, node))


def _of_port(key: str, node: Node) -> int:
    _, least, greatest = _PORT[key]
    return _within(values.number(node.value), least, greatest)


def _within(number: int, least: int, greatest: int) -> int:
    if not least <= number <= greatest:
        raise RefusedError(f"NetworkManager takes {least} to {greatest}")
    return number
