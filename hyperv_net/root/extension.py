"""Whether the cloud-init of a root would load hyperv-net, and what the guard said of it.

cloud-init learns of it by PLUG among its own files: always a link, so that settings in
a file of that name are somebody's own.  It leads to GRANT, which the guard makes in
each boot in which the Python of cloud-init loads the package, or, where nothing could
start a guard, to the package itself.
"""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity, System
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files
from hyperv_net.root.cloud_init import find_cloud_init, folders_with, imported_from
from hyperv_net.root.turned_off import OFF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.root.files import Root

#: The first of cloud-init's files after its own, so that an administrator's can outrank it.
PLUG = "90-hyperv-net.cfg"

CLOUD_CFG_D = {
    System.LINUX: "etc/cloud/cloud.cfg.d",
    System.FREEBSD: "usr/local/etc/cloud/cloud.cfg.d",
}

#: The guard's own, in the folder that is empty when a boot begins.
GRANT = {
    System.LINUX: "run/hyperv-net/plug.cfg",
    System.FREEBSD: "var/run/hyperv-net/plug.cfg",
}
VERDICT = {system: path.replace("plug.cfg", "guard") for system, path in GRANT.items()}

#: What a no has put aside: a datasource of ours that cloud-init remembered.
_ASIDE = "var/lib/cloud/instance/obj.pkl.hyperv-net"
#: What outlives a boot: what the last yes of the guard rested on, and what a no put aside.
GUARDS_MEMORY = {
    System.LINUX: (
        *("var/lib/hyperv-net/guard-files", "var/lib/hyperv-net/guard-sums"),
        *(OFF[System.LINUX], _ASIDE),
    ),
    System.FREEBSD: (
        *("var/db/hyperv-net/guard-files", "var/db/hyperv-net/guard-sums"),
        *(OFF[System.FREEBSD], _ASIDE),
    ),
}

_PACKAGE = "hyperv_net"
_REFUSED, _OFF, _UNREAD = "refused: ", "off: ", "unread"


class Extension(NamedTuple):
    """hyperv-net where cloud-init is told of it, by the file `plug` below the root.

    `python` runs that cloud-init; `imported` is the folder of packages from which
    it takes hyperv-net, None where it finds none; `folders` are all that have it.
    `refused` is the reason why the guard kept it out of this boot, empty where it
    did not or no boot is on; `is_off` is true where that is because of its settings, and
    `unread` where this user may not know.
    """

    plug: str
    python: str
    imported: str | None
    folders: tuple[str, ...] = ()
    refused: str = ""
    is_off: bool = False
    unread: bool = False


def find_extension(root: Root, system: System) -> Extension | None:
    """hyperv-net as the cloud-init at `root` would find it; None where it is not told of it.

    Raises HypervNetError where what runs that cloud-init cannot be found.
    """
    plug = f"{CLOUD_CFG_D[system]}/{PLUG}"
    if not files.is_link(root, plug):
        return None
    cloud_init = find_cloud_init(root, system)
    verdict = _verdict(root, system)
    return Extension(
        plug,
        cloud_init.python,
        imported_from(root, _PACKAGE, cloud_init),
        tuple(folders_with(root, _PACKAGE, system)),
        verdict.partition(" ")[2] if verdict.startswith((_REFUSED, _OFF)) else "",
        verdict.startswith(_OFF),
        verdict == _UNREAD,
    )


def is_plugged_in(root: Root, system: System) -> bool:
    """Whether a next boot would load hyperv-net, as far as the files tell."""
    try:
        found = find_extension(root, system)
    except HypervNetError:
        return False
    return found is not None and found.imported is not None and not found.refused


def extension_findings(root: Root, system: System) -> Iterator[Finding]:
    """What keeps cloud-init from loading an hyperv-net that it is told of."""
    try:
        found = find_extension(root, system)
    except HypervNetError as error:
        yield Finding("extension-not-loaded", Severity.ERROR, error.what, error.where, error.hint)
        return
    if found is None:
        return
    if found.imported is None:
        behind = " and ".join(found.folders)
        yield Finding(
            "extension-not-loaded",
            Severity.ERROR,
            f"{found.python} runs cloud-init and finds no hyperv-net"
            + (f"; it is in {behind}, for another Python" if behind else ""),
            Place(found.plug),
            "bake it again, or install hyperv-net for that Python",
        )
    elif found.unread:
        yield Finding(
            "not-shown",
            Severity.NOTE,
            "whether hyperv-net takes part in this boot, and what it did, is root's to know",
            Place(VERDICT[system]),
            "run it as root",
        )
    elif found.refused and not found.is_off:
        yield Finding(
            "extension-refused",
            Severity.ERROR,
            f"hyperv-net takes no part in this boot: {found.refused}",
            Place(VERDICT[system]),
            "bake or install it again; the next boot takes it in by itself",
        )


def _verdict(root: Root, system: System) -> str:
    """The line of the guard in this boot; empty where there is none."""
    try:
        (verdict,) = files.read_matching(root, [VERDICT[system]]).values() or ("",)
    except HypervNetError:
        # The folder is root's alone.
        return _UNREAD
    return verdict.partition("\n")[0]
