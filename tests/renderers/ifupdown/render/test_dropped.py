"""What ifupdown cannot say, or nobody should have written: dropped, and never run."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.renderers.ifupdown.paths import FILE
from tests.renderers.ifupdown.render.stanzas import render, text
from tests.renderers.linux_pairs import SECRETS, joined, pair, reasons


def test_what_ifupdown_cannot_say_is_dropped_with_a_reason() -> None:
    """No such device, no such setting, or left to the DHCP client; a backend is no setting."""
    plain = joined(
        pair(**{"dhcp4": True, "critical": True, "dhcp4-overrides": {"use-dns": False}}),
        {
            "renderer": "networkd",
            "bonds": {"bond0": {"renderer": "networkd"}},
            "wifis": {"wl0": {"dhcp4": True}},
            "tunnels": {"wg0": {"mode": "wireguard", "key": "secret"}},
            "ethernets": {"ens9": {"addresses": [{"10.1.0.4/24": {"label": "ens9:1"}}]}},
        },
    )
    rendered = render(plain)
    assert set(reasons(rendered)) == {
        "bonds.bond0.critical",
        "bonds.bond0.dhcp4-overrides.use-dns",
        "wifis.wl0.dhcp4",
        "tunnels.wg0.mode",
        "tunnels.wg0.key",
        "ethernets.ens9.addresses.0.10.1.0.4/24.label",
    }
    assert "secret" not in text(rendered) and "wg0" not in text(rendered)


def test_what_is_said_of_the_leaves_is_ascii_and_holds_no_secret() -> None:
    """Places, reasons and findings go to terminals of any encoding, and into logs."""
    plain = joined(
        pair(
            **{
                "dhcp4": True,
                "dhcp6": True,
                "dhcp4-overrides": {"use-dns": True},
                "dhcp6-overrides": {"use-dns": True},
                "ipv6-mtu": 1400,
                "ipv6-privacy": True,
                "ipv6-address-generation": "eui64",
                "link-local": [],
            }
        ),
        {
            "bridges": {
                "br0": {"interfaces": ["bond0"], "parameters": {"path-cost": {"bond0": 5}}}
            },
        },
        SECRETS,
    )
    theirs = "iface eth0 inet dhcp\n  wpa-psk hunter2\niface eth0:1 inet dhcp\n  key hunter2\n"
    rendered = render(plain, {"etc/network/interfaces": theirs})
    assert "post-up ip link ... addrgenmode" in str(rendered.places)
    said = [*rendered.places.values(), *rendered.dropped.values(), *map(str, rendered.findings)]
    assert len(rendered.findings) > 3
    assert all(each.isascii() and "hunter2" not in each for each in said)


HOSTILE = ["$(touch x)", "a;b", "a\nup evil", "a`b`", '"', "a b|c", "a\\", "eth0 || evil", "\x00"]
KEYS = [
    "colour",
    "hostname",
    "use-domains",
    "critical",
    "label",
    "mtu",
    "macaddress",
    "gateway4",
    "ipv6-address-token",
]


@given(st.sampled_from(KEYS), st.sampled_from(HOSTILE) | st.text(min_size=1))
def test_nothing_unparsed_reaches_a_file_whose_lines_a_shell_runs(key: str, value: str) -> None:
    """Whatever a value holds, the files consist of what was parsed and of our own words."""
    strange: dict[str, Any] = {
        key: value,
        "x": value,
        "dhcp4": True,
        "dhcp4-overrides": {"hostname": value, "use-domains": value, "route-metric": value},
        "nameservers": {"search": [value], "addresses": [value]},
        "routes": [
            {"to": value, "via": value},
            {"to": "default", "via": "10.0.0.1", "type": value},
        ],
        "routing-policy": [{"from": value, "table": value}],
        "addresses": [{"10.0.0.4/24": {"label": value}}, value],
    }
    plain = joined(
        pair(**strange),
        {
            "ethernets": {"ens9": strange, value: {"dhcp4": True}},
            "bonds": {"bond0": {"parameters": {"mode": value, "speed": value}}},
            "vlans": {"v5": {"id": value, "link": value}, "v6": {"id": 5, "link": value}},
            "bridges": {"br0": {"parameters": {"forward-delay": value, "path-cost": {value: 5}}}},
            "vrfs": {"red": {"table": 5, "interfaces": [value]}},
            "tunnels": {"t0": {"mode": "gre", "local": value, "key": value}},
            "routes": [{"to": value, "via": "10.0.0.1"}],
        },
    )
    for file in render(plain).files:
        for line in file.text.splitlines():
            bare = line.removesuffix(" || true").replace("|| ip link add", "ip link add")
            if file.path == FILE and not line.startswith("#"):
                bare = re.sub(r"\[ -e /sys/class/net/[\w.:-]+ \]|echo \d+ >/proc", "", bare)
                assert re.fullmatch(r"[A-Za-z0-9 ./:_=+-]*", bare), line
