"""Files that are meant for one NIC of a card and fit both: names, profiles, rules for udev."""

from __future__ import annotations

from hyperv_net.decision.claims import any_card, cards, findings
from hyperv_net.lint import udev_claims
from hyperv_net.lint.image import read_image
from hyperv_net.model import System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hyperv_net.decision.claims import Claim
    from hyperv_net.lint.image import Image
    from hyperv_net.model import Decision, Finding
    from hyperv_net.renderers.target import Claiming
    from hyperv_net.root.files import Root


def _of_targets() -> tuple[Claiming, ...]:
    return tuple(one.claiming for one in targets(System.LINUX) if one.claiming is not None)


READS = (*udev_claims.READS, *(pattern for one in _of_targets() for pattern in one.reads))
LOOKS_FOR = tuple(pattern for one in _of_targets() for pattern in one.looks_for)


def check(image: Image) -> Iterator[Finding]:
    """A warning for each such passage.

    Where the machine is known it is asked about its own cards, and else about any card.
    """
    if image.system is System.LINUX:
        its = image.machine.cards if image.machine is not None else (any_card(),)
        yield from findings(_claims(image), its)


def of_image(
    root: Root, overlay: Mapping[str, str], decisions: Iterable[Decision] = ()
) -> tuple[Finding, ...]:
    """The same once `overlay` is written below `root`, of its cards as far as they are known."""
    image = read_image(root, READS, LOOKS_FOR)
    image = image._replace(texts={**image.texts, **overlay})
    return tuple(findings(_claims(image), cards(decisions) or (any_card(),)))


def of_machine(root: Root, decisions: Iterable[Decision]) -> tuple[Finding, ...]:
    """The same of the Linux machine at `root`, whose pairs need what `decisions` say."""
    its = cards(decisions)
    if not its:
        return ()
    image = read_image(root, READS, LOOKS_FOR)
    return tuple(findings(_claims(image), its))


def _claims(image: Image) -> Iterator[Claim]:
    yield from udev_claims.claims(image.texts, image.paths)
    for one in _of_targets():
        texts = image.matching(*one.reads, *udev_claims.READS)
        yield from one.claims(texts, image.paths)
