"""Where the plugin has nothing to do, or has gone, cloud-init's own result stands byte for byte."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.firstboot.cases import (
    NETWORK_DATA,
    SHORT,
    V1,
    V2,
    VF,
    has_nothing_of_ours,
    install,
    netvsc_pair,
    no_pair,
    remove,
    remove_package,
    result,
    seeded,
    stock_boot,
    virtio_pair,
)
from tests.firstboot.machine import NETWORK, Boot, Machine, without
from tests.firstboot.root import SUITES
from tests.inventory.captured import capture

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

ALONE = {
    "no pair, v2": (no_pair(), "netplan", "nocloud", V2),
    "no pair, v1, eni": (no_pair(), "eni", "nocloud", V1),
    "VF away, v1": (without(virtio_pair(), VF), "netplan", "nocloud", V1),
    "VF away, eni": (without(netvsc_pair(), VF), "eni", "config_drive", NETWORK_DATA),
    "VF away, azure": (without(netvsc_pair(), VF), "netplan", "azure", ""),
}


@pytest.mark.parametrize("case", [pytest.param("no pair, v2", marks=SHORT), *list(ALONE)[1:]])
@pytest.mark.parametrize("suite", SUITES)
def test_without_a_pair_the_result_is_stocks(suite: str, case: str, tmp_path: Path) -> None:
    """Files, exit statuses, `cloud-init status`, and the commands that were run."""
    nics, *rest = ALONE[case]
    stock = stock_boot(suite, json.dumps(nics), *rest)
    machine = seeded(suite, tmp_path, nics, *rest)
    install(machine)
    boot = machine.boot()
    assert stock["status"].status == 0
    assert result(boot) == result(stock)
    # `udevadm` is called for each NIC in the order of a folder, which is any.
    assert sorted(boot.calls) == sorted(stock.calls)
    assert has_nothing_of_ours(boot)


COMPANIONS = {
    "etc/udev/rules.d/70-hyperv-net-vf.rules",
    "etc/systemd/network/05-hyperv-net-vf.network",
}


def transparent_pair() -> Any:
    """A machine of Azure, whose kernel has taken the VF itself; with the MAC of the configs."""
    text = json.dumps(capture("azure-transparent-mlx5"))
    return json.loads(text.replace("60:45:bd:9d:ea:9c", "00:0d:3a:11:22:33"))


@pytest.mark.parametrize("seed", ["nocloud", "azure"])
@pytest.mark.parametrize("suite", SUITES)
def test_a_pair_that_the_kernel_owns_keeps_stocks_files(
    suite: str, seed: str, tmp_path: Path
) -> None:
    """The settings stay on the synthetic NIC; beside them is what keeps managers off the VF.

    udev is shown the pair's NICs again, since it saw them before there were rules.
    """
    case = (transparent_pair(), "netplan", seed, V2)
    stock = stock_boot(suite, json.dumps(case[0]), *case[1:])
    machine = seeded(suite, tmp_path, *case)
    install(machine)
    boot = machine.boot()
    came = result(boot)
    assert {path for path in came.network if "hyperv-net" in path} == COMPANIONS
    network = {path: text for path, text in came.network.items() if path not in COMPANIONS}
    assert replace(came, network=network) == result(stock)
    assert boot.text("var/lib/hyperv-net/wanted.json")
    triggered = [call for call in boot.calls if call.startswith("udevadm trigger")]
    assert any(call.endswith("--attr-match=address=00:0d:3a:11:22:33") for call in triggered)


def booted_with_pair(suite: str, files: Path) -> tuple[Machine, Boot]:
    """A machine whose first boot the plugin has done."""
    machine = seeded(suite, files, virtio_pair(), "netplan", "nocloud", V2)
    install(machine)
    boot = machine.boot(NETWORK)
    assert not boot.troubles
    return machine, boot


def settings_on_disk(boot: Boot) -> dict[str, str]:
    """The network files that outlive a boot."""
    return {path: text for path, text in boot.network().items() if not path.startswith("run/")}


@pytest.mark.parametrize("suite", SUITES)
def test_removed_after_the_first_boot_it_leaves_a_machine_that_boots(
    suite: str, tmp_path: Path
) -> None:
    """cloud-init finds its datasource anew, as the same instance, and the files stay."""
    machine = seeded(suite, tmp_path, netvsc_pair(), "netplan", "nocloud", V2)
    install(machine)
    files = settings_on_disk(machine.boot(NETWORK))
    remove(machine)
    before = len((tmp_path / "var/log/cloud-init.log").read_text())
    second = machine.boot()
    assert {outcome.status for outcome in second.outcomes.values()} == {0}, second["status"].out
    assert "DataSourceNoCloud" in second["status"].out
    assert "Traceback" not in second.log[before:]
    assert settings_on_disk(second) == files
    assert (tmp_path / "var/lib/cloud/instance").readlink().name == "i-0001"


@pytest.mark.parametrize("suite", SUITES)
def test_a_package_that_vanishes_does_no_worse_than_one_warning(suite: str, tmp_path: Path) -> None:
    """The cfg file, a link into it, goes dead with it; cloud-init cannot load its object once."""
    machine = seeded(suite, tmp_path, netvsc_pair(), "netplan", "nocloud", V2)
    install(machine)
    files = settings_on_disk(machine.boot(NETWORK))
    remove_package(machine)
    second = machine.boot(NETWORK)
    assert {outcome.status for outcome in second.outcomes.values()} == {0}
    assert "Failed loading pickled blob" in second.log
    assert settings_on_disk(second) == files
    third = machine.boot(NETWORK)
    assert not third.troubles


@pytest.mark.parametrize("suite", SUITES)
def test_another_release_of_the_plugin_takes_the_object_over(suite: str, tmp_path: Path) -> None:
    """The object that an older one left holds nothing of it; the second boot is as the first."""
    machine, first = booted_with_pair(suite, tmp_path)
    package = tmp_path / "usr/lib/python3/dist-packages/hyperv_net"
    machine.write(str((package / "__init__.py").relative_to(tmp_path)), '__version__ = "99.0"\n')
    # Whatever another release may call its own parts, those that are pickled stay.
    (package / "sources/factory.py").rename(package / "sources/maker.py")
    init = package / "sources/__init__.py"
    init.write_text(init.read_text().replace("sources.factory", "sources.maker"))
    second = machine.boot({**NETWORK, "object": _CLASS})
    assert second["object"].out == "hyperv_net.sources.DataSourceNoCloud\n"
    assert not second.troubles
    assert "Traceback" not in second.log
    assert settings_on_disk(second) == settings_on_disk(first)


_CLASS = """python3 -c '
from cloudinit.sources import pkl_load
print(type(pkl_load("/var/lib/cloud/instance/obj.pkl")).__module__)'"""


@pytest.mark.parametrize("suite", SUITES)
def test_a_vf_that_is_away_at_the_second_boot_changes_nothing(suite: str, tmp_path: Path) -> None:
    """The bond of the first boot stays, and cloud-init ends well."""
    _, first = booted_with_pair(suite, tmp_path)
    second = Machine(suite, tmp_path, without(virtio_pair(), VF)).boot(NETWORK)
    assert not second.troubles
    assert settings_on_disk(second) == settings_on_disk(first)
