"""OpenStack's network_data.json, read with the place of each value."""

from __future__ import annotations

import json

import pytest

from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.snapshot import as_document
from hyperv_net.netconfig.read import read_network_config, with_names
from hyperv_net.root.cloud_config import CONFIG_DRIVE, find_network_config
from hyperv_net.tree import leaves, to_plain
from tests.building import linux, mac, nic, synthetic, vf
from tests.files import put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    Capture = pytest.CaptureFixture[str]

DRIVERS = ("hv_netvsc",)
TEXT = """\
{"links": [
  {"id": "tap77a0dc5b-72", "type": "vif", "vif_id": "x",
   "ethernet_mac_address": "00:0D:3A:00:00:00", "mtu": 1450},
  {"id": "v5", "type": "vlan", "vlan_link": "tap77a0dc5b-72", "vlan_id": 5,
   "vlan_mac_address": "00:0d:3a:00:00:05"}],
 "networks": [
  {"id": "n0", "type": "ipv4", "link": "tap77a0dc5b-72", "ip_address": "10.0.0.4",
   "netmask": "255.255.255.0", "network_id": "u", "qos": "gold",
   "routes": [{"network": "0.0.0.0", "netmask": "0.0.0.0", "gateway": "10.0.0.1"}]}],
 "services": [{"type": "dns", "address": "10.0.0.53"}]}
"""
NAMES = {mac(): "eth0"}


def test_nics_are_called_as_they_are_on_the_machine_and_vlans_by_them() -> None:
    tree = to_plain(read_network_config(TEXT, "network_data.json", NAMES).tree)
    assert tree["ethernets"]["eth0"]["set-name"] == "eth0"
    assert tree["vlans"]["eth0.5"]["link"] == "eth0"
    assert tree["ethernets"]["eth0"]["addresses"] == ["10.0.0.4/24"]


def test_of_a_pair_it_is_the_synthetic_nic_that_is_meant() -> None:
    config = read_network_config(TEXT, "network_data.json")
    machine = linux(vf(), nic("eth7", 7), synthetic())
    named = with_names(config, TEXT, machine, DRIVERS)
    assert config.is_nameless and not named.is_nameless
    assert list(to_plain(named.tree)["ethernets"]) == ["eth0"]


def test_where_no_nic_is_known_none_is_renamed() -> None:
    config = read_network_config(TEXT, "network_data.json")
    (entry,) = to_plain(config.tree)["ethernets"].values()
    assert entry["match"] == {"macaddress": mac()}
    assert "set-name" not in entry


def test_every_leaf_is_somewhere_or_told_as_dropped() -> None:
    config = read_network_config(TEXT, "network_data.json", NAMES)
    kept = {origin for _, node in leaves(config.tree) for origin in node.origins}
    kept |= {origin for kind in config.tree.value.values() for origin in kind.origins}  # type: ignore[union-attr]
    dropped = dict(config.dropped)
    assert list(dropped) == [("networks", 0, "qos")]
    assert "'qos'" in dropped["networks", 0, "qos"]
    assert ("networks", 0, "ip_address") in kept


def test_all_that_is_wrong_is_told_at_once_with_line_and_column() -> None:
    wrong = (
        TEXT.replace("1450", '"many"')
        .replace('"10.0.0.4"', '"10.0.0.400"')
        .replace('"vlan_link": "tap', '"vlan_link": "tip')
    )
    with pytest.raises(HypervNetError) as raised:
        read_network_config(wrong, "network_data.json", NAMES)
    told = [str(one) for one in (raised.value, *raised.value.others)]
    assert told == [
        "network_data.json:3:56: links[0].mtu: not an MTU from 68 to 65536: 'many'",
        "network_data.json:4:45: links[1].vlan_link: no link has the id 'tip77a0dc5b-72'",
        "network_data.json:7:72: networks[0].ip_address: not an IP address: '10.0.0.400'",
    ]


def test_a_network_of_no_link_is_dropped_and_told() -> None:
    text = TEXT.replace('"link": "tap', '"link": "tip')
    config = read_network_config(text, "network_data.json", NAMES)
    assert dict(config.dropped)["networks", 0, "ip_address"] == (
        "no link has the id 'tip77a0dc5b-72'"
    )


def test_a_config_drive_of_a_root_is_read_by_the_version_that_cloud_init_takes(
    tmp_path: Path,
) -> None:
    drive = "var/lib/cloud/seed/config_drive/openstack"
    put(tmp_path, f"{drive}/latest/network_data.json", "{}")
    put(tmp_path, f"{drive}/2018-08-27/network_data.json", TEXT)
    put(tmp_path, f"{drive}/2012-08-10/network_data.json", "{}")
    found = find_network_config(str(tmp_path))
    assert found is not None and found.text == TEXT
    assert found.source == f"{drive}/2018-08-27/network_data.json"
    put(tmp_path, "var/lib/cloud/seed/nocloud/network-config", "version: 2")
    kept = find_network_config(str(tmp_path))
    assert kept is not None and kept.text == "version: 2"
    assert len(CONFIG_DRIVE) == 2


def test_a_version_without_the_file_hides_those_before_it(tmp_path: Path) -> None:
    drive = "config-drive/openstack"
    put(tmp_path, f"{drive}/2018-08-27/meta_data.json", "{}")
    put(tmp_path, f"{drive}/latest/network_data.json", TEXT)
    assert find_network_config(str(tmp_path)) is None


def test_a_plan_of_it_has_the_aggregate_and_the_line_of_each_setting(
    tmp_path: Path, capsys: Capture
) -> None:
    put(tmp_path, "network_data.json", TEXT)
    machine = tmp_path / "machine.json"
    machine.write_text(json.dumps(as_document(linux(synthetic(), vf()))))
    given = ["--network-config", str(tmp_path / "network_data.json"), "--target", "netplan"]
    main(["review", *given, "--inventory", str(machine), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert [one["aggregate"] for one in told["pairs"]] == ["bond0"]
    lost = [one for one in told["findings"] if one["rule"] == "setting-dropped"]
    assert [(one["line"], one["key"]) for one in lost] == [(8, ["networks", 0, "qos"])]
