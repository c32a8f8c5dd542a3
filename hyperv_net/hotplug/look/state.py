"""The actual state of a machine, as far as the hook has to know it."""

from __future__ import annotations

from enum import Enum

from hyperv_net.owners import PERSON
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hyperv_net.facts import Nic, System


class Link(NamedTuple):
    """One network device: what the inventory says of it, and its state of the moment.

    `is_up` is the administrator's flag (IFF_UP), not the carrier.  `ifindex` is
    the kernel's interface index, which grows with each new device; 0 where the
    system does not show it.  `addresses` are those of both families with their
    prefix lengths (FreeBSD: without).  `host_addresses` are those of them that
    are a host's alone (/32, /128), as jail(8) of FreeBSD adds; `shared_addresses`
    those that belong to a vhid of carp(4).  `dhcp_client` is the process of a
    DHCP client that was started for this device alone.  `ipv6_disabled` is
    FreeBSD's IFDISABLED, or a card that has no part in IPv6.  `managers` name
    those who configured a card that bears an address, as far as files tell.

    The rest is for bonds and laggs: `aggregate_mode` is active-backup, failover
    and so on, `primary` the member that it prefers, `active` the member that
    sends, and `reselect` the bond's primary_reselect (always, better, failure).
    `all_receive` is whether a bond receives through its backups too (its
    all_slaves_active; None where it does not say).
    """

    nic: Nic
    is_up: bool
    ifindex: int = 0
    addresses: tuple[str, ...] = ()
    dhcp_client: int | None = None
    ipv6_disabled: bool = False
    aggregate_mode: str | None = None
    primary: str | None = None
    active: str | None = None
    reselect: str | None = None
    all_receive: bool | None = None
    managers: tuple[str, ...] = ()
    host_addresses: tuple[str, ...] = ()
    shared_addresses: tuple[str, ...] = ()


class Phase(str, Enum):
    """How far a drain is: asked for, done, done and the VF seen to be away, or to be undone.

    RETURNED is of a VF that has come back to a pair of the kernel's, which has not set it up yet:
    it does so some time after the VF has come, and tells nobody (netvsc_vf_join() of
    drivers/net/hyperv/netvsc_drv.c, torvalds/linux).
    """

    BEGUN = "begun"
    HELD = "held"
    AWAY = "away"
    RETURNED = "returned"
    ENDING = "ending"


class Drain(NamedTuple):
    """A pair whose traffic was moved to its synthetic NIC before the VF goes.

    `vf` is the VF's interface index (0 where the system shows none) and
    `vf_name` its name at that time (empty where it was away).  `reselect` is what the bond's
    primary_reselect held before, and `was_active` whether the VF carried the
    traffic.  `since` is when it was first asked for, RFC 3339 in UTC.  `owners` are those who
    want it, see `owners.is_owner`; one that is to be undone has none.  `uptime` is when it was
    first asked for by a clock that nobody sets (`ActualState.uptime`), and `event_uptime` when the
    last of its events came; 0 where that is not known.
    """

    mac: str
    vf: int
    vf_name: str
    phase: Phase = Phase.BEGUN
    reselect: str = ""
    was_active: bool = False
    since: str = ""
    owners: tuple[str, ...] = (PERSON,)
    uptime: float = 0.0
    event_uptime: float = 0.0

    @property
    def is_of_event(self) -> bool:
        """Whether an event is among its owners."""
        return any(one != PERSON for one in self.owners)


class ActualState(NamedTuple):
    """All devices of the moment, and what is remembered.

    `vf_transparent` and `vf_map` are as in the inventory.  `seen` are the
    aggregates that held their synthetic NIC at some time since the machine
    booted: one that is missing was deleted, while one never seen is still to
    be made by the network's own manager.  `refused` are the devices that
    failed in this run, and are to be left in peace until the next.  `drains`
    are the pairs drained at this moment.  `patient` is whether the run goes on
    to look for a VF that has joined and has no link yet.  `is_off` is whether hyperv-net is
    turned off: drains that nobody owns any more are undone then, and nothing else is.
    `uptime` is in seconds of this boot's clock that nobody sets (`time.monotonic`).
    """

    system: System
    links: tuple[Link, ...]
    vf_transparent: bool | None = None
    vf_map: tuple[tuple[str, str], ...] = ()
    seen: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    drains: tuple[Drain, ...] = ()
    patient: bool = False
    is_off: bool = False
    uptime: float = 0.0
