"""Where in an image things go: its system, its cloud-init, what starts its services."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from hyperv_net import files
from hyperv_net.bake.cloud_init import CloudInit, find_cloud_init
from hyperv_net.bake.kvp import Daemon, find_daemon
from hyperv_net.lint.image import system_of
from hyperv_net.model import System

_CLOUD_CFG = {
    System.LINUX: "etc/cloud/cloud.cfg.d",
    System.FREEBSD: "usr/local/etc/cloud/cloud.cfg.d",
}


class Place(NamedTuple):
    """What bake has to know of an image; all paths are below its root, without a leading slash."""

    system: System
    cloud_init: CloudInit
    cloud_cfg_d: str
    has_systemd: bool
    has_initramfs_tools: bool
    has_dracut: bool
    kvp: Daemon | None


def find_place(root: Path) -> Place:
    """The place in the image at `root`.

    Raises HypervNetError where it has no cloud-init, or a Python that is too old.
    """
    system = system_of(root)
    has_systemd = any(
        files.exists_below(root, f"{lib}/systemd/systemd") for lib in ("usr/lib", "lib")
    )
    return Place(
        system=system,
        cloud_init=find_cloud_init(root, system),
        cloud_cfg_d=_CLOUD_CFG[system],
        has_systemd=has_systemd,
        has_initramfs_tools=files.exists_below(root, "usr/share/initramfs-tools"),
        has_dracut=files.exists_below(root, "usr/lib/dracut"),
        kvp=find_daemon(root, system, has_systemd=has_systemd),
    )
