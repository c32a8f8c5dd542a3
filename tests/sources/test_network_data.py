"""OpenStack's network_data.json, converted by the real cloud-init and by us: one config."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.tree import to_plain
from tests.sources.cloud import run

pytestmark = pytest.mark.debian

#: The last of the suites: earlier cloud-inits put a bond's parameters beside `params`.
SUITE = "sid"
NAMES = {"00:0d:3a:00:00:00": "eth0", "00:0d:3a:00:00:01": "eth1"}
DNS = {"type": "dns", "address": "10.0.0.53"}
ROUTE = {"network": "10.9.0.0", "netmask": "255.255.0.0", "gateway": "10.0.0.1"}
NETWORKS: tuple[dict[str, Any], ...] = (
    {"type": "ipv4_dhcp"},
    {"type": "ipv6_dhcp"},
    {"type": "ipv6_slaac"},
    {"type": "ipv6_dhcpv6-stateless"},
    {"type": "ipv6_dhcpv6-stateful"},
    {"type": "ipv4", "ip_address": "10.0.0.4", "netmask": "255.255.255.0", "gateway": "10.0.0.1"},
    {"type": "static", "ip_address": "10.0.0.5/24", "dns_search": ["example.com"]},
    {"type": "ipv6", "ip_address": "2001:db8::4", "netmask": "64"},
    {"type": "static6", "ip_address": "2001:db8::5/64", "metric": 7},
)
MORE: tuple[dict[str, Any], ...] = (
    {},
    {"routes": [ROUTE], "network_id": "n"},
    {"routes": [{**ROUTE, "services": [DNS, {**DNS, "address": "10.0.0.9"}]}], "services": [DNS]},
    {"services": [{**DNS, "address": "10.0.0.8"}]},
)


def physical(kind: str, at: int = 0, **more: Any) -> dict[str, Any]:
    mac = f"00:0D:3A:00:00:0{at}"
    return {"id": f"tap{at}", "type": kind, "ethernet_mac_address": mac, **more}


VLAN = {"id": "v", "type": "vlan", "vlan_id": 5, "vlan_mac_address": "00:0d:3a:00:00:09"}
BOND = {
    **{"id": "b", "type": "bond", "bond_links": ["tap0", "tap1"], "bond_mode": "active-backup"},
    **{"bond_miimon": 100, "ethernet_mac_address": "00:0d:3a:00:00:00"},
}
LINKS: tuple[list[dict[str, Any]], ...] = (
    [physical("phy", mtu=1450, vif_id="x")],
    [physical("ovs", name="lan0", mtu=None)],
    [physical("vif"), physical("bridge", 1)],
    [{**VLAN, "vlan_link": "tap0", "mtu": 1400}, physical("phy")],
    [{**BOND}, physical("phy"), physical("phy", 1)],
    [{**BOND, "name": "team0"}, physical("phy"), physical("phy", 1)],
    [physical("phy"), physical("phy", 1), BOND, {**VLAN, "vlan_link": "b"}],
    [
        {**BOND, "id": "c", "bond_links": ["tap1"]},
        {**BOND, "bond_links": ["tap0"]},
        *(physical("phy"), physical("phy", 1)),
    ],
)


def documents() -> list[dict[str, Any]]:
    made = [
        {"links": links, "networks": [{"id": "n", "link": links[0]["id"], **one, **more}]}
        for links, one, more in product(LINKS, NETWORKS, MORE)
    ]
    both = [{**{"id": f"n{at}", "link": "tap0"}, **one} for at, one in enumerate(NETWORKS[5:])]
    made.append({"links": LINKS[0], "networks": both, "services": [DNS]})
    made.append({"links": LINKS[2], "networks": [], "services": [DNS, {"address": "10.0.0.7"}]})
    made.append({"links": LINKS[0], "networks": [{**NETWORKS[0], "id": "n", "link": "other"}]})
    return made


def test_each_becomes_what_cloud_init_makes_of_it() -> None:
    given = documents()
    theirs = run(SUITE, "network_data", documents=given, names=NAMES)["converted"]
    assert len(theirs) == len(given) > 250
    for document, converted in zip(given, theirs):
        assert isinstance(converted, dict), (converted, document)
        ours = read_network_config(json.dumps(document), "network_data.json", NAMES)
        wanted = read_network_config(json.dumps(converted), "version-1")
        assert to_plain(ours.tree) == to_plain(wanted.tree), document


@pytest.mark.parametrize(
    "links",
    [
        [{"id": "a", "type": "phy"}],
        [{"id": "a", "ethernet_mac_address": "00:0d:3a:00:00:00"}],
        [{**BOND, "bond_links": ["missing"]}],
        [{**VLAN, "vlan_link": "missing"}],
        [{"id": "v", "type": "vlan", "vlan_link": "tap0", "vlan_id": 5}, physical("phy")],
        [{"id": "b", "type": "bond"}],
    ],
)
def test_what_cloud_init_stops_at_is_an_error(links: list[dict[str, Any]]) -> None:
    document = {"links": links, "networks": []}
    (theirs,) = run(SUITE, "network_data", documents=[document], names=NAMES)["converted"]
    assert isinstance(theirs, str)
    with pytest.raises(HypervNetError):
        read_network_config(json.dumps(document), "network_data.json", NAMES)
