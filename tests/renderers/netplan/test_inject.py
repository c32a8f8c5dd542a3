"""Injections into netplan's files, as the real netplan reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.renderers.netplan import render as renderer
from tests.debian.tools import SUITES, Sections, netplan_generate, networkd_files
from tests.files import put
from tests.kvp import texts
from tests.kvp.linux import STATIC, inject, with_pair, without_pair
from tests.renderers.linux_pairs import pair, rewritten

OURS = "etc/netplan/95-hyperv-net-kvp.yaml"
on_each_suite = pytest.mark.parametrize("suite", SUITES)


def network(suite: str, root: Path, name: str) -> Sections:
    """The .network file of a device, made by the real netplan."""
    ran = netplan_generate(suite, root)
    assert ran.status == 0, ran.err
    return networkd_files(root)[f"10-netplan-{name}.network"]


def lines(suite: str, root: Path, name: str) -> list[str]:
    """Its lines about addresses, routes and name servers, in netplan's order."""
    netplan_generate(suite, root)
    text = (root / f"run/systemd/network/10-netplan-{name}.network").read_text()
    keys = ("DHCP=", "Address=", "DNS=", "Domains=", "Gateway=", "Destination=", "Bond=")
    return sorted(line for line in text.splitlines() if line.startswith(keys))


@pytest.mark.debian
@on_each_suite
@pytest.mark.parametrize(("make", "name"), [(with_pair, "bond0"), (without_pair, "eth0")])
def test_static_takes_the_place_of_dhcp(suite: str, make, name: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """What networkd is told is what was injected, and no client is started."""
    root = make(tmp_path, "netplan", dhcp4=True)
    assert inject(root, texts.LINUX) == 0
    assert lines(suite, root, name) == [
        "Address=10.1.0.4/24",
        "Address=10.1.0.5/24",
        "Address=2001:db8::4/64",
        "Address=2001:db8::5/64",
        "DNS=10.1.0.53",
        "DNS=2001:db8::53",
        "Destination=0.0.0.0/0",
        "Destination=::/0",
        "Gateway=10.1.0.1",
        "Gateway=fe80::1",
    ]
    assert network(suite, root, "ens9")["Network"]["DHCP"] == "ipv4"


@pytest.mark.debian
@on_each_suite
@pytest.mark.parametrize(("make", "name"), [(with_pair, "bond0"), (without_pair, "eth0")])
def test_static_takes_the_place_of_static(suite: str, make, name: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """netplan joins lists, so the old addresses must be gone from the file they were in."""
    root = make(tmp_path, "netplan", **STATIC)
    assert inject(root, texts.LINUX_IPV4) == 0
    assert lines(suite, root, name) == [
        "Address=10.1.0.4/24",
        "Address=2001:db8:9::9/64",
        "DNS=10.1.0.53",
        "Destination=0.0.0.0/0",
        "Destination=10.9.0.0/16",
        "Destination=::/0",
        "Domains=example.org",
        "Gateway=10.0.0.7",
        "Gateway=10.1.0.1",
        "Gateway=fe80::9",
    ]
    assert network(suite, root, name)["Link"]["MTUBytes"] == "1400"


@pytest.mark.debian
@on_each_suite
def test_dhcp_takes_the_place_of_static(suite: str, tmp_path: Path) -> None:
    """Back at home: no address and no server of the other site is left."""
    root = with_pair(tmp_path, "netplan", **STATIC)
    assert inject(root, texts.LINUX_IPV4) == 0
    assert inject(root, texts.LINUX_DHCP) == 0
    assert network(suite, root, "bond0")["Network"]["DHCP"] == "ipv4"
    assert [line for line in lines(suite, root, "bond0") if "10.1.0" in line] == []


@pytest.mark.debian
@on_each_suite
def test_ipv6_alone_leaves_ipv4_to_the_flag(suite: str, tmp_path: Path) -> None:
    """The daemon says DHCP where IPv6 alone is injected; a later injection of IPv4 keeps it."""
    root = with_pair(tmp_path, "netplan", dhcp4=True, dhcp6=True)
    assert inject(root, texts.LINUX_IPV6) == 0
    assert network(suite, root, "bond0")["Network"]["DHCP"] == "ipv4"
    assert "Address=2001:db8::4/64" in lines(suite, root, "bond0")
    assert inject(root, texts.LINUX_IPV4) == 0
    assert "DHCP" not in network(suite, root, "bond0")["Network"]
    assert "Address=2001:db8::4/64" in lines(suite, root, "bond0")


@pytest.mark.debian
@on_each_suite
def test_the_members_stay_bare(suite: str, tmp_path: Path) -> None:
    """Nothing but membership stands in the files of the synthetic NIC and the VF."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)
    assert inject(root, texts.LINUX) == 0
    for member in ("eth0", "eth0-vf"):
        found = network(suite, root, member)
        assert "Address" not in found
        assert found["Network"]["Bond"] == "bond0"
        assert "DHCP" not in found["Network"]


@pytest.mark.debian
@on_each_suite
def test_a_gateway_outside_all_networks_is_reached(suite: str, tmp_path: Path) -> None:
    """Marked on-link, since networkd refuses such a route otherwise."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)
    assert inject(root, texts.LINUX_IPV4.replace("GATEWAY=10.1.0.1", "GATEWAY=192.0.2.1")) == 0
    assert network(suite, root, "bond0")["Route"]["GatewayOnLink"] == "true"


INSTALLER = """\
# Written by the installer, and edited since.
network:
  version: 2
  ethernets:
    eth0:              # the uplink
      dhcp4: false
      addresses:
      - 10.0.0.9/24
      # the old router
      gateway4: 10.0.0.1
      mtu: 1400
      nameservers: {addresses: [10.0.0.2], search: [example.org]}
    ens9:
      addresses: [10.5.0.9/24]
"""


def by_hand(root: Path, text: str = INSTALLER, name: str = "00-installer-config.yaml") -> Path:
    """A root with such a file, and eth0 on its own."""
    put(root, f"etc/netplan/{name}", text)
    return root


@pytest.mark.debian
@on_each_suite
def test_an_administrators_file_keeps_all_else(suite: str, tmp_path: Path) -> None:
    """Its comments and other devices stay; the lists that would be joined are cut out."""
    root = by_hand(tmp_path)
    assert inject(root, texts.LINUX_IPV4) == 0
    left = (root / "etc/netplan/00-installer-config.yaml").read_text()
    assert left == "".join(
        line
        for line in INSTALLER.splitlines(keepends=True)
        if line.strip() not in ("addresses:", "- 10.0.0.9/24", "gateway4: 10.0.0.1")
        and "nameservers" not in line
    )
    assert lines(suite, root, "eth0") == [
        "Address=10.1.0.4/24",
        "DNS=10.1.0.53",
        "Destination=0.0.0.0/0",
        "Domains=example.org",
        "Gateway=10.1.0.1",
    ]


def test_a_file_that_cannot_be_cut_is_left_to_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written at all."""
    text = "network: {version: 2, ethernets: {eth0: {addresses: [10.0.0.9/24]}}}\n"
    root = by_hand(tmp_path, text)
    assert inject(root, texts.LINUX_IPV4) == 1
    assert "00-installer-config.yaml: ethernets.eth0: sets addresses" in capsys.readouterr().err
    assert not (root / OURS).exists()


@pytest.mark.debian
@on_each_suite
def test_an_entry_that_is_nothing_but_addresses_stays_a_device(suite: str, tmp_path: Path) -> None:
    """Cut empty it is `{}`, which netplan takes, and not null, which it does not."""
    text = "network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses: [10.0.0.9/24]\n"
    root = by_hand(tmp_path, text)
    assert inject(root, texts.LINUX_IPV4) == 0
    assert lines(suite, root, "eth0")[0] == "Address=10.1.0.4/24"


@pytest.mark.debian
@on_each_suite
def test_a_file_that_is_merged_after_ours_has_no_say(suite: str, tmp_path: Path) -> None:
    """Ours takes a name that comes after it."""
    text = "network:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n"
    root = by_hand(tmp_path, text, "99-local.yaml")
    assert inject(root, texts.LINUX_IPV4) == 0
    assert "DHCP" not in network(suite, root, "eth0")["Network"]
    assert (root / "etc/netplan/zz-hyperv-net-kvp.yaml").exists()


@pytest.mark.debian
@on_each_suite
def test_a_bridge_over_the_nic_has_the_settings(suite: str, tmp_path: Path) -> None:
    """An address on a bridge's port would reach nobody."""
    text = (
        "network:\n  version: 2\n  ethernets:\n    eth0: {}\n"
        "  bridges:\n    br0:\n      interfaces: [eth0]\n      dhcp4: true\n"
    )
    root = by_hand(tmp_path, text)
    assert inject(root, texts.LINUX_IPV4) == 0
    assert "Address=10.1.0.4/24" in lines(suite, root, "br0")
    assert "Address" not in network(suite, root, "eth0")


def test_a_file_of_the_runtime_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stands in /run is gone at the next boot, and is no file to edit."""
    folder = tmp_path / "run/netplan"
    folder.mkdir(parents=True)
    (folder / "10-x.yaml").write_text(INSTALLER)
    assert inject(tmp_path, texts.LINUX_IPV4) == 1
    assert "run/netplan/10-x.yaml: ethernets.eth0: sets addresses" in capsys.readouterr().err


def test_the_file_is_for_root_alone(tmp_path: Path) -> None:
    """netplan warns of one that others can read."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)
    inject(root, texts.LINUX_IPV4)
    assert (root / OURS).stat().st_mode & 0o777 == 0o600


def test_rendering_again_finds_no_rival_in_it(tmp_path: Path) -> None:
    """Our file speaks of the aggregate, where any other file would be an error."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)
    inject(root, texts.LINUX_IPV4)
    existing = {OURS: (root / OURS).read_text()}
    rendered = renderer.render(rewritten(pair(dhcp4=True)), existing)
    assert not rendered.findings
    existing = {"etc/netplan/90-x.yaml": existing[OURS]}
    rendered = renderer.render(rewritten(pair(dhcp4=True)), existing)
    assert [one.rule for one in rendered.findings] == ["netplan-name-taken"] * 2


@pytest.mark.debian
@on_each_suite
def test_each_nic_keeps_its_own_injection(suite: str, tmp_path: Path) -> None:
    """One file has all of them, and the NICs are injected one after another."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)
    assert inject(root, texts.LINUX_IPV4) == 0
    other = texts.LINUX_IPV4.replace("eth0", "ens9").replace("10.1.0", "10.2.0")
    assert inject(root, other.replace(f"HWADDR={texts.MAC.upper()}\n", "")) == 0
    assert "Address=10.1.0.4/24" in lines(suite, root, "bond0")
    assert "Address=10.2.0.4/24" in lines(suite, root, "ens9")


def test_an_injection_moves_to_an_aggregate_that_came_later(tmp_path: Path) -> None:
    """What our file had for the NIC is gone once the NIC is a member."""
    root = without_pair(tmp_path, "netplan", dhcp4=True)
    inject(root, texts.LINUX_IPV4)
    with_pair(root, "netplan", dhcp4=True)
    inject(root, texts.LINUX_IPV4)
    text = (root / OURS).read_text()
    assert "bond0:" in text
    assert "eth0:" not in text
