"""A file of hyperv-net for udev, below the root."""

from __future__ import annotations

#: The first file that fits is used: it comes after an administrator's own.
BOND_FILE = "etc/systemd/network/98-hyperv-net-bond.link"
