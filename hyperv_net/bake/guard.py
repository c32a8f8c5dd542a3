"""What stands between a damaged package and the boot: the guard, and what starts it.

cloud-init gives up where a package that it is told of cannot be loaded
(cloudinit/sources/__init__.py, list_sources, and importer.py, find_module: no
exception is caught), and waits for ever where loading does not end.  So it is told
of ours in a boot only once somebody outside of both has seen its Python load it.

Who starts the guard before cloud-init:

- systemd: cloud-init-local.service runs first, and since 24.3 cloud-init-main.service
  (systemd/ of canonical/cloud-init); drop-ins of both want a unit of ours and wait for
  it.  A drop-in of a unit that is not there is nothing (systemd.unit(5)).
- OpenRC: a service before cloud-init-local (sysvinit/openrc of canonical/cloud-init), in
  the runlevel `boot`, which is that one's or comes before it; openrc-run(8) for `before`.
- FreeBSD: a script before cloudinitlocal (sysvinit/freebsd there), by rcorder(8).

Elsewhere nothing would start it, and cloud-init is told of the package directly.
"""

from __future__ import annotations

from hyperv_net import places
from hyperv_net.model import Finding, RenderedFile, Severity, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.extension import CLOUD_CFG_D, GRANT, PLUG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.bake.place import Place
    from hyperv_net.root.cloud_init import CloudInit

_FOLDER = {
    System.LINUX: "usr/libexec/hyperv-net",
    System.FREEBSD: "usr/local/libexec/hyperv-net",
}
_PROGRAMS = (("guard", 0o755), ("loads.py", 0o644))

_SYSTEMD = "usr/lib/systemd/system"
_UNIT = "hyperv-net-guard.service"
_GUARDED = ("cloud-init-local.service", "cloud-init-main.service")

_OPENRC = "etc/init.d/hyperv-net-guard"
_OPENRCS_FIRST = "#!/sbin/openrc-run\n"
_RC = "usr/local/etc/rc.d/hyperv_net_guard"

#: What the texts that start it name, as most have it.
_PACKAGES = "/usr/lib/python3/dist-packages/"
_PYTHON = {System.LINUX: "/usr/bin/python3", System.FREEBSD: "/usr/local/bin/python3"}
_PROGRAM = {System.LINUX: "/usr/bin/cloud-init", System.FREEBSD: "/usr/local/bin/cloud-init"}


def guard_files(place: Place, package: Mapping[str, str]) -> Iterator[RenderedFile]:
    """The link by which cloud-init learns of hyperv-net, the guard, and what starts it."""
    folder = f"{place.cloud_init.packages}/hyperv_net/data"
    starters = _starters(place)
    target = GRANT[place.system] if starters else f"{folder}/{PLUG}"
    yield RenderedFile(f"{CLOUD_CFG_D[place.system]}/{PLUG}", f"/{target}", is_link=True)
    if starters:
        for name, mode in _PROGRAMS:
            path = f"{_FOLDER[place.system]}/{name}"
            yield RenderedFile(path, package[f"data/guard/{name}"], mode)
    for file, template in starters.items():
        first = _OPENRCS_FIRST if file == _OPENRC else ""
        text = first + _for(place.cloud_init, place.system, package[template])
        yield RenderedFile(file, text, 0o644 if file.startswith(_SYSTEMD) else 0o755)
    if _OPENRC in starters:
        yield RenderedFile("etc/runlevels/boot/hyperv-net-guard", f"/{_OPENRC}", is_link=True)


def guard_findings(place: Place) -> Iterator[Finding]:
    """What is to be said where nothing would start the guard."""
    if not _starters(place):
        yield Finding(
            "no-guard",
            Severity.NOTE,
            "neither systemd nor OpenRC is in the image, so nothing looks whether hyperv-net "
            "loads before cloud-init runs",
            places.Place(f"{CLOUD_CFG_D[place.system]}/{PLUG}"),
            "remove that link before the image's Python is replaced, and bake again",
        )


def _starters(place: Place) -> dict[str, str]:
    """The files that have the guard started: path → the path of its text in the package."""
    if place.system is System.FREEBSD:
        return {_RC: "data/freebsd/hyperv_net_guard"}
    found = {}
    if place.has_systemd:
        found[f"{_SYSTEMD}/{_UNIT}"] = f"data/linux/{_UNIT}"
        drop_ins = (f"{_SYSTEMD}/{unit}.d/hyperv-net.conf" for unit in _GUARDED)
        found.update(dict.fromkeys(drop_ins, "data/linux/cloud-init-guarded.conf"))
    if place.has_openrc:
        found[_OPENRC] = "data/linux/openrc-guard"
    return found


def _for(cloud_init: CloudInit, system: System, text: str) -> str:
    changed = text.replace(f" {_PROGRAM[system]} ", f" {cloud_init.program} ")
    changed = changed.replace(f"-{_PACKAGES}", f"-/{cloud_init.packages}/")
    return changed.replace(f" {_PYTHON[system]} ", f" {cloud_init.python} ")
