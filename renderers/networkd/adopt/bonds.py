"""A bond that an administrator has made by a .netdev file: its parameters in version 2's words."""

from __future__ import annotations

import re

from hyperv_net.inventory import identifiers
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.hardware import hardware_address
from hyperv_net.renderers.networkd.render.netdev import BOND
from hyperv_net.renderers.standing import Stood
from hyperv_net.root.ini import settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from hyperv_net.renderers.networkd.adopt.files import File

_WORDS = {line: key for key, (line, _) in reversed(list(BOND.items()))}
#: In seconds where no unit is said (systemd.time(7)).
_TIME = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(ms|msec|s|sec|)\Z")
_YES = {"yes": True, "true": True, "1": True, "on": True}
_NO = {"no": False, "false": False, "0": False, "off": False}


def made_by(bond: str, netdevs: Sequence[File]) -> File | None:
    """The file that makes a bond."""
    return next((one for one in netdevs if bond in one.values("NetDev", "Name")), None)


def bond_of(file: File | None) -> dict[str, Any]:
    """MTU, address and `parameters` that a file gives its bond, empty where it says none."""
    if file is None:
        return {}
    parameters: dict[str, Any] = {}
    for path, line in file.lines:
        key = _WORDS.get(line.key) if line.section == "Bond" else None
        if key is not None and line.value:
            parameters[key] = Stood(_value(line.key, line.value), line.stands(path))
    found = link_of(file, "NetDev")
    return {**found, "parameters": parameters} if parameters else found


def link_of(file: File, section: str) -> dict[str, Any]:
    """MTU and address that a file gives a device, as far as it does."""
    said = {
        "mtu": (identifiers.mtu(file.value(section, "MTUBytes")), "MTUBytes"),
        "macaddress": (_mac(file.value(section, "MACAddress")), "MACAddress"),
    }
    return {
        name: Stood(value, file.stands(section, key))
        for name, (value, key) in said.items()
        if value
    }


def _mac(text: str) -> str | None:
    return identifiers.mac(hardware_address(text) or "")


def _value(key: str, text: str) -> Any:
    if key == "AllSlavesActive":
        return {**_YES, **_NO}.get(text.lower(), text)
    time = _TIME.match(text) if key.endswith("Sec") else None
    if time is not None:
        number = float(time[1])
        return round(number if time[2].startswith("ms") else number * 1000)
    return int(text) if text.isdigit() else text


def missing_lines(ours: str, theirs: File | None) -> str:
    """The lines of our [Bond] section whose keys theirs does not have."""
    said = {line.key for _, line in theirs.lines if line.section == "Bond"} if theirs else set()
    return "".join(
        f"{one.key}={one.value}\n"
        for one in settings(ours)
        if one.section == "Bond" and one.key not in said
    )
