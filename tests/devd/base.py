"""The base system's rules that have to do with network interfaces, as of FreeBSD 14.

From sbin/devd/devd.conf and sbin/devd/hyperv.conf of freebsd/freebsd-src.
"""

from __future__ import annotations

from tests.devd.grammar import Match, Rule


def _rule(priority: int, action: str, media: str = "", **variables: str) -> Rule:
    matches = tuple(Match(name, expression) for name, expression in variables.items())
    return Rule("notify", priority, matches, (media,) if media else (), (action,))


#: devd.conf: whatever appears is configured, and a DHCP client is started with the link.
DEVD_CONF = (
    _rule(
        0,
        "/etc/pccard_ether $subsystem start",
        system="IFNET",
        subsystem="!(usbus|wlan)[0-9]+",
        type="ATTACH",
    ),
    _rule(
        0,
        "service dhclient quietstart $subsystem",
        media="ethernet",
        system="IFNET",
        type="LINK_UP",
    ),
)

_VF_UP = _rule(
    10, "/usr/libexec/hyperv/hyperv_vfup $subsystem", system="HYPERV_NIC_VF", type="VF_UP"
)
_VFATTACH = "/usr/libexec/hyperv/hyperv_vfattach $subsystem 0"

#: hyperv.conf as it was until 2019, and since then: devd of that time has no `vm_guest`.
HYPERV_CONF_2017 = (_VF_UP, _rule(10, _VFATTACH, system="ETHERNET", type="IFATTACH"))
HYPERV_CONF = (_VF_UP, _rule(10, _VFATTACH, system="ETHERNET", type="IFATTACH", vm_guest="hv"))

RULES = (*DEVD_CONF, *HYPERV_CONF)
