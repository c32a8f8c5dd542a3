"""What scripts of rc(8) have in common: their variables, their outputs, and what DHCP words say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from tests.freebsd_machine.ifconfig import ifconfig
from tests.freebsd_machine.rc_conf import RcConf
from tests.freebsd_machine.state import State

#: Words of an interface's line that are rc's own.
OF_RC = {"dhcp", "noauto", "nosyncdhcp", "syncdhcp", "wpa", "hostap"}
_DHCP = {"dhcp", "nosyncdhcp", "syncdhcp"}
_NO_DHCP_ON = re.compile(r"(lo|stf|lp|sl)[0-9]")


class Script:
    """One run of a script.

    `real`: DHCP clients are processes.
    """

    #: load_rc_config() is called with these, in this order.
    loads: ClassVar[tuple[str, ...]] = ()

    def __init__(self, state: State, root: Path, *, real: bool) -> None:
        self.state = state
        self.root = root
        self.real = real
        self.conf = RcConf(root, *self.loads)
        self.out = ""
        self.err = self.conf.errors

    def ifconfig(self, *arguments: str) -> bool:
        """Run it, and pass its outputs on."""
        status, out, err = ifconfig(self.state, list(arguments))
        self.out += out
        self.err += err
        return status == 0

    def said(self, other: Script) -> None:
        """Pass on what another script printed."""
        self.out += other.out
        self.err += other.err

    def is_auto(self, name: str) -> bool:
        """autoif()"""
        return "noauto" not in map(str.lower, self.conf.line(name))

    def has_dhcp(self, name: str) -> bool:
        """dhcpif()"""
        words = {one.lower() for one in self.conf.line(name)}
        return bool(words & _DHCP) and not _NO_DHCP_ON.match(name)

    def arguments(self, name: str, family: str = "") -> list[str]:
        """ifconfig_getargs()"""
        return [one for one in self.conf.line(name, family) if one.lower() not in OF_RC]
