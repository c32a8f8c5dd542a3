"""The names of vlans of an aggregate that ifupdown would make on a member.

Before it reads any option, ifupdown makes `eth0.10` on an eth0 that is there,
whatever `vlan-raw-device` says (link.defn of ifupdown; seen by running 0.8.41
and 0.8.44).
"""

from __future__ import annotations

from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.model import Rewritten


def vlans_renamed(rewritten: Rewritten, names: Mapping[str, str]) -> dict[str, str]:
    """Id → the name on its aggregate, of the vlans that are named after one of its members.

    `names` are the names of all devices.  One whose new name is taken or too
    long keeps its own, which `is_made_on_a_member` then tells.
    """
    found: dict[str, str] = {}
    for one, _ in (rewritten.tree.get("vlans") or Node({})).items():
        aggregate, rest = _parts(rewritten, names, names[one])
        new = f"{aggregate}.{rest}"
        taken = {*names.values(), *found.values()}
        if aggregate and is_interface_name(new) and new not in taken:
            found[one] = new
    return found


def is_made_on_a_member(rewritten: Rewritten, names: Mapping[str, str], name: str) -> bool:
    """Whether ifupdown would make a vlan of this name on a member of an aggregate."""
    return bool(_parts(rewritten, names, name)[0])


def _parts(rewritten: Rewritten, names: Mapping[str, str], name: str) -> tuple[str, str]:
    """The aggregate of the member that a name begins with, and the rest; empty if it does not."""
    first, dot, rest = name.partition(".")
    for each in rewritten.aggregates:
        members = (names.get(each.synthetic_id), rewritten.interfaces.get(each.vf_id))
        if dot and first in members:
            return each.name, rest
    return "", ""
