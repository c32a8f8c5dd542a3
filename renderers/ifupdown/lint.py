"""ifupdown beside netplan: two programs that configure one NIC."""

from __future__ import annotations

from hyperv_net.model import Finding, Severity, System
from hyperv_net.places import Place, of_line
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown import paths
from hyperv_net.renderers.netplan.paths import PROGRAMS as NETPLAN
from hyperv_net.root.system import INIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

READS = paths.STANZAS
_IFENSLAVE, _BONDS = paths.PACKAGES[0]
LOOKS_FOR = (*NETPLAN, *paths.PROGRAMS, *_BONDS, *INIT)


def check(image: Image) -> Iterator[Finding]:
    """A warning for each stanza of a NIC beside netplan, and one where nothing makes bonds."""
    is_its = image.has(*paths.PROGRAMS) and image.has(paths.INTERFACES) and image.has(*INIT)
    if image.system is System.LINUX and is_its and not image.has(*_BONDS):
        yield Finding(
            "missing-package",
            Severity.WARNING,
            f"{_IFENSLAVE} is not in the image, and ifupdown makes no bond without it",
            Place(_BONDS[0]),
            f"install {_IFENSLAVE}",
        )
    both = image.has(*NETPLAN) and image.has(*paths.PROGRAMS)
    if image.system is System.FREEBSD or not both:
        return
    for path, text in image.matching(*READS).items():
        for number, line in enumerate(text.splitlines(), start=1):
            words = line.split()
            if words[:1] == ["iface"] and words[1:2] not in (["lo"], []):
                yield Finding(
                    "rival-manager",
                    Severity.WARNING,
                    f"ifupdown configures {words[1]} while netplan is installed as well",
                    of_line(path, line, number, (words[1],)),
                    "keep one of the two: remove the stanza, or netplan",
                )
