"""No value from outside ends a line of networkd's files, or expands in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.renderers.networkd.render import values
from hyperv_net.renderers.networkd.render.device import KINDS
from hyperv_net.tree import leaves
from tests.renderers.linux_pairs import joined, pair, rewritten
from tests.renderers.networkd.written import render

BAD = (
    "x\n[Network]\nDHCP=yes",
    "x\rDHCP=yes",
    "%H",
    "10.0.0.4/24\n",
    "fe80::1%eth0",
    "x\\",
    "x y",
    "",
    "\x00",
)
EVERYTHING: dict[str, Any] = joined(
    pair(
        **{
            "addresses": ["10.0.0.4/24", {"10.0.0.5/24": {"label": "bond0:1"}}],
            "routes": [{"to": "10.9.0.0/16", "via": "10.0.0.1", "from": "10.0.0.4", "table": 7}],
            "routing-policy": [{"from": "10.0.0.0/8", "table": 7, "mark": 3}],
            "nameservers": {"addresses": ["10.0.0.2"], "search": ["a.b"]},
            "dhcp4-overrides": {"hostname": "a", "route-metric": 5, "use-domains": "route"},
            "dhcp-identifier": "mac",
            "ipv6-address-token": "::7",
            "activation-mode": "manual",
        }
    ),
    {
        "ethernets": {"ens9": {"match": {"driver": ["igb"], "name": "e*"}, "dhcp4": True}},
        "vlans": {"v5": {"id": 5, "link": "bond0"}},
        "tunnels": {
            "t0": {"mode": "gre", "local": "10.0.0.4", "remote": "10.0.0.5", "key": "1.2.3.4"},
            "t1": {"mode": "vxlan", "id": 5, "remote": "239.0.0.1", "port-range": [1, 2]},
        },
        "vrfs": {"red": {"table": 9, "interfaces": ["v5"]}},
        "virtual-ethernets": {"a0": {"peer": "b0"}, "b0": {"peer": "a0"}},
    },
)


def replaced(plain: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The tree with another value at a path."""
    if not path:
        return value
    if isinstance(plain, dict):
        return {k: replaced(v, path[1:], value) if k == path[0] else v for k, v in plain.items()}
    return [replaced(v, path[1:], value) if k == path[0] else v for k, v in enumerate(plain)]


PLACES = [
    path
    for path, _ in leaves(rewritten(EVERYTHING).tree)
    if path[0] in KINDS and path[:2] not in (("ethernets", "eth0"), ("ethernets", "eth0-vf"))
]


def test_everything_is_in_the_text_as_it_stands() -> None:
    assert not render(EVERYTHING).dropped


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_what_would_end_a_line_or_expand_is_refused_wherever_it_stands(
    path: tuple[str | int, ...],
) -> None:
    known = {line for file in render(EVERYTHING).files for line in file.text.splitlines()}
    for bad in BAD:
        rendered = render(replaced(EVERYTHING, path, bad))
        lines = {line for file in rendered.files for line in file.text.splitlines()}
        assert not any("%" in line or line.endswith("\\") for line in lines)
        assert not {line for line in lines - known if "DHCP=yes" in line or " y" in line}
        assert rendered.dropped


@given(st.text(), st.sampled_from(["name", "pattern", "host", "domain", "label", "address"]))
def test_what_a_check_lets_through_is_one_word(text: str, check: str) -> None:
    try:
        printed = getattr(values, check)(text)
    except values.RefusedError:
        return
    assert printed.isascii() and printed.split() == [printed] and "%" not in printed
