"""What in an image would stand in the way of its first boot with accelerated networking.

Each module of this package, and each module `lint` of a target, is a set of rules about
one concern: READS and LOOKS_FOR say what it wants to know of the image, and `check` gives
the findings.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import targets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hyperv_net.lint.image import Image, Machine
    from hyperv_net.model import Finding
    from hyperv_net.root.files import Root

_OWN = ("both_nics", "cloud_init", "devd", "drivers", "names", "pinned", "tools", "waagent")


_OURS = "/hyperv_net/sources/"


class Rules(Protocol):
    """What a module of rules offers."""

    READS: Sequence[str]
    LOOKS_FOR: Sequence[str]

    def check(self, image: Image) -> Iterator[Finding]:
        """The findings; pure."""
        ...  # pragma: no cover


def lint(
    root: Root,
    overlay: Mapping[str, str] | None = None,
    expected_drivers: Sequence[str] = (),
    machine: Machine | None = None,
) -> tuple[Finding, ...]:
    """All findings about the image at `root`, by rule and place.

    `overlay` has texts that are about to be written there.  With
    `expected_drivers` (mlx4, mlx5, mana) the others are not asked for, and
    one of these that is missing is an error.  `machine` is the one that the
    root is for, where that is known: its own addresses are no leftovers, and
    other names than its own are none of its synthetic NICs'.
    """
    from hyperv_net.lint.image import read_image

    rules = _rules()
    image = read_image(root, *_asked(rules))
    image = image._replace(
        texts={**image.texts, **(overlay or {})},
        expected_drivers=tuple(expected_drivers),
        machine=machine,
        system=machine.system if machine is not None else image.system,
        # A package that is about to be written goes where cloud-init looks.
        extension=() if any(_OURS in path for path in overlay or ()) else image.extension,
    )
    return check(image, rules)


def asked() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Patterns, below a root, of what the rules read there, and of what they look for."""
    return _asked(_rules())


def _asked(rules: Sequence[Rules]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        tuple(pattern for one in rules for pattern in one.READS),
        tuple(pattern for one in rules for pattern in one.LOOKS_FOR),
    )


def _rules() -> list[Rules]:
    """The modules of this package, and those of the targets."""
    own = [f"hyperv_net.lint.{name}" for name in _OWN]
    of_targets = [one.lint for one in targets() if one.lint is not None]
    return [cast("Rules", import_module(name)) for name in (*own, *of_targets)]


def check(image: Image, rules: Sequence[Rules]) -> tuple[Finding, ...]:
    """The findings of `rules` about `image`."""
    found = (*image.unreadable, *(finding for one in rules for finding in one.check(image)))
    return tuple(sorted(found, key=lambda one: (one.rule, str(one.where), one.message)))
