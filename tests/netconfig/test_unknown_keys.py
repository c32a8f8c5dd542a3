"""A key that is almost one of those that are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.netconfig.read import read_network_config
from tests.commands.calling import NETPLAN, Capture, with_config


def unknown(text: str) -> list[str]:
    """The places and hints of the findings."""
    found = read_network_config(text, "f").findings
    return [f"{one.where} {one.hint}" for one in found if one.rule == "unknown-key"]


@pytest.mark.parametrize(
    ("text", "place", "meant"),
    [
        ("ethernets: {eth0: {dhpc4: true}}", "ethernets.eth0.dhpc4", "dhcp4"),
        ("ethernets: {eth0: {adresses: []}}", "ethernets.eth0.adresses", "addresses"),
        ("ethernet: {eth0: {}}", "ethernet", "ethernets"),
        ("bonds: {b: {parameters: {mod: 1}}}", "bonds.b.parameters.mod", "mode"),
        ("bonds: {b: {parameters: {all-member-active: true}}}", "", "all-members-active"),
        (
            "ethernets: {eth0: {auth: {key-managment: 802.1x}}}",
            "ethernets.eth0.auth.key-managment",
            "key-management",
        ),
        (
            "wifis: {w: {access-points: {home: {pasword: x}}}}",
            "wifis.w.access-points.home.pasword",
            "password",
        ),
        (
            "wifis: {w: {access-points: {home: {auth: {methd: psk}}}}}",
            "wifis.w.access-points.home.auth.methd",
            "method",
        ),
        (
            "tunnels: {wg0: {mode: wireguard, peers: [{keys: {pubic: a, shared: b}}]}}",
            "tunnels.wg0.peers[0].keys.pubic",
            "public",
        ),
        (
            "tunnels: {gre0: {mode: gre, keys: {inptu: 5}}}",
            "tunnels.gre0.keys.inptu",
            "input",
        ),
        (
            "ethernets: {eth0: {networkmanager: {stableid: 5}}}",
            "ethernets.eth0.networkmanager.stableid",
            "stable-id",
        ),
        (
            "bridges: {b: {openvswitch: {controller: {adresses: []}}}}",
            "bridges.b.openvswitch.controller.adresses",
            "addresses",
        ),
    ],
)
def test_it_is_a_warning_with_what_was_meant(text: str, place: str, meant: str) -> None:
    """And the file is read, since what is not known here may be known to others."""
    (said,) = unknown(f"{{version: 2, {text}}}")
    assert said.startswith(f"f: {place}") and said.endswith(f"did you mean {meant!r}?")


@pytest.mark.parametrize(
    "text",
    [
        "ethernets: {eth0: {dhcp4: true, x-site-note: 7}}",
        "ethernets: {dhpc4: {dhcp4: true}}",
        "openvswitch: {dhpc4: 1}",
        "wifis: {w: {access-points: {pasword: {mode: ap}}, auth: 5}}",
        "tunnels: {gre0: {mode: gre, keys: 5}, wg0: {mode: wireguard, key: {private: x}}}",
        "ethernets: {eth0: {networkmanager: {passthrough: {connection.unid: 5}}}}",
    ],
)
def test_a_key_that_is_like_none_is_left_alone_and_so_is_a_name(text: str) -> None:
    assert unknown(f"{{version: 2, {text}}}") == []


@pytest.mark.parametrize(
    ("entry", "place", "meant"),
    [
        ("mac_adress: '00:0d:3a:11:22:33'", "config[0].mac_adress", "mac_address"),
        ("subnet: [{type: dhcp}]", "config[0].subnet", "subnets"),
        ("subnets: [{type: dhcp, metrik: 7}]", "config[0].subnets[0].metrik", "metric"),
    ],
)
def test_in_version_1_it_is_a_key_of_version_1_that_was_meant(
    entry: str, place: str, meant: str
) -> None:
    (said,) = unknown(f"{{version: 1, config: [{{type: physical, name: eth0, {entry}}}]}}")
    assert said.startswith(f"f: {place}") and said.endswith(f"did you mean {meant!r}?")


def test_one_mistyped_key_is_one_finding(capsys: Capture, tmp_path: Path) -> None:
    """Also where there are leaves below it, and although none of them is in the result."""
    config = tmp_path / "net.yaml"
    for typo in ("dhpc4: true", "adresses: [10.0.0.4/24, 10.0.0.5/24]"):
        text = (NETPLAN / "network-config.yaml").read_text()
        config.write_text(text.replace("dhcp4: true", typo, 1))
        assert typo in config.read_text()
        main(["plan", *with_config(config), "--format", "json"])
        said = json.loads(capsys.readouterr().out)
        key = f".{typo.partition(':')[0]}"
        rules = [one["rule"] for one in said["findings"] if key in one["where"]]
        assert rules == ["unknown-key"]
        (verdict,) = {said["verdict"]["level"]}
        assert verdict in ("settings", "network")
