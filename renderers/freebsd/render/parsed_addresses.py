"""The addresses of a device, parsed, each with the leaves that say it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Interface, ip_interface

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers.freebsd.paths import FILE
from hyperv_net.tree import Node

if TYPE_CHECKING:
    from ipaddress import IPv6Interface

    from hyperv_net.renderers.freebsd.render.draft import Draft
    from hyperv_net.tree import Path

_NO_LABELS = "FreeBSD's addresses have no label"
_NO_LIFETIME = "ifconfig(8) takes a lifetime for IPv6 addresses only"


class Address(NamedTuple):
    """An address, the leaves that say it, and further words for ifconfig(8)."""

    interface: IPv4Interface | IPv6Interface
    paths: tuple[Path, ...]
    words: str = ""

    @property
    def inet6(self) -> str:
        """The address as words that begin with `inet6`."""
        ip, prefix = self.interface.ip, self.interface.network.prefixlen
        return f"inet6 {ip} prefixlen {prefix}{self.words}"


def parsed(draft: Draft, device: Node, path: Path) -> tuple[list[Address], list[Address]]:
    """The IPv4 and the IPv6 addresses, each once."""
    ipv4: dict[IPv4Interface, Address] = {}
    ipv6: dict[IPv6Interface, Address] = {}
    listed = device.get("addresses") or Node(())
    for index, node in enumerate(listed.elements()):
        at, options = (*path, "addresses", index), Node({})
        text = node.value
        if isinstance(text, Mapping):
            text, options = next(iter(text.items()), ("", Node({})))
            at = (*at, text)
        try:
            interface = ip_interface(str(text).split("%")[0])
        except ValueError:
            draft.account.drop(at, f"not an IP address: {text!r}")
            continue
        words, expressed = _options(draft, interface.version, options, at)
        address = Address(interface, expressed if options.value else (at,), words)
        known = (
            ipv4.setdefault(interface, address)
            if isinstance(interface, IPv4Interface)
            else ipv6.setdefault(interface, address)
        )
        if known is not address:
            draft.account.place(at, f"{FILE}: given twice")
    return list(ipv4.values()), list(ipv6.values())


def _options(draft: Draft, version: int, options: Node, path: Path) -> tuple[str, tuple[Path, ...]]:
    """The words for an address's options, and the paths of those that could be expressed."""
    words, expressed = "", []
    for key, option in options.items():
        at = (*path, key)
        if key == "lifetime" and option.value == "forever":
            expressed.append(at)
        elif key == "lifetime" and version == 6 and str(option.value) == "0":
            words = " pltime 0"
            expressed.append(at)
        else:
            draft.account.drop(at, _NO_LIFETIME if key == "lifetime" else _NO_LABELS)
    return words, tuple(expressed)
