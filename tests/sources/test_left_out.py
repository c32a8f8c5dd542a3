"""What cloud-init's renderers leave out of a config that is passed on, by the real ones."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.renderers import networkd, networkmanager, passed_on, sysconfig
from hyperv_net.renderers.networkd import render as of_networkd
from hyperv_net.renderers.networkmanager import render as of_networkmanager
from hyperv_net.renderers.sysconfig import render as of_sysconfig
from tests.sources import guests
from tests.sources.cloud import SUITES, run

pytestmark = pytest.mark.debian

#: cloud-init's release in each suite.
RELEASES = {"bookworm": "22.4", "trixie": "25.1", "sid": "26.2"}
MODULES = {
    networkd.TARGET.cloud_init.name: of_networkd,
    networkmanager.TARGET.cloud_init.name: of_networkmanager,
    sysconfig.TARGET.cloud_init.name: of_sysconfig,
}
#: Earlier ones make no bonds for networkd.
RUNS = [
    (name, suite) for name in MODULES for suite in SUITES if name != "networkd" or suite == "sid"
]

VALUES: dict[tuple[str, ...], Any] = {
    **{
        (kind, key): value
        for kind in ("dhcp4-overrides", "dhcp6-overrides")
        for key, value in {
            **dict.fromkeys((*passed_on.OVERRIDES,), False),
            **{"hostname": "other", "use-domains": True, "route-metric": 77},
        }.items()
    },
    ("accept-ra",): False,
    ("activation-mode",): "manual",
    ("critical",): True,
    ("dhcp-identifier",): "mac",
    ("ignore-carrier",): True,
    ("ipv6-address-generation",): "eui64",
    ("ipv6-mtu",): 1377,
    ("ipv6-privacy",): True,
    ("link-local",): [],
    ("mtu",): 1377,
    ("optional",): True,
    ("optional-addresses",): ["dhcp4"],
    ("routes", "*", "metric"): 77,
    ("routes", "*", "mtu"): 1377,
    ("routes", "*", "on-link"): True,
    ("routes", "*", "table"): 77,
    ("routing-policy",): [{"from": "10.0.0.4", "table": 77}],
}


def with_settings(device: dict[str, Any], settings: list[tuple[str, ...]]) -> dict[str, Any]:
    said: Any = copy.deepcopy(device)
    for path in settings:
        at: Any = said
        for key in path[:-1]:
            at = at[0] if key == "*" else at.setdefault(key, {})
        at[path[-1]] = VALUES[path]
    return dict(said)


def written(name: str, suite: str, root: Path, settings: list[tuple[str, ...]]) -> dict[str, str]:
    """What the stock renderer makes of a bond and a VLAN on it, both with these settings."""
    device = {
        "dhcp4": True,
        "dhcp6": True,
        "addresses": ["10.0.0.4/24"],
        "routes": [{"to": "10.9.0.0/16", "via": "10.0.0.1"}],
    }
    said = with_settings(device, settings)
    config = {
        "version": 2,
        "ethernets": {"eth0": {}, "ens17": {}},
        "bonds": {
            "bond0": {
                "interfaces": ["eth0", "ens17"],
                "parameters": {"mode": "active-backup", "mii-monitor-interval": 100},
                **said,
            }
        },
        "vlans": {"v5": {"id": 5, "link": "bond0", **said}},
    }
    guest = guests.linux(root, "hv-netvsc-on-virtio")
    run(suite, "render", root=str(guest), config=config, renderer=name, plugin=False)
    return {path: text for path, (text, _) in guests.written(guest).items()}


@pytest.mark.parametrize(("name", "suite"), RUNS)
def test_what_the_ledger_calls_left_out_makes_no_difference(
    name: str, suite: str, tmp_path: Path
) -> None:
    lost, since = MODULES[name].LEFT_OUT, getattr(MODULES[name], "SINCE", {})
    later = {path for path, release in since.items() if RELEASES[suite] < release}
    gone = [
        path for path in VALUES if path in later or any(path[: len(one)] == one for one in lost)
    ]
    bare = written(name, suite, tmp_path / "bare", [])
    assert written(name, suite, tmp_path / "gone", gone) == bare


@pytest.mark.parametrize(("name", "suite"), RUNS)
def test_what_it_calls_moved_makes_one(name: str, suite: str, tmp_path: Path) -> None:
    lost, since = MODULES[name].LEFT_OUT, getattr(MODULES[name], "SINCE", {})
    later = {path for path, release in since.items() if RELEASES[suite] < release}
    bare = written(name, suite, tmp_path / "bare", [])
    for number, path in enumerate(VALUES):
        if path not in later and not any(path[: len(one)] == one for one in lost):
            assert written(name, suite, tmp_path / str(number), [path]) != bare, path
