"""What makes a machine follow netplan's files after an injection."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hyperv_net.errors import HypervNetError
from hyperv_net.renderers import load
from hyperv_net.renderers.parts import in_words
from tests.kvp import texts
from tests.kvp.linux import run_on, with_pair


def test_a_device_of_networkmanagers_is_left_to_netplan_apply(tmp_path: Path) -> None:
    """networkctl knows nothing of it."""
    path = tmp_path / "etc/netplan/01-desktop.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("network: {version: 2, renderer: NetworkManager}\n")
    said: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> str:
        said.append(command)
        return ""

    run_on(tmp_path, texts.LINUX_IPV4, run)
    assert said == [("netplan", "apply")]


def test_without_a_bus_networkd_is_started_anew(tmp_path: Path) -> None:
    """An image may have no D-Bus, over which networkctl asks."""
    said = list[str]()

    def run(command: Sequence[str]) -> str:
        said.append(" ".join(command))
        if command[0] == "networkctl":
            raise HypervNetError("Failed to connect to system bus", where="networkctl reload")
        return ""

    run_on(with_pair(tmp_path, "netplan", dhcp4=True), texts.LINUX_IPV4, run)
    assert said[-1] == "systemctl restart systemd-networkd.service"


def test_what_the_files_speak_of_no_more_is_deleted_and_a_vlan_that_moves() -> None:
    """netplan deletes what its `--state` tells of alone; a VLAN stays where it was made."""
    path = "etc/netplan/50-cloud-init.yaml"
    bond = "network: {bonds: {bond0: {interfaces: [eth0]}}, vlans: {wan: {id: 5, link: bond0}}}"
    card = "network: {ethernets: {eth0: {}}, vlans: {wan: {id: 5, link: eth0}}}"
    ways = {
        (card, bond): "ip link delete wan; netplan apply",
        (bond, card): "ip link delete wan; ip link delete bond0; netplan apply",
        (bond, bond.replace("bond0", "bond1")): "ip link delete wan; ip link delete bond0"
        "; netplan apply",
        (bond, bond): "netplan apply",
        ("network: {bonds: {$(id): {}}}", card): "netplan apply",
        ("{", card): "netplan apply",
    }
    for (before, after), said in ways.items():
        assert in_words(load("netplan").activation({path: before}, {path: after})) == said
