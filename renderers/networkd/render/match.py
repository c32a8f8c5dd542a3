"""Which NICs a file is for, and where among the files it stands.

A NIC is told by its permanent address, which its bond does not change, and which a device
of software has not: by the address that it has now, the file for VFs (`Driver=!…`) would fit
the bond itself, its VLANs and bridges as well (net_match_config() of src/shared/net-condition.c;
`PermanentMACAddress=` is in [Match] since systemd 245).  `Driver=` is the property
ID_NET_DRIVER, or else what `ethtool -i` says: mlx4_en, and not mlx4_core (systemd.network(5)).
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.paths import EXACT, OPEN
from hyperv_net.renderers.networkd.render import values
from hyperv_net.renderers.networkd.render.values import RefusedError
from hyperv_net.tree import to_plain

if TYPE_CHECKING:
    from hyperv_net.renderers.networkd.render.unit import Made
    from hyperv_net.tree import Node

_GLOBS = frozenset("*?[")


def match_nic(made: Made, device_id: str, paths: tuple[str, ...] = ()) -> str:
    """Fill both [Match] sections; returns what the names of the files begin with.

    `paths` are patterns of the ID_PATH of a NIC that is told by its place, which no network config
    can say: it has a name there, which the NIC need not bear.

    Raises RefusedError where it cannot be said which NIC is meant.
    """
    match = made.device.get("match")
    said = dict(match.items()) if match is not None else {}
    unknown = said.keys() - {"macaddress", "driver", "name"}
    if unknown:
        raise RefusedError(
            f"networkd cannot match by {', '.join(sorted(unknown))}, and without that the "
            "settings would be for other NICs too"
        )
    if paths:
        for unit in (made.link, made.network):
            unit.section("Match").add("Path", " ".join(paths))
        made.placed["match",] = "[Match]"
        return EXACT
    rank = EXACT
    for unit in (made.link, made.network):
        section = unit.section("Match")
        if "driver" in said:
            section.add("Driver", _patterns(to_plain(said["driver"])))
        if "macaddress" in said:
            section.add("PermanentMACAddress", values.mac(said["macaddress"].value))
        if unit is made.link:
            if "name" in said or match is None:
                section.add("OriginalName", _name(said, device_id))
        elif "macaddress" in said:
            # Whatever it is called: a rename may fail.
            pass
        elif made.value("set-name") is not None:
            section.add("Name", values.name(made.value("set-name")))
        elif "name" in said or match is None:
            section.add("Name", _name(said, device_id))
        if not section.lines:
            # networkd passes by a file without a match; a device of software has no such type.
            section.add("Type", "ether")
            rank = OPEN
    if "macaddress" not in said and _is_open(said, match):
        rank = OPEN
    made.placed["match",] = "[Match]"
    return rank


def _is_open(said: dict[str, Node], match: Node | None) -> bool:
    """Whether more than one NIC may fit."""
    if match is None:
        return False
    name = said.get("name")
    text = str(name.value) if name is not None else "*"
    return text.startswith("!") or bool(_GLOBS.intersection(text))


def _name(said: dict[str, Node], device_id: str) -> str:
    if "name" not in said:
        return values.name(device_id)
    return values.pattern(said["name"].value)


def _patterns(said: object) -> str:
    """One pattern or a list; a `!` in front of the first turns the whole list round."""
    listed = said if isinstance(said, list) else [said]
    if not listed:
        raise RefusedError("no driver is named")
    first, *others = (values.pattern(one) for one in listed)
    if any(one.startswith("!") for one in others):
        raise RefusedError("a `!` holds for all drivers of a list, and stands before the first")
    return " ".join((first, *others))
