"""Devices as variables: Ethernet NICs and VLANs, and what others say of members."""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.freebsd.renamed import is_synthetics_name, renamed_hn
from hyperv_net.renderers.freebsd.render.addresses import place_loopback
from hyperv_net.renderers.freebsd.render.main_line import (
    mtu_words,
    offload_words,
    place_main_line,
    wake_words,
    warn_of_losses,
)
from hyperv_net.renderers.freebsd.render.resolver import place_resolver
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.tree import Path


def place_ethernet(
    draft: Draft,
    interface: str,
    device: Node,
    path: Path,
    *,
    member_mtu: int | None,
    fib: int | None,
    standalone: bool,
) -> None:
    """A NIC that belongs to no pair; `standalone` where it is no member of anything else."""
    if re.fullmatch(r"lo[0-9]+", interface):
        draft.account.place((*path, "match"), f"names {interface}")
        place_loopback(draft, device, path)
        place_resolver(draft, device, path)
        return
    main = f"ifconfig_{variable_part(interface)}"
    existing = draft.main_line(interface)
    place_identity(draft, interface, device, path)
    mtu = mtu_words(draft, device, path, main)
    if not mtu and member_mtu is not None:
        mtu = ("mtu", str(member_mtu))
    tail = (
        *mtu,
        *offload_words(draft, device, path, main, existing),
        *wake_words(draft, device, path, main),
    )
    place_main_line(
        draft,
        interface,
        device,
        path,
        tail=tail,
        existing=existing,
        fib=fib,
        standalone=standalone,
    )
    warn_of_losses(draft, interface, (interface,))


def place_identity(draft: Draft, interface: str, device: Node, path: Path) -> None:
    """What names the NIC: `match` is answered by now, `set-name` is a rename at boot."""
    draft.account.place((*path, "match"), f"names {interface}")
    boot = draft.name_at_boot.get(interface)
    if boot is not None:
        draft.assign(f"ifconfig_{variable_part(boot)}_name", interface, [(*path, "set-name")])
        # A name that rc.conf gave before is its owner's business.
        if device.get("set-name") is not None and is_synthetics_name(boot):
            draft.note(*renamed_hn(boot, interface))
    else:
        draft.account.place((*path, "set-name"), f"{interface} is its name without being told")


def place_vlan(draft: Draft, interface: str, device: Node, path: Path, fib: int | None) -> None:
    """A VLAN, created by network.subr when its link comes up (`childif_create`)."""
    link, tag = device.get("link"), device.get("id")
    parent = draft.names.one(str(link.value)) if link is not None else None
    if link is None or parent is None or tag is None or not isinstance(tag.value, int):
        draft.account.drop(path, "a VLAN needs an id and a link that rc.conf can name")
        return
    children = f"vlans_{variable_part(parent)}"
    if interface == f"{parent}.{tag.value}":
        draft.element(children, str(tag.value))
        draft.place(children, [(*path, "id"), (*path, "link")])
    else:
        draft.element(children, interface)
        create = f"create_args_{variable_part(interface)}"
        draft.assign(create, f"vlan {tag.value}", [(*path, "id")])
        draft.place(children, [(*path, "link")])
    main = f"ifconfig_{variable_part(interface)}"
    existing = draft.main_line(interface)
    tail = mtu_words(draft, device, path, main)
    place_main_line(
        draft,
        interface,
        device,
        path,
        tail=tail,
        existing=existing,
        no_dad=_is_over_lagg(draft.tree, str(link.value)),
        fib=fib,
    )
    warn_of_losses(draft, interface, (interface,))


def _is_over_lagg(tree: Node, device_id: str) -> bool:
    """Whether a device is a lagg(4), or a VLAN over one at any depth.

    A lagg hears through its other port what it has sent, and so do they: duplicate
    address detection takes that for somebody else.
    """
    bonds, vlans = tree.get("bonds") or Node({}), tree.get("vlans") or Node({})
    seen: set[str] = set()
    while device_id not in seen:
        if bonds.get(device_id) is not None:
            return True
        seen.add(device_id)
        link = (vlans.get(device_id) or Node({})).get("link")
        device_id = str(link.value) if link is not None else device_id
    return False


def member_mtus(tree: Node) -> Mapping[str, int]:
    """The MTU that members of a bond must have before they join, or it is lost."""
    mtus: dict[str, int] = {}
    for _, bond in (tree.get("bonds") or Node({})).items():
        mtu = bond.get("mtu")
        if mtu is not None and isinstance(mtu.value, int):
            for member in (bond.get("interfaces") or Node(())).elements():
                mtus.setdefault(str(member.value), mtu.value)
    return mtus


def table_of_members(draft: Draft) -> Mapping[str, int]:
    """The FIB of each device that a vrf of the configuration claims."""
    fibs: dict[str, int] = {}
    for vrf_id, vrf in (draft.tree.get("vrfs") or Node({})).items():
        path: Path = ("vrfs", vrf_id)
        table = vrf.get("table")
        number = table.value if table is not None else None
        if not isinstance(number, int) or not 0 <= number < draft.fibs:
            reason = f"a vrf is a FIB here, and net.fibs in /boot/loader.conf is {draft.fibs}"
            draft.account.drop(path, reason)
            continue
        draft.account.place((*path, "table"), f"{FILE}: fib {number}")
        for index, member in enumerate((vrf.get("interfaces") or Node(())).elements()):
            at = (*path, "interfaces", index)
            if draft.names.interfaces.get(str(member.value)):
                fibs[str(member.value)] = number
                draft.account.place(at, f"{FILE}: fib {number}")
            else:
                draft.account.drop(at, f"rc.conf has no name for {member.value}")
    return fibs
