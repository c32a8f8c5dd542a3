"""Wherever the network config comes from, it is rewritten, and turned off it is obeyed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.firstboot.cases import (
    MAC,
    SETTINGS,
    SHORT,
    SYNTHETIC,
    V1,
    V2,
    VF,
    applied_config,
    has_nothing_of_ours,
    install,
    renamed,
    result,
    seeded,
    virtio_pair,
)
from tests.firstboot.checks import (
    TARGETS,
    assert_is_the_plan,
    assert_vf_left_alone,
    assert_went_well,
    pair_with_plugin,
    plan_of_applied,
)
from tests.firstboot.machine import NETWORK, Machine
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

NETPLAN = yaml.safe_dump({"network": yaml.safe_load(V2)})


class Source(NamedTuple):
    """A source of the network config: its name in cloud-init's log, and what makes it win."""

    name: str
    prepare: Callable[[Machine], Machine]
    #: Files that the initramfs leaves in /run.
    configured: tuple[str, ...] = ()


def on_command_line(machine: Machine, network: str = NETPLAN) -> Machine:
    """`network-config=`, with the config in base64."""
    encoded = base64.b64encode(network.encode()).decode()
    return with_words(machine, f"network-config={encoded}")


def with_words(machine: Machine, words: str) -> Machine:
    """More on the kernel's command line."""
    return replace(machine, command_line=f"{machine.command_line} {words}")


def in_system(machine: Machine) -> Machine:
    """`network:` in the system's own configuration of cloud-init."""
    machine.write("etc/cloud/cloud.cfg.d/92-network.cfg", NETPLAN)
    return machine


def in_no_place(machine: Machine) -> Machine:
    """A seed without one, so that cloud-init makes one up."""
    (machine.files / "var/lib/cloud/seed/nocloud/network-config").unlink()
    return machine


def by_initramfs(machine: Machine) -> Machine:
    """`ip=`, which makes the initramfs ask for an address."""
    return with_words(machine, "ip=dhcp")


SOURCES = {
    "command line": Source("cmdline", on_command_line),
    "initramfs": Source("initramfs", by_initramfs, (SYNTHETIC,)),
    # ipconfig asks on every NIC, and either may be answered first.
    "initramfs on the VF": Source("initramfs", by_initramfs, (VF,)),
    "initramfs on both": Source("initramfs", by_initramfs, (SYNTHETIC, VF)),
    "system configuration": Source("system_cfg", in_system),
    "datasource": Source("ds", lambda machine: machine),
    "fallback": Source("fallback", in_no_place),
}


def configure(nics: tuple[str, ...]) -> dict[str, str]:
    """Steps of a boot that leave what klibc's ipconfig says of these NICs."""
    text = "PROTO=dhcp IPV4PROTO=dhcp IPV4ADDR=10.0.0.4 IPV4NETMASK=255.255.255.0 "
    text += "IPV4GATEWAY=10.0.0.1 IPV4DNS0=10.0.0.2 HOSTNAME=guest"
    return {
        f"ipconfig-{nic}": f"sh -c 'printf \"%s\\n\" DEVICE={nic} {text} >/run/net-{nic}.conf'"
        for nic in nics
    }


@pytest.mark.parametrize(
    ("source", "renderer"),
    [
        *((source, "netplan") for source in SOURCES),
        pytest.param("initramfs on the VF", "eni", marks=SHORT),
    ],
)
@pytest.mark.parametrize("suite", SUITES)
def test_whichever_source_of_the_config_wins_is_rewritten(
    suite: str, source: str, renderer: str, tmp_path: Path
) -> None:
    """To the plan's files, on a pair with which stock cloud-init fails; and nobody is renamed."""
    name, prepare, configured = SOURCES[source]
    machine = pair_with_plugin(suite, tmp_path / "a", renderer, "nocloud", V1, virtio_pair())
    boot = prepare(machine).boot({**configure(configured), **NETWORK})
    assert_went_well(boot)
    assert_vf_left_alone(boot)
    assert f"Applying network configuration from {name} " in boot.log
    assert not [call for call in boot.calls if " name " in call]
    other = pair_with_plugin(suite, tmp_path / "b", renderer, "nocloud", V1, virtio_pair())
    plan = plan_of_applied(boot, other, TARGETS[renderer])
    assert "bond0" in "".join(text for text, _ in plan.values())
    assert_is_the_plan(boot, plan, renderer)


@pytest.mark.parametrize("suite", SUITES)
def test_what_the_initramfs_says_of_a_pair_is_for_the_aggregate_to_bring_up(
    suite: str, tmp_path: Path
) -> None:
    """Stock says `control: manual`, since the NIC is up; the aggregate is not there yet.

    Two files that say the same of both NICs become one entry.
    """
    machine = pair_with_plugin(suite, tmp_path, "eni", "nocloud", V1, virtio_pair())
    boot = by_initramfs(machine).boot({**configure((VF, SYNTHETIC)), **NETWORK})
    (entry,) = applied_config(boot)["config"]
    assert (entry["name"], entry["mac_address"]) == (SYNTHETIC, MAC)
    (subnet,) = entry["subnets"]
    assert subnet["type"] == "dhcp"
    assert "control" not in subnet
    text = boot.text("etc/network/interfaces.d/50-cloud-init")
    assert "auto bond0\niface bond0 inet dhcp\n" in text


def with_another_nic(nics: Any) -> Any:
    """The machine with a NIC more, ens9, that is not half of a pair."""
    other = renamed(nics, SYNTHETIC, "ens9")["net"]["ens9"]
    other["files"]["address"] = "52:54:00:00:00:09"
    net = {**nics["net"], "ens9": other}
    return {**nics, "class_net": sorted(net), "net": net}


@pytest.mark.parametrize("suite", SUITES)
def test_of_a_nic_without_a_vf_the_initramfs_is_taken_at_its_word(
    suite: str, tmp_path: Path
) -> None:
    """The same config as stock applies, beside a pair."""
    nics = virtio_pair()
    other = renamed(nics, SYNTHETIC, "ens9")["net"]["ens9"]
    other["files"]["address"] = "52:54:00:00:00:09"
    three = {
        **nics,
        "class_net": [*nics["class_net"], "ens9"],
        "net": {**nics["net"], "ens9": other},
    }
    machine = pair_with_plugin(suite, tmp_path, "eni", "nocloud", V1, three)
    boot = by_initramfs(machine).boot({**configure(("ens9",)), **NETWORK})
    assert_went_well(boot)
    (entry,) = applied_config(boot)["config"]
    assert (entry["name"], entry["subnets"][0]["control"]) == ("ens9", "manual")


OFF = {
    "hyperv_net": ("92-more.cfg", "hyperv_net: {enabled: false}\n", ""),
    "network": ("92-more.cfg", "network: {config: disabled}\n", ""),
    "network on the command line": ("", "", "network-config=disabled"),
}


@pytest.mark.parametrize("off", OFF)
@pytest.mark.parametrize("suite", SUITES)
def test_turned_off_it_does_nothing(suite: str, off: str, tmp_path: Path) -> None:
    """By its own setting, and where cloud-init is told to leave the network alone.

    The first means that the machine fails as it would alone.
    """
    file, settings, words = OFF[off]
    boots = []
    for plugin in (False, True):
        files = tmp_path / str(plugin)
        machine = seeded(suite, files, virtio_pair(), "netplan", "nocloud", V2)
        if plugin:
            install(machine)
        machine.write("etc/cloud/cloud.cfg.d/91-settings.cfg", SETTINGS)
        if file:
            machine.write(f"etc/cloud/cloud.cfg.d/{file}", settings)
        boots.append(with_words(machine, words).boot(NETWORK))
    stock, boot = boots
    assert result(boot) == result(stock)
    assert ("duplicate mac found" in boot.log) == (off == "hyperv_net")
    assert has_nothing_of_ours(boot)
