"""Files of hyperv-net for systemd-networkd, below the root.

The first file that fits is used: these come before those of cloud-init and netplan
(`10-cloud-init-…`, `10-netplan-…`).
"""

from __future__ import annotations

TRANSPARENT_FILE = "etc/systemd/network/05-hyperv-net-vf.network"
JOINED_FILE = "etc/systemd/network/05-hyperv-net-joined.network"
BESIDE = (TRANSPARENT_FILE, JOINED_FILE)
