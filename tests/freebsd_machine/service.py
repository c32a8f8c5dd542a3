"""service(8): which part of rc(8) a command is for."""

from __future__ import annotations

import re
from pathlib import Path

from tests.freebsd_machine.dhclient import running
from tests.freebsd_machine.rc import Rc
from tests.freebsd_machine.state import State

#: Services that are there, and whose start or stop this machine does not show.
_OTHERS = ("devd", "hv_kvp_daemon", "rtsold", "sshd", "syslogd", "resolv", "hostname")


def service(
    state: State, root: Path, arguments: list[str], *, real: bool = True
) -> tuple[int, str, str]:
    """`service NAME VERB [INTERFACE …]`: exit status and what it prints on both outputs.

    `real`: DHCP clients are processes.
    """
    words = [one for one in arguments if not one.startswith("-")]
    if len(words) < 2:
        return 1, "", "usage: service [-v] <rc.d script> start|stop|restart [<args>]\n"
    name, given, *names = words
    verb = re.sub(r"^(quiet|one|force|fast)+", "", given)
    quiet, force = given.startswith("quiet"), given.startswith("force")
    rc = Rc(state, root, real=real)
    status = 0
    if name == "netif":
        if verb in ("stop", "restart"):
            rc.netif_stop(names)
        if verb in ("start", "restart"):
            rc.netif_start(names)
    elif name == "routing":
        if verb in ("stop", "restart"):
            rc.routing_stop(*names[:2])
        if verb in ("start", "restart", "static"):
            status = rc.routing_start(*names[:2])
    elif name == "dhclient" and names:
        if verb in ("stop", "restart"):
            status = rc.dhclient_stop(names[0], force=force)
        if verb in ("start", "restart"):
            status = rc.dhclient_start(names[0], quiet=quiet, force=force)
        if verb == "status":
            status = int(running(state, names[0]) is None)
    elif name not in _OTHERS:
        text = f"{name} does not exist in /etc/rc.d or the local startup\n"
        return 1, "", f"{text}directories (/usr/local/etc/rc.d), or is not executable\n"
    return status, "" if quiet else rc.out, rc.err
