"""References to devices that nobody declares, as the real netplan takes them or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.model import Inventory, NetworkConfig, Nic, RenderedFile, System
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.renderers.netplan.paths import FILE
from hyperv_net.renderers.netplan.undeclared import undeclared
from hyperv_net.rewrite.failover import rewrite
from tests.debian.tools import SUITES, netplan_generate, write

#: What stands below `network`, the names that are said to be missing, and whether old netplans
#: alone refuse it.
CASES = {
    "bond": ("bonds: {b0: {interfaces: [nosuch]}}", ["nosuch"]),
    "primary": (
        "ethernets: {e: {}}\n  bonds: {b0: {interfaces: [e], "
        "parameters: {mode: active-backup, primary: nosuch}}}",
        ["nosuch"],
    ),
    "bridge": ("bridges: {b0: {interfaces: [nosuch]}}", ["nosuch"]),
    "cost": (
        "ethernets: {e: {}}\n  bridges: {b0: {interfaces: [e], "
        "parameters: {path-cost: {nosuch: 5}}}}",
        ["nosuch"],
    ),
    "priority": (
        "ethernets: {e: {}}\n  bridges: {b0: {interfaces: [e], "
        "parameters: {port-priority: {nosuch: 5}}}}",
        ["nosuch"],
    ),
    "vlan": ("vlans: {v: {id: 5, link: nosuch}}", ["nosuch"]),
    "vrf": ("vrfs: {v: {table: 5, interfaces: [nosuch]}}", ["nosuch"]),
    "tunnel": (
        "tunnels: {t: {mode: vxlan, id: 5, link: nosuch, remote: 192.0.2.1}}",
        ["nosuch"],
    ),
    "function": ("ethernets: {e: {link: nosuch}}", ["nosuch"]),
    "its name": (
        "ethernets: {card: {match: {macaddress: '00:0d:3a:00:00:01'}, set-name: eth0}}\n"
        "  bonds: {b0: {interfaces: [eth0]}}",
        ["eth0"],
    ),
    "declared later": ("bonds: {b0: {interfaces: [e]}}\n  ethernets: {e: {}}", []),
    "a device of software": (
        "ethernets: {e: {}}\n  bonds: {b0: {interfaces: [e]}}\n  vlans: {v: {id: 5, link: b0}}",
        [],
    ),
    "in another file": ("bonds: {b0: {interfaces: [beside]}}", []),
}
BESIDE = {"etc/netplan/10-x.yaml": "network: {version: 2, ethernets: {beside: {}}}\n"}
MACHINE = Inventory(
    System.LINUX, "6.1", (Nic("eth0", mac="00:0d:3a:00:00:01", driver="hv_netvsc", bus="vmbus"),)
)


def text_of(below: str) -> str:
    return f"network:\n  version: 2\n  {below}\n"


def config_of(below: str) -> NetworkConfig:
    return read_network_config(text_of(below), "nc.yaml")


def said(below: str) -> list[tuple[str, str, str]]:
    rewritten = rewrite(config_of(below), (), MACHINE, settings=None)  # type: ignore[arg-type]
    found = undeclared(rewritten, "nc.yaml", BESIDE, is_adopted=False)
    return [(one.severity.value, one.message.split("'")[1], one.hint) for one in found]


@pytest.mark.parametrize("case", CASES)
def test_each_reference_to_what_nobody_declares_is_an_error(case: str) -> None:
    below, missing = CASES[case]
    assert [(severity, name) for severity, name, _ in said(below)] == [
        ("error", name) for name in missing
    ]


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("case", CASES)
def test_the_real_one_refuses_what_is_an_error_and_nothing_else(
    suite: str, case: str, tmp_path: Path
) -> None:
    below, missing = CASES[case]
    files = {FILE: text_of(below), **BESIDE}
    write(tmp_path, [RenderedFile(path, text, 0o600) for path, text in files.items()])
    ran = netplan_generate(suite, tmp_path)
    assert bool(ran.status) == bool(missing), ran.err
    assert all(f"interface '{name}' is not defined" in ran.err for name in missing)


def test_what_is_meant_is_told_by_what_is_like_it_or_has_that_name() -> None:
    like = "ethernets: {uplink: {}}\n  bonds: {b0: {interfaces: [upink]}}"
    assert said(like) == [("error", "upink", "did you mean 'uplink'?")]
    assert said(CASES["its name"][0]) == [("error", "eth0", "name its id, 'card'")]


NETWORK_MANAGERS = {
    "vlan": "vlans: {v: {id: 5, link: nosuch, renderer: NetworkManager}}",
    "all of it": "renderer: NetworkManager\n  vlans: {v: {id: 5, link: nosuch}}",
}


@pytest.mark.parametrize("case", NETWORK_MANAGERS)
def test_a_vlan_of_networkmanagers_is_only_for_an_older_netplan_a_fault(case: str) -> None:
    assert [one[:2] for one in said(NETWORK_MANAGERS[case])] == [("warning", "nosuch")]


@pytest.mark.debian
@pytest.mark.parametrize("case", NETWORK_MANAGERS)
def test_of_the_real_ones_the_older_refuses_such_a_vlan_and_the_newer_does_not(
    case: str, tmp_path: Path
) -> None:
    for suite, status in (("bookworm", 1), ("trixie", 0)):
        root = tmp_path / suite
        write(root, [RenderedFile(FILE, text_of(NETWORK_MANAGERS[case]), 0o600)])
        assert netplan_generate(suite, root).status == status
