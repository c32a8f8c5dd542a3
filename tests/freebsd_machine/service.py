"""service(8): which part of rc(8) a command is for."""

from __future__ import annotations

import re
from pathlib import Path

from tests.freebsd_machine.dhclient import running
from tests.freebsd_machine.rc import Netif
from tests.freebsd_machine.rc_dhclient import Dhclient
from tests.freebsd_machine.rc_routing import Routing
from tests.freebsd_machine.rc_script import Script
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
    script: Script
    status = 0
    if name == "netif":
        script = netif = Netif(state, root, real=real)
        if verb in ("stop", "restart"):
            netif.stop(names)
        if verb in ("start", "restart"):
            netif.start(names)
    elif name == "routing":
        script = routing = Routing(state, root, real=real)
        if verb in ("stop", "restart"):
            routing.stop(*names[:2])
        if verb in ("start", "restart", "static"):
            status = routing.start(*names[:2])
    elif name == "dhclient" and names:
        script = client = Dhclient(state, root, real=real)
        if verb in ("stop", "restart"):
            status = client.stop(names[0], force=force)
        if verb in ("start", "restart"):
            status = client.start(names[0], quiet=quiet, force=force)
        if verb == "status":
            status = int(running(state, names[0]) is None)
    elif name in _OTHERS or name == "dhclient":
        script = Script(state, root, real=real)
    else:
        text = f"{name} does not exist in /etc/rc.d or the local startup\n"
        return 1, "", f"{text}directories (/usr/local/etc/rc.d), or is not executable\n"
    return status, "" if quiet else script.out, script.err
