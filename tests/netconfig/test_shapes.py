"""Real shapes of network configs: what is read from them, and that nothing of them is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net import tree
from hyperv_net.model import NetworkConfig
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.netconfig.yaml_text import read_yaml

SHAPES = Path(__file__).parent / "shapes"
INPUTS = sorted(path for path in SHAPES.iterdir() if not path.name.endswith(".expected.yaml"))


def read_file(path: Path) -> NetworkConfig:
    """The network config in a file of `shapes/`."""
    return read_network_config(path.read_text(encoding="utf-8"), path.name)


def unaccounted(config: NetworkConfig) -> set[tree.Path]:
    """The leaves of the file that are neither an origin in the tree nor dropped."""
    origins = {origin for _, node in tree.walk(config.tree) for origin in node.origins}
    return {path for path, _ in config.leaves} - origins - {path for path, _ in config.dropped}


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_a_config_is_read_as_expected(path: Path) -> None:
    """Each config of `shapes/` becomes the tree that stands beside it."""
    expected = path.with_name(f"{path.stem}.expected.yaml")
    wanted = tree.to_plain(read_yaml(expected.read_text(encoding="utf-8"), expected.name))
    assert tree.to_plain(read_file(path).tree) == wanted


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_nothing_of_a_config_is_lost(path: Path) -> None:
    """Every leaf of each config is an origin in the tree; these configs have nothing to drop."""
    config = read_file(path)
    assert not unaccounted(config)
    assert not config.dropped
    assert not config.findings


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_the_tree_is_canonical(path: Path) -> None:
    """The keys of every mapping come in natural order."""
    read = read_file(path).tree
    assert list(tree.walk(read)) == list(tree.walk(tree.canonical(read)))


def test_paths_below_network_carry_the_prefix() -> None:
    """Origins and leaves of a netplan file start with `network`; other software's keys are not
    counted."""
    config = read_file(SHAPES / "netplan-v2.yaml")
    assert all(path[0] == "network" for path, _ in config.leaves)
    mtu = tree.at(config.tree, ("ethernets", "lan", "mtu"))
    assert mtu == tree.Node(9000, (("network", "ethernets", "lan", "mtu"),))


def test_leaves_give_the_values_of_the_file() -> None:
    """A leaf is the value as written; empty lists and mappings are told apart from null."""
    text = "version: 2\nethernets: {a: {link-local: [], match: {}, mtu: '1400', dhcp4: ~}}"
    leaves = {path[-1]: value for path, value in read_network_config(text, "f").leaves}
    assert leaves == {"version": 2, "link-local": "[]", "match": "{}", "mtu": "1400", "dhcp4": None}


def test_version_1_leaves_lead_to_what_they_became() -> None:
    """Address and netmask become one address, types become structure, a gateway a route."""
    config = read_file(SHAPES / "everything-v1.yaml")

    def origins(*path: tree.Key) -> list[str]:
        node = tree.at(config.tree, path)
        assert node is not None
        return [tree.format_path(origin) for origin in node.origins]

    first = "config[1].subnets[0]"
    assert origins("ethernets", "eth0", "addresses", 0) == [f"{first}.address", f"{first}.netmask"]
    assert origins("ethernets", "eth0", "routes", 0, "via") == [f"{first}.gateway"]
    assert origins("ethernets", "eth0", "routes", 1, "metric") == [f"{first}.metric"]
    assert origins("ethernets", "eth0", "set-name") == ["config[1].name"]
    assert f"{first}.broadcast" in origins("ethernets", "eth0")
    assert "config[1].type" in origins("ethernets", "eth0")
    assert origins("ethernets", "eth2", "dhcp6") == ["config[3].subnets[0].type"]
    assert origins("version") == ["version"]


def test_an_aliased_mapping_stands_twice_with_its_own_origins() -> None:
    """A shared dhcp-overrides object is read once for each place."""
    config = read_file(SHAPES / "azure-v2.yaml")
    for key in ("dhcp4-overrides", "dhcp6-overrides"):
        path = ("ethernets", "eth0", key, "route-metric")
        assert tree.at(config.tree, path) == tree.Node(100, (path,))
