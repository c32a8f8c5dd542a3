"""The actual state of a machine, as far as the hook has to know it."""

from __future__ import annotations

from dataclasses import dataclass

from hyperv_net.model import Nic, System


@dataclass(frozen=True)
class Link:
    """One network device: what the inventory says of it, and its state of the moment.

    `is_up` is the administrator's flag (IFF_UP), not the carrier.  `index` is
    the kernel's interface index, which grows with each new device; 0 where the
    system does not show it.  `addresses` are those of both families with their
    prefix lengths (FreeBSD: without).  `dhcp_client` is the process of a
    DHCP client that was started for this device alone.  `ipv6_disabled` is
    FreeBSD's IFDISABLED.  `aggregate_mode` and `primary` are for bonds and
    laggs: active-backup, failover and so on, and the bond's primary member.
    """

    nic: Nic
    is_up: bool
    index: int = 0
    addresses: tuple[str, ...] = ()
    dhcp_client: int | None = None
    ipv6_disabled: bool = False
    aggregate_mode: str | None = None
    primary: str | None = None


@dataclass(frozen=True)
class ActualState:
    """All devices of the moment, and what is remembered.

    `vf_transparent` and `vf_map` are as in the inventory.  `seen` are the
    aggregates that held their synthetic NIC at some time since the machine
    booted: one that is missing was deleted, while one never seen is still to
    be made by the network's own manager.  `refused` are the devices that
    failed in this run, and are to be left in peace until the next.
    """

    system: System
    links: tuple[Link, ...]
    vf_transparent: bool | None = None
    vf_map: tuple[tuple[str, str], ...] = ()
    seen: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
