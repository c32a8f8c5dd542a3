"""A small kernel: bonding and lagg as far as the hook has to do with them.

It takes the commands and writes that the executors make, keeps state, and
refuses what the real one refuses.  Modelled on, by reading and not by running:

- Linux: bond_enslave() and bond_release() in drivers/net/bonding/bond_main.c
  (EBUSY for a device that has a master, EPERM for one that is up, EINVAL for an
  MTU it cannot have; sets the member up, and down when it leaves; leaves IPv4
  addresses alone; bond_choose_primary_or_current() chooses the member that
  sends) and bond_options.c (a primary is recorded before it joins, by a
  name that outlasts it, and forced when it is set or joins; a member without link cannot
  be made the active one).
- FreeBSD: SIOCSLAGGPORT in sys/net/if_lagg.c (EBUSY, the MTU, IPv6 addresses taken
  off, the port left down), and the refusal of a port's own MTU change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hyperv_net.hotplug.act.link_change import LinkChange, What
from hyperv_net.hotplug.act.means import Means
from hyperv_net.hotplug.look.state import ActualState, Drain, Link
from hyperv_net.model import Kind, Nic, System
from tests.hotplug.kernel import freebsd, linux
from tests.hotplug.kernel.devices import Device, Devices


@dataclass
class Kernel(Devices):
    """The devices by name; `before_command` may change them, or refuse, at each command.

    `touched` are the devices that another changed since the hook's last look:
    what becomes of those is no fault of the hook's until it looks again.
    """

    seen: frozenset[str] = frozenset()
    drains: tuple[Drain, ...] = ()
    transparent: bool | None = None
    before_command: Callable[[], None] = lambda: None
    after_command: Callable[[], None] = lambda: None
    commands: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

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
        return Means(self.run, self.run, self.write, self.stop_process, self.target_of, self.change)

    def _link(self, name: str, device: Device) -> Link:
        return Link(
            nic=Nic(
                name,
                kind=device.kind,
                mac=device.mac,
                permanent_mac=device.mac if device.bus else None,
                driver=device.driver,
                bus=device.bus,
                device=device.place,
                master=device.master,
                mtu=device.mtu,
                state="up" if device.up and device.link else "down",
            ),
            is_up=device.up,
            host_addresses=tuple(one for one in device.host_addresses if one in device.addresses),
            shared_addresses=tuple(device.shared_addresses),
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
            linux.run(self, words)
        else:
            freebsd.run(self, words)
        self.after_command()
        return ""

    def write(self, path: str, text: str) -> None:
        self._begin(f"{path} <- {text.strip()}")
        assert text.endswith("\n")
        linux.write(self, path.split("/")[4:], text.strip())
        self.after_command()

    def change(self, one: LinkChange) -> None:
        """As rtnetlink does; a device that has left took its index with it."""
        form = one.what.value.replace("interface ", "").replace("bond ", "")
        value = str(one.value) if one.what is What.MTU else self._name(one.value)
        self._begin(form.format(self._name(one.ifindex), value))
        # What comes before a command may have changed the devices.
        linux.change(self, one, self._name(one.ifindex), self._name(one.value))
        self.after_command()

    def _name(self, index: int) -> str:
        names = (name for name, device in self.devices.items() if device.index == index)
        return next(names, f"interface {index}")

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
