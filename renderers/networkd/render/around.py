"""What stands in other files beside the ones that are written.

The first .network file that fits a device is used, whatever its folder, and of two .netdev
files for one name the first (network_get() of src/network/networkd-network.c, netdev_load_one()
of src/network/netdev/netdev.c), so that a file for a NIC of a pair must not come before ours.
"""

from __future__ import annotations

from hyperv_net.decision.claims import DRIVER, KERNEL_NAME, MAC, NAME, Candidate, fits
from hyperv_net.drivers import known_as
from hyperv_net.marks import FROM_HOST, MADE
from hyperv_net.model import Finding, Severity
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.networkd.claims import claims
from hyperv_net.renderers.networkd.paths import (
    FIRST,
    FOLDERS,
    JOINED_FILE,
    OF_CLOUD_INIT,
    OURS,
    PAIRS,
    is_generated,
)
from hyperv_net.root.drop_ins import in_order
from hyperv_net.root.ini import settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hyperv_net.model import Aggregate, Nic, RenderedFile, Rewritten


class Around(NamedTuple):
    """What the names of the pairs' files begin with, and what is to be said of the others."""

    prefix: str
    findings: tuple[Finding, ...]


def look_around(rewritten: Rewritten, existing: Mapping[str, str], made: Collection[str]) -> Around:
    """Compare with every file but our own; `made` are the devices that ours make."""
    others = {
        path: text
        for path, text in existing.items()
        if MADE not in text and path.rpartition("/")[0] in FOLDERS and FROM_HOST not in text
    }
    findings: list[Finding] = []
    prefix = PAIRS
    for path in _before(rewritten, others, PAIRS):
        prefix = FIRST
        message = "it comes before the files of a plan, and may fit a NIC of a pair or its bond"
        hint = f"ours are called {FIRST}… here, and so come before it"
        findings.append(Finding("networkd-rival", Severity.NOTE, message, Place(path), hint))
    for path in _before(rewritten, others, FIRST):
        message = "it may fit a NIC of a pair or its bond, and networkd takes it before any of ours"
        hint = "give the file a name that begins with a digit other than 0, or a letter"
        findings.append(Finding("networkd-first", Severity.ERROR, message, Place(path), hint))
    findings += _devices_taken(others, made, prefix)
    findings += _superseded(others)
    return Around(prefix, tuple(findings))


def joined_first() -> RenderedFile:
    """The file for VFs that the rule joins, once more, ahead of files that come first."""
    from hyperv_net.renderers.networkd.beside import joined

    name = JOINED_FILE.rpartition("-")[2]
    return joined()._replace(path=f"{OURS}{FIRST}0-{name}")


def _before(rewritten: Rewritten, others: Mapping[str, str], first: str) -> list[str]:
    """The .network files with names before `first` that may be for a device of a pair."""
    devices = [each for one in rewritten.aggregates for each in _devices(one)]
    texts = {
        path: text
        for path, text in others.items()
        if path.endswith(".network") and path.rpartition("/")[2] < first
    }
    return list(
        dict.fromkeys(
            claim.where.file
            for claim in claims(texts, frozenset())
            if any(fits(claim, device) for device in devices)
        )
    )


def _devices(one: Aggregate) -> Iterator[Candidate]:
    if one.pair.synthetic is not None:
        yield _nic(one.pair.synthetic)
    if one.pair.vf is not None:
        yield _nic(one.pair.vf)
    bond = {NAME: (one.name,), KERNEL_NAME: (one.name,), DRIVER: ("bonding",), MAC: ()}
    yield Candidate(one.name, bond)


def _nic(nic: Nic) -> Candidate:
    macs = (nic.hardware_mac,) if nic.hardware_mac else ()
    names = {NAME: (nic.name,), KERNEL_NAME: (nic.name,)}
    return Candidate(nic.name, {**names, DRIVER: known_as(nic.driver), MAC: macs})


def _devices_taken(
    others: Mapping[str, str], made: Collection[str], prefix: str
) -> Iterator[Finding]:
    """Devices of ours that a file which comes first makes in another way."""
    for path in in_order(others, FOLDERS):
        base = path.rpartition("/")[2]
        if not base.endswith(".netdev") or base > f"{prefix}zzz":
            continue
        for one in settings(others[path]):
            if (one.section, one.key) == ("NetDev", "Name") and one.value in made:
                message = f"{one.value} is made by this file, and so not as the plan has it"
                hint = "remove the file, or name the device differently"
                where = one.stands(path)
                yield Finding("networkd-name-taken", Severity.ERROR, message, where, hint)


def _superseded(others: Mapping[str, str]) -> Iterator[Finding]:
    left = [
        path
        for path in sorted(others)
        if path.rpartition("/")[2].startswith(OF_CLOUD_INIT) and not is_generated(path)
    ]
    if left:
        message = (
            "left by cloud-init, and without effect on the devices of this plan, whose files come "
            f"first: {', '.join(path.rpartition('/')[2] for path in left)}"
        )
        yield Finding("networkd-superseded", Severity.NOTE, message, Place(left[0]))
