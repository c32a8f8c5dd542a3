"""Of any configuration and any rc.conf: nothing is lost, and a second rendering changes nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyperv_net.model import Rewritten
from hyperv_net.tree import at, leaves
from tests.renderers.freebsd.render.rc_conf_case import case, rendered, text_of

ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "dhcp4": st.booleans(),
        "dhcp6": st.booleans(),
        "accept-ra": st.booleans(),
        "mtu": st.sampled_from([1400, 9000]),
        "link-local": st.sampled_from([[], ["ipv6"], ["ipv4"]]),
        "addresses": st.lists(
            st.sampled_from(["10.0.0.4/24", "10.0.0.5/24", "2001:db8::4/64", "2001:db8::5/64"]),
            max_size=4,
        ),
        "routes": st.lists(
            st.sampled_from(
                [
                    {"to": "default", "via": "10.0.0.1"},
                    {"to": "default", "via": "fe80::1", "metric": 5},
                    {"to": "10.8.0.0/13", "via": "10.0.0.9", "on-link": True},
                    {"to": "10.8.0.0/13", "via": "10.0.0.8"},
                ]
            ),
            max_size=3,
        ),
        "nameservers": st.just({"addresses": ["10.0.0.2"], "search": ["a.example"]}),
        "wakeonlan": st.booleans(),
        "set-name": st.sampled_from(["wan", "lan"]),
    },
)
RC_LINES = st.lists(
    st.sampled_from(
        [
            'ifconfig_hn0="DHCP"',
            "ifconfig_hn0='SYNCDHCP fib 1 -tso mtu 4000 vhid 3'",
            'ifconfig_hn0_ipv6="inet6 accept_rtadv"',
            'ifconfig_hn0_alias0="inet 10.0.0.5/32" # a',
            'ifconfig_lagg0_alias0="inet 10.0.0.77/32"',
            'ifconfig_mce0_alias1="inet 10.0.0.78/32"',
            'ifconfig_DEFAULT="DHCP inet6 accept_rtadv"',
            'ifconfig_hn0_name="wan"',
            'ifconfig_mce0_name="eth0"',
            'cloned_interfaces="tap0"',
            'cloned_interfaces="${cloned_interfaces} lagg0"',
            "cloned_interfaces=$(echo tap1)",
            'vlans_hn0="30 40"; ifconfig_hn0_30="DHCP"',
            'static_routes="net:hn0"',
            "static_routes=`echo x`",
            'route_net="-net 10.77.0.0/16 -iface hn0"',
            'defaultrouter="10.0.0.99"',
            'network_interfaces="lo0 hn0 mce0"',
            "if true; then ifconfig_lagg0=x; fi",
            "ifconfig_lagg0='laggproto lacp laggport ix7 group a -arp'",
            "readonly ifconfig_mlxen0=DHCP",
            "readonly static_routes='own'",
            "readonly ifconfig_hn0='DHCP description uplink'",
            "# note",
            "",
        ]
    ),
    max_size=8,
)


def _machine(pair: dict[str, Any], plain: dict[str, Any], vf: str | None) -> Rewritten:
    identity = {key: pair[key] for key in ("set-name", "wakeonlan") if key in pair}
    settings_of_pair = {key: one for key, one in pair.items() if key not in identity}
    if identity.get("set-name") == plain.get("set-name"):
        plain = {key: one for key, one in plain.items() if key != "set-name"}
    config: dict[str, Any] = {
        "ethernets": {"hn0": identity, "ix0": plain},
        "bonds": {"lagg0": settings_of_pair},
        "vlans": {"lagg0.10": {"id": 10, "link": "lagg0", "addresses": ["10.10.0.1/24"]}},
        "bridges": {"br0": {"interfaces": ["ix0"]}},
    }
    return case(config, vfs=(vf,), others=("ix0",))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES, ENTRIES, RC_LINES, st.sampled_from(["mce0", "mana0", None]))
def test_rendering_its_own_output_changes_nothing(
    pair: dict[str, Any], plain: dict[str, Any], lines: list[str], vf: str | None
) -> None:
    machine = _machine(pair, plain, vf)
    first = rendered(machine, "\n".join(lines))
    again = rendered(machine, text_of(first))
    assert text_of(again) == text_of(first)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ENTRIES, ENTRIES, RC_LINES)
def test_every_leaf_is_accounted_for_and_every_address_placed_is_in_the_text(
    pair: dict[str, Any], plain: dict[str, Any], lines: list[str]
) -> None:
    machine = _machine(pair, plain, "mce0")
    result = rendered(machine, "\n".join(lines))
    paths = {path for path, _ in leaves(machine.tree)}
    assert set(result.places) | set(result.dropped) == paths
    assert not set(result.places) & set(result.dropped)
    whole = "".join(one.text for one in result.files)
    for path, place in result.places.items():
        if path[-2:-1] == ("addresses",) or path[-1] in ("via", "mtu"):
            value = str(getattr(at(machine.tree, path), "value", "")).split("/")[0]
            assert value in whole, (path, place)
