"""What is read of routes, in the spelling that every target's own program takes."""

from __future__ import annotations

import pytest

from hyperv_net.netconfig.read import read_network_config
from hyperv_net.tree import at


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("10.0.0.4", "10.0.0.4"),
        ("10.0.0.4/32", "10.0.0.4"),
        ("2001:DB8::4", "2001:db8::4"),
        ("2001:db8::4/128", "2001:db8::4"),
        ("2001:db8::/32", "2001:db8::/32"),
    ],
)
def test_a_route_sends_from_an_address_without_a_prefix_which_networkd_refuses(
    given: str, found: str
) -> None:
    to = "2001:db8:1::/48" if ":" in given else "10.9.0.0/16"
    text = f'version: 2\nethernets: {{eth0: {{routes: [{{to: "{to}", from: "{given}"}}]}}}}\n'
    config = read_network_config(text, "network-config.yaml")
    node = at(config.tree, ("ethernets", "eth0", "routes", 0, "from"))
    assert node is not None
    assert node.value == found
