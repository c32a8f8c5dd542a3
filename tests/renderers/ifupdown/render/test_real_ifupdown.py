"""The ifupdown renderer's files as the real ifupdown and udevadm read them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.model import RenderedFile
from hyperv_net.renderers.ifupdown import render as ifupdown
from tests.debian.tools import SUITES, ifquery, ifup, udevadm_verify, write
from tests.renderers.linux_pairs import MAC, joined, pair, rewritten

pytestmark = pytest.mark.debian
on_each_suite = pytest.mark.parametrize("suite", SUITES)

INTERFACES = RenderedFile("etc/network/interfaces", "source interfaces.d/*\n")
EVERYTHING: dict[str, Any] = joined(
    pair(
        addresses=["10.0.0.4/24", "10.0.0.5/24", "2001:db8::4/64"],
        routes=[
            {"to": "default", "via": "10.0.0.1", "metric": 50},
            {"to": "10.9.0.0/16", "via": "10.0.0.7"},
        ],
        nameservers={"addresses": ["10.0.0.2"]},
        mtu=9000,
    ),
    pair(1),
    {
        "ethernets": {
            "ens7": {"link-local": ["ipv4"]},
            "ens8": {"accept-ra": True, "macaddress": MAC},
            "ens9": {"addresses": ["10.1.0.4/24"], "mtu": 1400, "optional": True},
        },
        "vlans": {
            "bond0.5": {"id": 5, "link": "bond0", "addresses": ["10.5.0.4/24"]},
            "storage": {"id": 7, "link": "bond0", "addresses": ["10.7.0.4/24"]},
        },
        "bridges": {
            "br0": {
                "interfaces": ["storage"],
                "parameters": {"stp": True, "forward-delay": 4, "path-cost": {"storage": 50}},
            }
        },
        "vrfs": {"red": {"table": 10, "interfaces": ["ens8"]}},
        "tunnels": {"t0": {"mode": "gre", "local": "10.0.0.4", "remote": "10.0.0.9", "ttl": 9}},
        "dummy-devices": {"d0": {"addresses": ["192.0.2.1/32"]}},
    },
)


def prepared(root: Path, plain: dict[str, Any]) -> Path:
    """The folder, with a rendered configuration in it."""
    write(root, [INTERFACES, *ifupdown.render(rewritten(plain), {}).files])
    return root


@on_each_suite
def test_every_kind_of_device_is_accepted(suite: str, tmp_path: Path) -> None:
    """ifup would configure all of them, and ends well."""
    ran = ifup(suite, prepared(tmp_path, EVERYTHING), "--all", "--allow", "auto")
    assert ran.status == 0, ran.err
    listed = ifquery(suite, tmp_path, "--list", "--all").out.split()
    # Not the synthetic NICs: ifenslave takes them in with their bonds.
    expected = ["lo", "ens7", "ens8", "d0", "t0", "bond0", "bond1"]
    expected += ["bond0.5", "storage", "br0", "red"]
    assert sorted(listed) == sorted(expected)
    assert ifquery(suite, tmp_path, "--list", "--allow", "hotplug").out.split() == ["ens9"]


@on_each_suite
def test_the_bond_has_the_options_that_ifenslave_reads(suite: str, tmp_path: Path) -> None:
    """As ifupdown hands them to ifenslave's scripts."""
    prepared(tmp_path, pair(addresses=["10.0.0.4/24"]))
    found = ifquery(suite, tmp_path, "bond0").out.splitlines()
    for line in (
        "bond-slaves: eth0",
        "bond-mode: active-backup",
        "bond-miimon: 100",
        "bond-primary-reselect: always",
        f"hwaddress: {MAC}",
    ):
        assert line in found


@on_each_suite
def test_what_ifup_would_run_for_the_bond(suite: str, tmp_path: Path) -> None:
    """Both addresses, the gateway with its metric, MTU and MAC, the route and the replay."""
    prepared(tmp_path, joined(EVERYTHING, {"vlans": {}}))
    ran = ifup(suite, tmp_path, "bond0")
    commands = [" ".join(line.split()) for line in ran.err.splitlines()]
    for wanted in (
        "ip addr add 10.0.0.4/255.255.255.0 broadcast 10.0.0.255 dev bond0 label bond0",
        "ip addr add 10.0.0.5/255.255.255.0 broadcast 10.0.0.255 dev bond0 label bond0",
        f"ip link set dev bond0 mtu 9000 address {MAC} up",
        "ip route add default via 10.0.0.1 metric 50 dev bond0 onlink",
        "ip -6 addr add 2001:db8::4/64 dev bond0",
        "ip route add 10.9.0.0/16 via 10.0.0.7 dev bond0 || true",
        f"udevadm trigger --action=change --subsystem-match=net --attr-match=address={MAC} || true",
    ):
        assert wanted in commands


@on_each_suite
def test_ifenslave_can_start_a_member_that_has_settings(suite: str, tmp_path: Path) -> None:
    """`ifup --allow bond0 eth0`, as its script says, finds eth0; a start at boot does not."""
    own = {"ethernets": {"eth0": {"large-receive-offload": False}}}
    prepared(tmp_path, joined(pair(), own))
    ran = ifup(suite, tmp_path, "--allow", "bond0", "eth0")
    assert "ip link set dev eth0 up" in ran.err
    assert ifquery(suite, tmp_path, "--list", "--allow", "bond0").out.split() == ["eth0"]
    assert ifquery(suite, tmp_path, "eth0").out.splitlines() == ["offload-lro: off"]
    assert "eth0" not in ifquery(suite, tmp_path, "--list", "--all").out.split()


@on_each_suite
def test_the_members_get_no_address(suite: str, tmp_path: Path) -> None:
    """The synthetic NIC is only raised, and the VF is unknown to ifupdown."""
    prepared(tmp_path, pair())
    ran = ifup(suite, tmp_path, "eth0")
    commands = [line for line in ran.err.splitlines() if line.startswith(("ip ", "dhclient"))]
    assert commands == ["ip link set dev eth0 up 2>/dev/null || true"]
    assert ifup(suite, tmp_path, "enP0s2").status != 0


@on_each_suite
def test_a_vlan_of_a_free_name_is_made_by_its_own_command(suite: str, tmp_path: Path) -> None:
    """ifupdown itself makes only bond0.5."""
    ran = ifup(suite, prepared(tmp_path, EVERYTHING), "storage", "bond0.5")
    assert "ip link add link bond0 name storage type vlan id 7" in ran.err
    assert "ip link add link bond0 name bond0.5 type vlan id 5" in ran.err


@on_each_suite
def test_a_stanza_turned_into_a_comment_is_gone(suite: str, tmp_path: Path) -> None:
    """Real ifupdown sees the member once, and without DHCP."""
    theirs = "source interfaces.d/*\nauto eth0\niface eth0 inet dhcp\n"
    write(tmp_path, [RenderedFile("etc/network/interfaces", theirs)])
    write(
        tmp_path,
        ifupdown.render(rewritten(pair()), {"etc/network/interfaces": theirs}).files,
    )
    ran = ifup(suite, tmp_path, "eth0")
    assert ran.status == 0 and ran.err.count("configuring interface eth0") == 1
    assert "dhc" not in ran.err.lower()


@on_each_suite
def test_lines_go_on_as_they_do_for_the_real_one(suite: str, tmp_path: Path) -> None:
    """Joined with nothing between; a comment does not go on, and a continued line is no comment."""
    theirs = (
        "iface ens7 inet manual\n# \\\nauto ens\\\n9\niface ens9 inet manual\n"
        "  up echo \\\n# iface ens8\nauto ens7 \\"
    )
    write(tmp_path, [RenderedFile("etc/network/interfaces", theirs)])
    assert ifquery(suite, tmp_path, "--list").out.split() == ["lo", "ens9", "ens7"]
    assert ifquery(suite, tmp_path, "ens9").out == "up: echo # iface ens8\n"


def test_the_udev_rules_are_rules(tmp_path: Path) -> None:
    """As udevadm of systemd 257 sees it; that of bookworm cannot verify."""
    prepared(tmp_path, joined(pair(0), pair(1)))
    rules = sorted((tmp_path / "etc/udev/rules.d").iterdir())
    assert [rule.name for rule in rules] == ["70-persistent-net.rules"]
    ran = udevadm_verify("trixie", *rules)
    assert ran.status == 0, ran.out + ran.err


@on_each_suite
def test_a_vlan_that_is_named_after_a_member_is_made_on_the_aggregate(
    suite: str, tmp_path: Path
) -> None:
    plain = joined(pair(), {"vlans": {"eth0.10": {"id": 10, "link": "bond0"}}})
    ran = ifup(suite, prepared(tmp_path, plain), "bond0.10")
    assert ran.status == 0, ran.err
    assert "ip link add link bond0 name bond0.10 type vlan id 10" in ran.err + ran.out
