"""Where in an image things go: its system, its cloud-init, its Python, what starts its services."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from hyperv_net import files
from hyperv_net.errors import HypervNetError
from hyperv_net.lint.image import system_of
from hyperv_net.model import System

_OLDEST_PYTHON = (3, 9)
#: Where distributions put Python packages, below the root; Debian's has no version in its name.
_PACKAGES = {
    System.LINUX: (
        "usr/lib/python3/dist-packages",
        "usr/lib/python3.*/site-packages",
        "usr/local/lib/python3.*/dist-packages",
    ),
    System.FREEBSD: ("usr/local/lib/python3.*/site-packages",),
}
#: The standard library, whose folder tells the version.
_LIBRARIES = {
    System.LINUX: ("usr/lib/python3.*/os.py", "usr/lib64/python3.*/os.py"),
    System.FREEBSD: ("usr/local/lib/python3.*/os.py",),
}
_PREFIX = {System.LINUX: "usr", System.FREEBSD: "usr/local"}
#: KVP_SCRIPTS_PATH of tools/hv/hv_kvp_daemon.c (torvalds/linux) as distributions build it, and
#: that of contrib/hyperv/tools/hv_kvp_daemon.c (freebsd/freebsd-src).
_KVP_SCRIPTS = {System.LINUX: "usr/libexec/hypervkvpd", System.FREEBSD: "usr/libexec/hyperv"}
_CLOUD_CFG = {
    System.LINUX: "etc/cloud/cloud.cfg.d",
    System.FREEBSD: "usr/local/etc/cloud/cloud.cfg.d",
}


class Place(NamedTuple):
    """What bake has to know of an image; all paths are below its root, without a leading slash.

    `packages` is the folder that cloud-init's own package is in, `python` the
    interpreter that runs it, as an absolute path in the image.  `kvp_scripts`
    is the folder in which hv_kvp_daemon finds its scripts, where it is installed.
    """

    system: System
    packages: str
    python: str
    cloud_cfg_d: str
    has_systemd: bool
    has_initramfs_tools: bool
    has_dracut: bool
    kvp_scripts: str | None


def find_place(root: Path) -> Place:
    """The place in the image at `root`.

    Raises HypervNetError where it has no cloud-init, or a Python that is too old.
    """
    system = system_of(root)
    packages = _packages(root, system)
    return Place(
        system=system,
        packages=packages,
        python=_python(root, system, packages),
        cloud_cfg_d=_CLOUD_CFG[system],
        has_systemd=any(
            files.exists_below(root, f"{lib}/systemd/systemd") for lib in ("usr/lib", "lib")
        ),
        has_initramfs_tools=files.exists_below(root, "usr/share/initramfs-tools"),
        has_dracut=files.exists_below(root, "usr/lib/dracut"),
        kvp_scripts=_KVP_SCRIPTS[system]
        if files.exists_below(root, _KVP_SCRIPTS[system])
        else None,
    )


def _packages(root: Path, system: System) -> str:
    found = [
        path.removesuffix("/cloudinit/__init__.py")
        for pattern in _PACKAGES[system]
        for path in files.find_below(root, f"{pattern}/cloudinit/__init__.py")
    ]
    if not found:
        raise HypervNetError(
            "no cloud-init in this image",
            where=str(root),
            hint="install its package first: hyperv-net is a part that it loads",
        )
    # After an upgrade of Python the old version's folder is often left behind.
    return max(found, key=lambda path: _version(path) or (0, 0))


def _python(root: Path, system: System, packages: str) -> str:
    prefix = _PREFIX[system]
    version = _version(packages)
    if version is None:
        libraries = (path for one in _LIBRARIES[system] for path in files.find_below(root, one))
        version = max((_version(path) or (0, 0) for path in libraries), default=None)
        name = "python3"
    else:
        name = f"python{version[0]}.{version[1]}"
    if version is None or version < _OLDEST_PYTHON:
        known = "none" if version is None else f"{version[0]}.{version[1]}"
        raise HypervNetError(
            f"hyperv-net needs Python 3.9 or later in the image, and there is {known}",
            where=str(root / prefix),
        )
    return f"/{prefix}/bin/{name}"


def _version(path: str) -> tuple[int, int] | None:
    found = re.search(r"/python3\.(\d+)(?:/|$)", path)
    return (3, int(found[1])) if found else None
