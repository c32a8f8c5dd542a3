"""Targets without a renderer: the config that cloud-init's own renderer gets."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from hyperv_net.model import Rewritten
from hyperv_net.renderers import load, passed_on
from tests.building import dropped, linux, mac, rewritten, synthetic, vf

CONFIG = f"""\
version: 2
ethernets:
  nic:
    match: {{macaddress: "{mac()}"}}
    set-name: front
    addresses: [10.0.0.4/24, "10.0.0.5/24": {{label: "front:1"}}]
vlans:
  v10: {{id: 10, link: nic, dhcp4: true}}
"""
PAIR = linux(synthetic(), vf())


def network(read: Rewritten) -> Any:
    (file,) = passed_on.render(read, {}).files
    assert yaml.safe_load(file.text) == passed_on.network_config(read)
    return passed_on.network_config(read)


def test_a_target_without_a_renderer_says_what_it_is() -> None:
    finding, *_ = load("sysconfig").render(rewritten(CONFIG, PAIR), {}).findings
    assert finding.rule == "rendered-by-cloud-init"


def test_both_members_are_declared_under_their_interfaces_names() -> None:
    made = network(rewritten(CONFIG, PAIR))
    assert list(made["ethernets"]) == ["front", "enP0s1"]
    assert made["ethernets"]["front"]["match"]["driver"] == "hv_netvsc"
    assert "match" not in made["ethernets"]["enP0s1"]
    assert made["bonds"]["bond0"]["interfaces"] == ["front", "enP0s1"]
    assert made["bonds"]["bond0"]["parameters"]["primary"] == "enP0s1"
    assert made["vlans"]["v10"]["link"] == "bond0"


def test_which_of_netplans_backends_configures_is_no_setting_that_is_lost() -> None:
    read = rewritten(
        "{version: 2, renderer: networkd, ethernets: {renderer: networkd, eth0: {dhcp4: true}}}",
        PAIR,
    )
    assert not [path for path in dropped(passed_on.render(read, {})) if "renderer" in path]


def test_a_vf_that_is_away_is_left_out() -> None:
    read = rewritten(CONFIG, linux(synthetic()), aggregate="always")
    made = network(read)
    assert made["bonds"]["bond0"]["interfaces"] == ["front"]
    assert "primary" not in made["bonds"]["bond0"]["parameters"]
    assert list(made["ethernets"]) == ["front"]


def test_an_address_with_options_becomes_a_plain_one_and_the_options_are_dropped() -> None:
    read = rewritten(CONFIG, PAIR)
    assert network(read)["bonds"]["bond0"]["addresses"] == ["10.0.0.4/24", "10.0.0.5/24"]
    lost = dropped(passed_on.render(read, {}))
    assert [path for path in lost if path.endswith("label")]


def test_what_older_cloud_inits_raise_for_is_dropped() -> None:
    read = rewritten(CONFIG, PAIR)
    assert "all-slaves-active" not in network(read)["bonds"]["bond0"]["parameters"]
    assert "bonds.bond0.parameters.all-slaves-active" in dropped(passed_on.render(read, {}))


def test_name_servers_of_no_device_go_to_the_aggregate() -> None:
    config = f"""\
version: 1
config:
- {{type: physical, name: eth0, mac_address: "{mac()}", subnets: [{{type: dhcp, control: manual}}]}}
- {{type: nameserver, address: [9.9.9.9]}}
"""
    read = rewritten(config, PAIR)
    made = network(read)
    assert made["bonds"]["bond0"]["nameservers"]["addresses"] == ["9.9.9.9"]
    assert "nameservers" not in made
    assert "control" not in made["bonds"]["bond0"]
    rendered = passed_on.render(read, {})
    assert "bonds.bond0.nameservers" in rendered.places[("nameservers", "addresses", 0)]
    assert list(dropped(rendered)) == [
        "bonds.bond0.control",
        "bonds.bond0.parameters.all-slaves-active",
    ]


def test_a_key_that_cloud_init_does_not_read_is_not_said_to_be_in_the_result() -> None:
    """A typing error, and what netplan alone knows of a card."""
    read = rewritten(
        "{version: 2, ethernets: {eth0: {dhpc4: true, auth: {password: x}, dhcp4: true}}}", PAIR
    )
    lost = dropped(passed_on.render(read, {}))
    assert {"bonds.bond0.dhpc4", "ethernets.eth0.auth.password"} <= lost.keys()
    assert "bonds.bond0.dhcp4" not in lost


PARAMETERS = f"""\
version: 2
ethernets:
  eth0: {{match: {{macaddress: "{mac()}"}}}}
bonds:
  uplink:
    interfaces: [eth0]
    parameters: {{mode: active-backup, arp-interval: 5, arp-ip-targets: [10.0.0.1], resend-igmp: 2,
      learn-packet-interval: 3}}
bridges:
  br0: {{interfaces: [uplink], parameters: {{stp: true, bridge_gcint: 5}}}}
"""


def test_a_device_that_says_nothing_is_passed_on() -> None:
    read = rewritten("{version: 2, ethernets: {eth0: {dhcp4: true}}, bridges: {br0: {}}}", PAIR)
    assert network(read)["bridges"] == {"br0": {}}
    assert "bridges.br0" not in dropped(passed_on.render(read, {}))


def test_a_parameter_that_cloud_init_raises_for_is_not_passed_on() -> None:
    read = rewritten(PARAMETERS, PAIR)
    rendered = passed_on.render(read, {})
    made = network(read)
    assert made["bonds"]["uplink"]["parameters"]["arp-ip-target"] == ["10.0.0.1"]
    assert "arp-ip-targets" not in made["bonds"]["uplink"]["parameters"]
    assert made["bridges"]["br0"]["parameters"] == {"stp": True}
    assert {path for path in dropped(rendered) if "parameters" in path} == {
        "bonds.uplink.parameters.resend-igmp",
        "bridges.br0.parameters.bridge_gcint",
    }
    # The administrator's own stays: cloud-init would raise for it without us as well.
    assert made["bonds"]["uplink"]["parameters"]["learn-packet-interval"] == 3
    (later,) = [one for one in rendered.findings if one.rule == "lost-by-cloud-init"]
    assert "before 26.2" in later.message and str(later.where).endswith("learn-packet-interval")


def test_device_types_that_cloud_init_reads_for_netplan_alone_are_dropped() -> None:
    read = rewritten(CONFIG + "vrfs:\n  blue: {table: 7, interfaces: [nic]}\n", PAIR)
    assert "vrfs" not in network(read)
    assert "vrfs.blue.table" in dropped(passed_on.render(read, {}))


LEFT_OUT = f"""\
version: 2
ethernets:
  nic:
    match: {{macaddress: "{mac()}"}}
    dhcp4: true
    dhcp4-overrides: {{use-dns: false, route-metric: 9}}
    routes: [{{to: 10.9.0.0/16, via: 10.0.0.1, on-link: true, table: 7, metric: 8}}]
    optional: true
"""


@pytest.mark.parametrize(
    ("target", "more", "by_version"),
    [
        ("sysconfig", ["routes[0].table"], ["routes[0].metric"]),
    ],
)
def test_what_cloud_inits_renderer_leaves_out_is_dropped_and_not_moved(
    target: str, more: list[str], by_version: list[str]
) -> None:
    rendered = load(target).render(rewritten(LEFT_OUT, PAIR), {})
    lost = {path for path, reason in dropped(rendered).items() if "leaves it out" in reason}
    common = ["dhcp4-overrides.use-dns", "optional", "routes[0].on-link"]
    assert lost == {f"bonds.bond0.{one}" for one in (*common, *more)}
    later = [str(one.where) for one in rendered.findings if one.rule == "lost-by-cloud-init"]
    assert later == [f"{passed_on.FILE}: bonds.bond0.{one}" for one in by_version]


def test_a_router_advertisement_that_cloud_init_does_not_pass_on_is_no_silence() -> None:
    """Version 1's `ipv6_slaac` has no other word in version 2: the bond would have no address."""
    config = f"""\
version: 1
config:
- {{type: physical, name: eth0, mac_address: "{mac()}", subnets: [{{type: ipv6_slaac}}]}}
"""
    for target in ("sysconfig",):
        rendered = load(target).render(rewritten(config, PAIR), {})
        assert "bonds.bond0.accept-ra" in dropped(rendered)
