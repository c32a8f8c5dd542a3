"""Our files beside those that the real netplan makes of the same config for networkd."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.renderers.netplan import render as netplan
from hyperv_net.renderers.networkd import render as networkd
from tests.debian.tools import SUITES, netplan_generate, write
from tests.expected import CASES
from tests.renderers.linux_pairs import joined, pair, rewritten
from tests.renderers.networkd import oracle

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

CONFIGS = Path(__file__).parent / "configs"
#: Every Linux example with an aggregate, and configs of reports; facts beside each.
INPUTS = {
    **{
        case.name: (case / "network-config.yaml", case / "inventory.json", case / "root")
        for case in CASES
        if (case / "expected/networkd/etc").exists()
        and list((case / "expected/networkd/etc/systemd/network").glob("*bond0.netdev"))
    },
    **{
        path.stem: (path, CONFIGS / "inventory.json", None)
        for path in sorted(CONFIGS.glob("*.yaml"))
    },
}

OVERRIDES = {
    "route-metric": 200,
    **dict.fromkeys(("use-dns", "use-hostname", "use-mtu", "use-ntp", "use-routes"), False),
    **{"send-hostname": False, "use-domains": "route", "hostname": "other"},
}
BOND: dict[str, Any] = {
    "dhcp4": True,
    "dhcp6": True,
    "dhcp4-overrides": OVERRIDES,
    "dhcp6-overrides": OVERRIDES,
    "dhcp-identifier": "mac",
    "accept-ra": True,
    "addresses": ["10.0.0.4/24", "2001:db8::4/64", {"10.0.0.5/24": {"label": "bond0:1"}}],
    "nameservers": {"addresses": ["10.0.0.2", "2001:db8::2"], "search": ["a.b", "c.d"]},
    "routes": [
        {"to": "default", "via": "10.0.0.1", "metric": 50, "table": 7, "on-link": True},
        {"to": "2001:db8:9::/48", "via": "2001:db8::1", "from": "2001:db8::4", "mtu": 1400},
        {"to": "10.9.0.0/16", "type": "unreachable"},
        {"to": "10.8.0.0/16", "scope": "link", "congestion-window": 9},
        {"to": "10.7.0.0/16", "via": "10.0.0.1", "advertised-receive-window": 9},
    ],
    "routing-policy": [
        {"from": "10.0.0.0/8", "table": 7, "priority": 9, "mark": 3, "type-of-service": 8},
        {"to": "2001:db8::/32", "table": 7},
    ],
    "ipv6-privacy": True,
    "ipv6-mtu": 1400,
    "ipv6-address-token": "::7",
    "link-local": ["ipv4", "ipv6"],
    # `critical` is another key in each netplan: CriticalConnection= in that of 0.106.
    "mtu": 9000,
    "optional": True,
    "activation-mode": "manual",
}
PARAMETERS = {
    **{"lacp-rate": "fast", "min-links": 1, "transmit-hash-policy": "layer2+3"},
    **{"ad-select": "count", "up-delay": 200, "down-delay": "0", "arp-validate": "none"},
    **{"arp-all-targets": "any", "fail-over-mac-policy": "none", "gratuitous-arp": 2},
    **{"packets-per-slave": 3, "resend-igmp": 2, "learn-packet-interval": 5},
    **{"arp-interval": "0", "arp-ip-targets": ["10.0.0.1", "10.0.0.2"]},
}
ABOVE: dict[str, Any] = {
    "ethernets": {
        "ens8": {
            "match": {"macaddress": "00:0d:3a:99:99:01", "driver": "igb"},
            "set-name": "lan",
            "wakeonlan": True,
            "receive-checksum-offload": True,
            "large-receive-offload": False,
            "ignore-carrier": True,
            "link-local": [],
            "dhcp4": True,
        },
        "ens9": {"dhcp4": True, "gateway6": "2001:db8::1", "addresses": ["2001:db8::9/64"]},
    },
    "vlans": {"v5": {"id": 5, "link": "bond0", "macaddress": "02:00:00:00:00:05", "dhcp4": True}},
    "bridges": {
        "br0": {
            "interfaces": ["v5"],
            "parameters": {
                **{"ageing-time": 50, "priority": 9, "forward-delay": 5, "hello-time": 6},
                **{"max-age": 24, "path-cost": {"v5": 7}, "port-priority": {"v5": 12}},
            },
        },
        "br1": {"interfaces": ["bond0"]},
    },
    "vrfs": {
        "red": {
            "table": 9,
            "interfaces": ["ens9"],
            "routes": [{"to": "default", "via": "10.2.0.1"}],
            "routing-policy": [{"from": "10.2.0.0/16"}],
        }
    },
    "tunnels": {
        **{
            mode: {"mode": mode, "local": "10.0.0.4", "remote": "10.0.0.5"}
            for mode in ("gretap", "ipip", "sit", "vti")
        },
        "keyed": {"mode": "gre", "local": "10.0.0.4", "remote": "10.0.0.5", "key": "1.2.3.4"},
        "six": {"mode": "ip6ip6", "local": "2001:db8::4", "remote": "2001:db8::5", "ttl": 9},
        "vx": {
            **{"mode": "vxlan", "id": 5, "link": "bond0", "local": "10.0.0.4", "ttl": 9},
            **{"remote": "239.0.0.1", "port": 4789, "mac-learning": False, "limit": 9},
            **{"notifications": ["l2-miss"], "checksums": ["udp"], "port-range": [1, 9]},
            **{"extensions": ["group-policy"], "flow-label": 5, "do-not-fragment": True},
        },
        "alone": {"mode": "vxlan", "id": 6, "remote": "10.0.0.5"},
    },
}
#: Rewritten trees which say all that netplan lets networkd say.
TREES = {
    "bond": pair(**BOND),
    "parameters": joined(pair(), {"bonds": {"bond0": {"parameters": PARAMETERS}}}),
    "above": joined(pair(), ABOVE),
}


def rendered(target: str, case: str, folder: Path) -> dict[str, str]:
    """Path → text of what `render` writes for a target."""
    config, inventory, root = INPUTS[case]
    options = ["--inventory", str(inventory), "--network-config", str(config), "--target", target]
    options += ["--root", str(root)] if root else ["--synthetic-driver", "virtio_net"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        main(["render", *options, "--output-dir", str(folder)])
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("case", INPUTS)
def test_they_say_what_netplans_say(suite: str, case: str, tmp_path: Path) -> None:
    ours = rendered("networkd", case, tmp_path / "ours")
    rendered("netplan", case, tmp_path / "netplan")
    ran = netplan_generate(suite, tmp_path / "netplan")
    assert ran.status == 0, ran.err
    assert_same(ours, tmp_path / "netplan")


def assert_same(ours: dict[str, str], root: Path) -> None:
    """Our files, by path, say what netplan has made below a root."""
    made = {
        path.name: path.read_text() for path in (root / "run/systemd/network").glob("10-netplan-*")
    }
    assert len(made) > 3
    own = {
        path.rpartition("/")[2]: text
        for path, text in ours.items()
        if "/systemd/network/0" in path and "/05-" not in path
    }
    assert oracle.said(by_id(own, "0?-hyperv-net-")) == oracle.said(by_id(made, "10-netplan-"))


@pytest.mark.parametrize("tree", TREES)
def test_every_setting_is_said_as_netplan_says_it(suite: str, tree: str, tmp_path: Path) -> None:
    config = rewritten(TREES[tree])
    write(tmp_path, netplan.render(config, {}).files)
    ran = netplan_generate(suite, tmp_path)
    assert ran.status == 0, ran.err
    rendered_here = networkd.render(config, {})
    assert not rendered_here.dropped
    assert_same({file.path: file.text for file in rendered_here.files}, tmp_path)


def by_id(files: dict[str, str], prefix: str) -> dict[str, str]:
    """The files by the ids of their devices.

    What is said again for NICs yet unseen is `zz-…` in netplan's; and a member that other
    files of netplan's speak of is declared there twice, of which networkd takes the first.
    """
    named = {}
    for name in sorted(files, reverse=True):
        short = name[len(prefix) :].replace("later-", "zz-")
        named[short.replace("0-hyperv-net-", "")] = files[name]
    return named
