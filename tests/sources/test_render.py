"""What is written at first boot: the plan's files, or exactly what stock cloud-init writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.facts import System
from hyperv_net.root.turned_off import OFF
from tests.files import put
from tests.sources import guests
from tests.sources.cloud import SUITES, run

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

#: A pair whose synthetic driver stock cloud-init knows, so that it renders something too.
PAIR = "hv-netvsc-on-virtio"
RENDERERS = {"netplan": "netplan", "eni": "ifupdown", "networkd": "networkd"}
V1 = {
    "version": 1,
    "config": [
        {
            "type": "physical",
            "name": "eth0",
            "mac_address": guests.MAC,
            "subnets": [{"type": "static", "address": "10.0.0.4/24", "gateway": "10.0.0.1"}],
        },
        {"type": "nameserver", "address": ["9.9.9.9"], "search": ["example.org"]},
    ],
}
Capture = pytest.CaptureFixture[str]


def planned(root: Path, config: object, options: Sequence[str], capsys: Capture) -> Any:
    """The files of `hyperv-net plan`: path → (text, mode)."""
    file = root / "network-config.json"
    file.write_text(json.dumps(config))
    given = ["--root", str(root), "--network-config", str(file), "--format", "json"]
    assert main(["plan", *given, *options]) == 0
    document = json.loads(capsys.readouterr().out)
    return {one["path"]: (one["text"], int(str(one["mode"]), 8)) for one in document["files"]}


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("config", [guests.v2(), V1], ids=["v2", "v1"])
def test_the_text_is_that_of_the_plan(
    suite: str, renderer: str, config: Any, tmp_path: Path, capsys: Capture
) -> None:
    root = guests.linux(tmp_path, PAIR)
    files = planned(root, config, ["--target", RENDERERS[renderer]], capsys)
    assert files
    result = run(suite, "render", root=str(root), config=config, renderer=renderer)
    after = guests.written(root)
    assert {path: after[path] for path in files} == files
    assert after.keys() - files.keys() <= {"etc/network/interfaces"}
    assert {level for level, _ in result["log"]} == {"INFO"}
    assert result["interfaces"] == ["bond0"]
    assert result["config unchanged"]


@pytest.mark.parametrize("renderer", RENDERERS)
def test_a_second_run_changes_nothing(suite: str, renderer: str, tmp_path: Path) -> None:
    root = guests.linux(tmp_path, PAIR)
    job = {"root": str(root), "config": guests.v2(), "renderer": renderer}
    run(suite, "render", **job)
    before = guests.written(root)
    run(suite, "render", **job)
    assert guests.written(root) == before


def test_without_the_package_that_makes_the_bond_the_bytes_are_those_of_stock(
    suite: str, tmp_path: Path
) -> None:
    """ifupdown without ifenslave: the bond would not be made, and the NIC have no address."""
    results = []
    for plugin in (False, True):
        root = guests.linux(tmp_path / str(plugin), PAIR)
        put(root, "usr/sbin/init", "")
        job = {"root": str(root), "config": guests.v2(), "renderer": "eni"}
        said = run(suite, "render", **job, plugin=plugin)["log"]
        results.append(guests.written(root))
    assert results[0] == results[1]
    assert any("ifenslave is not there" in line for _, line in said)
    put(root, "etc/network/if-pre-up.d/ifenslave", "")
    run(suite, "render", **job)
    assert "bond0" in guests.written(root)["etc/network/interfaces.d/50-cloud-init"][0]


COMPANIONS = {"var/lib/hyperv-net/wanted.json", "etc/udev/rules.d/70-hyperv-net-vf.rules"}
NO_AGGREGATE = [
    ("azure-vf-absent", "", COMPANIONS),
    ("azure-transparent-mlx5", "", COMPANIONS),
    ("azure-transparent-mlx5", "enabled: false", {OFF[System.LINUX]}),
    (PAIR, "enabled: false", {OFF[System.LINUX]}),
    (PAIR, "aggregate: never", set()),
]


@pytest.mark.parametrize(("name", "settings", "beside"), NO_AGGREGATE)
def test_without_an_aggregate_the_bytes_are_those_of_stock(
    suite: str, name: str, settings: str, beside: set[str], tmp_path: Path
) -> None:
    """Beside them stands what the running machine needs for a pair that the kernel has taken."""
    renderer = "netplan" if settings else "eni"
    results = []
    for plugin in (False, True):
        root = guests.linux(tmp_path / str(plugin), name, settings)
        result = run(suite, "render", root=str(root), config=V1, renderer=renderer, plugin=plugin)
        assert "raised" not in result
        results.append((guests.written(root), result["interfaces"]))
    ours = results[1][0]
    assert {path for path in ours if "hyperv-net" in path} == beside
    assert ({path: ours[path] for path in ours.keys() - beside}, results[1][1]) == results[0]


def test_beside_a_transparent_pair_the_companions_are_those_of_the_plan(
    suite: str, tmp_path: Path, capsys: Capture
) -> None:
    """networkd too is told to leave the VF alone."""
    root = guests.linux(tmp_path, "azure-transparent-mlx5")
    files = planned(root, V1, ["--target", "netplan"], capsys)
    assert len(files) == 3
    run(suite, "render", root=str(root), config=V1, renderer="netplan")
    after = guests.written(root)
    assert {path: after[path] for path in files} == files


@pytest.mark.parametrize(
    "broken",
    ["hyperv_net.sources.stand_in:_write_companions", "hyperv_net.companions.beside:udev_rules"],
)
def test_companions_that_cannot_be_had_leave_the_stock_files_alone(
    suite: str, broken: str, tmp_path: Path
) -> None:
    results = []
    for plugin in (False, True):
        root = guests.linux(tmp_path / str(plugin), "azure-transparent-mlx5")
        job = {"root": str(root), "config": V1, "renderer": "eni", "plugin": plugin}
        result = run(suite, "render", **job, broken=broken if plugin else "")
        results.append((guests.written(root), result["interfaces"]))
    assert results[0] == results[1]
    assert [level for level, line in result["log"] if "broken on purpose" in line] == ["INFO"]


FAULTS = [
    "hyperv_net.sources.machine:make_boot_plan",
    "hyperv_net.sources.machine:_pairs_to_keep_up",
    "hyperv_net.sources.machine:_settings",
    "hyperv_net.sources.machine:_inventory",
    "hyperv_net.sources.machine:system_root",
    "hyperv_net.sources.stand_in:_prepare",
    "hyperv_net.sources.stand_in:_tell",
    "hyperv_net.sources.stand_in:_render",
    "hyperv_net.sources.stand_in:_to_bring_up",
    "hyperv_net.sources.written:written",
    "hyperv_net.sources.written:_as_it_is",
    "hyperv_net.sources.written:_write",
    "hyperv_net.applying.tree:write_tree",
    "hyperv_net.root.files:read_matching",
    "hyperv_net.plan.flow:make_plan",
    "hyperv_net.netconfig.read:read_network_config",
    "hyperv_net.renderers.ifupdown.render:render",
]


@cache
def stock(suite: str, renderer: str) -> tuple[Any, Any]:
    """What stock cloud-init writes for V1, and the interfaces it would bring up."""
    root = guests.linux(Path(mkdtemp()), PAIR)
    job = {"root": str(root), "config": V1, "renderer": renderer, "plugin": False}
    result = run(suite, "render", **job)
    assert "raised" not in result
    return guests.written(root), result["interfaces"]


# eni, because its plan has several files.
@pytest.mark.parametrize("broken", FAULTS)
def test_whatever_fails_the_bytes_are_those_of_stock(
    suite: str, broken: str, tmp_path: Path
) -> None:
    root = guests.linux(tmp_path, PAIR)
    result = run(suite, "render", root=str(root), config=V1, renderer="eni", broken=broken)
    assert (guests.written(root), result["interfaces"]) == stock(suite, "eni")
    ours = [(level, line) for level, line in result["log"] if "broken on purpose" in line]
    assert [level for level, _ in ours] == ["INFO"]


def test_where_netplan_refuses_the_file_that_of_stock_is_in_its_place(
    suite: str, tmp_path: Path
) -> None:
    # cloud-init finds no netplan to run, so what follows the writing fails, for stock too.
    root = guests.linux(tmp_path, PAIR)
    job = {"root": str(root), "config": V1, "renderer": "netplan", "postcmds": True}
    result = run(suite, "render", **job)
    assert guests.written(root) == stock(suite, "netplan")[0]
    assert "netplan" in result["raised"]


HOSTILE = {
    "name": {"version": 2, "ethernets": {"eth0; reboot": {"dhcp4": True}}},
    "address": guests.v2(addresses=["10.0.0.4/24\n up touch /x"]),
    "shape": {"version": 2, "ethernets": {"eth0": ["dhcp4"]}},
}


@pytest.mark.parametrize("config", HOSTILE.values(), ids=HOSTILE)
def test_a_config_that_is_refused_is_left_to_stock(suite: str, config: Any, tmp_path: Path) -> None:
    results = []
    for plugin in (False, True):
        root = guests.linux(tmp_path / str(plugin), PAIR)
        job = {"root": str(root), "config": config, "renderer": "netplan", "plugin": plugin}
        result = run(suite, "render", **job)
        results.append((guests.written(root), result.get("raised")))
    assert results[0] == results[1]
    assert any("goes on alone: HypervNetError" in line for _, line in result["log"])


def test_a_default_route_that_stock_cannot_parse_is_rendered(suite: str, tmp_path: Path) -> None:
    root = guests.linux(tmp_path, PAIR)
    config = guests.v2(addresses=["10.0.0.4/24"], routes=[{"to": "default", "via": "10.0.0.1"}])
    result = run(suite, "render", root=str(root), config=config, renderer="eni")
    assert "raised" not in result
    assert "gateway 10.0.0.1" in guests.written(root)["etc/network/interfaces.d/50-cloud-init"][0]
    assert {level for level, _ in result["log"]} == {"INFO"}


@pytest.mark.parametrize("transparent", [False, True])
def test_rc_conf_never_speaks_of_renaming_the_vf(
    suite: str, transparent: bool, tmp_path: Path
) -> None:
    guest = guests.freebsd(tmp_path, transparent)
    config = guests.v2("7c:ed:8d:83:96:7c")
    result = run(suite, "render", config=config, renderer="freebsd", **guest)
    text, _ = guests.written(tmp_path)["etc/rc.conf"]
    assert "ifconfig_mce0_name" not in text
    assert 'hostname="guest"' in text
    assert ("ifconfig_lagg0=" in text) is not transparent
    dhcp = "eth0" if transparent else "lagg0"
    services = [command for command in result["ran"] if command.startswith("service ")]
    if transparent:  # stock's own
        assert services[1:3] == ["service netif restart", "service routing restart"]
    else:
        assert services == [
            "service routing stop",
            "service netif restart",
            "service routing start",
            "service dhclient quietstart lagg0",
        ]
    assert result["interfaces"] == [dhcp]


def test_rc_conf_is_that_of_the_plan(suite: str, tmp_path: Path, capsys: Capture) -> None:
    from hyperv_net.inventory.freebsd import inventory_from
    from hyperv_net.inventory.snapshot import to_json

    guest = guests.freebsd(tmp_path)
    inventory = tmp_path / "inventory.json"
    inventory.write_text(to_json(inventory_from(guest["ifconfig"], guest["sysctl"], {})))
    config = guests.v2("7c:ed:8d:83:96:7c")
    files = planned(tmp_path, config, ["--inventory", str(inventory)], capsys)
    run(suite, "render", config=config, renderer="freebsd", **guest)
    assert guests.written(tmp_path)["etc/rc.conf"] == files["etc/rc.conf"]


@pytest.mark.parametrize(
    "broken",
    [
        "hyperv_net.sources.stand_in:_to_bring_up",
        "hyperv_net.renderers.freebsd.first_boot:_steps",
    ],
)
def test_on_freebsd_too_a_late_failure_ends_in_the_stock_rc_conf(
    suite: str, broken: str, tmp_path: Path
) -> None:
    # Transparent, so that stock and the extension differ in nothing but the NIC's own name.
    config = guests.v2("7c:ed:8d:83:96:7c")
    guest = guests.freebsd(tmp_path)
    run(suite, "render", config=config, renderer="freebsd", broken=broken, **guest)
    text, _ = guests.written(tmp_path)["etc/rc.conf"]
    assert "lagg" not in text
    assert "ifconfig_hn0_name=eth0" in text
    assert "ifconfig_eth0=DHCP" in text
