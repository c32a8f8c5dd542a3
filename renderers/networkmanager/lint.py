"""NetworkManager beside another manager: it makes a profile for every NIC."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown.paths import PROGRAMS as IFUPDOWN
from hyperv_net.renderers.netplan.paths import PROGRAMS as NETPLAN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

_PROGRAMS = ("usr/sbin/NetworkManager", "sbin/NetworkManager")
_MASKED = "etc/systemd/system/NetworkManager.service"

READS: tuple[str, ...] = ()
LOOKS_FOR = (*_PROGRAMS, *NETPLAN, *IFUPDOWN, _MASKED)


def check(image: Image) -> Iterator[Finding]:
    """A warning where it would take up NICs that another manager has."""
    has_other = image.has(*NETPLAN) or image.has(*IFUPDOWN)
    # A unit there stands before that of the package, and is /dev/null or somebody's choice.
    if image.system is System.FREEBSD or image.has(_MASKED):
        return
    for path in sorted(image.paths) if has_other else ():
        if path in _PROGRAMS:
            yield Finding(
                "rival-manager",
                Severity.WARNING,
                "NetworkManager makes a profile for every NIC it is not told to leave alone, "
                "VFs too",
                path,
                "disable it, unless the rules of 'hyperv-net bake' are in the image and its initrd",
            )
            return
