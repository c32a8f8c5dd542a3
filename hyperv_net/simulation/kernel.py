"""What a kernel does by itself: links, the members that send, the pairs that are its own.

By reading, of torvalds/linux and freebsd/freebsd-src:

- hv_netvsc before 4.14 and hn(4) have no link as long as their VF is up, and have it again when
  that is gone: netvsc_vf_up() and netvsc_vf_down() of drivers/net/hyperv/netvsc_drv.c,
  hn_rxvf_change() of sys/dev/hyperv/netvsc/if_hn.c.
- hv_netvsc since 4.14 takes the VF (netvsc_vf_join()), and so does net_failover
  (net_failover_slave_register() of drivers/net/net_failover.c); both open it with themselves.
  hn(4) of a transparent FreeBSD does without showing a master (hn_xpnt_vf_init()).
- A bond chooses as bond_choose_primary_or_current() of drivers/net/bonding/bond_main.c.  A primary
  that has left is one again when it joins under that name (bond_enslave() of it).
- A failover lagg sends through its primary where that has a link, or else through the next port
  that has (lagg_link_active() of sys/net/if_lagg.c).
"""

from __future__ import annotations

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER, LINUX_SYNTHETIC_DRIVER
from hyperv_net.facts import Kind, System
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.simulation.model import (
    AGGREGATES,
    changed,
    find,
    is_card,
    is_synthetic_of,
    members,
    with_nic,
)

if TYPE_CHECKING:
    from hyperv_net.hotplug.look.state import Link
    from hyperv_net.simulation.model import (
        Machine,
    )

#: Their link follows from the VF's, where the kernel leaves the pair to an aggregate.
_HYPER_V = (FREEBSD_SYNTHETIC_DRIVER, LINUX_SYNTHETIC_DRIVER)


def settled(machine: Machine) -> Machine:
    """The machine once all has followed that follows by itself."""
    machine = _links(machine)
    for link in machine.links:
        if link.nic.kind is Kind.BOND:
            machine = changed(machine, _chosen(machine, link))
        elif link.nic.kind is Kind.LAGG:
            machine = changed(machine, _port(machine, link))
    machine = machine._replace(told=frozenset())
    for link in machine.links:
        if link.nic.kind in AGGREGATES:
            lowers = [one.nic.state == "up" for one in members(machine, link.nic.name)]
            state = "up" if link.is_up and any(lowers) else "down"
            machine = changed(machine, with_nic(link, state=state))
    return machine


def taken(machine: Machine, vf: Link) -> Machine:
    """The machine with a VF that is the kernel's where its pair is; others are left as they are."""
    if vf.nic.hardware_mac not in machine.kernels:
        return machine
    own = next((one for one in machine.links if is_synthetic_of(vf.nic, one.nic)), None)
    if own is None:
        return machine
    if machine.system is System.FREEBSD:
        return changed(machine, vf._replace(is_up=own.is_up))
    master = find(machine, own.nic.master or "") or own
    above = with_nic(master, lowers=(*master.nic.lowers, vf.nic.name))
    joined = with_nic(vf, master=master.nic.name)._replace(is_up=master.is_up)
    return changed(machine, joined, above)


def removed(machine: Machine, name: str) -> Machine:
    """The machine without a device, which leaves its master and is nobody's primary."""
    links = []
    for link in machine.links:
        if link.nic.name == name:
            continue
        left = with_nic(link, lowers=tuple(one for one in link.nic.lowers if one != name))
        links.append(left._replace(primary=None) if left.primary == name else left)
    there = machine._replace(
        links=tuple(links),
        carriers=machine.carriers - {name},
        vfs=machine.vfs - {name},
        named=tuple(one for one in machine.named if one[0] != name),
    )
    return settled(there)


def sends(link: Link) -> bool:
    """Whether a card is up and has its link."""
    return link.is_up and link.nic.state != "down"


def _links(machine: Machine) -> Machine:
    by_name = {link.nic.name: link for link in machine.links}
    # A driver closes the port with the NIC, and its link comes some time after it is opened.
    closed = {name for name in machine.vfs if name in by_name and not by_name[name].is_up}
    machine = machine._replace(carriers=machine.carriers - closed)
    for name, link in by_name.items():
        if not is_card(link):
            continue
        has = link.is_up and name in machine.carriers and not _gave_way(machine, link)
        by_name[name] = with_nic(link, state="up" if has else "down")
    return machine._replace(links=tuple(by_name.values()))


def _gave_way(machine: Machine, synthetic: Link) -> bool:
    """Whether the host sends by the VF what this NIC had, so that it has no link."""
    nic = synthetic.nic
    if nic.driver not in _HYPER_V or nic.hardware_mac in machine.kernels:
        return False
    return any(
        one.is_up and one.nic.bus == "pci" and is_synthetic_of(one.nic, nic)
        for one in machine.links
    )


def _chosen(machine: Machine, bond: Link) -> Link:
    """The bond with the member that it sends through."""
    able = [one.nic.name for one in members(machine, bond.nic.name) if sends(one)]
    stays = bond.active in able and bond.nic.name not in machine.told
    if bond.primary in able and not (stays and bond.reselect not in (None, "always")):
        return bond._replace(active=bond.primary)
    if bond.active in able:
        return bond
    return bond._replace(active=able[0] if able else None)


def _port(machine: Machine, lagg: Link) -> Link:
    """The lagg with its primary, which is the port that joined first, and the one that sends."""
    ports = [one.nic.name for one in members(machine, lagg.nic.name)]
    primary = lagg.primary if lagg.primary in ports else next(iter(ports), None)
    able = [one.nic.name for one in members(machine, lagg.nic.name) if sends(one)]
    active = primary if primary in able else next(iter(able), None)
    return lagg._replace(primary=primary, active=active)
