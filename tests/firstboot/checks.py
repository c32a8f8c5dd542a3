"""What is checked of a machine with a pair and the plugin: it is the plan, or it is stock's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.firstboot.cases import V2, VF, applied_config, install, netvsc_pair, seeded, stock_boot
from tests.firstboot.machine import Boot, Machine

TARGETS = {"netplan": "netplan", "eni": "ifupdown", "networkd": "networkd"}
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


def assert_went_well(boot: Boot, log_from: int = 0) -> None:
    """Every stage ended well and said nothing that makes the machine look worse for it.

    Of the log what stands from the character `log_from` on is looked at.
    """
    log = boot.log[log_from:]
    statuses = {step: outcome.status for step, outcome in boot.outcomes.items()}
    assert set(statuses.values()) == {0}, (statuses, boot.troubles)
    assert not boot.troubles
    if "status" in statuses:
        assert "status: done" in boot["status"].out
        assert "degraded" not in boot["status"].out
    assert not [line for line in log.splitlines() if "[WARNING]" in line or "[ERROR]" in line]
    assert "Traceback" not in log
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


def plan_of_applied(
    boot: Boot, other: Machine, target: str = "netplan"
) -> dict[str, tuple[str, int]]:
    """What the same machine, not booted, plans for the config that cloud-init applied."""
    other.write("config.json", json.dumps(applied_config(boot)))
    plan = other.boot({"plan": render(target, "/planned", "--network-config /config.json")})
    assert plan["plan"].status == 0, plan["plan"].err
    return planned(other.files / "planned")


def with_plugin(suite: str, files: Path, config: str = V2) -> Machine:
    """A machine with a pair on which stock cloud-init boots as well."""
    machine = seeded(suite, files, netvsc_pair(), "netplan", "nocloud", config)
    install(machine)
    return machine


def stock(suite: str, config: str = V2) -> Boot:
    """The same without the plugin."""
    nics = json.dumps(netvsc_pair())
    return stock_boot(suite, nics, "netplan", "nocloud", config, network_only=True)


def told_why(boot: Boot) -> list[str]:
    """What the log says of cloud-init going on alone."""
    lines = (line for line in boot.log.splitlines() if "cloud-init goes on alone" in line)
    return sorted({line.split("hyperv-net: ")[-1] for line in lines})
