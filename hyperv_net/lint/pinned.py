"""Leftovers of the build machine that name its NIC by hardware address."""

from __future__ import annotations

import re

from hyperv_net.marks import MARKS
from hyperv_net.model import Finding, Severity
from hyperv_net.places import within
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

_MAC = r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}"

#: udev's rules that name NICs are nobody's own.
_UDEV = ("etc/udev/rules.d/*.rules", r'ATTRS?\{address\}==\s*"({mac})".*\bNAME:?="')

#: Where such a line may stand → what it looks like there.
_FORMS = {
    pattern: re.compile(form.replace("{mac}", _MAC))
    for pattern, form in (_UDEV, *(pin for one in targets() for pin in one.pins))
}

#: Removed by hand, it would leave its bond without a member, and a record that is not true.
_TAKE_BACK = (
    "it is hyperv-net's: 'hyperv-net apply --rollback' takes it back from an image for others, "
    "and on this machine itself it stays"
)

READS = tuple(_FORMS)
LOOKS_FOR: tuple[str, ...] = ()


def check(image: Image) -> Iterator[Finding]:
    """A warning for each line that names a NIC of the build machine."""
    for pattern, form in _FORMS.items():
        for path, text in image.matching(pattern).items():
            is_own = any(mark in text for mark in MARKS)
            for number, line in enumerate(text.splitlines(), start=1):
                found = form.match(line) or (form.search(line) if "udev" in path else None)
                if found and not _is_no_leftover(line, found[1], image):
                    yield Finding(
                        "pinned-mac",
                        Severity.WARNING,
                        f"it names a NIC by its hardware address {found[1]}, "
                        "which is the build machine's",
                        within(path, line, found.start(1), found.end(1), number),
                        _TAKE_BACK if is_own else "remove the file, or the line",
                    )


def _is_no_leftover(line: str, mac: str, image: Image) -> bool:
    """A comment, or an address that the machine has which the root is for."""
    own = image.machine.macs if image.machine is not None else frozenset()
    return line.lstrip().startswith("#") or mac.lower().replace("-", ":") in own
