"""The netplan renderer's files as the real netplan reads them, 0.106 and 1.1.2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.model import RenderedFile
from hyperv_net.renderers.netplan import render as netplan
from hyperv_net.renderers.netplan.paths import FILE
from tests.debian.tools import (
    SUITES,
    Sections,
    applied_network,
    netplan_generate,
    networkd_files,
    write,
)
from tests.renderers.linux_pairs import MAC, joined, mac, pair, rewritten
from tests.renderers.netplan.written import HOTPLUG_AZURE

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

Files = dict[str, Sections]


def generated(
    suite: str, root: Path, plain: dict[str, Any], existing: dict[str, str] | None = None
) -> Files:
    """Render, generate below `root`, and return the networkd files."""
    others = existing or {}
    write(root, [RenderedFile(path, text, 0o600) for path, text in others.items()])
    write(root, netplan.render(rewritten(plain), others).files)
    ran = netplan_generate(suite, root)
    assert ran.status == 0, ran.err
    return networkd_files(root)


def synthetic(files: Files, unit: int = 0) -> Sections:
    """The .network file that networkd applies to a pair's synthetic NIC."""
    return files[applied_network(files, name=f"eth{unit}", mac=mac(unit), driver="hv_netvsc")]


def vf(files: Files, driver: str = "mlx5_core", name: str = "enP1s2", unit: int = 0) -> Sections:
    """The .network file that networkd applies to a pair's VF."""
    return files[applied_network(files, name=name, mac=mac(unit), driver=driver)]


def is_bare_member(network: Sections, bond: str = "bond0") -> bool:
    """Nothing but membership: no DHCP, no address of any kind."""
    section = dict(network["Network"])
    section.pop("PrimarySlave", None)
    assert "Address" not in network and "Route" not in network
    return section == {"LinkLocalAddressing": "no", "IPv6AcceptRA": "no", "Bond": bond}


def test_the_members_are_told_apart_by_driver(suite: str, tmp_path: Path) -> None:
    """Both match the one MAC; the driver decides, for the .link file too."""
    files = generated(suite, tmp_path, pair())
    assert files["10-netplan-eth0.network"]["Match"] == {
        "Driver": "hv_netvsc",
        "PermanentMACAddress": MAC,
        "Name": "eth0",
    }
    assert files["10-netplan-eth0-vf.network"]["Match"] == {
        "Driver": "!hv_netvsc",
        "PermanentMACAddress": MAC,
    }
    assert files["10-netplan-eth0.link"]["Match"] == {
        "Driver": "hv_netvsc",
        "PermanentMACAddress": MAC,
    }
    assert "10-netplan-eth0-vf.link" not in files
    for driver in ("mlx4_core", "mlx5_core", "mana", "e1000e"):
        assert vf(files, driver) == files["10-netplan-eth0-vf.network"]


def test_both_members_are_bare_and_the_vf_is_primary(suite: str, tmp_path: Path) -> None:
    """DHCP, router advertisements and link-local addresses are off; PrimarySlave is set."""
    files = generated(suite, tmp_path, pair())
    assert is_bare_member(synthetic(files)) and is_bare_member(vf(files))
    assert vf(files)["Network"]["PrimarySlave"] == "true"
    assert "PrimarySlave" not in synthetic(files)["Network"]


def test_the_bond_is_an_active_backup_with_the_settings(suite: str, tmp_path: Path) -> None:
    """Its .netdev and .network say all that the tree says."""
    bond: dict[str, Any] = {
        "addresses": ["10.0.0.4/24", "2001:db8::4/64"],
        "routes": [{"to": "default", "via": "10.0.0.1", "metric": 50}],
        "nameservers": {"addresses": ["10.0.0.2"], "search": ["example.org"]},
        "mtu": 9000,
    }
    files = generated(suite, tmp_path, pair(**bond))
    assert files["10-netplan-bond0.netdev"] == {
        "NetDev": {"Name": "bond0", "MTUBytes": "9000", "MACAddress": MAC, "Kind": "bond"},
        "Bond": {
            "Mode": "active-backup",
            "MIIMonitorSec": "100ms",
            "AllSlavesActive": "1",
            "PrimaryReselectPolicy": "always",
        },
    }
    network = files["10-netplan-bond0.network"]
    assert network["Match"] == {"Name": "bond0"}
    assert network["Network"]["DNS"] == "10.0.0.2"
    assert network["Network"]["Domains"] == "example.org"
    assert network["Route"]["Gateway"] == "10.0.0.1" and network["Route"]["Metric"] == "50"
    text = (tmp_path / "run/systemd/network/10-netplan-bond0.network").read_text()
    assert "Address=10.0.0.4/24\n" in text and "Address=2001:db8::4/64\n" in text


def test_the_boot_waits_for_the_bond_alone(suite: str, tmp_path: Path) -> None:
    """A VF that is away holds nothing up: neither member is required for online."""
    files = generated(suite, tmp_path, pair())
    waits = tmp_path / "run/systemd/system/systemd-networkd-wait-online.service.d/10-netplan.conf"
    if waits.exists():
        started = [line for line in waits.read_text().splitlines() if "wait-online " in line]
        assert started and all("bond0" in line and "eth0" not in line for line in started)
    else:
        for member in ("eth0", "eth0-vf"):
            link = files[f"10-netplan-{member}.network"]["Link"]
            assert link["RequiredForOnline"] == "no"
        assert "RequiredForOnline" not in files["10-netplan-bond0.network"]["Link"]


def test_control_and_every_known_section_is_accepted(suite: str, tmp_path: Path) -> None:
    """netplan takes bridges, vlans, vrfs, tunnels and activation modes beside the pair."""
    files = generated(
        suite,
        tmp_path,
        joined(
            pair(dhcp4=True),
            {
                "ethernets": {
                    "ens8": {"dhcp4": True, "control": "manual"},
                    "ens9": {"dhcp4": True, "activation-mode": "manual", "gateway9": "no"},
                },
                "vlans": {"bond0.5": {"id": 5, "link": "bond0", "addresses": ["10.5.0.4/24"]}},
                "bridges": {"br0": {"interfaces": ["bond0.5"], "parameters": {"stp": False}}},
                "vrfs": {"red": {"table": 10, "interfaces": ["ens9"]}},
                "tunnels": {"t0": {"mode": "gre", "local": "10.0.0.4", "remote": "10.0.0.5"}},
            },
        ),
    )
    assert files["10-netplan-ens9.network"]["Link"]["ActivationPolicy"] == "manual"
    assert "Link" not in files["10-netplan-ens8.network"]
    assert files["10-netplan-bond0.network"]["Network"]["VLAN"] == "bond0.5"


def test_networkmanager_as_the_default_leaves_the_pair_to_networkd(
    suite: str, tmp_path: Path
) -> None:
    """The file is accepted, and NetworkManager is told to keep off all three devices."""
    plain = joined(pair(), {"renderer": "NetworkManager", "ethernets": {"ens9": {"dhcp4": True}}})
    files = generated(suite, tmp_path, plain)
    assert is_bare_member(synthetic(files)) and is_bare_member(vf(files))
    assert "10-netplan-bond0.netdev" in files
    connections = tmp_path / "run/NetworkManager/system-connections"
    assert [path.name for path in connections.iterdir()] == ["netplan-ens9.nmconnection"]
    udev = (tmp_path / "run/udev/rules.d/90-netplan.rules").read_text()
    assert f'ATTR{{address}}=="{MAC}", ENV{{NM_UNMANAGED}}="1"' in udev


def test_networkmanager_itself_is_refused_by_netplan(suite: str, tmp_path: Path) -> None:
    """Why the pair is taken from it: netplan rejects the tree as it came."""
    (text,) = [file.text for file in netplan.render(rewritten(pair()), {}).files]
    text = text.replace("version: 2", "version: 2\n  renderer: NetworkManager")
    write(tmp_path, [RenderedFile(FILE, text, 0o600)])
    ran = netplan_generate(suite, tmp_path)
    assert ran.status != 0 and "matching by driver" in ran.err


LATER = "network: {version: 2, ethernets: {eth0: {dhcp4: true, dhcp6: true, accept-ra: true}}}"
ADDRESS = (
    "network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.9/24], match: {name: eth7},"
    " routes: [{to: default, via: 10.0.0.1}]}}}"
)
BY_MAC = f"""\
network:
  version: 2
  ethernets:
    aaa: {{match: {{macaddress: "{MAC}"}}, dhcp4: true}}
    all-en: {{match: {{name: "e*"}}, dhcp4: true}}
"""


@pytest.mark.parametrize("folder", ["etc/netplan", "run/netplan"])
@pytest.mark.parametrize("name", ["00-other.yaml", "90-other.yaml", "zz-other.yaml", "zzz.yaml"])
@pytest.mark.parametrize("text", [LATER, ADDRESS, BY_MAC, HOTPLUG_AZURE])
def test_another_file_does_not_put_anything_on_a_member(
    suite: str, tmp_path: Path, folder: str, name: str, text: str
) -> None:
    """Whatever it says and wherever it sorts, what networkd applies to both members is bare."""
    existing = {f"{folder}/{name}": text}
    files = generated(suite, tmp_path, joined(pair(0), pair(1)), existing)
    for unit in (0, 1):
        assert is_bare_member(synthetic(files, unit), f"bond{unit}")
        assert is_bare_member(vf(files, unit=unit), f"bond{unit}")
        assert vf(files, unit=unit)["Network"]["PrimarySlave"] == "true"
