"""The scripts of hv_kvp_daemon in an image: how the daemon comes to run ours.

The daemon has the folder of its scripts compiled in (KVP_SCRIPTS_PATH of
tools/hv/hv_kvp_daemon.c, torvalds/linux).  On Linux two of the three names in it
are files of the package that has the daemon: Debian's hyperv-daemons (6.1 and
6.12 were looked at) holds hv_get_dhcp_info and hv_get_dns_info, and no
hv_set_ifconfig.  Files put in their place would be overwritten by the package's
next version, and `dpkg-divert` is no way to prevent that from outside: its list
is one file that other packages' diversions are in too, so that after any later
diversion in the image it could not be put back as it was.

So nothing of the package is touched.  Our scripts have a folder of their own,
and a drop-in of the daemon's unit lays that folder over the daemon's, for the
daemon alone (BindReadOnlyPaths= of systemd.exec(5); the units of the
distributions give the daemon mounts of its own anyway).  Upgrade, removal and
reinstallation of either package need no script, and where our folder is gone,
the `-` in the drop-in lets the daemon start with its own.  A Debian package does
the same with the same paths, and needs no diversion either.

Without systemd there is no such way, and ours know netplan and ifupdown alone:
elsewhere the daemon's are left as they are.  FreeBSD's belong to the base
system, and the daemon looks nowhere else: they are replaced, `unbake` puts them
back, and so does an upgrade by freebsd-update(8) or pkg(8), which `--verify`, the next bake
and `status` notice.
"""

from __future__ import annotations

from hyperv_net import places
from hyperv_net.kvp.scripts import DAEMONS_FOLDER, SCRIPTS
from hyperv_net.model import Finding, RenderedFile, Severity, System
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import targets
from hyperv_net.root import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

#: Where our scripts are on Linux; the drop-in in data/kvp names it.
FOLDER = "usr/libexec/hyperv-net/kvp"

#: The daemon's unit: Debian's and Ubuntu's, Fedora's and its kin's.
_UNITS = ("hv-kvp-daemon.service", "hypervkvpd.service")
_UNIT_FOLDERS = ("usr/lib/systemd/system", "lib/systemd/system")


class Daemon(NamedTuple):
    """The daemon in an image: the folder of its scripts, and its unit, if it has one.

    `why_left` tells why it goes on with its own scripts; it is empty where it gets ours.
    """

    folder: str
    unit: str | None
    why_left: str = ""


def find_daemon(root: Path, system: System, *, has_systemd: bool) -> Daemon | None:
    """The daemon in the image at `root`; None where it is not installed."""
    folder = DAEMONS_FOLDER[system]
    if not files.exists_below(root, folder):
        return None
    if system is System.FREEBSD:
        return Daemon(folder, None)
    units = (
        unit
        for unit in _UNITS
        if has_systemd and any(files.exists_below(root, f"{at}/{unit}") for at in _UNIT_FOLDERS)
    )
    unit, why_left = next(units, None), ""
    served = {one.name: one.injecting.programs for one in targets(system)}
    served = {name: programs for name, programs in served.items() if programs}
    if unit is None:
        why_left = "only a unit of systemd can be given others"
    elif not any(files.exists_below(root, path) for one in served.values() for path in one):
        looked_for = ", ".join(f"/{path}" for one in served.values() for path in one)
        why_left = f"others are for {' or '.join(served)}, and there is none of {looked_for}"
    return Daemon(folder, unit, why_left)


def kvp_files(
    daemon: Daemon | None, system: System, package: Mapping[str, str]
) -> Iterator[RenderedFile]:
    """The scripts, and what has the daemon run them; `package` as for `contents`."""
    if daemon is None or daemon.why_left:
        return
    folder = FOLDER if system is System.LINUX else daemon.folder
    for name in SCRIPTS:
        yield RenderedFile(f"{folder}/{name}", package[f"data/kvp/{name}"], 0o755)
    if daemon.unit is not None:
        drop_in = f"{_UNIT_FOLDERS[0]}/{daemon.unit}.d/hyperv-net.conf"
        yield RenderedFile(drop_in, package["data/kvp/hv-kvp-daemon.conf"])


def restored_by(path: str, system: System) -> str:
    """What may have put a file of ours back as it was, as a clause; empty for others."""
    folder, _, name = path.rpartition("/")
    if system is not System.FREEBSD or folder != DAEMONS_FOLDER[system] or name not in SCRIPTS:
        return ""
    return "an upgrade of the base system puts its own there: bake again with --force"


def kvp_findings(daemon: Daemon | None) -> Iterator[Finding]:
    """What is to be said where the daemon goes on with its own scripts."""
    if daemon is not None and daemon.why_left:
        yield Finding(
            "kvp-scripts-left",
            Severity.NOTE,
            "hv_kvp_daemon goes on with its own scripts, which know nothing of an aggregate: "
            f"{daemon.why_left}",
            places.Place(daemon.folder),
            "bake again once one of them is installed"
            if daemon.unit
            else f"copy those of data/kvp there, where nothing else upgrades {daemon.folder}",
        )
