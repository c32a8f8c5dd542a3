"""Where NetworkManager and its settings are below the root, and a file of hyperv-net for udev."""

from __future__ import annotations

from hyperv_net.renderers.ifupdown.paths import PROGRAMS as IFUPDOWN
from hyperv_net.renderers.netplan.paths import PROGRAMS as NETPLAN

#: The first file that fits is used: it comes after an administrator's own.
BOND_FILE = "etc/systemd/network/98-hyperv-net-bond.link"

PROGRAMS = ("usr/sbin/NetworkManager", "sbin/NetworkManager")

#: A unit there stands before that of the package, and is /dev/null or somebody's choice.
MASKED = "etc/systemd/system/NetworkManager.service"

#: Managers beside which it is a rival, and found as one.
OTHERS = (*NETPLAN, *IFUPDOWN)

MAIN = "etc/NetworkManager/NetworkManager.conf"
#: The first folder hides files of the others that bear the same name.
FOLDERS = tuple(
    f"{one}/NetworkManager/conf.d" for one in ("etc", "run", "usr/lib", "lib", "usr/lib64")
)
CONF = (MAIN, *(f"{one}/*.conf" for one in FOLDERS))

#: Where profiles are: the first folder hides files of the others that bear the same name
#: (nm-settings-keyfile(5), NetworkManager.conf(5)).
CONNECTIONS = tuple(f"{one}/NetworkManager/system-connections" for one in ("etc", "run", "usr/lib"))
PROFILES = tuple(f"{one}/*" for one in CONNECTIONS)
