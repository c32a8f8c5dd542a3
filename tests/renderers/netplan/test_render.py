"""The netplan renderer, by itself."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from hyperv_net.model import Severity
from hyperv_net.renderers import load
from hyperv_net.renderers.netplan import render as netplan
from hyperv_net.renderers.netplan.paths import FILE
from hyperv_net.renderers.plain_yaml import dump
from hyperv_net.renderers.target import Part
from hyperv_net.tree import leaves
from tests.renderers.linux_pairs import MAC, SECRETS, joined, pair, reasons, rewritten
from tests.renderers.netplan.written import network, render


def test_a_pair_is_written_as_it_stands_in_the_tree() -> None:
    """One file, mode 0600, that reads back as the tree, with every leaf accounted for."""
    plain = pair()
    rendered = render(plain)
    (file,) = rendered.files
    assert (file.path, file.mode) == (FILE, 0o600)
    assert network(rendered) == plain
    assert not rendered.dropped and not rendered.findings
    assert set(rendered.places) == {path for path, _ in leaves(rewritten(plain).tree)}
    assert rendered.places["bonds", "bond0", "dhcp4"] == f"{FILE}: bonds.bond0.dhcp4"


def test_the_text_of_a_pair() -> None:
    """The order of keys, the quotes and the layout stay as they are."""
    text = render(pair(dhcp4=True)).files[0].text
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert body.startswith(
        "network:\n"
        "  version: 2\n"
        "  ethernets:\n"
        "    eth0:\n"
        "      match:\n"
        "        driver: hv_netvsc\n"
        '        macaddress: "00:0d:3a:11:22:33"\n'
        "      set-name: eth0\n"
        "      accept-ra: false\n"
        "      dhcp4: false\n"
        "      dhcp6: false\n"
        "      link-local: []\n"
        "      optional: true\n"
        "    eth0-vf:\n"
        "      match:\n"
        '        driver: "!hv_netvsc"\n'
    )
    assert "      interfaces:\n        - eth0\n        - eth0-vf\n" in body


def test_what_is_said_of_the_leaves_is_ascii_and_holds_no_secret() -> None:
    """Places, reasons and findings go to terminals of any encoding, and into logs."""
    secret = {"auth": {"password": "hunter2"}, "dhcp4": True, "addresses": ["hunter2"]}
    theirs = {
        "ethernets": {
            "eth0": secret,
            "+x": {"match": {"macaddress": MAC}, **secret},
            "bond0": secret,
        },
        "tunnels": {"eth0": {"mode": "wireguard", "key": "hunter2", "interfaces": ["eth0"]}},
    }
    existing = {
        "etc/netplan/90-theirs.yaml": dump({"network": theirs}),
        "etc/netplan/91-broken.yaml": "network: {hunter2: [",
    }
    rendered = render(joined(pair(), SECRETS, {"renderer": "NetworkManager"}), existing)
    rules = {each.rule for each in rendered.findings}
    assert rules >= {"netplan-broken", "netplan-rival", "netplan-first", "netplan-member-taken"}
    said = [*rendered.places.values(), *rendered.dropped.values(), *map(str, rendered.findings)]
    assert all(each.isascii() and "hunter2" not in each for each in said)


def test_unknown_keys_are_dropped_wherever_they_stand() -> None:
    """Netplan would refuse the whole file; each dropped key is reported, the rest stays."""
    plain = joined(
        pair(dhcp4=True, colour="red", routes=[{"to": "default", "via": "10.0.0.1", "x": 1}]),
        {"bonds": {"bond0": {"parameters": {"speed": 9}}}, "weather": {"fine": True}},
    )
    rendered = render(plain)
    assert reasons(rendered) == dict.fromkeys(
        [
            "bonds.bond0.colour",
            "bonds.bond0.parameters.speed",
            "bonds.bond0.routes.0.x",
            "weather.fine",
        ],
        "netplan has no such key",
    )
    assert network(rendered)["bonds"]["bond0"]["routes"] == [{"to": "default", "via": "10.0.0.1"}]
    assert not {leaf for leaf in rendered.places if leaf in rendered.dropped}


def test_control_becomes_what_netplan_calls_it_and_takes_no_network_away() -> None:
    """hotplug makes the device optional; manual and off are ignored, as cloud-init does."""
    controls = {"a": "manual", "b": "off", "c": "hotplug", "d": "auto"}
    nics = {name: {"dhcp4": True, "control": control} for name, control in controls.items()}
    rendered = render(joined(pair(), {"ethernets": nics}))
    ethernets = network(rendered)["ethernets"]
    assert ethernets["a"] == ethernets["b"] == {"dhcp4": True}
    assert ethernets["c"] == {"dhcp4": True, "optional": True}
    assert ethernets["d"] == {"dhcp4": True}
    assert set(reasons(rendered)) == {"ethernets.a.control", "ethernets.b.control"}


def test_a_device_whose_match_netplan_does_not_know_is_not_one_for_every_nic() -> None:
    nics = {
        "strange": {"match": {"path": "pci-1"}, "addresses": ["10.9.0.4/24"]},
        "known": {"match": {"path": "pci-2", "name": "ens9"}, "dhcp4": True},
        "every": {"match": {}, "dhcp4": True},
    }
    rendered = render(joined(pair(), {"ethernets": nics}))
    ethernets = network(rendered)["ethernets"]
    assert "strange" not in ethernets
    assert ethernets["known"]["match"] == {"name": "ens9"}
    assert ethernets["every"]["match"] == {}
    lost = reasons(rendered)
    assert "would be for every NIC" in lost["ethernets.strange.match.path"]
    assert "would be for every NIC" in lost["ethernets.strange.addresses.0"]


def test_stateless_dhcp6_is_what_networkd_does_with_router_advertisements() -> None:
    """The key leaves no trace of its own but is accounted for."""
    rendered = render(pair(**{"accept-ra": True, "dhcp6-stateless": True}))
    assert "dhcp6-stateless" not in network(rendered)["bonds"]["bond0"]
    assert rendered.places["bonds", "bond0", "dhcp6-stateless"].endswith("bonds.bond0.accept-ra")


def test_nameservers_of_no_device_go_to_those_with_addresses() -> None:
    """As in cloud-init: to all that have addresses and none of their own; never to a member."""
    servers = {"addresses": ["10.0.0.2"], "search": ["example.org"]}
    strange = {"nameservers": {"use-dns": False}}
    plain = joined(
        strange,
        pair(addresses=["10.0.0.4/24"]),
        {
            "ethernets": {
                "ens9": {"addresses": ["10.1.0.4/24"], "nameservers": {"addresses": ["1.1.1.1"]}},
                "ens8": {"dhcp4": True},
            },
            "nameservers": servers,
        },
    )
    rendered = render(plain)
    found = network(rendered)
    assert found["bonds"]["bond0"]["nameservers"] == servers
    assert found["ethernets"]["ens9"]["nameservers"] == {"addresses": ["1.1.1.1"]}
    assert "nameservers" not in found["ethernets"]["ens8"]
    assert "nameservers" not in found
    assert list(reasons(rendered)) == ["nameservers.use-dns"]


def test_where_all_have_nameservers_of_their_own_those_of_no_device_come_behind_them() -> None:
    own = {"addresses": ["1.1.1.1", "10.0.0.2"]}
    plain = joined(
        pair(addresses=["10.0.0.4/24"], nameservers=own),
        {"nameservers": {"addresses": ["10.0.0.2", "10.0.0.3"], "search": ["example.org"]}},
    )
    rendered = render(plain)
    assert network(rendered)["bonds"]["bond0"]["nameservers"] == {
        "addresses": ["1.1.1.1", "10.0.0.2", "10.0.0.3"],
        "search": ["example.org"],
    }
    assert not rendered.dropped


def test_nameservers_that_no_device_can_take_are_dropped() -> None:
    """A reason is given instead of silence."""
    rendered = render(joined(pair(mtu=9000), {"nameservers": {"addresses": ["10.0.0.2"]}}))
    assert set(reasons(rendered)) == {"nameservers.addresses.0"}
    assert "nameservers" not in network(rendered)


def test_a_route_of_no_device_goes_where_its_gateway_is() -> None:
    """To the device whose subnet holds the gateway; one that none reaches is dropped."""
    plain = joined(
        pair(addresses=["10.0.0.4/24"]),
        {
            "ethernets": {"ens9": {"addresses": [{"10.1.0.4/24": {"label": "ens9:1"}}]}},
            "routes": [
                {"to": "10.9.0.0/16", "via": "10.1.0.1", "metric": 3},
                {"to": "10.8.0.0/16", "via": "192.0.2.1"},
            ],
        },
    )
    rendered = render(plain)
    found = network(rendered)
    assert found["ethernets"]["ens9"]["routes"] == [plain["routes"][0]]
    assert "routes" not in found and "routes" not in found["bonds"]["bond0"]
    assert set(reasons(rendered)) == {"routes.1.to", "routes.1.via"}


def test_networkmanager_keeps_everything_but_the_pair() -> None:
    """It cannot match by driver: pair and vlan above it are networkd's, with a warning."""
    plain = joined(
        pair(),
        {
            "renderer": "NetworkManager",
            "ethernets": {"ens9": {"dhcp4": True}},
            "vlans": {"v5": {"id": 5, "link": "bond0", "dhcp4": True}},
        },
    )
    rendered = render(plain)
    found = network(rendered)
    assert found["renderer"] == "NetworkManager" and "renderer" not in found["ethernets"]["ens9"]
    pairs = [found["ethernets"]["eth0"], found["ethernets"]["eth0-vf"], found["bonds"]["bond0"]]
    assert [each["renderer"] for each in [*pairs, found["vlans"]["v5"]]] == ["networkd"] * 4
    (finding,) = rendered.findings
    assert (finding.rule, finding.severity) == ("netplan-networkd", Severity.WARNING)


def test_a_renderer_said_of_the_pair_itself_is_a_drop() -> None:
    """The administrator's own word is overridden, so the ledger says so."""
    rendered = render(pair(dhcp4=True, renderer="NetworkManager"))
    assert network(rendered)["bonds"]["bond0"]["renderer"] == "networkd"
    assert "networkd has the pair" in reasons(rendered)["bonds.bond0.renderer"]


def test_the_registry_loads_it() -> None:
    """By the target's name."""
    part = load("netplan").render
    assert isinstance(part, Part) and part.function is netplan.render


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(
        ["52:54:00:12:34:56", "0x1f", "1e3", "012", "1_0", "=", "off", "~", "2001-01-01"]
    )
)
TREES = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
)


@example({"large": 1e16, "small": 1e-07, "emoji": "\U0001f600", "list": [[[]], [{"a": [1]}]]})
@example({"k" * 1100: 1, "l" * 1100: {"m" * 1100: [{"n" * 1100: {}}]}})
@given(st.dictionaries(st.text(), TREES, max_size=4))
def test_whatever_is_written_reads_back_the_same(mapping: dict[str, Any]) -> None:
    """With YAML 1.1's rules for what is a number, a boolean or a date."""
    assert yaml.safe_load(dump(mapping) or "{}") == mapping


@given(st.dictionaries(st.text(min_size=1), TREES, max_size=4))
def test_keys_that_netplan_does_not_know_never_reach_the_file(unknown: dict[str, Any]) -> None:
    """The file is the tree without what was dropped, and nothing of it in any other place."""
    strange = {f"x-{key}": value for key, value in unknown.items()}
    rendered = render(joined(pair(), {"bonds": {"bond0": dict(strange)}}))
    assert network(rendered) == pair()
    assert {path[2] for path in rendered.dropped} == set(strange)
