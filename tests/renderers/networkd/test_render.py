"""The files of networkd for a pair and for what stands on it."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.model import Severity
from tests.renderers.linux_pairs import MAC, joined, pair, reasons
from tests.renderers.networkd.written import bond, files, render, said

VF, SYNTHETIC = "06-hyperv-net-eth0-vf.network", "06-hyperv-net-eth0.network"


def test_the_members_are_told_apart_by_driver_and_never_by_name() -> None:
    """By the address they have now the VF's file would fit the bond too."""
    rendered = render(pair())
    assert said(rendered, SYNTHETIC)["Match"] == {
        "Driver": ["hv_netvsc"],
        "PermanentMACAddress": [MAC],
    }
    assert said(rendered, VF)["Match"] == {"Driver": ["!hv_netvsc"], "PermanentMACAddress": [MAC]}


def test_both_members_are_bare_and_the_vf_is_primary() -> None:
    rendered = render(pair())
    bare = {
        "DHCP": ["no"],
        "LinkLocalAddressing": ["no"],
        "IPv6AcceptRA": ["no"],
        "Bond": ["bond0"],
    }
    assert said(rendered, SYNTHETIC)["Network"] == bare
    assert said(rendered, VF)["Network"] == {**bare, "PrimarySlave": ["yes"]}
    for member in (SYNTHETIC, VF):
        assert said(rendered, member)["Link"] == {"RequiredForOnline": ["no"]}


def test_the_bond_has_the_pairs_address_and_every_parameter() -> None:
    assert said(render(pair()), "06-hyperv-net-bond0.netdev") == {
        "NetDev": {"Name": ["bond0"], "Kind": ["bond"], "MACAddress": [MAC]},
        "Bond": {
            "AllSlavesActive": ["yes"],
            "MIIMonitorSec": ["100ms"],
            "Mode": ["active-backup"],
            "PrimaryReselectPolicy": ["always"],
        },
    }


def test_nothing_is_lost_and_nothing_is_claimed_that_is_not_there() -> None:
    """Every place names a file that is written, and a line that is in it."""
    rendered = render(
        joined(
            pair(dhcp4=True, addresses=["10.0.0.4/24"], mtu=9000),
            {
                "vlans": {"v5": {"id": 5, "link": "bond0", "dhcp6": True}},
                "bridges": {
                    "br0": {
                        "interfaces": ["v5"],
                        "parameters": {"stp": False, "path-cost": {"v5": 9}},
                    }
                },
                "vrfs": {"red": {"table": 9, "interfaces": ["br0"]}},
            },
        )
    )
    assert not rendered.dropped
    written = {file.path: file.text for file in rendered.files}
    for place in rendered.places.values():
        path, _, line = place.partition(": ")
        if path in written and line.startswith("[") and line.endswith("="):
            assert f"\n{line.partition('] ')[2]}" in written[path], place


@pytest.mark.parametrize(
    ("settings", "section", "lines"),
    [
        ({"dhcp4": True, "dhcp6": True}, "Network", {"DHCP": ["yes"]}),
        ({"dhcp6": True}, "Network", {"DHCP": ["ipv6"]}),
        ({"accept-ra": False}, "Network", {"IPv6AcceptRA": ["no"]}),
        ({"ipv6-privacy": True}, "Network", {"IPv6PrivacyExtensions": ["yes"]}),
        ({"ipv6-address-generation": "stable-privacy"}, "Network", {"IPv6Token": ["prefixstable"]}),
        ({"ipv6-address-token": "::7"}, "Network", {"IPv6Token": ["static:::7"]}),
        ({"link-local": ["ipv4", "ipv6"]}, "Network", {"LinkLocalAddressing": ["yes"]}),
        ({"link-local": []}, "Network", {"LinkLocalAddressing": ["no"]}),
        ({"critical": True}, "Network", {"KeepConfiguration": ["yes"]}),
        ({"ipv6-mtu": 1400}, "Network", {"IPv6MTUBytes": ["1400"]}),
        ({"emit-lldp": True}, "Network", {"EmitLLDP": ["yes"]}),
        ({"gateway4": "10.0.0.1"}, "Network", {"Gateway": ["10.0.0.1"]}),
        ({"optional": True}, "Link", {"RequiredForOnline": ["no"]}),
        ({"activation-mode": "off"}, "Link", {"ActivationPolicy": ["always-down"]}),
        ({"mtu": 9000}, "Link", {"MTUBytes": ["9000"]}),
        (
            {"dhcp4": True, "dhcp4-overrides": {"use-dns": False, "hostname": "a.b"}},
            "DHCPv4",
            {
                "RouteMetric": ["100"],
                "UseMTU": ["yes"],
                "UseDNS": ["no"],
                "Hostname": ["a.b"],
            },
        ),
        (
            {"nameservers": {"addresses": ["10.0.0.2"], "search": ["a.b", "~c"]}},
            "Network",
            {"DNS": ["10.0.0.2"], "Domains": ["a.b ~c"]},
        ),
        (
            {"addresses": [{"10.0.0.5/24": {"label": "bond0:1", "lifetime": 0}}]},
            "Address",
            {"Address": ["10.0.0.5/24"], "Label": ["bond0:1"], "PreferredLifetime": ["0"]},
        ),
        (
            {"routes": [{"to": "default", "via": "fe80::1", "on-link": True, "metric": 5}]},
            "Route",
            {
                "Destination": ["::/0"],
                "Gateway": ["fe80::1"],
                "GatewayOnLink": ["yes"],
                "Metric": ["5"],
            },
        ),
        (
            {"routing-policy": [{"from": "10.0.0.0/8", "table": 7, "type-of-service": 8}]},
            "RoutingPolicyRule",
            {"From": ["10.0.0.0/8"], "Table": ["7"], "TypeOfService": ["8"]},
        ),
        ({"ra-overrides": {"use-dns": False}}, "IPv6AcceptRA", {"UseDNS": ["no"]}),
    ],
)
def test_a_setting_of_the_bond_is_a_line_of_its_file(
    settings: dict[str, Any], section: str, lines: dict[str, list[str]]
) -> None:
    rendered = render(pair(**settings))
    found = bond(rendered)[section]
    assert {key: found.get(key) for key in lines} == lines
    assert not rendered.dropped


def test_the_overrides_of_the_two_families_may_differ() -> None:
    """netplan refuses that for networkd, which has a section for each."""
    rendered = render(
        pair(
            **{
                "dhcp4": True,
                "dhcp6": True,
                "dhcp4-overrides": {"use-dns": True, "route-metric": 100},
                "dhcp6-overrides": {"use-dns": False, "route-metric": 200, "use-routes": False},
            }
        )
    )
    found = bond(rendered)
    assert (found["DHCPv4"]["UseDNS"], found["DHCPv6"]["UseDNS"]) == (["yes"], ["no"])
    assert found["DHCPv4"]["RouteMetric"] == ["100"]
    assert found["IPv6AcceptRA"] == {"RouteMetric": ["200"]}
    assert not rendered.dropped


def test_what_an_older_systemd_passes_by_is_said_with_the_release() -> None:
    rendered = render(pair(**{"activation-mode": "manual"}))
    (finding,) = rendered.findings
    assert (
        finding.rule == "networkd-newer" and "248: ActivationPolicy= in [Link]" in finding.message
    )
    assert render(pair(dhcp4=True)).findings == ()


@pytest.mark.parametrize(
    ("settings", "lost"),
    [
        ({"auth": {"password": "x"}}, "bonds.bond0.auth.password"),
        ({"optional-addresses": ["dhcp4"]}, "bonds.bond0.optional-addresses.0"),
        ({"networkmanager": {"uuid": "x"}}, "bonds.bond0.networkmanager.uuid"),
        ({"control": "manual"}, "bonds.bond0.control"),
        ({"made-up": 1}, "bonds.bond0.made-up"),
        ({"routes": [{"to": "10.9.0.0/16", "via": "x"}]}, "bonds.bond0.routes.0.via"),
        ({"routing-policy": [{"from": "x", "table": 7}]}, "bonds.bond0.routing-policy.0.from"),
    ],
)
def test_what_networkd_cannot_say_is_dropped_by_name(settings: dict[str, Any], lost: str) -> None:
    assert lost in reasons(render(pair(**settings)))


def test_a_rule_without_one_of_its_conditions_is_not_written_at_all() -> None:
    """It would be for other packets too; a route without its gateway leads elsewhere."""
    rendered = render(
        pair(
            **{
                "routing-policy": [{"from": "x", "table": 7}],
                "routes": [{"to": "10.9.0.0/16", "via": "x"}],
            }
        )
    )
    assert bond(rendered).keys() == {"Match", "Link", "Network"}


def test_a_device_that_cannot_be_made_is_left_out_with_what_stands_on_it() -> None:
    tree = joined(
        pair(),
        {
            "vlans": {"all": {"id": 5, "link": "bond0"}},
            "bridges": {"br0": {"interfaces": ["all"]}},
            "tunnels": {"wg0": {"mode": "wireguard", "key": "x"}},
            "wifis": {"wl0": {"dhcp4": True}},
        },
    )
    rendered = render(tree)
    lost = reasons(rendered)
    assert "a name that networkd does not take" in lost["vlans.all.id"]
    assert "no device of that name" in lost["bridges.br0.interfaces.0"]
    assert "networkd's own user" in lost["tunnels.wg0.key"]
    assert "no device of this type" in lost["wifis.wl0.dhcp4"]
    assert "VLAN" not in bond(rendered)["Network"]


def test_a_name_is_given_by_a_link_file_and_other_names_are_kept() -> None:
    tree = joined(pair(), {"ethernets": {"ens9": {"wakeonlan": True, "dhcp4": True}}})
    rendered = render(tree)
    assert said(rendered, "06-hyperv-net-eth0.link")["Link"] == {"Name": ["eth0"]}
    assert said(rendered, "07-hyperv-net-ens9.link")["Link"] == {
        "WakeOnLan": ["magic"],
        "NamePolicy": ["keep kernel database onboard slot path"],
        "AlternativeNamesPolicy": ["database onboard slot path"],
    }
    assert "06-hyperv-net-eth0-vf.link" not in files(rendered)


def test_what_may_fit_several_nics_comes_behind_what_fits_one() -> None:
    others = {
        "a": {"match": {"name": "e*"}, "dhcp4": True},
        "b": {"match": {}, "set-name": "b"},
        "c": {"match": {"driver": ["hv_netvsc", "mlx5_core"]}},
        "ens9": {"dhcp4": True},
    }
    rendered = render(joined(pair(), {"ethernets": others}))
    names = sorted(files(rendered))
    assert [one for one in names if one.startswith(("07", "08"))] == [
        "07-hyperv-net-ens9.network",
        "08-hyperv-net-a.network",
        "08-hyperv-net-b.network",
        "08-hyperv-net-c.network",
    ]
    assert said(rendered, "08-hyperv-net-c.network")["Match"] == {"Driver": ["hv_netvsc mlx5_core"]}
    assert "every NIC" in reasons(rendered)["ethernets.b.set-name"]


def test_it_is_the_same_with_its_own_output_there() -> None:
    first = render(pair())
    again = render(pair(), {file.path: file.text for file in first.files})
    assert again == first
    assert all(finding.severity is not Severity.ERROR for finding in again.findings)
