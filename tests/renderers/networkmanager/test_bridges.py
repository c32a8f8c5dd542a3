"""Bridges: values that NetworkManager would not load, and the spanning tree said in any case."""

from __future__ import annotations

from typing import Any

import pytest

from hyperv_net.renderers import load
from hyperv_net.renderers.networkmanager.keyfile import read
from tests.renderers.linux_pairs import joined, pair, reasons, rewritten
from tests.renderers.networkmanager.made import rendered, section


def plain(parameters: dict[str, Any] | None) -> dict[str, Any]:
    bridge: dict[str, Any] = {"interfaces": ["bond0"]}
    if parameters is not None:
        bridge["parameters"] = parameters
    return joined(pair(0, mtu=1400), {"bridges": {"br0": bridge}})


@pytest.mark.parametrize(
    ("key", "least", "greatest"),
    [
        ("forward-delay", 2, 30),
        ("hello-time", 1, 10),
        ("max-age", 6, 40),
        ("ageing-time", 0, 1000000),
        ("priority", 0, 65535),
    ],
)
def test_a_value_out_of_its_range_is_dropped_with_the_range(
    key: str, least: int, greatest: int
) -> None:
    for value in (least, greatest):
        made = rendered(plain({key: value, "stp": True}))
        assert section(made, "br0", "bridge")[key] == str(value)
        assert reasons(made) == {}
    for value in {greatest + 1, least - 1} - {-1}:
        made = rendered(plain({key: value, "stp": True}))
        assert key not in section(made, "br0", "bridge")
        assert reasons(made) == {
            f"bridges.br0.parameters.{key}": f"NetworkManager takes {least} to {greatest}"
        }


@pytest.mark.parametrize(("key", "greatest"), [("path-cost", 65535), ("port-priority", 63)])
def test_a_ports_value_out_of_its_range_is_dropped_too(key: str, greatest: int) -> None:
    made = rendered(plain({key: {"bond0": greatest}}))
    assert str(greatest) in section(made, "bond0", "bridge-port").values()
    made = rendered(plain({key: {"bond0": greatest + 1}}))
    assert section(made, "bond0", "bridge-port") == {}
    assert reasons(made) == {
        f"bridges.br0.parameters.{key}.bond0": f"NetworkManager takes 0 to {greatest}"
    }


def test_without_a_spanning_tree_a_timer_may_be_0() -> None:
    made = rendered(plain({"stp": False, "forward-delay": 0, "hello-time": 0, "max-age": 41}))
    assert section(made, "br0", "bridge") == {
        **{"forward-delay": "0", "hello-time": "0", "stp": "false"},
    }
    assert list(reasons(made)) == ["bridges.br0.parameters.max-age"]


@pytest.mark.parametrize(
    ("parameters", "speaks"),
    [
        (None, False),
        ({}, False),
        ({"forward-delay": 9}, True),
        ({"stp": True}, True),
        ({"stp": False, "forward-delay": 9}, False),
    ],
)
def test_the_spanning_tree_is_what_netplan_makes_of_the_config(
    parameters: dict[str, Any] | None, speaks: bool
) -> None:
    made = rendered(plain(parameters))
    assert section(made, "br0", "bridge")["stp"] == ("true" if speaks else "false")
    networkd = load("networkd").render(rewritten(plain(parameters)), {})
    (netdev,) = [one.text for one in networkd.files if one.path.endswith("br0.netdev")]
    assert read(netdev).get("Bridge", "STP") == ("yes" if speaks else "no")
