"""Files of hyperv-net for systemd-networkd, below the root.

The first file that fits is used: these come before those of cloud-init and netplan
(`10-cloud-init-…`, `10-netplan-…`).
"""

from __future__ import annotations

TRANSPARENT_FILE = "etc/systemd/network/05-hyperv-net-vf.network"
JOINED_FILE = "etc/systemd/network/05-hyperv-net-joined.network"
KEEP_OFF_FILE = "etc/systemd/network/05-hyperv-net-keep-off.network"
#: Of files with one name that in the first folder counts (systemd.network(5)).
FOLDERS = tuple(
    f"{one}/systemd/network"
    for one in ("etc", "run", "usr/local/lib", "usr/lib", "usr/lib64", "lib")
)
FILES = tuple(f"{one}/*.{kind}" for one in FOLDERS for kind in ("link", "network"))

BESIDE = (TRANSPARENT_FILE, JOINED_FILE)

#: How netplan begins the names of the files that it makes of its own, and where it does.
_OF_NETPLAN, _AT_RUN_TIME = "10-netplan-", "run/systemd/network/"


def generated_name(device_id: str, kind: str) -> str:
    """What netplan calls the file, of kind `link` or `network`, that it makes of an entry."""
    return f"{_OF_NETPLAN}{device_id}.{kind}"


def is_generated(path: str) -> bool:
    """Whether netplan has made the file of its own."""
    return path.startswith(f"{_AT_RUN_TIME}{_OF_NETPLAN}")
