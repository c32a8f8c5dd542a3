"""A machine with a pair and the plugin: what it writes is the plan, on every version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.firstboot.cases import (
    NETWORK_DATA,
    SHORT,
    V1,
    V2,
    netvsc_pair,
    virtio_pair,
)
from tests.firstboot.checks import (
    OBJECT,
    TARGETS,
    assert_is_the_plan,
    assert_vf_left_alone,
    assert_went_well,
    pair_with_plugin,
    plan_of_applied,
    planned,
    render,
)
from tests.firstboot.machine import BOOT, NETWORK
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]


@pytest.mark.parametrize(
    ("config", "renderer"),
    [
        pytest.param(V1, "netplan", id="version 1, netplan"),
        pytest.param(V1, "eni", id="version 1, eni", marks=SHORT),
        pytest.param(V2, "netplan", id="version 2, netplan", marks=SHORT),
        pytest.param(V2, "eni", id="version 2, eni"),
        pytest.param(V1, "networkd", id="version 1, networkd"),
        pytest.param(V2, "networkd", id="version 2, networkd"),
    ],
)
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


@pytest.mark.parametrize("renderer", ["netplan", "eni", "networkd"])
def test_planning_again_finds_nothing_to_change(renderer: str, tmp_path: Path) -> None:
    """On the machine that has booted, with the config that cloud-init has kept."""
    machine = pair_with_plugin("sid", tmp_path, renderer, "nocloud", V2, virtio_pair())
    check = f"python3 -m hyperv_net plan --check --target {TARGETS[renderer]}"
    boot = machine.boot({**NETWORK, "check": check})
    assert boot["check"].status == 0, boot["check"].out


@pytest.mark.parametrize(
    ("seed", "config", "nics"),
    [
        pytest.param("config_drive", NETWORK_DATA, virtio_pair, id="config drive, virtio"),
        pytest.param("config_drive", NETWORK_DATA, netvsc_pair, id="config drive, netvsc"),
        pytest.param("openstack", NETWORK_DATA, virtio_pair, id="openstack, virtio"),
        pytest.param("openstack", NETWORK_DATA, netvsc_pair, id="openstack, netvsc", marks=SHORT),
        pytest.param("azure", "", virtio_pair, id="azure, virtio"),
        pytest.param("azure", "", netvsc_pair, id="azure, netvsc", marks=SHORT),
    ],
)
@pytest.mark.parametrize("suite", SUITES)
def test_so_does_a_datasource_that_makes_its_own_config(
    suite: str, nics: Any, seed: str, config: str, tmp_path: Path
) -> None:
    """The plan is made, on a machine not booted, from what was applied."""
    machine = pair_with_plugin(suite, tmp_path / "a", "netplan", seed, config, nics())
    boot = machine.boot({**NETWORK, "object": OBJECT})
    assert_went_well(boot)
    assert_vf_left_alone(boot)
    module, kind = {
        "azure": ("Azure", "Azure"),
        "config_drive": ("ConfigDrive", "ConfigDrive"),
        "openstack": ("OpenStack", "OpenStackLocal"),
    }[seed]
    ours = f"hyperv_net.sources.DataSource{module} DataSource{kind} "
    assert boot["object"].out.startswith(ours)

    other = pair_with_plugin(suite, tmp_path / "b", "netplan", seed, config, nics())
    assert_is_the_plan(boot, plan_of_applied(boot, other), "netplan")
