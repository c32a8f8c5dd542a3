"""Programs of the image that the machine needs once it runs."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.system import INIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

_IP = ("usr/sbin/ip", "usr/bin/ip", "sbin/ip", "bin/ip")

READS: tuple[str, ...] = ()
LOOKS_FOR = (*_IP, *INIT)


def check(image: Image) -> Iterator[Finding]:
    """A finding where nothing could take an address off a VF, or make a bond again."""
    if image.system is System.LINUX and image.has(*INIT) and not image.has(*_IP):
        yield Finding(
            "no-ip-command",
            Severity.WARNING,
            "ip(8), which the udev rule and `reconcile` run, is not in the image",
            _IP[0],
            "install iproute2",
        )
