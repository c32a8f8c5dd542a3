"""What of a machine's state is another after a step, in words."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hyperv_net.hotplug.look.state import Link
    from hyperv_net.simulation.model import Machine


def changes(before: Machine, after: Machine, devices: Collection[str]) -> tuple[str, ...]:
    """One entry for each fact of these devices that has changed."""
    old = {link.nic.name: link for link in before.links if link.nic.name in devices}
    new = {link.nic.name: link for link in after.links if link.nic.name in devices}
    found = [f"{name}: gone" for name in old if name not in new]
    found += [f"{name}: there" for name in new if name not in old]
    for name, link in new.items():
        if name in old:
            found += [f"{name}: {text}" for text in _of_link(old[name], link)]
    routes = {(one.family, one.device) for one in before.routes}
    left = {(one.family, one.device) for one in after.routes}
    for family, device in sorted(routes ^ left):
        if device in devices:
            word = "is there" if (family, device) in left else "is gone"
            found.append(f"{device}: the IPv{family} default route {word}")
    return tuple(found)


def _of_link(old: Link, new: Link) -> Iterator[str]:
    for word, one, other in (
        ("up", _yes(old.is_up), _yes(new.is_up)),
        ("link", old.nic.state, new.nic.state),
        ("master", old.nic.master, new.nic.master),
        ("MTU", old.nic.mtu, new.nic.mtu),
        ("addresses", ", ".join(old.addresses), ", ".join(new.addresses)),
        ("sends by", old.active, new.active),
        ("primary", old.primary, new.primary),
        ("primary_reselect", old.reselect, new.reselect),
        ("receives by all", _yes(old.all_receive), _yes(new.all_receive)),
        ("IPv6 is off", _yes(old.ipv6_disabled), _yes(new.ipv6_disabled)),
    ):
        if one != other:
            yield f"{word}: {one or '-'} → {other or '-'}"


def _yes(flag: bool | None) -> str:
    return "yes" if flag else "no"
