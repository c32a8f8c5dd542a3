"""Where in an image things go: its system, its cloud-init, what starts its services."""

from __future__ import annotations

from hyperv_net import places
from hyperv_net.bake.kvp import find_daemon
from hyperv_net.errors import HypervNetError
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files
from hyperv_net.root.cloud_init import find_cloud_init
from hyperv_net.root.initramfs import DRACUT, INITRAMFS_TOOLS
from hyperv_net.root.system import system_of

if TYPE_CHECKING:
    from pathlib import Path

    from hyperv_net.bake.kvp import Daemon
    from hyperv_net.model import System
    from hyperv_net.root.cloud_init import CloudInit

#: What rc.d/netif reads may each be a folder of files, or one file of somebody's.
_FOR_NETIF = ("usr/local/etc/rc.conf.d/netif", "usr/local/etc/rc.conf.d/network")
#: dpkg's list of the files of our package.
_DPKG = ("var/lib/dpkg/info/hyperv-net.list",)


class Place(NamedTuple):
    """What bake has to know of an image; all paths are below its root, without a leading slash.

    `for_netif` is the folder whose files FreeBSD's rc.d/netif reads, empty where there is none.
    """

    system: System
    cloud_init: CloudInit
    has_systemd: bool
    has_openrc: bool
    has_initramfs_tools: bool
    has_dracut: bool
    kvp: Daemon | None
    for_netif: str = ""


def find_place(root: Path) -> Place:
    """The place in the image at `root`.

    Raises HypervNetError where it has no cloud-init, or a Python that is too
    old, and where hyperv-net is in it as a package already.
    """
    system = system_of(root)
    has_systemd = any(
        files.exists_below(root, f"{lib}/systemd/systemd") for lib in ("usr/lib", "lib")
    )
    cloud_init = find_cloud_init(root, system)
    _check_no_package(root, cloud_init)
    return Place(
        system=system,
        cloud_init=cloud_init,
        has_systemd=has_systemd,
        has_openrc=any(files.exists_below(root, f"{at}/openrc-run") for at in ("sbin", "usr/sbin")),
        has_initramfs_tools=any(files.exists_below(root, one) for one in INITRAMFS_TOOLS),
        has_dracut=any(files.exists_below(root, one) for one in DRACUT),
        kvp=find_daemon(root, system, has_systemd=has_systemd),
        for_netif=next((one for one in _FOR_NETIF if not files.read_matching(root, [one])), ""),
    )


def _check_no_package(root: Path, cloud_init: CloudInit) -> None:
    """What dpkg or pip installed is theirs to replace and to remove."""
    for pattern in (*_DPKG, f"{cloud_init.packages}/hyperv_net-*.dist-info"):
        for path in files.find_below(root, pattern):
            raise HypervNetError(
                "hyperv-net is in this image as a package",
                where=places.Place(str(root / path)),
                hint="upgrade the package, or remove it and bake again",
            )
