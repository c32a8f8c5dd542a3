"""What the rules want to know of an image, read from its root once."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.root import files
from hyperv_net.root.extension import extension_findings
from hyperv_net.root.patterns import fits
from hyperv_net.root.system import system_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hyperv_net.decision.claims import Card
    from hyperv_net.model import System
    from hyperv_net.root.files import Root


class Machine(NamedTuple):
    """What is known of the machine that a root is for, or is a copy of.

    `system` is whose root it is, which a tree of few files may not tell.
    `macs` are the hardware addresses that its NICs have, in lower case,
    `synthetic` the names of NICs that an aggregate stands in for, and `cards` those
    whose VF is not for everybody.
    """

    system: System
    macs: frozenset[str]
    synthetic: frozenset[str]
    cards: tuple[Card, ...] = ()


class Image(NamedTuple):
    """A root, as far as the rules ask for it.

    `texts` maps paths below the root to the text of files, `paths` are those
    of the other things asked for that exist, and `unreadable` are findings
    about files that could not be read.  `expected_drivers` are those that the
    image must have, by the card's short name; empty where nobody said.
    `machine` is None where any machine may boot it.  `extension` are the findings
    about what its cloud-init would load of hyperv-net.
    """

    system: System
    texts: Mapping[str, str]
    paths: frozenset[str]
    unreadable: tuple[Finding, ...] = ()
    expected_drivers: tuple[str, ...] = ()
    machine: Machine | None = None
    extension: tuple[Finding, ...] = ()

    def matching(self, *patterns: str) -> dict[str, str]:
        """The texts whose path one of the glob `patterns` fits, in order of their paths."""
        return {
            path: self.texts[path]
            for path in sorted(self.texts)
            if any(fits(path, pattern) for pattern in patterns)
        }

    def has(self, *patterns: str) -> bool:
        """Whether there is anything at one of the glob `patterns`."""
        known = (*self.paths, *self.texts)
        return any(fits(path, pattern) for path in known for pattern in patterns)


def read_image(root: Root, reads: Iterable[str], looks_for: Iterable[str]) -> Image:
    """The image at `root`: `reads` are patterns of texts, `looks_for` of what is to exist."""
    texts: dict[str, str] = {}
    unreadable = []
    for pattern in sorted(set(reads)):
        for path in files.find_below(root, pattern):
            try:
                texts.update(files.read_matching(root, [path]))
            except HypervNetError as error:
                unreadable.append(
                    Finding(
                        "unreadable-file", Severity.WARNING, error.what, Place(path), error.hint
                    )
                )
    paths = {path for pattern in looks_for for path in files.find_below(root, pattern)}
    system = system_of(root)
    return Image(
        system,
        texts,
        frozenset(paths),
        tuple(unreadable),
        extension=tuple(extension_findings(root, system)),
    )
