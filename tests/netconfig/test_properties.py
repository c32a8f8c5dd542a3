"""Properties of reading a network config, on made-up ones of both versions."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net import tree
from hyperv_net.errors import HypervNetError
from hyperv_net.model import NetworkConfig
from hyperv_net.netconfig.read import read_network_config

NAMES = ["eth0", "eth1", "eth2", "eth10"]
KEYS = st.sampled_from(["a", "b_c", "d-e", "9", "Ä"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(0, 70000) | st.text("a1.:/ $;\n", max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=6,
)
V4 = st.ip_addresses(v=4).map(str)
V6 = st.ip_addresses(v=6).map(lambda ip: ip.exploded)
MACS = st.binary(min_size=6, max_size=6).map(lambda raw: raw.hex(":").upper())
NUMBERS = st.integers(0, 4000)
FLAGS = st.sampled_from([True, False, "yes", "off", None])
DOMAINS = st.sampled_from(["example.com", "lab", "a-b.example"])


def interface(addresses: Any, bits: int) -> Any:
    """Addresses with a prefix."""
    return st.builds("{}/{}".format, addresses, st.integers(1, bits))


def some(**keys: Any) -> Any:
    """Mappings with some of these keys and some unknown ones."""
    named = {key.replace("_", "-"): value for key, value in keys.items()}
    return st.builds(
        lambda known, unknown: {**unknown, **known},
        st.fixed_dictionaries({}, optional=named),
        st.dictionaries(KEYS, ANYTHING, max_size=2),
    )


INTERFACES = interface(V4, 32) | interface(V6, 128)
ROUTES = st.builds(
    lambda pair, rest: {**rest, **pair},
    st.fixed_dictionaries({"to": interface(V4, 32) | st.just("default"), "via": V4})
    | st.fixed_dictionaries({"to": interface(V6, 128) | V6, "via": V6}),
    some(metric=NUMBERS, on_link=FLAGS, table=NUMBERS),
)
NAMESERVERS = some(
    addresses=st.lists(V4 | V6, max_size=2), search=st.lists(DOMAINS, max_size=2) | st.just("a b")
)
COMMON = {
    "dhcp4": FLAGS,
    "dhcp6": FLAGS,
    "accept_ra": FLAGS,
    "addresses": st.lists(
        INTERFACES
        | st.builds(lambda at, text: {at: {"label": text}}, INTERFACES, KEYS.filter(str.isascii)),
        max_size=3,
    ),
    "mtu": st.integers(1280, 9000) | st.sampled_from(["1500", 0, None]),
    "routes": st.lists(ROUTES, max_size=2),
    "nameservers": NAMESERVERS,
    "dhcp4_overrides": some(route_metric=NUMBERS, use_dns=FLAGS),
    "link_local": st.lists(st.sampled_from(["ipv4", "ipv6", "IPv6"]), max_size=3),
    "optional": FLAGS,
}
ETHERNETS = some(
    match=some(macaddress=MACS, driver=st.sampled_from(["hv_netvsc", ["a*", "!b"]])),
    set_name=st.sampled_from(NAMES),
    wakeonlan=FLAGS,
    **COMMON,
)
VERSION_2 = st.fixed_dictionaries(
    {"version": st.sampled_from([2, "2"])},
    optional={
        "ethernets": st.dictionaries(st.sampled_from(NAMES), ETHERNETS | st.none()),
        "bonds": st.fixed_dictionaries(
            {"bond0": some(interfaces=st.lists(st.sampled_from(NAMES), unique=True), **COMMON)}
        ),
        "vlans": st.fixed_dictionaries(
            {"v": st.builds(lambda rest: {**rest, "id": 7, "link": "eth0"}, some(**COMMON))}
        ),
        "routes": st.lists(ROUTES, max_size=1),
        "nameservers": NAMESERVERS,
        "renderer": st.just("networkd"),
        "vendor": ANYTHING,
    },
)


def with_(fixed: Any, **optional: Any) -> Any:
    """Mappings with all of some keys and some of others, underscores kept."""
    return st.builds(
        lambda known, unknown: {**unknown, **known},
        st.fixed_dictionaries(fixed, optional=optional),
        st.dictionaries(KEYS, ANYTHING, max_size=1),
    )


def type_(*names: str) -> dict[str, Any]:
    """The key `type` with one of these values."""
    return {"type": st.sampled_from(names)}


V1_ROUTES = with_(
    {"network": V4, "gateway": V4},
    netmask=st.sampled_from(["255.255.0.0", "24", 8, ""]),
    prefix=st.integers(0, 32),
    metric=NUMBERS,
) | with_({"destination": interface(V6, 128), "gateway": V6}, type=st.just("route"))
IN_SUBNETS = {
    "control": st.sampled_from(["auto", "manual", "hotplug", False, None]),
    "gateway": V4,
    "dns_nameservers": st.lists(V4 | V6, max_size=2) | V4 | st.just(""),
    "dns_search": st.lists(DOMAINS, max_size=2) | st.just("lab example.com"),
    "routes": st.lists(V1_ROUTES, max_size=2),
    "metric": NUMBERS,
    "mtu": st.integers(1280, 9000),
    "scope": st.just("link"),
    "broadcast": V4,
    "ipv4": st.booleans(),
}
SUBNETS = with_(
    type_(
        "dhcp",
        "dhcp4",
        "dhcp6",
        "ipv6_slaac",
        "ipv6_dhcpv6-stateful",
        "ipv6_dhcpv6-stateless",
        "manual",
    ),
    **IN_SUBNETS,
) | with_(
    {**type_("static", "static6"), "address": interface(V4, 32) | V4},
    netmask=st.sampled_from(["255.255.255.0", 24, None]),
    prefix=st.integers(1, 32),
    **IN_SUBNETS,
)
IN_DEVICES = {
    "mac_address": MACS,
    "mtu": st.sampled_from([None, 1400, "9000"]),
    "accept-ra": FLAGS,
    "subnets": st.lists(SUBNETS, max_size=3) | st.none(),
    "keep_configuration": FLAGS,
    "addresses": ANYTHING,
}


def named(device: str, name: str, **more: Any) -> Any:
    """Entries of one type and name."""
    return with_({"type": st.just(device), "name": st.just(name)}, **more, **IN_DEVICES)


ENTRIES = st.tuples(
    *(named("physical", name, params=with_({}, driver=st.just("hn"))) for name in NAMES[:2]),
    named(
        "bond",
        "bond0",
        bond_interfaces=st.lists(st.sampled_from(NAMES[1:]), unique=True),
        params=with_(
            {},
            bond_mode=st.integers(0, 6),
            bond_miimon=NUMBERS,
            bond_arp_ip_target=V4,
            bond_slaves=st.just("none"),
        ),
    ),
    named(
        "bridge",
        "br0",
        bridge_interfaces=st.just(["bond0"]) | st.none(),
        params=with_({}, bridge_stp=st.sampled_from(["on", "off", False]), bridge_maxwait=NUMBERS),
    ),
    with_(
        {
            "type": st.just("vlan"),
            "name": st.just("v"),
            "vlan_id": NUMBERS,
            "vlan_link": st.just("eth0"),
        },
        **IN_DEVICES,
    ),
    named("loopback", "lo"),
    with_(type_("nameserver"), address=V4 | st.lists(V6, max_size=2), interface=st.just("v")),
    st.builds(lambda route: {**route, "type": "route"}, V1_ROUTES),
)
VERSION_1 = st.fixed_dictionaries(
    {"version": st.just(1)},
    optional={"config": ENTRIES.flatmap(st.permutations).map(list), "vendor": ANYTHING},
)
CONFIGS = VERSION_1 | VERSION_2
WRAPPED = CONFIGS | CONFIGS.map(lambda config: {"network": config, "other": {"a": 1}})


def read(config: Any) -> NetworkConfig:
    """The network config of plain data, by way of its text."""
    return read_network_config(json.dumps(config), "f")


def accepted(config: Any) -> NetworkConfig | None:
    """The same, or None where made-up values under known keys are refused."""
    try:
        return read(config)
    except HypervNetError as error:
        assert str(error).startswith("f:")
        assert len(str(error).splitlines()) == 1
        return None


@given(WRAPPED)
def test_every_leaf_is_an_origin_or_dropped(config: Any) -> None:
    """Nothing of a config is lost silently, whatever is in it."""
    found = read(config)
    origins = {origin for _, node in tree.walk(found.tree) for origin in node.origins}
    dropped = dict(found.dropped)
    leaves = {path for path, _ in found.leaves}
    assert leaves <= origins | set(dropped)
    assert origins <= leaves
    assert set(dropped) <= leaves
    assert not any("{" in reason or not reason for reason in dropped.values())


@given(WRAPPED)
def test_every_node_with_a_value_has_an_origin(config: Any) -> None:
    """Reading adds nothing of its own: each leaf of the tree comes from the file."""
    for _, leaf in tree.leaves(read(config).tree):
        assert leaf.origins


@given(CONFIGS)
def test_the_result_read_again_is_the_same(config: Any) -> None:
    """A tree written down as version 2 is its own canonical form."""
    once = tree.to_plain(read(config).tree)
    assert tree.to_plain(read(once).tree) == once


@given(CONFIGS, st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(config: Any, random: Any) -> None:
    """The same keys in another order give the same result, in the same order."""

    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            items = [(key, shuffled(child)) for key, child in value.items()]
            random.shuffle(items)
            return dict(items)
        return [shuffled(child) for child in value] if isinstance(value, list) else value

    first, second = read(shuffled(config)), read(config)
    assert list(tree.walk(first.tree)) == list(tree.walk(second.tree))
    assert first == second


_KNOWN_WORDS = """
    version network config ethernets eth0 bonds vlans id link interfaces parameters addresses
    match routes to via type name physical bond vlan subnets static address params
    bridge_pathcost bond_interfaces nameserver route destination dhcp4 mtu set-name loopback lo
    default
"""
_WORDS = st.sampled_from(_KNOWN_WORDS.split())
_JUMBLE = st.recursive(
    st.none() | st.booleans() | st.integers() | _WORDS | st.text(max_size=5) | INTERFACES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=25,
)


@given(_JUMBLE, st.dictionaries(_WORDS, _JUMBLE, max_size=5), st.sampled_from([1, 2]))
def test_any_jumble_of_known_words_is_read_or_refused(
    config: Any, keys: dict[str, Any], version: int
) -> None:
    """Any type of value under any known key is either understood or one line of error."""
    accepted(config)
    accepted({**keys, "version": version})
    accepted({"version": 1, "config": [{"type": "physical", "name": "eth0", **keys}]})
    accepted(
        {"version": 2, "ethernets": {"eth0": keys}, "bonds": {"b": keys}, "vlans": {"v": keys}}
    )


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever stands in a file, there is a config or one line of error."""
    try:
        read_network_config(text, "f")
    except HypervNetError as error:
        assert len(str(error).splitlines()) == 1
