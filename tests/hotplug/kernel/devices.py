"""The devices of the small kernel, and what it does with them by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Kind, System

MAC = "00:0d:3a:11:22:33"
AGGREGATES = (Kind.BOND, Kind.LAGG)


@dataclass
class Device:
    """A network device."""

    kind: Kind
    index: int
    mac: str = MAC
    driver: str | None = None
    bus: str | None = None
    place: str | None = None
    up: bool = False
    mtu: int = 1500
    largest_mtu: int = 9000
    master: str | None = None
    addresses: list[str] = field(default_factory=list)
    host_addresses: list[str] = field(default_factory=list)
    shared_addresses: list[str] = field(default_factory=list)
    client: int | None = None
    ipv6_disabled: bool = False
    link: bool = True
    mode: str | None = None
    primary: str | None = None
    primary_name: str | None = None
    reselect: str = "always"
    active: str | None = None
    all_receive: bool = False
    is_primary_forced: bool = False


@dataclass
class Devices:
    """The devices of a machine by name."""

    system: System
    devices: dict[str, Device] = field(default_factory=dict)
    next_index: int = 1

    def add(self, name: str, kind: Kind = Kind.ETHERNET, **more: object) -> Device:
        device = Device(kind, self.next_index, **more)  # type: ignore[arg-type]
        self.next_index += 1
        self.devices[name] = device
        return device

    def remove(self, name: str) -> None:
        """A device that goes leaves its master, and lets its members go."""
        if name in self.devices:
            del self.devices[name]
        for member, device in self.devices.items():
            if device.master == name:
                self.release(member)
            if device.primary == name and self.system is System.LINUX:
                device.primary = None

    def device(self, name: str) -> Device:
        """The device of that name; HypervNetError where there is none."""
        if name not in self.devices:
            raise HypervNetError("No such device", where=name)
        return self.devices[name]

    def set_mtu(self, device: Device, mtu: int) -> None:
        """Refused where the card cannot have it, or its lagg decides."""
        is_port = device.master is not None and self.devices[device.master].kind is Kind.LAGG
        if mtu > device.largest_mtu or is_port:
            raise HypervNetError("Invalid argument")
        device.mtu = mtu

    def release(self, name: str) -> None:
        """A member leaves its master."""
        device = self.device(name)
        master = self.devices.get(device.master or "")
        device.master = None
        if self.system is System.LINUX and (master is None or master.kind is Kind.BOND):
            device.up = False

    def choose(self) -> None:
        """The member that each bond sends through."""
        for name, bond in self.devices.items():
            if bond.kind is not Kind.BOND:
                continue
            able = [member for member in self.members(name) if self.sends(member)]
            keeps = bond.active in able and not bond.is_primary_forced
            if bond.primary in able and not (keeps and bond.reselect != "always"):
                bond.active, bond.is_primary_forced = bond.primary, False
            elif bond.active not in able:
                bond.active = able[0] if able else None

    def sends(self, name: str) -> bool:
        return self.devices[name].up and self.devices[name].link

    def members(self, aggregate: str) -> list[str]:
        return [name for name, device in self.devices.items() if device.master == aggregate]

    def synthetic(self) -> str | None:
        return next((n for n, d in self.devices.items() if d.driver in ("hv_netvsc", "hn")), None)

    def vfs(self) -> list[str]:
        return [name for name, device in self.devices.items() if device.bus == "pci"]

    def make_aggregate(self, name: str) -> None:
        """The network's own manager makes the aggregate over the synthetic NIC."""
        synthetic = self.synthetic()
        linux = self.system is System.LINUX
        if name not in self.devices:
            kind, mode = (Kind.BOND, "active-backup") if linux else (Kind.LAGG, "failover")
            self.add(name, kind, mode=mode, up=True, addresses=["10.0.0.4/24"])
        if synthetic is not None and self.devices[synthetic].master is None:
            self.devices[synthetic].addresses.clear()
            self.devices[synthetic].client = None
            self.devices[synthetic].master = name
            self.devices[synthetic].up = True
