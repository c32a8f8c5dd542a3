"""Programs that would configure the VF, or the synthetic NIC, besides the one in charge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hyperv_net.lint.image import Image
from hyperv_net.model import Finding, Severity, System

_NETPLAN = ("usr/sbin/netplan", "sbin/netplan")
_IFUP = ("usr/sbin/ifup", "sbin/ifup")
_NETWORK_MANAGER = ("usr/sbin/NetworkManager", "sbin/NetworkManager")
_NETWORKD = ("usr/lib/systemd/systemd-networkd", "lib/systemd/systemd-networkd")
_INTERFACES = ("etc/network/interfaces", "etc/network/interfaces.d/*")
#: Of Linux, and of FreeBSD's port sysutils/azure-agent.
_WAAGENT = ("etc/waagent.conf", "usr/local/etc/waagent.conf")
_PACKAGES = "var/lib/dpkg/status"
#: systemd's own library bears the version in its name.
_LIBRARIES = (
    "usr/lib/systemd/libsystemd-shared-*.so",
    "usr/lib64/systemd/libsystemd-shared-*.so",
    "usr/lib/*/systemd/libsystemd-shared-*.so",
)
_MASKED = "etc/systemd/system/NetworkManager.service"
_NETWORKD_ENABLED = (
    "etc/systemd/system/*.wants/systemd-networkd.service",
    "etc/systemd/network/*.network",
)

READS = (*_INTERFACES, *_WAAGENT, _PACKAGES)
LOOKS_FOR = (
    *(*_NETPLAN, *_IFUP, *_NETWORK_MANAGER, *_NETWORKD, *_LIBRARIES),
    *(_MASKED, *_NETWORKD_ENABLED),
)

#: Before it networkd took up links marked unmanaged on a few boots in a hundred
#: (systemd/systemd issue 36997).
_MENDED_SYSTEMD = (257, 7)


def check(image: Image) -> Iterator[Finding]:
    """The rivals, and an init system that forgets who it is to leave alone."""
    yield from _waagent(image)
    if image.system is System.FREEBSD:
        return
    yield from _ifupdown_beside_netplan(image)
    yield from _network_manager(image)
    yield from _old_networkd(image)


def _ifupdown_beside_netplan(image: Image) -> Iterator[Finding]:
    if not (image.has(*_NETPLAN) and image.has(*_IFUP)):
        return
    for path, text in image.matching(*_INTERFACES).items():
        for number, line in enumerate(text.splitlines(), start=1):
            words = line.split()
            if words[:1] == ["iface"] and words[1:2] not in (["lo"], []):
                yield Finding(
                    "rival-manager",
                    Severity.WARNING,
                    f"ifupdown configures {words[1]} while netplan is installed as well",
                    f"{path}:{number}",
                    "keep one of the two: remove the stanza, or netplan",
                )


def _network_manager(image: Image) -> Iterator[Finding]:
    has_other = image.has(*_NETPLAN) or image.has(*_IFUP)
    if image.has(_MASKED):
        # It stands before the unit of the package, and is /dev/null or somebody's choice.
        return
    for path in sorted(image.paths) if has_other else ():
        if path in _NETWORK_MANAGER:
            yield Finding(
                "rival-manager",
                Severity.WARNING,
                "NetworkManager makes a profile for every NIC it is not told to leave alone, "
                "VFs too",
                path,
                "disable it, unless the rules of 'hyperv-net bake' are in the image and its initrd",
            )
            return


def _old_networkd(image: Image) -> Iterator[Finding]:
    found = _systemd_version(image)
    if found is None or found.version >= _MENDED_SYSTEMD or not image.has(*_NETWORKD):
        return
    if not image.has(*_NETPLAN, *_NETWORKD_ENABLED):
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
    where: str


def _systemd_version(image: Image) -> _Systemd | None:
    """By dpkg's status file (`Version: 252.38-1~deb12u1`), or by the name of systemd's library."""
    status = image.texts.get(_PACKAGES, "")
    package = re.search(
        r"^Package: systemd\n(?:.+\n)*?Version: (?:\d+:)?(\d+)(?:\.(\d+))?", status, re.M
    )
    if package:
        number = status.count("\n", 0, package.start(1)) + 1
        return _Systemd(_numbers(package), f"{_PACKAGES}:{number}")
    for path in sorted(image.paths):
        library = re.search(r"/libsystemd-shared-(\d+)(?:\.(\d+))?", path)
        # Debian's library says `257` of all of 257.x, which is too little to tell.
        if library and (library[2] or int(library[1]) != _MENDED_SYSTEMD[0]):
            return _Systemd(_numbers(library), path)
    return None


def _numbers(found: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in found.groups() if one)


def _waagent(image: Image) -> Iterator[Finding]:
    """`Provisioning.MonitorHostName` takes the NIC down and up when the host name changes.

    azurelinuxagent/common/osutil of Azure/WALinuxAgent, publish_hostname.
    """
    for path, text in image.matching(*_WAAGENT).items():
        for number, line in enumerate(text.splitlines(), start=1):
            name, _, value = line.partition("#")[0].partition("=")
            if name.strip() == "Provisioning.MonitorHostName" and value.strip().lower() == "y":
                yield Finding(
                    "rival-manager",
                    Severity.WARNING,
                    "the Azure agent takes the network down and up when the host name changes",
                    f"{path}:{number}",
                    "set Provisioning.MonitorHostName=n: cloud-init publishes the name",
                )
