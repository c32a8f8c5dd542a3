"""Plans of small machines with one pair, for simulations."""

from __future__ import annotations

from typing import Any

from hyperv_net.model import Inventory, Kind, NetworkConfig, Nic, Settings, System
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.places import Place
from hyperv_net.plan.flow import Plan, make_plan
from hyperv_net.renderers import load
from hyperv_net.root.settings import with_values
from hyperv_net.simulation.story import Moment, Simulation

MAC = "00:0d:3a:11:22:33"
STATIC = """\
version: 2
ethernets:
  {name}:
    match: {{macaddress: "{mac}"}}
    addresses: [10.0.0.4/24]
    routes: [{{to: default, via: 10.0.0.1}}]
"""


def nic(name: str, driver: str, bus: str = "pci", **more: Any) -> Nic:
    plain = Nic(name, mac=MAC, permanent_mac=MAC, driver=driver, bus=bus, mtu=1500)
    return plain._replace(**more)


ETH0 = nic("eth0", "virtio_net", "virtio")
VF = nic("enP1s1", "mlx5_core")
HN0 = nic("hn0", "hn", "vmbus")
MCE0 = nic("mce0", "mce")


def linux(*nics: Nic, kernel: str = "6.1.0-18-amd64") -> Inventory:
    return Inventory(System.LINUX, kernel, nics)


def freebsd(
    *nics: Nic, transparent: bool | None = False, kernel: str = "14.3-RELEASE"
) -> Inventory:
    return Inventory(System.FREEBSD, kernel, nics, transparent)


def net_failover() -> Inventory:
    """A pair that net_failover owns: the master bears the name, the standby one of its own."""
    master = nic("ens3", "virtio_net", "virtio", kind=Kind.FAILOVER)
    standby = nic("ens3nsby", "virtio_net", "virtio", master="ens3")
    vf = nic("ens11", "iavf", master="ens3")
    return linux(master._replace(lowers=("ens3nsby", "ens11")), standby, vf)


def plan_of(
    inventory: Inventory,
    target: str = "",
    config: str = STATIC,
    name: str = "",
    **settings: Any,
) -> Plan:
    """The plan for a machine whose synthetic NIC, or only one, has one static address."""
    names = [one.name for one in inventory.nics]
    is_linux = inventory.system is System.LINUX
    text = config.format(name=name or names[0], mac=MAC)
    return make_plan(
        inventory,
        network_config(text),
        with_values(
            Settings(),
            {"synthetic_drivers": ["virtio_net"], **settings} if is_linux else settings,
            Place("test"),
        ),
        load(target or ("netplan" if is_linux else "freebsd")),
        {},
    )


def network_config(text: str) -> NetworkConfig:
    return read_network_config(text, "test.yaml")


def moments(simulation: Simulation, event: str = "") -> list[Moment]:
    """Those of the only pair, at one event or all."""
    (story,) = simulation.stories
    return [one for one in story.moments if event in ("", one.event)]


def steps_of(simulation: Simulation, event: str) -> list[str]:
    return [one.what for one in moments(simulation, event) if one.step]


def paths(simulation: Simulation) -> list[tuple[str, str]]:
    """Event and path at the end of each."""
    return [(one.event, one.view.path) for one in moments(simulation) if one.is_settled]
