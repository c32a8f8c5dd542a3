"""What `.link` and `.network` files of systemd do to the NICs that they fit.

The first file that fits a NIC is used, by name whatever the folder, and all that its [Match]
names has to fit (systemd.link(5), systemd.network(5)).  Drop-ins are not looked at.
"""

from __future__ import annotations

from hyperv_net.decision.claims import (
    DRIVER,
    KERNEL_NAME,
    LINK_FILES,
    MAC,
    NAME,
    NETWORK_FILES,
    Claim,
    names_it,
    of_systemd,
)
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.hardware import hardware_address
from hyperv_net.renderers.networkd.paths import FOLDERS, is_generated
from hyperv_net.root.drop_ins import in_order
from hyperv_net.root.ini import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.decision.claims import Selector
    from hyperv_net.root.ini import Setting

_PROPERTIES = {
    "MACAddress": MAC,
    "PermanentMACAddress": MAC,
    "Name": NAME,
    "OriginalName": KERNEL_NAME,
    "Driver": DRIVER,
}
#: Questions about the machine, which are taken to be answered with yes.
_OF_MACHINES = ("Host", "Virtualization", "KernelCommandLine", "KernelVersion", "Architecture")
_MEMBER = ("Bond", "Bridge", "VRF")


def claims(texts: Mapping[str, str], paths: frozenset[str]) -> Iterator[Claim]:
    """One a file; none of those that another program makes of files of its own."""
    for path in in_order(texts, FOLDERS):
        if not is_generated(path):
            yield from _of_file(path, [*settings(texts[path])])


def _of_file(path: str, said: list[Setting]) -> Iterator[Claim]:
    match = [one for one in said if one.section == "Match"]
    found = selector(match)
    name = path.rpartition("/")[2]
    if found is None or not said:
        return
    where = match[0].stands(path) if match else Place(path, line=1)
    if name.endswith(".link"):
        named = [one.value for one in said if (one.section, one.key) == ("Link", "Name")]
        does = names_it(named[-1]) if named and named[-1] else ""
        hint = "say Driver={driver} in its [Match] as well"
        yield Claim(where, (found,), does, hint, group=LINK_FILES, order=name)
    elif _leaves_alone(said):
        yield Claim(where, (found,), group=NETWORK_FILES, order=name)
    elif not any(one.key == "Property" for one in match):
        does = "networkd gives the VF a configuration of its own"
        hint = "say Driver={driver} in its [Match], or keep it from VFs by a file before it"
        yield Claim(
            where,
            (found,),
            does,
            hint,
            group=NETWORK_FILES,
            order=name,
            harms_alone=True,
        )


def _leaves_alone(said: list[Setting]) -> bool:
    """Whether networkd does nothing to the NIC, or puts it where it may belong."""
    return any(
        (one.key == "Unmanaged" and one.value.lower() in ("yes", "true", "1", "on"))
        or (one.section == "Network" and one.key in _MEMBER and one.value)
        for one in said
    )


def selector(match: list[Setting]) -> Selector | None:
    """None where a NIC has to be what no NIC of a card is, or what cannot be told."""
    found: Selector = {}
    for one in match:
        is_inverted = one.value.startswith("!")
        if one.key == "Property":
            # Rules set properties; a NIC that is left alone by its property is taken for a VF.
            continue
        if one.key == "Type" and (("ether" in one.value.split()) is not is_inverted):
            continue
        if one.key == "Kind" and is_inverted:
            continue
        if one.key in _OF_MACHINES:
            continue
        if one.key not in _PROPERTIES:
            return None
        said = of_systemd(one.value.split())
        if _PROPERTIES[one.key] == MAC:
            globs = tuple(hardware_address(glob) or glob for glob in said.globs)
            said = said._replace(globs=globs)
        before = found.get(_PROPERTIES[one.key])
        # A key that is given again adds to its list.
        found[_PROPERTIES[one.key]] = (
            before._replace(globs=(*before.globs, *said.globs)) if before else said
        )
    return found
