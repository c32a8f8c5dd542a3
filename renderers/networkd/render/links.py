"""A name that a `.link` file gives by an address is the synthetic NIC's, and not its VF's too.

Both have the address.  udev takes the first `.link` file that fits, by name whatever the folder
(systemd.link(5)), so that the VF has one of its own before such a file.
"""

from __future__ import annotations

from hyperv_net.decision.claims import DRIVER, KERNEL_NAME, MAC, NAME, Candidate, fits
from hyperv_net.drivers import known_as
from hyperv_net.marks import FROM_CONFIG, MADE
from hyperv_net.model import Finding, RenderedFile, Severity
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.claims import claims
from hyperv_net.renderers.networkd.paths import FIRST, FOLDERS, OURS, PAIRS
from hyperv_net.renderers.networkd.render.device import OWN_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.model import Aggregate, Rewritten


def links_of_vfs(
    rewritten: Rewritten, existing: Mapping[str, str]
) -> Iterator[tuple[RenderedFile | None, Finding]]:
    """A file for each VF that would get the name of its synthetic NIC, and what is said of it.

    None of it where the other file comes before all of ours.
    """
    others = {
        path: text
        for path, text in existing.items()
        if path.endswith(".link") and path.rpartition("/")[0] in FOLDERS and MADE not in text
    }
    found = list(claims(others, frozenset())) if others else []
    for one in rewritten.aggregates:
        vf, synthetic = _vf(one), one.pair.synthetic
        first = next((claim for claim in found if fits(claim, vf)), None)
        if first is None or not first.does or synthetic is None or not synthetic.driver:
            continue
        name = first.where.file.rpartition("/")[2]
        if name < FIRST:
            hint = "say Driver= in its [Match] as well, or give it a name that comes later"
            message = "it names both NICs of a card, and udev takes it before any of ours"
            yield None, Finding("networkd-first", Severity.ERROR, message, first.where, hint)
            continue
        path = f"{OURS}{PAIRS if name > PAIRS else FIRST}{one.vf_id}.link"
        match = f"[Match]\nDriver=!{synthetic.driver}\nPermanentMACAddress={one.pair.mac}\n"
        link = "".join(f"{key}={value}\n" for key, value in OWN_NAME)
        file = RenderedFile(path, f"{FROM_CONFIG}{match}\n[Link]\n{link}")
        message = f"it names both NICs of a card: the VF keeps its own name by {path}"
        yield file, Finding("networkd-rival", Severity.NOTE, message, first.where)


def _vf(one: Aggregate) -> Candidate:
    """The VF; of one that is away no more is known than its address."""
    vf = one.pair.vf
    names = (vf.name,) if vf is not None else ()
    drivers = known_as(vf.driver) if vf is not None else ()
    macs = () if one.pair.vf_told else (one.pair.mac,)
    return Candidate(
        one.vf_id, {NAME: names, KERNEL_NAME: names, DRIVER: drivers or ("?",), MAC: macs}
    )
