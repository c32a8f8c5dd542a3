"""Programs of the image that the machine needs once it runs."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity, System
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.system import INIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

_IP = ("usr/sbin/ip", "usr/bin/ip", "sbin/ip", "bin/ip")

#: systemd's, and those of eudev and of systemd's forerunner.
UDEV = (
    *("usr/lib/systemd/systemd-udevd", "lib/systemd/systemd-udevd", "usr/sbin/udevd"),
    *("sbin/udevd", "usr/bin/udevadm", "bin/udevadm", "sbin/udevadm"),
)
MDEV = ("sbin/mdev", "usr/sbin/mdev")

READS: tuple[str, ...] = ()
LOOKS_FOR = (*_IP, *INIT, *UDEV, *MDEV)


def check(image: Image) -> Iterator[Finding]:
    """A finding where nothing could take an address off a VF, or hears of one at all."""
    if image.system is System.LINUX and image.has(*MDEV) and not image.has(*UDEV):
        yield Finding(
            "no-udev",
            Severity.WARNING,
            "mdev and no udev is in the image: it reads none of the rules that join a VF and keep "
            "others off it",
            Place(next(one for one in MDEV if image.has(one))),
            "install eudev (Alpine: setup-devd udev), or run 'hyperv-net reconcile' from mdev.conf",
        )
    if image.system is System.LINUX and image.has(*INIT) and not image.has(*_IP):
        yield Finding(
            "no-ip-command",
            Severity.WARNING,
            "ip(8), which the udev rule and `reconcile` run, is not in the image",
            Place(_IP[0]),
            "install iproute2",
        )
