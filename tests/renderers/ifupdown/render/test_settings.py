"""How interfaces(5) says what a device is told: families, methods, options and starts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.renderers.ifupdown.render.stanzas import TRIGGER, render, stanzas, text
from tests.renderers.linux_pairs import MAC, joined, pair


def test_a_source_address_may_be_written_as_a_host() -> None:
    """`src` takes an address without prefix."""
    plain = pair(dhcp4=True, routes=[{"to": "10.0.0.0/8", "from": "10.1.0.4/32"}])
    line = "post-up ip route add 10.0.0.0/8 dev bond0 src 10.1.0.4 || true"
    assert line in stanzas(plain, "bond0")[0]


def test_all_that_a_static_dual_stack_can_say() -> None:
    """Each address has a stanza; gateways, DNS, routes and rules stand where they belong."""
    plain = pair(
        addresses=["10.0.0.4/24", "10.0.0.5/24", "2001:db8::4/64"],
        routes=[
            {"to": "default", "via": "10.0.0.1", "metric": 50},
            {"to": "::/0", "via": "fe80::1"},
            {"to": "10.9.0.0/16", "via": "10.0.0.7", "on-link": True, "table": 9, "mtu": 1400},
            {"to": "2001:db8:9::/48", "via": "2001:db8::7", "from": "2001:db8::4"},
            {"to": "10.7.0.0/16", "type": "blackhole"},
        ],
        nameservers={"addresses": ["10.0.0.2", "2001:db8::2"], "search": ["example.org"]},
        mtu=9000,
        **{
            "accept-ra": False,
            "ipv6-privacy": True,
            "routing-policy": [{"from": "10.0.0.0/24", "table": 9, "priority": 5}],
        },
    )
    rendered = render(plain)
    assert not rendered.dropped
    first, second, third = stanzas(plain, "bond0")
    assert first[:6] == [
        "iface bond0 inet static",
        "address 10.0.0.4/24",
        "gateway 10.0.0.1",
        "metric 50",
        "dns-nameservers 10.0.0.2 2001:db8::2",
        "dns-search example.org",
    ]
    assert "mtu 9000" in first and "bond-slaves eth0" in first
    assert second == ["iface bond0 inet static", "address 10.0.0.5/24"]
    assert third == [
        "iface bond0 inet6 static",
        "address 2001:db8::4/64",
        "gateway fe80::1",
        "accept_ra 0",
        "autoconf 0",
        "post-up ip link set dev bond0 type bond all_slaves_active 1 || true",
        "post-up echo 2 >/proc/sys/net/ipv6/conf/bond0/use_tempaddr || true",
        "post-up ip route add 10.9.0.0/16 via 10.0.0.7 dev bond0 onlink mtu 1400 table 9 || true",
        "pre-down ip route del 10.9.0.0/16 via 10.0.0.7 dev bond0 onlink mtu 1400 table 9 || true",
        "post-up ip -6 route add 2001:db8:9::/48 via 2001:db8::7 dev bond0 src 2001:db8::4 || true",
        "pre-down ip -6 route del 2001:db8:9::/48 via 2001:db8::7 dev bond0 src 2001:db8::4"
        " || true",
        "post-up ip route add blackhole 10.7.0.0/16 || true",
        "pre-down ip route del blackhole 10.7.0.0/16 || true",
        "post-up ip rule add from 10.0.0.0/24 priority 5 table 9 || true",
        "pre-down ip rule del from 10.0.0.0/24 priority 5 table 9 || true",
        TRIGGER,
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"dhcp4": True, "dhcp6": True}, ["inet dhcp", "inet6 dhcp"]),
        ({"accept-ra": True, "dhcp6": False}, ["inet6 auto / dhcp 0"]),
        ({"accept-ra": True, "dhcp6-stateless": True}, ["inet6 auto / dhcp 1"]),
        ({"dhcp6": True, "accept-ra": True}, ["inet6 dhcp / accept_ra 1 / autoconf 1"]),
        (
            {"dhcp4": True, "dhcp4-overrides": {"route-metric": 200, "hostname": "h.example"}},
            ["inet dhcp / hostname h.example / metric 200"],
        ),
        ({"mtu": 1400, "dhcp4": True}, ["inet manual / mtu 1400", "inet dhcp"]),
        (
            {"accept-ra": True, "macaddress": MAC},
            [f"inet manual / hwaddress {MAC}", "inet6 auto / dhcp 0"],
        ),
        (
            {"addresses": ["10.0.0.4/24"], "gateway4": "10.0.0.1", "wakeonlan": True},
            ["inet static / address 10.0.0.4/24 / gateway 10.0.0.1 / ethernet-wol g"],
        ),
        (
            {"dhcp4": True, "gateway4": "10.0.0.1"},
            [
                "inet dhcp / post-up ip route add default via 10.0.0.1 dev ens9 onlink || true"
                " / pre-down ip route del default via 10.0.0.1 dev ens9 onlink || true"
            ],
        ),
        (
            {"addresses": [{"2001:db8::4/64": {"lifetime": 0}}]},
            ["inet6 static / address 2001:db8::4/64 / preferred-lifetime 0"],
        ),
        ({"link-local": ["ipv4", "ipv6"]}, ["inet ipv4ll"]),
        (
            {"addresses": [{"10.0.0.4/24": {"lifetime": 0}}]},
            [
                "inet static / address 10.0.0.4/24"
                " / post-up ip address change 10.0.0.4/24 dev ens9 preferred_lft 0 || true"
            ],
        ),
        (
            {"addresses": ["10.0.0.4/24", {"10.0.0.9/24": {"label": "ens9:9", "lifetime": 0}}]},
            [
                "inet static / address 10.0.0.4/24 / post-up ip address add 10.0.0.9/24 dev ens9"
                " preferred_lft 0 label ens9:9 || true"
                " / pre-down ip address del 10.0.0.9/24 dev ens9 || true"
            ],
        ),
        (
            {"routing-policy": [{"to": "10.10.10.0/24", "priority": 99}]},
            [
                "inet manual / post-up ip rule add to 10.10.10.0/24 priority 99 table main || true"
                " / pre-down ip rule del to 10.10.10.0/24 priority 99 table main || true"
            ],
        ),
        ({}, ["inet manual"]),
        ({"addresses": [], "routes": [], "nameservers": {"search": []}}, ["inet manual"]),
    ],
)
def test_the_stanzas_of_an_ordinary_nic(settings: dict[str, Any], expected: list[str]) -> None:
    """Family and method follow from the settings; a method that lacks an option gets help."""
    plain = joined(pair(), {"ethernets": {"ens9": settings}})
    found = [" / ".join(part)[len("iface ens9 ") :] for part in stanzas(plain, "ens9")]
    assert found == expected
    assert not render(plain).dropped


@pytest.mark.parametrize(
    ("control", "optional", "line"),
    [
        ("auto", False, "auto ens9"),
        ("hotplug", False, "allow-hotplug ens9"),
        ("auto", True, "allow-hotplug ens9"),
        ("manual", False, None),
        ("off", True, None),
    ],
)
def test_when_a_nic_is_started(control: str, optional: bool, line: str | None) -> None:
    """With the boot, when udev sees it, or not at all."""
    nic = {"dhcp4": True, "control": control, "optional": optional}
    lines = text(render(joined(pair(), {"ethernets": {"ens9": nic}}))).splitlines()
    assert [each for each in lines if each.endswith(" ens9")] == ([line] if line else [])


def test_a_device_that_ifup_makes_is_started_with_the_boot() -> None:
    """No event of udev's would ever start a bond or a vlan that only ifup makes."""
    made = {"vlans": {"bond0.5": {"id": 5, "link": "bond0", "control": "hotplug"}}}
    lines = text(render(joined(pair(control="hotplug"), made))).splitlines()
    started = [line for line in lines if line.startswith(("auto ", "allow-"))]
    assert started == ["auto lo", "auto bond0", "auto bond0.5"]


def test_settings_of_no_device() -> None:
    """Nameservers go to the loopback, which is always up; a route to where its gateway is."""
    plain = joined(
        pair(addresses=["10.0.0.4/24"]),
        {
            "nameservers": {"addresses": ["10.0.0.2"], "search": ["example.org"]},
            "routes": [{"to": "10.8.0.0/16", "via": "10.0.0.9", "metric": 3}],
        },
    )
    rendered = render(plain)
    assert stanzas(plain, "lo")[0][1:] == ["dns-nameservers 10.0.0.2", "dns-search example.org"]
    assert (
        "post-up ip route add 10.8.0.0/16 via 10.0.0.9 dev bond0 metric 3 || true"
        in stanzas(plain, "bond0")[0]
    )
    assert not rendered.dropped
