"""What cloud-init would do at the next first boot, told from the files it leaves."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.facts import System
from hyperv_net.inventory.gathering import gather
from hyperv_net.model import AggregatePolicy, Decision, Mode, Nic, Pair
from hyperv_net.root.cloud_config import find_settings
from hyperv_net.sources.next_boot import next_network_config, next_target
from tests.building import linux, synthetic, vf
from tests.files import put
from tests.inventory.captured import capture, materialise

MAC = "00:0d:3a:11:22:33"
LINUX = linux(synthetic(), vf())
BY_CMDLINE = "version: 2\nethernets: {cmdline0: {dhcp4: true}}\n"
BY_SYSTEM = "network: {version: 2, ethernets: {system0: {dhcp4: true}}}\n"
KEPT = json.dumps({"version": 2, "ethernets": {"kept0": {"dhcp4": True}}})

COMMAND_LINE = "proc/cmdline"
CFG = "etc/cloud/cloud.cfg.d/50.cfg"
JSON = "run/cloud-init/network-config.json"
INSTANCE_DATA = "run/cloud-init/instance-data-sensitive.json"


def config_of(root: Path) -> Any:
    return yaml.safe_load(next_network_config(root, LINUX).text)


def base64_of(text: str, compressed: bool) -> str:
    data = gzip.compress(text.encode()) if compressed else text.encode()
    return base64.b64encode(data).decode()


@pytest.mark.parametrize("compressed", [False, True])
def test_the_kernel_command_line_outranks_all(tmp_path: Path, compressed: bool) -> None:
    put(tmp_path, COMMAND_LINE, f"ro network-config={base64_of(BY_CMDLINE, compressed)} quiet\n")
    put(tmp_path, CFG, BY_SYSTEM)
    put(tmp_path, JSON, KEPT)
    assert config_of(tmp_path) == yaml.safe_load(BY_CMDLINE)


def test_the_configuration_outranks_what_the_datasource_said(tmp_path: Path) -> None:
    put(tmp_path, CFG, BY_SYSTEM)
    put(tmp_path, JSON, KEPT)
    assert config_of(tmp_path) == yaml.safe_load(BY_SYSTEM)


def test_the_config_that_cloud_init_keeps_is_the_datasources(tmp_path: Path) -> None:
    put(tmp_path, JSON, KEPT)
    assert config_of(tmp_path) == json.loads(KEPT)


def test_a_network_that_the_initramfs_configured_is_refused_unless_cloud_init_kept_it(
    tmp_path: Path,
) -> None:
    put(tmp_path, COMMAND_LINE, "ro ip=dhcp\n")
    put(tmp_path, "run/net-eth0.conf", "DEVICE=eth0\n")
    put(tmp_path, CFG, BY_SYSTEM)
    with pytest.raises(HypervNetError, match=r"run/net-eth0\.conf: the initramfs has configured"):
        next_network_config(tmp_path, LINUX)
    made = {"version": 1, "config": [{"type": "physical", "name": "eth0", "subnets": []}]}
    put(tmp_path, JSON, json.dumps(made))
    assert config_of(tmp_path) == made


def test_what_the_initramfs_says_of_a_vf_is_planned_for_the_synthetic_nic(tmp_path: Path) -> None:
    """As at the first boot, where the name must not be given to the other NIC."""
    put(tmp_path, COMMAND_LINE, "ro ip=dhcp\n")
    put(tmp_path, "run/net-ens17.conf", "DEVICE=ens17\n")
    subnet = {"type": "dhcp", "control": "manual"}
    told = {"type": "physical", "name": "ens17", "mac_address": MAC, "subnets": [subnet]}
    put(tmp_path, JSON, json.dumps({"version": 1, "config": [told]}))
    nics = Nic("eth0", mac=MAC), Nic("ens17", mac=MAC)
    decision = Decision(Pair(MAC, *nics), Mode.AGGREGATE, "reason")
    found = next_network_config(tmp_path, LINUX, [decision])
    (entry,) = json.loads(found.text)["config"]
    assert entry == {**told, "name": "eth0", "subnets": [{"type": "dhcp"}]}


@pytest.mark.parametrize(
    "config",
    [
        {"version": 2, "ethernets": {}},
        {"version": 1, "config": ["eth0"]},
        {"version": 1, "config": [{"name": "eth0", "subnets": [7]}]},
        {"version": 1, "config": [{"subnets": []}]},
    ],
)
def test_what_no_initramfs_says_is_an_error_in_one_line(tmp_path: Path, config: object) -> None:
    put(tmp_path, COMMAND_LINE, "ro ip=dhcp\n")
    put(tmp_path, "run/net-eth0.conf", "DEVICE=eth0\n")
    put(tmp_path, JSON, json.dumps(config))
    with pytest.raises(HypervNetError, match="not what cloud-init makes of the files"):
        next_network_config(tmp_path, LINUX)


def test_where_nothing_is_kept_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HypervNetError, match="name one with --network-config"):
        next_network_config(tmp_path, LINUX)


@pytest.mark.parametrize("word", ["network-config=%%%", f"network-config={'H4sI' * 4}"])
def test_a_command_line_that_is_no_text_is_an_error_in_one_line(tmp_path: Path, word: str) -> None:
    put(tmp_path, COMMAND_LINE, word)
    with pytest.raises(HypervNetError, match="not base64 of a text"):
        next_network_config(tmp_path, LINUX)


def test_the_pickled_datasource_is_never_opened(tmp_path: Path) -> None:
    pickled = tmp_path / "var/lib/cloud/instance/obj.pkl"
    pickled.mkdir(parents=True)  # whoever opened it would fail
    put(tmp_path, JSON, KEPT)
    assert config_of(tmp_path) == json.loads(KEPT)


def azure(*interfaces: dict[str, Any]) -> str:
    return json.dumps({"ds": {"meta_data": {"imds": {"network": {"interface": interfaces}}}}})


def test_azures_metadata_become_the_config_that_cloud_init_makes_of_them(tmp_path: Path) -> None:
    first = {
        "macAddress": "000D3A000000",
        "ipv4": {
            "ipAddress": [{"privateIpAddress": "10.0.0.4"}, {"privateIpAddress": "10.0.0.5"}],
            "subnet": [{"address": "10.0.0.0", "prefix": "16"}],
        },
        "ipv6": {"ipAddress": [{"privateIpAddress": "fd00::4"}]},
    }
    put(tmp_path, INSTANCE_DATA, azure(first, {"macAddress": "000D3A000001"}))
    assert config_of(tmp_path) == {
        "version": 2,
        "ethernets": {
            "eth0": {
                "dhcp4": True,
                "dhcp4-overrides": {"route-metric": 100},
                "dhcp6": True,
                "dhcp6-overrides": {"route-metric": 100},
                "addresses": ["10.0.0.5/16"],
                "match": {"macaddress": "00:0d:3a:00:00:00", "driver": "hv_netvsc"},
                "set-name": "eth0",
            }
        },
    }


@pytest.mark.parametrize("data", ["[]", '{"ds": []}', '{"ds": {"meta_data": {"imds": null}}}'])
def test_other_instance_data_say_nothing(tmp_path: Path, data: str) -> None:
    put(tmp_path, INSTANCE_DATA, data)
    with pytest.raises(HypervNetError, match="has left no network config"):
        next_network_config(tmp_path, LINUX)


def test_the_target_is_the_first_of_cloud_inits_order_that_is_there(tmp_path: Path) -> None:
    put(tmp_path, "usr/sbin/netplan")
    assert next_target(tmp_path, System.LINUX).name == "netplan"
    put(tmp_path, "usr/sbin/ifup")
    assert next_target(tmp_path, System.LINUX).name == "netplan"  # no interfaces file yet
    put(tmp_path, "etc/network/interfaces")
    assert next_target(tmp_path, System.LINUX).name == "ifupdown"


def test_the_order_of_the_image_is_obeyed(tmp_path: Path) -> None:
    for path in (
        "usr/sbin/netplan",
        "usr/sbin/ifup",
        "etc/network/interfaces",
        "usr/bin/systemctl",
    ):
        put(tmp_path, path)
    put(tmp_path, CFG, "system_info: {network: {renderers: [network-manager, netplan, eni]}}\n")
    assert next_target(tmp_path, System.LINUX).name == "netplan"
    put(tmp_path, CFG, "system_info: {network: {renderers: [networkd]}}\n")
    assert next_target(tmp_path, System.LINUX).name == "networkd"


def test_where_cloud_init_would_find_no_renderer_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(HypervNetError, match="finds none of its renderers"):
        next_target(tmp_path, System.LINUX)


def test_on_freebsd_the_target_is_freebsd(tmp_path: Path) -> None:
    assert next_target(tmp_path, System.FREEBSD).name == "freebsd"


def test_settings_on_the_command_line_outrank_those_in_files(tmp_path: Path) -> None:
    put(tmp_path, CFG, "hyperv_net: {enabled: true, mii_monitor_interval: 50}\n")
    put(tmp_path, "usr/local/etc/cloud/cloud.cfg.d/50.cfg", "hyperv_net: {aggregate: always}\n")
    put(tmp_path, COMMAND_LINE, "ro cc: hyperv_net: %7Benabled: false%7D end_cc quiet\n")
    settings = find_settings(tmp_path)
    assert settings.enabled is False
    assert settings.mii_monitor_interval == 50
    assert settings.aggregate is AggregatePolicy.ALWAYS


def test_plan_cloud_init_plans_with_the_config_and_the_target_of_cloud_init(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    materialise(capture("hv-netvsc-on-virtio"), tmp_path)
    put(tmp_path, "usr/sbin/netplan")
    interface = {
        "macAddress": "000D3A112233",
        "ipv4": {"ipAddress": [{"privateIpAddress": "10.0.0.4"}]},
    }
    put(tmp_path, INSTANCE_DATA, azure(interface))
    assert gather(tmp_path).nics
    assert main(["plan", "--cloud-init", "--root", str(tmp_path), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["target"] == "netplan"
    paths = [file["path"] for file in document["files"] if file["purpose"] == "configuration"]
    assert paths == ["etc/netplan/50-cloud-init.yaml"]
    assert "bond0" in document["files"][0]["text"]


def test_plan_cloud_init_takes_no_other_network_config(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--cloud-init", "--root", str(tmp_path), "--network-config", "file.yaml"]
    assert main(["plan", *given]) == 1
    assert "give one of the two" in capsys.readouterr().err


def test_plan_cloud_init_says_so_where_cloud_inits_networking_is_turned_off(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    materialise(capture("hv-netvsc-on-virtio"), tmp_path)
    put(tmp_path, CFG, "network: {config: disabled}\n")
    put(tmp_path, "usr/sbin/netplan")
    assert main(["plan", "--cloud-init", "--root", str(tmp_path)]) == 1
    assert "cloud-init's networking is disabled here" in capsys.readouterr().err
