"""The files of FreeBSD that say how its network is configured, below the root."""

from __future__ import annotations

from hyperv_net.root import naming_files

FILE = "etc/rc.conf"
RESOLV = "etc/resolv.conf"

#: One of these is on every machine.
IN_USE = ("etc/defaults/rc.conf", FILE)

#: Files that are read after rc.conf by all of rc or by some of its scripts: a script named
#: netif reads the file of that name, or all in a folder of that name.
OVERRIDES = (
    *("etc/rc.conf.local", "etc/rc.conf.d/*", "etc/rc.conf.d/*/*"),
    *("usr/local/etc/rc.conf.d/*", "usr/local/etc/rc.conf.d/*/*"),
)
#: Our own of them, which bake and the port bring: it speaks of VFs that rc.conf does not name.
#: rc.d/netif reads both folders, and somebody may have a file in the place of the first.
OWN = tuple(f"usr/local/etc/rc.conf.d/{name}/hyperv-net" for name in ("netif", "network"))
#: What dhclient(8) was given, a file an interface.
LEASES = "var/db/dhclient.leases.*"
LOADER = ("boot/loader.conf", "boot/loader.conf.local")

READS = (FILE, RESOLV, *OVERRIDES, *naming_files.FREEBSD_NETWORK, naming_files.START_IF, *LOADER)
