"""rc.d/dhclient of FreeBSD's rc(8)."""

from __future__ import annotations

from tests.freebsd_machine.dhclient import dhclient, running, stop
from tests.freebsd_machine.rc_script import Script


class Dhclient(Script):
    """Not for an interface whose line says nothing of DHCP, unless forced."""

    loads = ("dhclient", "network")

    def start(self, name: str, *, quiet: bool = False, force: bool = False) -> int:
        """The exit status; 1 where one runs already, unless it is to be quiet."""
        if not force and not self.has_dhcp(name):
            self.out += "" if quiet else f"'{name}' is not a DHCP-enabled interface\n"
            return 1
        pid = running(self.state, name)
        if pid is not None:
            self.out += "" if quiet else f"dhclient already running? (pid={pid}).\n"
            return 0 if quiet else 1
        status, out, err = dhclient(self.state, self.root, [name], real=self.real)
        self.out += out
        self.err += err
        return status

    def stop(self, name: str, *, force: bool = False) -> int:
        """By the pid file, as rc.subr does."""
        if not force and not self.has_dhcp(name):
            self.out += f"'{name}' is not a DHCP-enabled interface\n"
            return 1
        if running(self.state, name) is None:
            self.out += "dhclient not running? "
            return 1
        stop(self.state, name)
        return 0
