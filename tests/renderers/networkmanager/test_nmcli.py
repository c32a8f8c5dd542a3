"""NetworkManager's own verdict: each file is read as it was written, setting by setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.renderers.networkmanager.identity import path_of
from hyperv_net.renderers.networkmanager.render import render
from tests.debian.tools import SUITES
from tests.expected import CASES, produce
from tests.renderers.linux_pairs import joined, pair, rewritten
from tests.renderers.networkmanager.nmcli import lost, normalised, settings

pytestmark = pytest.mark.debian

on_each_suite = pytest.mark.parametrize("suite", SUITES)
FOLDER = "etc/NetworkManager/system-connections"
LINUX = [case for case in CASES if '"freebsd"' not in (case / "inventory.json").read_text()]

#: All that a profile can have, in values that differ from what is so without.
EVERYTHING: dict[str, Any] = {
    "dhcp4": True,
    "dhcp6": True,
    "addresses": ["10.0.0.4/24", "2001:db8::4/64"],
    "gateway4": "10.0.0.1",
    "gateway6": "fe80::1",
    "mtu": 1400,
    "ipv6-mtu": 1300,
    "nameservers": {"addresses": ["10.0.0.53", "2001:db8::53"], "search": ["a.org", "b.org"]},
    "dhcp4-overrides": {
        **{"route-metric": 7, "use-dns": False, "use-routes": False, "hostname": "other"},
        **{"use-hostname": False, "send-hostname": False},
    },
    "dhcp6-overrides": {"route-metric": 8, "use-dns": False},
    "dhcp-identifier": "duid",
    "ipv6-privacy": True,
    "ipv6-address-generation": "stable-privacy",
    "activation-mode": "manual",
    "link-local": ["ipv4", "ipv6"],
    "routes": [
        {"to": "10.9.0.0/16", "via": "10.0.0.2", "metric": 3, "mtu": 1300, "table": 9},
        {"to": "10.8.0.0/16", "via": "192.0.2.1", "on-link": True, "from": "10.0.0.4"},
        {"to": "10.7.0.0/16", "type": "blackhole"},
        {"to": "10.6.0.0/16", "type": "throw", "metric": 4},
        {"to": "10.5.0.0/16", "scope": "host"},
        {"to": "10.4.0.0/16", "via": "10.0.0.1", "advertised-mss": 1200},
        {
            **{"to": "2001:db8:9::/48", "via": "2001:db8::1", "congestion-window": 9},
            **{"advertised-receive-window": 8},
        },
    ],
    "routing-policy": [
        {"from": "10.0.0.4", "to": "10.9.0.0/16", "table": 9, "mark": 3, "type-of-service": 8},
        {"to": "2001:db8:9::/48", "table": 9, "priority": 5},
        {"mark": 7, "table": 9},
        {"from": "10.1.0.0/16"},
    ],
    "networkmanager": {"stable-id": "a;b", "passthrough": {"connection.zone": "trusted"}},
}
PARAMETERS: dict[str, Any] = {
    **{"mode": "802.3ad", "mii-monitor-interval": "200ms", "up-delay": 400, "down-delay": 600},
    **{"lacp-rate": "fast", "min-links": 2, "ad-select": "bandwidth", "resend-igmp": 3},
    **{"transmit-hash-policy": "encap2+3", "learn-packet-interval": 9, "gratuitous-arp": 5},
}


def everything() -> dict[str, Any]:
    plain = joined(
        pair(0, **EVERYTHING),
        {
            "ethernets": {
                "lo": {"addresses": ["10.255.0.1/32"]},
                "ens8": {
                    **{"match": {"name": "ens[89]"}, "wakeonlan": True, "dhcp4": True},
                    **{"receive-checksum-offload": False, "large-receive-offload": True},
                },
                "ens9": {"macaddress": "stable", "accept-ra": True, "ipv6-address-token": "::5"},
                "other": {"match": {"macaddress": "02:00:00:00:00:01"}, "link-local": ["ipv4"]},
            },
            "bonds": {"bond9": {"interfaces": ["other"], "parameters": PARAMETERS}},
            "vlans": {
                "v5": {"id": 5, "link": "bond0", "hairpin": True},
                "v6": {"id": 6, "link": "ens9", "macaddress": "02:00:00:00:00:06"},
            },
            "bridges": {
                "br0": {
                    "interfaces": ["v5"],
                    "addresses": ["10.5.0.1/24"],
                    "parameters": {
                        **{"stp": True, "priority": 4096, "forward-delay": 9, "hello-time": 3},
                        **{"max-age": 21, "ageing-time": 1000000},
                        **{"path-cost": {"v5": 7}, "port-priority": {"v5": 8}},
                    },
                }
            },
            "vrfs": {
                "red": {
                    **{"table": 9, "interfaces": ["v6"]},
                    "routes": [
                        {"to": "default", "via": "10.6.0.9"},
                        {"to": "2001:db8:9::/48", "via": "2001:db8::1"},
                        {"to": "10.7.0.0/16", "type": "prohibit"},
                    ],
                    "routing-policy": [{"from": "10.7.0.0/16"}, {"from": "2001:db8:7::/48"}],
                },
                "blue": {
                    **{"table": 10, "link-local": []},
                    "routing-policy": [{"from": "10.7.0.0/16"}, {"from": "2001:db8:7::/48"}],
                },
            },
            "dummy-devices": {"d0": {"addresses": ["10.6.0.1/24"]}},
        },
    )
    plain["ethernets"]["eth0"]["auth"] = {
        **{"key-management": "802.1x", "method": "ttls", "identity": "me;you\\ ", "password": " p"},
        **{"ca-certificate": "/etc/ssl/a b.pem", "phase2-auth": "mschapv2"},
        **{"anonymous-identity": "\tx=y#z"},
    }
    return plain


@on_each_suite
@pytest.mark.parametrize("case", LINUX, ids=lambda case: case.name)
def test_every_profile_of_the_examples_is_read_as_it_was_written(suite: str, case: Path) -> None:
    _, files = produce(case, "network-manager")
    for path, text in files.items():
        if path.startswith(FOLDER):
            assert lost(text, normalised(suite, text)) == {}, path


@on_each_suite
def test_every_setting_that_a_profile_can_have_is_read_as_it_was_written(suite: str) -> None:
    made = render(rewritten(everything()), {})
    for file in made.files:
        assert lost(file.text, normalised(suite, file.text)) == {}, file.path
    said = {at for file in made.files for at in settings(file.text)}
    assert len(said) > 90


@on_each_suite
@pytest.mark.parametrize("vf_present", [True, False])
def test_nothing_but_the_two_ports_and_the_bond_is_made_of_a_pair(
    suite: str, vf_present: bool
) -> None:
    """What NetworkManager adds by itself is a method for each family, and no port has one."""
    for file in render(rewritten(pair(), vf_present=vf_present), {}).files:
        more = settings(normalised(suite, file.text)).keys() - settings(file.text).keys()
        assert more == set(), file.path


@on_each_suite
@pytest.mark.parametrize(
    "evil", ["x\n[ipv4]\nmethod=auto", "x\\nmethod=auto", "a;b;", "  two", "tab\tx", "ü", "\\s"]
)
def test_a_text_is_the_same_text_to_networkmanager(suite: str, evil: str) -> None:
    plain = pair()
    plain["ethernets"]["eth0"]["auth"] = {"method": "pwd", "identity": evil, "password": evil}
    made = render(rewritten(plain), {})
    (text,) = [file.text for file in made.files if file.path == path_of("eth0")]
    assert lost(text, normalised(suite, text)) == {}
