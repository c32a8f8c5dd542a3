"""Where ifcfg files are, below the root."""

from __future__ import annotations

_REST = ("[!l]*", "l[!o]*", "lo?*")
#: Those of NICs: every installation has `ifcfg-lo`, whatever configures its network.
OF_NICS = tuple(f"etc/sysconfig/network-scripts/ifcfg-{rest}" for rest in _REST)
#: The program that reads those of SUSE (openSUSE/wicked).
WICKED = "usr/sbin/wicked"
OF_NICS_ON_SUSE = tuple(f"etc/sysconfig/network/ifcfg-{rest}" for rest in _REST)

IFCFG = "etc/sysconfig/network-scripts/ifcfg-*"
