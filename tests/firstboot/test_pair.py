"""A machine with a pair and the plugin: what it writes is the plan, on every version."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.firstboot.cases import (
    NETWORK_DATA,
    SYNTHETIC,
    V1,
    V2,
    VF,
    applied_config,
    install,
    netvsc_pair,
    renamed,
    seeded,
    virtio_pair,
)
from tests.firstboot.machine import BOOT, NETWORK, Boot, Machine
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

TARGETS = {"netplan": "netplan", "eni": "ifupdown"}
OBJECT = """python3 -c '
from cloudinit.sources import pkl_load
source = pkl_load("/var/lib/cloud/instance/obj.pkl")
print(type(source).__module__, type(source).__name__, source.dsname)'"""


def render(target: str, folder: str, config: str = "") -> str:
    """The command that writes what the plan of this machine says into a folder of it."""
    return f"python3 -m hyperv_net render --target {target} --output-dir {folder} {config}"


def planned(files: Path) -> dict[str, tuple[str, int]]:
    """The files below a folder: path → text and mode."""
    return {
        str(path.relative_to(files)): (path.read_text(), path.stat().st_mode & 0o777)
        for path in files.rglob("*")
        if path.is_file()
    }


def assert_is_the_plan(boot: Boot, plan: dict[str, tuple[str, int]], renderer: str) -> None:
    """Of the files that configure the network, what is not the plan is made from it."""
    assert plan
    for path, (text, mode) in plan.items():
        assert boot.text(path) == text
        assert (boot.files / path).stat().st_mode & 0o777 == mode, path
    others = {path for path in boot.network() if path not in plan}
    others -= {path for path in others if path.startswith("run/systemd/network/10-netplan-")}
    assert others <= ({"etc/network/interfaces"} if renderer == "eni" else set())


def assert_went_well(boot: Boot) -> None:
    """Every stage ended well and said nothing that makes the machine look worse for it."""
    statuses = {step: outcome.status for step, outcome in boot.outcomes.items()}
    assert set(statuses.values()) == {0}, (statuses, boot.troubles)
    assert not boot.troubles
    if "status" in statuses:
        assert "status: done" in boot["status"].out
        assert "degraded" not in boot["status"].out
    assert not [line for line in boot.log.splitlines() if "[WARNING]" in line or "[ERROR]" in line]
    assert "Traceback" not in boot.log
    assert "Traceback" not in boot.text("var/log/cloud-init-output.log")


def assert_vf_left_alone(boot: Boot) -> None:
    """cloud-init neither renames the VF nor brings it up nor asks for an address on it."""
    assert not [call for call in boot.calls if call.startswith("ip ") and VF in call.split()]
    assert not [line for line in boot.asked if VF in line]
    assert (boot.files / "sys/class/net" / VF).exists()


def pair_with_plugin(
    suite: str, files: Path, renderer: str, seed: str, config: str, nics: Any
) -> Machine:
    """A machine with a pair and the plugin, before its first boot."""
    machine = seeded(suite, files, nics, renderer, seed, config)
    install(machine)
    return machine


def plan_of_applied(boot: Boot, other: Machine) -> dict[str, tuple[str, int]]:
    """What the same machine, not booted, plans for the config that cloud-init applied."""
    other.write("config.json", json.dumps(applied_config(boot)))
    plan = other.boot({"plan": render("netplan", "/planned", "--network-config /config.json")})
    assert plan["plan"].status == 0, plan["plan"].err
    return planned(other.files / "planned")


@pytest.mark.parametrize("renderer", TARGETS)
@pytest.mark.parametrize("config", [V1, V2], ids=["version 1", "version 2"])
@pytest.mark.parametrize("suite", SUITES)
def test_the_first_boot_writes_the_text_that_was_planned(
    suite: str, config: str, renderer: str, tmp_path: Path
) -> None:
    """Of a pair on which stock cloud-init fails; the plan finds the seed's config by itself.

    The later stages find the same object, and a second boot changes nothing.
    """
    machine = pair_with_plugin(suite, tmp_path, renderer, "nocloud", config, virtio_pair())
    target = TARGETS[renderer]
    first = machine.boot({"plan": render(target, "/planned"), **BOOT, "object": OBJECT})
    assert_went_well(first)
    assert_is_the_plan(first, planned(tmp_path / "planned"), renderer)
    assert_vf_left_alone(first)
    assert first["object"].out.split() == [
        "hyperv_net.sources.DataSourceNoCloud",
        "DataSourceNoCloud",
        "NoCloud",
    ]
    assert "DataSourceNoCloud [seed=/var/lib/cloud/seed/nocloud]" in first["status"].out
    assert (tmp_path / "var/log/ran").exists()

    network = first.network()
    second = machine.boot({**BOOT, "object": OBJECT})
    assert_went_well(second)
    assert_vf_left_alone(second)
    assert second["object"].out == first["object"].out
    still = {path: text for path, text in network.items() if not path.startswith("run/")}
    assert {p: t for p, t in second.network().items() if not p.startswith("run/")} == still


@pytest.mark.parametrize("renderer", ["netplan", "eni"])
def test_planning_again_finds_nothing_to_change(renderer: str, tmp_path: Path) -> None:
    """On the machine that has booted, with the config that cloud-init has kept."""
    machine = pair_with_plugin("sid", tmp_path, renderer, "nocloud", V2, virtio_pair())
    check = f"python3 -m hyperv_net plan --check --target {TARGETS[renderer]}"
    boot = machine.boot({**NETWORK, "check": check})
    assert boot["check"].status == 0, boot["check"].out


@pytest.mark.parametrize(
    ("seed", "config"),
    [("config_drive", NETWORK_DATA), ("azure", "")],
    ids=["config drive", "azure"],
)
@pytest.mark.parametrize("nics", [virtio_pair, netvsc_pair], ids=["virtio", "netvsc"])
@pytest.mark.parametrize("suite", SUITES)
def test_so_does_a_datasource_that_makes_its_own_config(
    suite: str, nics: Any, seed: str, config: str, tmp_path: Path
) -> None:
    """ConfigDrive and Azure; the plan is made, on a machine not booted, from what was applied."""
    machine = pair_with_plugin(suite, tmp_path / "a", "netplan", seed, config, nics())
    boot = machine.boot({**NETWORK, "object": OBJECT})
    assert_went_well(boot)
    assert_vf_left_alone(boot)
    name = {"azure": "Azure", "config_drive": "ConfigDrive"}[seed]
    assert boot["object"].out.startswith(f"hyperv_net.sources.DataSource{name} DataSource{name} ")

    other = pair_with_plugin(suite, tmp_path / "b", "netplan", seed, config, nics())
    assert_is_the_plan(boot, plan_of_applied(boot, other), "netplan")


@pytest.mark.parametrize("source", ["cmdline", "system_cfg", "fallback"])
@pytest.mark.parametrize("suite", SUITES)
def test_whichever_source_of_the_config_wins_is_rewritten(
    suite: str, source: str, tmp_path: Path
) -> None:
    """The kernel's command line, the system's configuration, or cloud-init's own fallback."""
    machine = pair_with_plugin(suite, tmp_path / "a", "netplan", "nocloud", V1, virtio_pair())
    network = yaml.safe_dump({"network": yaml.safe_load(V2)})
    if source == "cmdline":
        encoded = base64.b64encode(network.encode()).decode()
        machine = replace(machine, command_line=f"root=/dev/vda1 network-config={encoded}")
    elif source == "system_cfg":
        machine.write("etc/cloud/cloud.cfg.d/92-network.cfg", network)
    else:
        (machine.files / "var/lib/cloud/seed/nocloud/network-config").unlink()
    boot = machine.boot(NETWORK)
    assert_went_well(boot)
    assert_vf_left_alone(boot)
    assert f"Applying network configuration from {source} " in boot.log
    other = pair_with_plugin(suite, tmp_path / "b", "netplan", "nocloud", V1, virtio_pair())
    assert_is_the_plan(boot, plan_of_applied(boot, other), "netplan")


@pytest.mark.parametrize("suite", SUITES)
def test_azure_gives_its_address_to_the_synthetic_nic(suite: str, tmp_path: Path) -> None:
    """Of a pair whose driver is not hv_netvsc, too: the fallback NIC is never the VF."""
    nics = renamed(virtio_pair(), SYNTHETIC, "ens18")  # sorts after the VF
    boot = pair_with_plugin(suite, tmp_path, "netplan", "azure", "", nics).boot(NETWORK)
    assert_went_well(boot)
    assert boot.asked[0] == "DHCP ens18 discover"
    assert_vf_left_alone(boot)


@pytest.mark.parametrize("suite", SUITES)
def test_the_synthetic_nic_gets_the_name_that_the_config_asks_for(
    suite: str, tmp_path: Path
) -> None:
    """Where the kernel called it eth1; stock 22.4.2 cannot, as two NICs have the MAC."""
    nics = renamed(netvsc_pair(), SYNTHETIC, "eth1")
    boot = pair_with_plugin(suite, tmp_path, "netplan", "nocloud", V2, nics).boot(NETWORK)
    assert_went_well(boot)
    assert "ip link set eth1 name eth0" in boot.calls
    assert_vf_left_alone(boot)
    assert (tmp_path / "sys/class/net/eth0/device/driver").readlink().name == "hv_netvsc"
