"""An hn(4) that rc.conf renames: what it costs."""

from __future__ import annotations

import re

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER
from hyperv_net.places import Place
from hyperv_net.renderers.freebsd.paths import FILE

_SYNTHETIC = re.compile(rf"{FREEBSD_SYNTHETIC_DRIVER}[0-9]+\Z")


def is_synthetics_name(name: str) -> bool:
    """Whether a name is one that hn(4) gives."""
    return _SYNTHETIC.match(name) is not None


def renamed_hn(boot: str, wanted: str) -> tuple[str, str, Place, str]:
    """Rule, message, place and hint of a note.

    The kernel tells hv_kvp_daemon the name that the driver gave, and the daemon looks
    for the address of that name before it runs a script: kvp_set_ip_info() and
    kvp_if_name_to_mac() of contrib/hyperv/tools/hv_kvp_daemon.c (freebsd/freebsd-src).
    """
    return (
        "hn-renamed",
        f"the host cannot inject addresses into {boot} while it is called {wanted}: "
        "hv_kvp_daemon looks for its first name",
        Place(FILE, (f"ifconfig_{boot}_name",)),
        f"say set-name: {boot}, or none, where the host is to do that",
    )
