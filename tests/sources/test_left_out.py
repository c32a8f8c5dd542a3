"""What cloud-init's renderers leave out of a config that is passed on, by the real ones."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.renderers import passed_on, sysconfig
from hyperv_net.renderers.cloud_init_words import CALLED, PARAMETERS
from hyperv_net.renderers.sysconfig import render as of_sysconfig
from tests.sources import guests
from tests.sources.cloud import SUITES, run

pytestmark = pytest.mark.debian

#: cloud-init's release in each suite.
RELEASES = {"bookworm": "22.4", "trixie": "25.1", "sid": "26.2"}
MODULES = {
    sysconfig.TARGET.cloud_init.name: of_sysconfig,
}
RUNS = [(name, suite) for name in MODULES for suite in SUITES]

#: A device of software, and what it says in the configs of these tests.
DEVICES = {"bonds": "bond0", "vlans": "v5", "bridges": "br0"}
DEVICE: dict[str, Any] = {
    "dhcp4": True,
    "dhcp6": True,
    "addresses": ["10.0.0.4/24", "2001:db8::4/64"],
    "routes": [{"to": "10.9.0.0/16", "via": "10.0.0.1"}],
}
#: Settings with values that are found again where some text has them.
VALUES: dict[tuple[str, ...], Any] = {
    **{
        (kind, key): value
        for kind in ("dhcp4-overrides", "dhcp6-overrides")
        for key, value in {
            **dict.fromkeys(("send-hostname", "use-dns", "use-hostname", "use-mtu"), False),
            **dict.fromkeys(("use-ntp", "use-routes"), False),
            **{"hostname": "other", "use-domains": True, "route-metric": 7701},
        }.items()
    },
    ("accept-ra",): False,
    ("activation-mode",): "manual",
    ("critical",): True,
    ("dhcp-identifier",): "mac",
    ("gateway4",): "10.0.0.77",
    ("gateway6",): "2001:db8::77",
    ("ignore-carrier",): True,
    ("ipv6-address-generation",): "eui64",
    ("ipv6-mtu",): 1377,
    ("ipv6-privacy",): True,
    ("link-local",): [],
    ("macaddress",): "02:00:00:00:00:77",
    ("mtu",): 1378,
    ("nameservers", "addresses"): ["10.0.0.53"],
    ("nameservers", "search"): ["example.org"],
    ("optional",): True,
    ("optional-addresses",): ["dhcp4"],
    ("routes", "*", "advertised-mss"): 1311,
    ("routes", "*", "from"): "10.0.0.4",
    ("routes", "*", "metric"): 7703,
    ("routes", "*", "mtu"): 1312,
    ("routes", "*", "on-link"): True,
    ("routes", "*", "scope"): "link",
    ("routes", "*", "table"): 7704,
    ("routing-policy",): [{"from": "10.0.0.4", "table": 7705}],
    ("wakeonlan",): True,
    **{
        ("parameters", key): value
        for key, value in {
            **{"ad-select": "count", "arp-interval": 7706, "arp-ip-targets": ["10.0.0.9"]},
            **{"arp-validate": "filter", "down-delay": 7800, "fail-over-mac-policy": "follow"},
            **{"gratuitous-arp": 93, "lacp-rate": "fast", "min-links": 94, "primary": "ens17"},
            **{"mii-monitor-interval": 7710, "primary-reselect-policy": "better"},
            **{"transmit-hash-policy": "encap2+3", "up-delay": 7900},
            **{"ageing-time": 7711, "forward-delay": 7712, "hello-time": 7713, "max-age": 7714},
            **{"path-cost": {"v6": 7715}, "port-priority": {"v6": 57}, "priority": 7716},
        }.items()
    },
}
_ON_EACH = pytest.mark.parametrize(
    ("name", "suite", "kind"), [(*run, kind) for run in RUNS for kind in DEVICES]
)


def settings(name: str, suite: str, kind: str, *, are_left_out: bool) -> list[tuple[str, ...]]:
    """Those that the tables call left out of a device of this type, or the others."""
    module, release = MODULES[name], RELEASES[suite]
    left_out, since = module.LEFT_OUT, getattr(module, "SINCE", {})
    later = [one for one in since if release < since[one]]
    known = PARAMETERS.get(kind, frozenset())
    return [
        path
        for path in VALUES
        if (path[0] != "parameters" or path[1] in known)
        and passed_on.is_lost((kind, *path), (*left_out, *later)) is are_left_out
    ]


def with_settings(device: dict[str, Any], paths: list[tuple[str, ...]]) -> dict[str, Any]:
    said: Any = copy.deepcopy(device)
    for path in paths:
        at: Any = said
        for key in path[:-1]:
            at = at[0] if key == "*" else at.setdefault(key, {})
        at[CALLED.get(path[-1], path[-1])] = VALUES[path]
    return dict(said)


def written(
    name: str, suite: str, root: Path, kind: str, paths: list[tuple[str, ...]]
) -> dict[str, str]:
    """What the stock renderer makes of a bond, a VLAN and a bridge, one of them with these."""
    made: dict[str, Any] = {
        "bonds": {
            "interfaces": ["eth0", "ens17"],
            "parameters": {"mode": "active-backup", "mii-monitor-interval": 100},
        },
        "vlans": {"id": 5, "link": "bond0"},
        "bridges": {"interfaces": ["v6"], "parameters": {"stp": True}},
    }
    says = {
        one: with_settings({**DEVICE, **made[one]}, paths if one == kind else []) for one in DEVICES
    }
    config = {
        "version": 2,
        "ethernets": {"eth0": {}, "ens17": {}},
        "bonds": {"bond0": says["bonds"]},
        "vlans": {"v5": says["vlans"], "v6": {"id": 6, "link": "bond0"}},
        "bridges": {"br0": says["bridges"]},
    }
    guest = guests.linux(root, "hv-netvsc-on-virtio")
    run(suite, "render", root=str(guest), config=config, renderer=name, plugin=False)
    return {path: text for path, (text, _) in guests.written(guest).items()}


@_ON_EACH
def test_what_the_ledger_calls_left_out_makes_no_difference(
    name: str, suite: str, kind: str, tmp_path: Path
) -> None:
    gone = settings(name, suite, kind, are_left_out=True)
    bare = written(name, suite, tmp_path / "bare", kind, [])
    assert written(name, suite, tmp_path / "gone", kind, gone) == bare


@_ON_EACH
def test_what_it_calls_moved_is_in_the_text(
    name: str, suite: str, kind: str, tmp_path: Path
) -> None:
    bare = "".join(written(name, suite, tmp_path / "bare", kind, []).values())
    kept = settings(name, suite, kind, are_left_out=False)
    whole = "".join(written(name, suite, tmp_path / "kept", kind, kept).values())
    for path in kept:
        said = VALUES[path]
        if isinstance(said, list):
            (said,) = said
        token = str(said.get("table") or said["v6"] if isinstance(said, dict) else said)
        assert whole.count(token) > bare.count(token), path
