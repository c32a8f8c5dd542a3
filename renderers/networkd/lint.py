"""A networkd that forgets whom it is to leave alone."""

from __future__ import annotations

import re

from hyperv_net.model import Finding, Severity, System
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.netplan.paths import PROGRAMS as NETPLAN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

_PROGRAMS = ("usr/lib/systemd/systemd-networkd", "lib/systemd/systemd-networkd")
_PACKAGES = "var/lib/dpkg/status"
#: systemd's own library bears the version in its name.
_LIBRARIES = (
    "usr/lib/systemd/libsystemd-shared-*.so",
    "usr/lib64/systemd/libsystemd-shared-*.so",
    "usr/lib/*/systemd/libsystemd-shared-*.so",
)
_ENABLED = (
    "etc/systemd/system/*.wants/systemd-networkd.service",
    "etc/systemd/network/*.network",
)


READS = (_PACKAGES,)
LOOKS_FOR = (*_PROGRAMS, *NETPLAN, *_LIBRARIES, *_ENABLED)

#: Before it networkd took up links marked unmanaged on a few boots in a hundred
#: (systemd/systemd issue 36997).
_MENDED_SYSTEMD = (257, 7)


def check(image: Image) -> Iterator[Finding]:
    """A warning where networkd runs and is older than the mend."""
    if image.system is System.FREEBSD:
        return
    found = _systemd_version(image)
    if found is None or found.version >= _MENDED_SYSTEMD or not image.has(*_PROGRAMS):
        return
    if not image.has(*NETPLAN, *_ENABLED):
        return
    yield Finding(
        "networkd-forgets-unmanaged",
        Severity.WARNING,
        f"systemd {'.'.join(map(str, found.version))}: before 257.7 networkd takes up a NIC marked "
        "unmanaged on a few boots",
        found.where,
        "take a later systemd where the pair is the kernel's; an aggregate is not affected",
    )


class _Systemd(NamedTuple):
    version: tuple[int, ...]
    where: Place


def _systemd_version(image: Image) -> _Systemd | None:
    """By dpkg's status file (`Version: 252.38-1~deb12u1`), or by the name of systemd's library."""
    status = image.texts.get(_PACKAGES, "")
    package = re.search(
        r"^Package: systemd\n(?:.+\n)*?Version: (?:\d+:)?(\d+)(?:\.(\d+))?", status, re.M
    )
    if package:
        number = status.count("\n", 0, package.start(1)) + 1
        return _Systemd(_numbers(package), Place(_PACKAGES, line=number))
    for path in sorted(image.paths):
        library = re.search(r"/libsystemd-shared-(\d+)(?:\.(\d+))?", path)
        # Debian's library says `257` of all of 257.x, which is too little to tell.
        if library and (library[2] or int(library[1]) != _MENDED_SYSTEMD[0]):
            return _Systemd(_numbers(library), Place(path))
    return None


def _numbers(found: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in found.groups() if one)
