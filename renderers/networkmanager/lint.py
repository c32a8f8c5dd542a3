"""NetworkManager beside another manager: it makes a profile for every NIC."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkmanager.paths import MASKED, OTHERS, PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

READS: tuple[str, ...] = ()
LOOKS_FOR = (*PROGRAMS, *OTHERS, MASKED)


def check(image: Image) -> Iterator[Finding]:
    """A warning where it would take up NICs that another manager has."""
    has_other = image.has(*OTHERS)
    if image.system is System.FREEBSD or image.has(MASKED):
        return
    for path in sorted(image.paths) if has_other else ():
        if path in PROGRAMS:
            yield Finding(
                "rival-manager",
                Severity.WARNING,
                "NetworkManager makes a profile for every NIC it is not told to leave alone, "
                "VFs too",
                path,
                "disable it, unless the rules of 'hyperv-net bake' are in the image and its initrd",
            )
            return
