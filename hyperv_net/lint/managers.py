"""Programs that would configure the VF, or the synthetic NIC, besides the one in charge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hyperv_net.lint.image import Image
from hyperv_net.model import Finding, Severity, System

_NETPLAN = ("usr/sbin/netplan", "sbin/netplan")
_IFUP = ("usr/sbin/ifup", "sbin/ifup")
_NETWORK_MANAGER = ("usr/sbin/NetworkManager", "sbin/NetworkManager")
_NETWORKD = ("usr/lib/systemd/systemd-networkd", "lib/systemd/systemd-networkd")
_INTERFACES = ("etc/network/interfaces", "etc/network/interfaces.d/*")
_WAAGENT = "etc/waagent.conf"
_PACKAGES = "var/lib/dpkg/status"

READS = (*_INTERFACES, _WAAGENT, _PACKAGES, "etc/netplan/*.yaml", "usr/lib/os-release")
LOOKS_FOR = (*_NETPLAN, *_IFUP, *_NETWORK_MANAGER, *_NETWORKD)

#: Before it networkd took up links marked unmanaged on a few boots in a hundred
#: (systemd/systemd issue 36997).
_MENDED_SYSTEMD = (257, 7)


def check(image: Image) -> Iterator[Finding]:
    """The rivals, and an init system that forgets who it is to leave alone."""
    if image.system is System.FREEBSD:
        return
    yield from _ifupdown_beside_netplan(image)
    yield from _network_manager(image)
    yield from _old_networkd(image)
    yield from _waagent(image)


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
    version = _systemd_version(image.texts.get(_PACKAGES, ""))
    if version is None or version >= _MENDED_SYSTEMD or not image.has(*_NETWORKD):
        return
    if not image.has(*_NETPLAN):
        return
    yield Finding(
        "networkd-forgets-unmanaged",
        Severity.WARNING,
        f"systemd {version[0]}.{version[1]}: before 257.7 networkd takes up a NIC marked unmanaged "
        "on a few boots",
        _PACKAGES,
        "take a later systemd where the pair is the kernel's; an aggregate is not affected",
    )


def _systemd_version(status: str) -> tuple[int, int] | None:
    """Of the package systemd in dpkg's status file: `Version: 252.38-1~deb12u1` is 252.38."""
    paragraph = re.search(r"^Package: systemd\n(?:.+\n)*?Version: (\d+)(?:\.(\d+))?", status, re.M)
    return (int(paragraph[1]), int(paragraph[2] or 0)) if paragraph else None


def _waagent(image: Image) -> Iterator[Finding]:
    """`Provisioning.MonitorHostName` takes the NIC down and up when the host name changes.

    azurelinuxagent/common/osutil of Azure/WALinuxAgent, publish_hostname.
    """
    for number, line in enumerate(image.texts.get(_WAAGENT, "").splitlines(), start=1):
        name, _, value = line.partition("#")[0].partition("=")
        if name.strip() == "Provisioning.MonitorHostName" and value.strip().lower() == "y":
            yield Finding(
                "rival-manager",
                Severity.WARNING,
                "the Azure agent takes the network down and up when the host name changes",
                f"{_WAAGENT}:{number}",
                "set Provisioning.MonitorHostName=n: cloud-init publishes the name",
            )
