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

#: Files that configure something: not those above, which are there beside other targets' too.
IN_USE = tuple(f"etc/systemd/network/{one}*.network" for one in ("[!0]", "0[!5]", "05-[!h]"))

#: What has systemd start networkd (its [Install] section).
ENABLED = tuple(
    f"{one}/systemd/system/multi-user.target.wants/systemd-networkd.service"
    for one in ("etc", "usr/lib")
)

NETWORKS = tuple(f"{one}/*.network" for one in FOLDERS)

BESIDE = (TRANSPARENT_FILE, JOINED_FILE)

#: What a plan takes into account: a drop-in adds to the file in whose folder it is.
READS = tuple(
    f"{one}/{name}"
    for one in FOLDERS
    for name in (
        *("*.network", "*.netdev", "*.link"),
        *("*.network.d/*.conf", "*.netdev.d/*.conf", "*.link.d/*.conf"),
    )
)

#: Where the files of a plan are, and what their names begin with: those of pairs and of devices
#: of software, behind the files above, which keep networkd off VFs; those of other NICs; those
#: that may fit more than one NIC.  All come before the files of cloud-init and of images.
OURS = "etc/systemd/network/"
PAIRS, EXACT, OPEN = "06-hyperv-net-", "07-hyperv-net-", "08-hyperv-net-"
#: What the first of them begin with where a file that may fit a NIC of a pair comes before.
FIRST = "0-hyperv-net-"

#: What the file of a device begins with that has what the host injected: it comes before all.
OF_HOST = "0-0-hyperv-net-host-"

#: How cloud-init begins the names of the files that it makes (cloudinit/net/networkd.py).
OF_CLOUD_INIT = "10-cloud-init-"

#: How netplan begins the names of the files that it makes of its own, and where it does.
_OF_NETPLAN, _AT_RUN_TIME = "10-netplan-", "run/systemd/network/"


def injected_name(device: str) -> str:
    """The file of a device that has what the host injected."""
    return f"{OF_HOST}{device}.network"


def generated_name(device_id: str, kind: str) -> str:
    """What netplan calls the file, of kind `link` or `network`, that it makes of an entry."""
    return f"{_OF_NETPLAN}{device_id}.{kind}"


def is_generated(path: str) -> bool:
    """Whether netplan has made the file of its own."""
    return path.startswith(f"{_AT_RUN_TIME}{_OF_NETPLAN}")
