"""What in an image would stand in the way of its first boot with accelerated networking.

Each module of this package is a set of rules about one concern: READS and
LOOKS_FOR say what it wants to know of the image, and `check` gives the findings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from hyperv_net.lint.image import Image
    from hyperv_net.model import Finding

_RULES = ("boot_files", "cloud_init", "devd", "drivers", "managers", "names", "pinned")


class Rules(Protocol):
    """What a module of rules offers."""

    READS: Sequence[str]
    LOOKS_FOR: Sequence[str]

    def check(self, image: Image) -> Iterator[Finding]:
        """The findings; pure."""
        ...  # pragma: no cover


def lint(root: Path) -> tuple[Finding, ...]:
    """All findings about the image at `root`, by rule and place."""
    from hyperv_net.lint.image import read_image

    rules = [cast(Rules, import_module(f"hyperv_net.lint.{name}")) for name in _RULES]
    image = read_image(
        root,
        (pattern for one in rules for pattern in one.READS),
        (pattern for one in rules for pattern in one.LOOKS_FOR),
    )
    return check(image, rules)


def check(image: Image, rules: Sequence[Rules]) -> tuple[Finding, ...]:
    """The findings of `rules` about `image`."""
    found = (*image.unreadable, *(finding for one in rules for finding in one.check(image)))
    return tuple(sorted(found, key=lambda one: (one.rule, one.where, one.message)))
