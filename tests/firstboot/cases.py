"""What the machines of these tests are made of: NICs, network configs, and the plugin."""

from __future__ import annotations

import ast
import atexit
import json
import re
import shutil
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.firstboot.machine import BOOT, NETWORK, Boot, Machine, new_machine
from tests.firstboot.seeds import on_azure, on_openstack, seed_config_drive, seed_nocloud
from tests.inventory.captured import capture
from tests.paths import CHECKOUT

SHORT = pytest.mark.firstboot_short
"""What `make firstboot-short` runs: of every version a little of all that matters."""

MAC = "00:0d:3a:11:22:33"
SYNTHETIC, VF = "eth0", "ens17"

V2 = f"""\
version: 2
ethernets:
  eth0:
    match: {{macaddress: "{MAC}"}}
    set-name: eth0
    addresses: [10.0.0.4/24, "2001:db8::4/64"]
    nameservers: {{addresses: [10.0.0.2], search: [example.org]}}
    routes: [{{to: 192.0.2.0/24, via: 10.0.0.254}}]
    mtu: 1400
"""
V1 = f"""\
version: 1
config:
- type: physical
  name: eth0
  mac_address: "{MAC}"
  subnets:
  - {{type: static, address: 10.0.0.4/24, gateway: 10.0.0.1, dns_nameservers: [10.0.0.2]}}
  - {{type: dhcp6}}
"""
NETWORK_DATA = json.dumps(
    {
        "links": [{"id": "tap0", "type": "phy", "ethernet_mac_address": MAC, "mtu": 1450}],
        "networks": [
            {
                "id": "network0",
                "type": "ipv4",
                "link": "tap0",
                "ip_address": "10.0.0.4",
                "netmask": "255.255.255.0",
                "routes": [{"network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": "10.0.0.1"}],
                "network_id": "n-0001",
            }
        ],
        "services": [{"type": "dns", "address": "10.0.0.2"}],
    }
)

SETTINGS = "hyperv_net: {synthetic_drivers: [hv_netvsc, virtio_net]}\n"
"""What a machine whose synthetic driver is virtio_net is told."""

# Process ids and times in what netplan says.
_VARYING = re.compile(r"generate:[0-9]+|[0-9:]+\.[0-9]+")

_PACKAGE = CHECKOUT / "hyperv_net"
_DIST_PACKAGES = "usr/lib/python3/dist-packages"
_CFG = "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"


def virtio_pair() -> Any:
    """A synthetic NIC of virtio_net and its VF, of which stock cloud-init knows nothing."""
    return capture("virtio-bare")


def netvsc_pair() -> Any:
    """The same with the driver's name hv_netvsc, on which stock cloud-init can boot."""
    return capture("hv-netvsc-on-virtio")


def no_pair() -> Any:
    """Two NICs with a MAC each."""
    machine = deepcopy(capture("virtio-bare"))
    machine["net"][VF]["files"]["address"] = "52:54:00:00:00:17"
    return machine


def renamed(nics: Any, old: str, new: str) -> Any:
    """The same machine where the kernel has given a NIC another name."""
    nic = deepcopy(nics["net"][old])
    nic["self"] = nic["self"].removesuffix(old) + new
    nic["files"]["uevent"] = nic["files"]["uevent"].replace(f"={old}", f"={new}")
    others = {name: other for name, other in nics["net"].items() if name != old}
    return {
        **nics,
        "class_net": sorted([*others, new]),
        "net": {**others, new: nic},
    }


def seeded(suite: str, files: Path, nics: Any, renderer: str, seed: str, config: str) -> Machine:
    """A machine that has never booted, with a seed (nocloud, config_drive) or on a cloud."""
    machine = new_machine(suite, files, nics, renderer)
    if seed == "nocloud":
        seed_nocloud(machine, config)
    elif seed == "config_drive":
        seed_config_drive(machine, config)
    elif seed == "openstack":
        machine = on_openstack(machine, config)
    else:
        machine = on_azure(machine)
    return machine


def install(machine: Machine) -> None:
    """Install the package beside cloud-init by hand, with the settings for a pair of virtio_net."""
    shutil.copytree(
        _PACKAGE,
        machine.files / _DIST_PACKAGES / "hyperv_net",
        ignore=shutil.ignore_patterns("__pycache__"),
        dirs_exist_ok=True,
    )
    link = machine.files / _CFG
    link.unlink(missing_ok=True)
    link.symlink_to(f"/{_DIST_PACKAGES}/hyperv_net/data/90-hyperv-net.cfg")
    machine.write("etc/cloud/cloud.cfg.d/91-settings.cfg", SETTINGS)


def remove(machine: Machine) -> None:
    """Take the plugin out again, and let cloud-init look for its datasource anew."""
    remove_package(machine)
    (machine.files / _CFG).unlink()
    for kept in machine.files.glob("var/lib/cloud/instances/*/obj.pkl"):
        kept.unlink()


def remove_package(machine: Machine) -> None:
    """Take the package away, and nothing else."""
    shutil.rmtree(machine.files / _DIST_PACKAGES / "hyperv_net")


@cache
def stock_boot(
    suite: str, nics: str, renderer: str, seed: str, config: str, *, network_only: bool = False
) -> Boot:
    """How stock cloud-init boots such a machine; once for all tests of a process.

    `nics` is JSON.  With `network_only` the stages after `init` are left out.
    """
    files = Path(mkdtemp(prefix="firstboot-stock-"))
    atexit.register(shutil.rmtree, files, ignore_errors=True)
    machine = seeded(suite, files, json.loads(nics), renderer, seed, config)
    machine.write("etc/cloud/cloud.cfg.d/91-settings.cfg", SETTINGS)
    return machine.boot(NETWORK if network_only else BOOT)


def applied_config(boot: Boot) -> Any:
    """The network config that cloud-init applied, from its log."""
    marker = "Applying network configuration from "
    (said, *_) = (line.split(marker)[1] for line in boot.log.splitlines() if marker in line)
    return ast.literal_eval(said.split(": ", 1)[1])


@dataclass(frozen=True)
class Result:
    """What a boot came to, as far as two boots can be compared."""

    network: dict[str, str]
    statuses: dict[str, int]
    troubles: str
    said: str


def result(boot: Boot) -> Result:
    """Network files, exit statuses, troubles, and what `cloud-init status` says if it was asked."""
    said = boot["status"].out.splitlines() if "status" in boot.outcomes else []
    return Result(
        boot.network(),
        {step: outcome.status for step, outcome in boot.outcomes.items()},
        _VARYING.sub("#", json.dumps(boot.troubles, indent=1)),
        "\n".join(line for line in said if "last_update" not in line),
    )


def has_nothing_of_ours(boot: Boot) -> bool:
    """No file that configures the network mentions the plugin or a bond."""
    return not any("hyperv" in text or "bond" in text for text in boot.network().values())
