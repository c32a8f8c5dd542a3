"""A small kernel: bonding and lagg as far as the hook has to do with them.

It takes the commands and writes that the executors make, keeps state, and
refuses what the real one refuses.  Modelled on, by reading and not by running:

- Linux: bond_enslave() and bond_release() in drivers/net/bonding/bond_main.c
  (EBUSY for a device that has a master, EPERM for one that is up, EINVAL for an
  MTU it cannot have; sets the member up, and down when it leaves; leaves IPv4
  addresses alone; bond_choose_primary_or_current() chooses the member that
  sends) and bond_options.c (a primary is recorded before it joins, and forced
  when it is set; a member without link cannot be made the active one).
- FreeBSD: SIOCSLAGGPORT in sys/net/if_lagg.c (EBUSY, the MTU, IPv6 addresses taken
  off, the port left down), and the refusal of a port's own MTU change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.means import Means
from hyperv_net.hotplug.look.state import ActualState, Drain, Link
from hyperv_net.model import Kind, Nic, System

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
    up: bool = False
    mtu: int = 1500
    largest_mtu: int = 9000
    master: str | None = None
    addresses: list[str] = field(default_factory=list)
    client: int | None = None
    ipv6_disabled: bool = False
    link: bool = True
    mode: str | None = None
    primary: str | None = None
    reselect: str = "always"
    active: str | None = None
    all_receive: bool = False
    is_primary_forced: bool = False


@dataclass
class Kernel:
    """The devices by name; `before_command` may change them, or refuse, at each command.

    `touched` are the devices that another changed since the hook's last look:
    what becomes of those is no fault of the hook's until it looks again.
    """

    system: System
    devices: dict[str, Device] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    drains: tuple[Drain, ...] = ()
    transparent: bool | None = None
    before_command: Callable[[], None] = lambda: None
    after_command: Callable[[], None] = lambda: None
    commands: list[str] = field(default_factory=list)
    next_index: int = 1
    touched: set[str] = field(default_factory=set)

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
                self._release(member)
            if device.primary == name and self.system is System.LINUX:
                device.primary = None

    def read(self) -> ActualState:
        """What the readers would tell."""
        self.choose()
        return ActualState(
            self.system,
            tuple(self._link(name, device) for name, device in self.devices.items()),
            vf_transparent=self.transparent,
            vf_map=tuple(
                (hn, vf)
                for hn, synthetic in self.devices.items()
                for vf, device in self.devices.items()
                if self.system is System.FREEBSD
                and synthetic.driver == "hn"
                and device.bus == "pci"
                and device.mac == synthetic.mac
            ),
            seen=self.seen,
            drains=self.drains,
        )

    def keep_drains(self, drains: tuple[Drain, ...]) -> None:
        self.drains = drains

    def remember(self, names: frozenset[str]) -> None:
        self.seen |= names

    def means(self) -> Means:
        return Means(self.run, self.run, self.write, self.stop_process, self.target_of)

    def _link(self, name: str, device: Device) -> Link:
        return Link(
            nic=Nic(
                name,
                kind=device.kind,
                mac=device.mac,
                permanent_mac=device.mac if device.bus else None,
                driver=device.driver,
                bus=device.bus,
                master=device.master,
                mtu=device.mtu,
                state="up" if device.up and device.link else "down",
            ),
            is_up=device.up,
            ifindex=device.index,
            addresses=tuple(device.addresses),
            dhcp_client=device.client,
            ipv6_disabled=device.ipv6_disabled,
            aggregate_mode=device.mode,
            primary=device.primary,
            active=device.active,
            reselect=device.reselect if device.kind is Kind.BOND else None,
            all_receive=device.all_receive if device.kind is Kind.BOND else None,
        )

    # What the executors do.

    def run(self, command: Sequence[str]) -> str:
        self._begin(" ".join(command))
        words = list(command)
        if self.system is System.LINUX:
            self._linux(words)
        else:
            self._freebsd(words)
        self.after_command()
        return ""

    def write(self, path: str, text: str) -> None:
        self._begin(f"{path} <- {text.strip()}")
        assert text.endswith("\n")
        self._sysfs(path.split("/")[4:], text.strip())
        self.after_command()

    def stop_process(self, pid: str) -> None:
        self._begin(f"kill {pid}")
        for device in self.devices.values():
            if device.client == int(pid):
                device.client = None
        self.after_command()

    def target_of(self, path: str) -> str:
        name, what = path.split("/")[4:]
        assert what == "master"
        device = self.devices.get(name)
        return f"../{device.master}" if device is not None and device.master else ""

    def _begin(self, command: str) -> None:
        self.commands.append(command)
        self.before_command()

    def _device(self, name: str) -> Device:
        if name not in self.devices:
            raise HypervNetError("No such device", where=name)
        return self.devices[name]

    def _linux(self, words: list[str]) -> None:
        if words[:4] == ["ip", "link", "set", "dev"]:
            device = self._device(words[4])
            if words[5:] in (["up"], ["down"]):
                device.up = words[5] == "up"
            elif words[5:] == ["nomaster"]:
                self._release(words[4])
            else:
                assert words[5] == "mtu", words
                self._set_mtu(device, int(words[6]))
        elif words[:4] == ["ip", "addr", "flush", "dev"]:
            self._device(words[4]).addresses.clear()
        elif words[:4] == ["ip", "link", "add", "name"]:
            self._make_bond(words[4], words[5:])
        else:
            assert words[1] == "--force", words
            if words[0] == "ifdown":
                raise HypervNetError("Cannot find device")
            assert words[0] == "ifup", words
            self.make_aggregate(words[2])

    def _make_bond(self, name: str, words: list[str]) -> None:
        if name in self.devices:
            raise HypervNetError("File exists")
        kind = words.index("type")
        options = dict(zip(words[kind + 2 :: 2], words[kind + 3 :: 2]))
        mtu = int(words[words.index("mtu") + 1]) if "mtu" in words[:kind] else 1500
        up = "up" in words[:kind]
        self.add(name, Kind.BOND, mode=options.get("mode", "balance-rr"), up=up, mtu=mtu)

    def _sysfs(self, place: list[str], text: str) -> None:
        bond = self._device(place[0])
        if place[2] == "slaves":
            assert text[0] == "+"
            self._enslave(place[0], bond, text[1:])
        elif place[2] == "primary_reselect":
            assert text in ("always", "better", "failure")
            bond.reselect = text
        elif place[2] == "all_slaves_active":
            assert text in ("0", "1")
            bond.all_receive = text == "1"
        elif place[2] == "active_slave":
            self._set_active(place[0], bond, text)
        else:
            assert place[2] == "primary", place
            bond.primary = text
            bond.is_primary_forced = text in self.members(place[0])
        self.choose()

    def _set_active(self, name: str, bond: Device, member: str) -> None:
        self.choose()
        is_able = member in self.members(name) and self._sends(member)
        if bond.active != member and (bond.active is None or not is_able):
            raise HypervNetError("Invalid argument")
        bond.active = member

    def _enslave(self, name: str, bond: Device, member: str) -> None:
        device = self._device(member)
        if device.master is not None:
            raise HypervNetError("Device or resource busy")
        if device.up:
            raise HypervNetError("Operation not permitted")
        self._set_mtu(device, bond.mtu)
        device.master, device.up = name, True

    def _freebsd(self, words: list[str]) -> None:
        if words[:3] == ["/usr/sbin/service", "netif", "quietstart"]:
            self.make_aggregate(words[3])
            return
        assert words[0] == "/sbin/ifconfig"
        name, verb = words[1], words[2]
        device = self._device(name)
        if verb in ("up", "down"):
            device.up = verb == "up"
        elif verb == "mtu":
            self._set_mtu(device, int(words[3]))
        elif verb in ("-laggport", "deletem"):
            assert (device.kind is Kind.BRIDGE) == (verb == "deletem")
            self._release(words[3])
        elif verb == "laggport":
            self._add_port(name, device, words[3])
        elif words[3] == "ifdisabled":
            device.ipv6_disabled = True
        else:
            assert words[4] == "-alias", words
            if words[3] not in device.addresses:
                raise HypervNetError("Can't assign requested address")
            device.addresses.remove(words[3])

    def _add_port(self, name: str, lagg: Device, port: str) -> None:
        device = self._device(port)
        if device.master is not None:
            raise HypervNetError("Device busy")
        if device.mtu != lagg.mtu:
            self._set_mtu(device, lagg.mtu)
        device.addresses = [one for one in device.addresses if ":" not in one]
        device.master = name

    def _set_mtu(self, device: Device, mtu: int) -> None:
        is_port = device.master is not None and self.devices[device.master].kind is Kind.LAGG
        if mtu > device.largest_mtu or is_port:
            raise HypervNetError("Invalid argument")
        device.mtu = mtu

    def _release(self, name: str) -> None:
        device = self._device(name)
        master = self.devices.get(device.master or "")
        device.master = None
        if self.system is System.LINUX and (master is None or master.kind is Kind.BOND):
            device.up = False

    # What the kernel does by itself.

    def choose(self) -> None:
        """The member that each bond sends through."""
        for name, bond in self.devices.items():
            if bond.kind is not Kind.BOND:
                continue
            able = [member for member in self.members(name) if self._sends(member)]
            keeps = bond.active in able and not bond.is_primary_forced
            if bond.primary in able and not (keeps and bond.reselect != "always"):
                bond.active, bond.is_primary_forced = bond.primary, False
            elif bond.active not in able:
                bond.active = able[0] if able else None

    def _sends(self, name: str) -> bool:
        return self.devices[name].up and self.devices[name].link

    # What others do.

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
