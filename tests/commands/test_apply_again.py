"""`hyperv-net apply` on what it wrote before: the second finds nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.applying import below
from hyperv_net.cli import main
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import Inventory, System
from tests.applying.disk import Unsynced, snapshot
from tests.building import mac, nic
from tests.commands.calling import Capture
from tests.files import put

CONFIGS = {
    "azure": "ethernets: {eth0: {dhcp4: true, dhcp4-overrides: {route-metric: 100}, "
    f"match: {{macaddress: '{mac()}'}}, set-name: eth0}}}}",
    "debian's cloud image": "ethernets: {all-en: {match: {name: 'en*'}, dhcp4: true},"
    " all-eth: {match: {name: 'eth*'}, dhcp4: true, dhcp6: true}}",
    "a catch-all": "ethernets: {eth0: {addresses: [10.0.0.4/24]},"
    " zz-all: {match: {name: 'e*'}, dhcp4: true}}",
    "of network manager": "renderer: NetworkManager\nethernets: {eth0: {dhcp4: true,"
    " dhcp4-overrides: {route-metric: 1}, dhcp6: true, dhcp6-overrides: {route-metric: 2}}}",
    "a backend for all nics": "ethernets: {renderer: networkd, eth0: {dhcp4: true}}",
    "static, with a rule": "ethernets: {eth0: {addresses: [10.0.0.4/24],"
    " routing-policy: [{to: 10.10.10.0/24, priority: 99}]}}\n"
    "vlans: {v7: {id: 7, link: eth0, dhcp4: true}}",
}


def machine(pairs: int) -> Inventory:
    virtio = {"driver": "virtio_net", "bus": "virtio"}
    cards = range(pairs)
    synthetics = (nic(f"eth{one}", one, **virtio) for one in cards)
    return Inventory(System.LINUX, "6.1.0", (*synthetics, *(nic(f"ens{5 + n}", n) for n in cards)))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(below, "os", Unsynced())
    root = tmp_path / "root"
    put(root, "etc/network/interfaces", "source /etc/network/interfaces.d/*\n")
    return root


def applied(root: Path, target: str, pairs: int, *options: str) -> None:
    inventory = root.parent / "inventory.json"
    inventory.write_text(to_json(machine(pairs)))
    chosen = ["--root", str(root), "--inventory", str(inventory), "--target", target]
    assert main(["apply", *chosen, "--synthetic-driver", "virtio_net", *options]) == 0


@pytest.mark.parametrize("pairs", [1, 2])
@pytest.mark.parametrize("target", ["netplan", "ifupdown"])
@pytest.mark.parametrize("text", CONFIGS.values(), ids=list(CONFIGS))
def test_without_the_config_again_nothing_changes_and_nothing_is_taken_away(
    root: Path, capsys: Capture, text: str, target: str, pairs: int
) -> None:
    """Invariants 3 and 12: what was rendered is what is adopted, and stays."""
    config = root.parent / "config.yaml"
    config.write_text(f"version: 2\n{text}\n")
    applied(root, target, pairs, "--network-config", str(config))
    before = snapshot(root)
    capsys.readouterr()
    applied(root, target, pairs)
    assert capsys.readouterr().out == "nothing to do: all files are as they should be\n"
    assert snapshot(root) == before


@pytest.mark.parametrize("target", ["netplan", "ifupdown"])
def test_with_no_aggregate_wanted_any_more_the_machine_keeps_its_network(
    root: Path, target: str
) -> None:
    config = root.parent / "config.yaml"
    config.write_text(f"version: 2\n{CONFIGS['azure']}\n")
    applied(root, target, 1, "--network-config", str(config))
    (written,) = (path for path in root.rglob("50-cloud-init*") if path.is_file())
    before = written.read_text()
    applied(root, target, 1, "--aggregate", "never")
    assert written.read_text() == before
