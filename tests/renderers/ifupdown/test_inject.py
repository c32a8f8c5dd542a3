"""Injections into interfaces(5), as the real ifupdown reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.debian.tools import SUITES, ifquery, ifup
from tests.kvp import texts
from tests.kvp.linux import STATIC, inject, with_pair, without_pair

FILE = "etc/network/interfaces.d/50-cloud-init"
CLIENT = "No DHCP client software found"  # it is shown none, and ifup would say so
MAIN = "etc/network/interfaces"
on_each_suite = pytest.mark.parametrize("suite", SUITES)


def commands(suite: str, root: Path, name: str) -> list[str]:
    """What ifup would run for a device, about addresses."""
    ran = ifup(suite, root, name)
    assert ran.status == 0, ran.err
    found = (" ".join(line.split()) for line in ran.err.splitlines())
    return [one for one in found if one.startswith("ip ") or CLIENT in one]


def options(suite: str, root: Path, name: str) -> list[str]:
    """The options of a device, as ifupdown hands them to scripts."""
    ran = ifquery(suite, root, name)
    assert ran.status == 0, ran.err
    return ran.out.splitlines()


@pytest.mark.debian
@on_each_suite
@pytest.mark.parametrize(("make", "name"), [(with_pair, "bond0"), (without_pair, "eth0")])
def test_static_takes_the_place_of_dhcp(suite: str, make, name: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """ifup would add every address and both routes, and start no client."""
    root = make(tmp_path, "ifupdown", dhcp4=True)
    assert inject(root, texts.LINUX) == 0
    said = "\n".join(commands(suite, root, name))
    for address in ("10.1.0.4/", "10.1.0.5/", "2001:db8::4/64", "2001:db8::5/64"):
        assert f"addr add {address}" in said
    assert "default via 10.1.0.1" in said
    assert "default via fe80::1" in said
    assert CLIENT not in said
    assert CLIENT in "\n".join(commands(suite, root, "ens9"))


@pytest.mark.debian
@on_each_suite
@pytest.mark.parametrize(("make", "name"), [(with_pair, "bond0"), (without_pair, "eth0")])
def test_static_takes_the_place_of_static(suite: str, make, name: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The old IPv4 addresses are gone; IPv6, MTU, routes and search list stay."""
    root = make(tmp_path, "ifupdown", **STATIC)
    assert inject(root, texts.LINUX_IPV4) == 0
    said = "\n".join(commands(suite, root, name))
    assert "addr add 10.1.0.4/" in said
    assert "addr add 2001:db8:9::9/64" in said
    assert "10.0.0.9" not in said
    assert "10.0.0.10" not in said
    assert "via 10.0.0.1 " not in said
    text = (root / FILE).read_text()
    assert "ip route add 10.9.0.0/16 via 10.0.0.7" in text
    found = options(suite, root, name)
    assert "mtu: 1400" in found
    assert "dns-search: example.org" in found
    assert "dns-nameservers: 10.1.0.53" in found


@pytest.mark.debian
@on_each_suite
def test_the_bond_stays_a_bond(suite: str, tmp_path: Path) -> None:
    """Its options and the look for its VF go over to the new stanzas, whatever family they are."""
    root = with_pair(tmp_path, "ifupdown", dhcp4=True)
    before = options(suite, root, "bond0")
    for text in (texts.LINUX_IPV4, texts.LINUX, texts.LINUX_DHCP, texts.LINUX_IPV6):
        assert inject(root, text) == 0
        assert not set(before) - set(options(suite, root, "bond0"))
        assert (root / FILE).read_text().count("udevadm trigger") == 1
    listed = ifquery(suite, root, "--list", "--all").out.split()
    assert sorted(listed) == ["bond0", "ens9", "lo"]


@pytest.mark.debian
@on_each_suite
def test_dhcp_takes_the_place_of_static(suite: str, tmp_path: Path) -> None:
    """Back at home no address and no server of the other site is left."""
    root = with_pair(tmp_path, "ifupdown", dhcp4=True)
    assert inject(root, texts.LINUX_IPV4) == 0
    assert inject(root, texts.LINUX_DHCP) == 0
    assert "10.1.0" not in (root / FILE).read_text()
    assert CLIENT in "\n".join(commands(suite, root, "bond0"))


BY_HAND = """\
# The administrator's own.
source interfaces.d/*

auto lo
iface lo inet loopback

# the uplink
allow-hotplug eth0
iface eth0 inet static
    address 10.0.0.9
    netmask 255.255.255.0
    gateway 10.0.0.1
    # the old resolver
    dns-nameservers 10.0.0.2
    up /usr/local/bin/notify \\
        --interface eth0
iface eth0 inet static
    address 10.0.0.10/24

# the lab
auto ens9
iface ens9 inet static
    address 10.5.0.9/24
"""


@pytest.mark.debian
@on_each_suite
def test_an_administrators_file_keeps_all_else(suite: str, tmp_path: Path) -> None:
    """Comments, hooks with their continued lines and other devices stay."""
    path = tmp_path / MAIN
    path.parent.mkdir(parents=True)
    path.write_text(BY_HAND)
    assert inject(tmp_path, texts.LINUX_IPV4) == 0
    assert (
        path.read_text()
        == """\
# The administrator's own.
source interfaces.d/*

auto lo
iface lo inet loopback

# the uplink
allow-hotplug eth0
iface eth0 inet static
    address 10.1.0.4/24
    gateway 10.1.0.1
    dns-nameservers 10.1.0.53
    up /usr/local/bin/notify \\
        --interface eth0

    # the old resolver
# the lab
auto ens9
iface ens9 inet static
    address 10.5.0.9/24
"""
    )
    assert "addr add 10.1.0.4/" in "\n".join(commands(suite, tmp_path, "eth0"))


@pytest.mark.debian
@on_each_suite
def test_a_nic_without_a_stanza_gets_one(suite: str, tmp_path: Path) -> None:
    """With an `auto` of its own, at the end of the main file."""
    path = tmp_path / MAIN
    path.parent.mkdir(parents=True)
    path.write_text("auto lo\niface lo inet loopback\n")
    assert inject(tmp_path, texts.LINUX_IPV4) == 0
    assert ifquery(suite, tmp_path, "--list", "--all").out.split() == ["lo", "eth0"]
    assert "addr add 10.1.0.4/" in "\n".join(commands(suite, tmp_path, "eth0"))


def test_inherited_options_are_left_to_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the other stanza says cannot be told apart."""
    path = tmp_path / MAIN
    path.parent.mkdir(parents=True)
    path.write_text("iface eth0 inet static inherits uplink\n")
    assert inject(tmp_path, texts.LINUX_IPV4) == 1
    assert "inherits options from another stanza" in capsys.readouterr().err
    assert path.read_text() == "iface eth0 inet static inherits uplink\n"
