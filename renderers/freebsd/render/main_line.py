"""The line that rc.conf has for an interface, `ifconfig_<interface>`, and what goes with it."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.freebsd.rc_conf.ifconfig import address_of
from hyperv_net.renderers.freebsd.rc_conf.variables import variable_part
from hyperv_net.renderers.freebsd.render.addresses import place_addressing, says_ipv4, says_ipv6
from hyperv_net.renderers.freebsd.render.leases import NOT_AT_BOOT, is_manual
from hyperv_net.renderers.freebsd.render.resolver import place_resolver
from hyperv_net.tree import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hyperv_net.renderers.freebsd.rc_conf.ifconfig import MainLine
    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.tree import Node, Path

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
_BROUGHT_UP = "cloud-init ignores it on FreeBSD as well, and the device comes up at boot"


def place_main_line(
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
    _place_activation(draft, device, path, main)
    stays_down = is_manual(device)
    if existing and existing.manual and not (says_ipv4(device) or says_ipv6(device)):
        stays_down = True
    starts = ("NOAUTO",) if stays_down else ()
    about = existing.about if existing else ()
    line = (*front, *middle, *tail, *about, *routing, *words.end, *starts)
    draft.assign(main, " ".join(line) or "up")
    _describe(draft, interface, existing, sources)
    for key, reason in _CANNOT.items():
        draft.account.drop((*path, key), reason)
    place_resolver(draft, device, path)
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


def _place_activation(draft: Draft, device: Node, path: Path, main: str) -> None:
    """Account for what says when an interface comes up.

    Version 1's `control` is ignored, as cloudinit/net/bsd.py does (22.4, 25.1, 26.2): a machine
    that had its network that way must not lose it.
    """
    draft.place(main, [(*path, "activation-mode")])
    control = device.get("control")
    if control is not None and control.value in NOT_AT_BOOT:
        draft.account.drop((*path, "control"), _BROUGHT_UP)
    else:
        draft.place(main, [(*path, "control")])


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
