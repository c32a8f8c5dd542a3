"""Devices as variables: Ethernet NICs, VLANs and what is common to all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from hyperv_net.names import is_plain_name
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import MainLine, address_of
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.freebsd.render.addresses import place_addressing, place_loopback
from hyperv_net.renderers.freebsd.render.draft import Draft
from hyperv_net.tree import Node, Path, leaves

#: netplan's offload keys and ifconfig(8)'s words.
_OFFLOADS = {
    "receive-checksum-offload": "rxcsum",
    "transmit-checksum-offload": "txcsum",
    "tcp-segmentation-offload": "tso4",
    "tcp6-segmentation-offload": "tso6",
    "large-receive-offload": "lro",
}
#: What FreeBSD cannot be told about a device, and why.
_CANNOT = {
    "optional": "rc waits for no single interface",
    "critical": "rc has no such mark",
    "renderer": "rc.conf has one renderer",
    "routing-policy": "FreeBSD has no policy routing; setfib(1) and ipfw(8) choose a table",
    "ipv6-privacy": "ipv6_privacy in rc.conf is for all interfaces",
    "ipv6-mtu": "ifconfig(8) sets one MTU for all protocols",
    "dhcp-identifier": "dhclient(8) is told in /etc/dhclient.conf",
    "dhcp6-overrides": "a DHCPv6 client has its own file",
}
_MAY_BE_EMPTY = (
    "addresses",
    "dhcp4-overrides",
    "dhcp6-overrides",
    "interfaces",
    "nameservers",
    "parameters",
    "routes",
    "routing-policy",
)
_NOT_AT_BOOT = ("manual", "off")


def place_common(
    draft: Draft,
    interface: str,
    device: Node,
    path: Path,
    *,
    middle: tuple[str, ...] = (),
    tail: tuple[str, ...] = (),
    existing: MainLine | None = None,
    sources: tuple[str, ...] = (),
    no_dad: bool = False,
    fib: int | None = None,
    standalone: bool = False,
) -> None:
    """Write the main line of `interface` and all that its addresses need.

    The address stands first, as ifconfig(8) takes no address family later
    on, then `middle` (the ports of a lagg or bridge), `tail` (MTU, offloads),
    what rc.conf said about the interface, the FIB, and rc's own words.  Only a
    `standalone` NIC or pair may have addresses that the configuration does
    not speak of: from `existing` or from ifconfig_DEFAULT.
    """
    main = f"ifconfig_{variable_part(interface)}"
    draft.reserve(main)
    words = place_addressing(
        draft,
        interface,
        device,
        path,
        (existing or draft.default_line()) if standalone else None,
        sources=sources,
        no_dad=no_dad,
    )
    address = device.get("macaddress")
    front = list(words.front)
    if address is not None:
        if front:
            draft.alias(interface, f"ether {address.value}", [(*path, "macaddress")])
        else:
            front = ["ether", str(address.value)]
            draft.place(main, [(*path, "macaddress")])
    table = fib if fib is not None else (existing.fib if existing else None)
    if table:
        draft.fib_of[interface] = table
    routing = ("fib", str(table)) if table else ()
    starts = ("NOAUTO",) if _is_manual(draft, device, path, main) else ()
    about = existing.about if existing else ()
    line = (*front, *middle, *tail, *about, *routing, *words.end, *starts)
    draft.assign(main, " ".join(line) or "up")
    _describe(draft, interface, existing, sources)
    for key, reason in _CANNOT.items():
        draft.account.drop((*path, key), reason)
    _resolver(draft, device, path)
    _place_empty(draft, device, path, main)


def _describe(
    draft: Draft, interface: str, existing: MainLine | None, sources: tuple[str, ...]
) -> None:
    """A description of several words has a variable of its own, which is not evaluated twice.

    One that rc.conf has already, by any of the names, stays or is carried over.
    """
    own = f"ifconfig_{variable_part(interface)}_descr"
    if any(
        draft.rc.is_foreign(f"ifconfig_{variable_part(one)}_descr") for one in (interface, *sources)
    ):
        return
    description = existing.description if existing else None
    if description is None and draft.rc.is_ours(own):
        description = draft.rc.value(own)
    if description is not None:
        draft.assign(own, description)


def _place_empty(draft: Draft, device: Node, path: Path, main: str) -> None:
    """An empty entry brings its interface up; an empty list or mapping in one says nothing."""
    if device.is_leaf:
        draft.place(main, [path])
    for key in _MAY_BE_EMPTY:
        child = device.get(key)
        if child is not None:
            below = leaves(child, (*path, key))
            draft.place(main, [at for at, leaf in below if isinstance(leaf.value, (tuple, dict))])


def _is_manual(draft: Draft, device: Node, path: Path, main: str) -> bool:
    """Whether the interface is left alone at boot (`service netif start X` brings it up)."""
    draft.place(main, [(*path, "control"), (*path, "activation-mode")])
    asked = [device.get(key) for key in ("control", "activation-mode")]
    return any(one is not None and one.value in _NOT_AT_BOOT for one in asked)


def _resolver(draft: Draft, device: Node, path: Path) -> None:
    nameservers = device.get("nameservers")
    if nameservers is not None:
        place_nameservers(draft, nameservers, (*path, "nameservers"))


def place_nameservers(draft: Draft, nameservers: Node, path: Path) -> None:
    """Gather name servers and search domains; FreeBSD has one list of each."""
    from ipaddress import ip_address

    for index, one in enumerate((nameservers.get("addresses") or Node(())).elements()):
        at = (*path, "addresses", index)
        host, _, scope = str(one.value).partition("%")
        try:
            server = str(ip_address(host))
        except ValueError:
            draft.account.drop(at, "not an IP address")
            continue
        if is_plain_name(scope):
            server += f"%{scope}"
        draft.servers += [] if server in draft.servers else [server]
        draft.account.place(at, "etc/resolv.conf: nameserver")
    for index, one in enumerate((nameservers.get("search") or Node(())).elements()):
        at, domain = (*path, "search", index), str(one.value)
        if re.fullmatch(r"[A-Za-z0-9_.-]+", domain):
            draft.searched += [] if domain in draft.searched else [domain]
            draft.account.place(at, "etc/resolv.conf: search")
        else:
            draft.account.drop(at, "not a domain name")


def mtu_words(draft: Draft, device: Node, path: Path, main: str) -> tuple[str, ...]:
    """The words for the device's own MTU."""
    mtu = device.get("mtu")
    draft.place(main, [(*path, "mtu")])
    return ("mtu", str(mtu.value)) if mtu is not None and isinstance(mtu.value, int) else ()


def offload_words(
    draft: Draft, device: Node, path: Path, main: str, existing: MainLine | None
) -> tuple[str, ...]:
    """What the configuration says about the driver, and what rc.conf said besides."""
    words = []
    for key, word in _OFFLOADS.items():
        wanted = device.get(key)
        if wanted is not None and isinstance(wanted.value, bool):
            words.append(word if wanted.value else f"-{word}")
            draft.place(main, [(*path, key)])
    said = {word.lstrip("-") for word in words}
    if device.get("wakeonlan") is not None:
        said |= {"wol", "wol_ucast", "wol_mcast", "wol_magic"}
    kept = existing.offloads if existing else ()
    return (*words, *(word for word in kept if word.lstrip("-") not in said))


def wake_words(draft: Draft, device: Node, path: Path, main: str) -> tuple[str, ...]:
    """Wake on LAN by magic packet, which is what netplan's `wakeonlan` means."""
    wanted = device.get("wakeonlan")
    if wanted is None:
        return ()
    draft.place(main, [(*path, "wakeonlan")])
    return ("wol_magic",) if wanted.value is True else ()


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
        _resolver(draft, device, path)
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
    place_common(
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


def warn_of_losses(
    draft: Draft, interface: str, now: Iterable[str], *, offloads: bool = False
) -> None:
    """Warn of words in the interface's main line that none of the interfaces `now` has.

    Words about the driver are not looked at, unless `offloads` is true.
    """
    variable = f"ifconfig_{variable_part(interface)}"
    before = draft.main_line(interface)
    if before is None or not draft.rc.is_foreign(variable):
        return
    written = {
        word.partition("/")[0]
        for one in now
        for line in (
            draft.variables.get(f"ifconfig_{variable_part(one)}", ""),
            *draft.aliases.get(one, ()),
        )
        for word in line.split()
    }
    address = address_of(before)
    if address is not None and address not in written:
        draft.warn(
            "rc-conf-address-gone",
            f"the network config does not have {address}, which is taken out of it",
            draft.rc.line(variable),
            "put the address into the network config if it is wanted",
        )
    said = [*before.others, *" ".join(before.about).split()]
    said += before.offloads if offloads else ()
    lost = " ".join(word for word in said if word.partition("/")[0] not in written)
    if lost:
        message = f"the network config takes the place of {lost!r} in it"
        draft.warn("rc-conf-replaced", message, draft.rc.line(variable))


def place_identity(draft: Draft, interface: str, device: Node, path: Path) -> None:
    """What names the NIC: `match` is answered by now, `set-name` is a rename at boot."""
    draft.account.place((*path, "match"), f"names {interface}")
    boot = next((old for old, new in draft.names.renamed.items() if new == interface), None)
    if boot is not None:
        draft.assign(f"ifconfig_{variable_part(boot)}_name", interface, [(*path, "set-name")])
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
    place_common(draft, interface, device, path, tail=tail, existing=existing, fib=fib)
    warn_of_losses(draft, interface, (interface,))


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
