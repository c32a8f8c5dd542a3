"""Injections into keyfiles, as the real nmcli reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hyperv_net.model import RenderedFile
from hyperv_net.renderers.networkmanager.identity import path_of
from hyperv_net.renderers.networkmanager.keyfile import read
from hyperv_net.renderers.networkmanager.render import render
from tests.debian.tools import SUITES, write
from tests.kvp import texts
from tests.kvp.linux import OTHER, STATIC, inject, kvp
from tests.renderers.linux_pairs import MAC, pair, rewritten
from tests.renderers.networkmanager.nmcli import lost, normalised

Capture = pytest.CaptureFixture[str]


def machine(root: Path, **settings: Any) -> Path:
    tree = pair(**settings)
    tree["ethernets"].update(OTHER)
    write(root, render(rewritten(tree), {}).files)
    return finished(root)


def finished(root: Path) -> Path:
    address = RenderedFile("sys/class/net/eth0/address", f"{MAC}\n")
    write(root, [address, RenderedFile("etc/resolv.conf", "nameserver 127.0.0.53\n")])
    return root


def section(root: Path, name: str, section: str) -> dict[str, str]:
    lines = read((root / path_of(name)).read_text()).lines
    return {one.key: one.value for one in lines if one.section == section and one.key}


def test_static_takes_the_place_of_dhcp_on_the_bond(tmp_path: Path) -> None:
    root = machine(tmp_path, dhcp4=True)
    before = (root / path_of("ens9")).read_text()
    assert inject(root, texts.LINUX) == 0
    assert section(root, "bond0", "ipv4") == {
        "method": "manual",
        "may-fail": "false",
        "address1": "10.1.0.4/24",
        "address2": "10.1.0.5/24",
        "route1": "0.0.0.0/0,10.1.0.1",
        "dns": "10.1.0.53;",
    }
    six = section(root, "bond0", "ipv6")
    assert (six["method"], six["address1"], six["dns"]) == (
        "manual",
        "2001:db8::4/64",
        "2001:db8::53;",
    )
    assert section(root, "bond0", "bond")["primary_reselect"] == "always"
    assert (root / path_of("ens9")).read_text() == before


def test_what_is_not_about_addresses_stays(tmp_path: Path) -> None:
    root = machine(tmp_path, **STATIC)
    assert inject(root, texts.LINUX_IPV4) == 0
    four, six = section(root, "bond0", "ipv4"), section(root, "bond0", "ipv6")
    assert {four[key] for key in four if key.startswith("route")} == {
        "0.0.0.0/0,10.1.0.1",
        "10.9.0.0/16,10.0.0.7",
    }
    assert (four["address1"], four["dns"]) == ("10.1.0.4/24", "10.1.0.53;")
    assert "address2" not in four and four["dns-search"] == "example.org;"
    assert six["address1"] == "2001:db8:9::9/64"
    assert section(root, "bond0", "ethernet")["mtu"] == "1400"


def test_dhcp_takes_the_place_of_static_and_the_host_is_answered(
    tmp_path: Path, capsys: Capture
) -> None:
    root = machine(tmp_path, **STATIC)
    kvp(root, "dhcp", "eth0")
    assert capsys.readouterr().out == "Disabled\n"
    assert inject(root, "DEVICE=eth0\nHWADDR=00:0D:3A:11:22:33\nBOOTPROTO=dhcp\n") == 0
    capsys.readouterr()
    kvp(root, "dhcp", "eth0")
    assert capsys.readouterr().out == "Enabled\n"
    assert "address1" not in section(root, "bond0", "ipv4")


def test_a_second_injection_leaves_nothing_of_the_first(tmp_path: Path) -> None:
    root = machine(tmp_path, dhcp4=True)
    assert inject(root, texts.LINUX) == 0
    once = (root / path_of("bond0")).read_text()
    assert inject(root, texts.LINUX) == 0
    assert (root / path_of("bond0")).read_text() == once
    assert inject(root, texts.LINUX_IPV4) == 0
    assert "address2" not in section(root, "bond0", "ipv4")


def test_a_profile_for_every_nic_is_not_changed(tmp_path: Path, capsys: Capture) -> None:
    text = "[connection]\nid=any\ntype=ethernet\n\n[ipv4]\nmethod=auto\n"
    path = "etc/NetworkManager/system-connections/any"
    write(tmp_path, [RenderedFile(path, text, 0o600)])
    assert inject(finished(tmp_path), texts.LINUX_IPV4) == 1
    assert "is for other NICs too" in capsys.readouterr().err
    assert (tmp_path / path).read_text() == text


def test_a_nic_that_its_address_tells_has_its_own_profile(tmp_path: Path) -> None:
    text = f"[connection]\nid=nic\ntype=ethernet\n\n[ethernet]\nmac-address={MAC}\n"
    path = "etc/NetworkManager/system-connections/nic"
    write(tmp_path, [RenderedFile(path, text, 0o600)])
    assert inject(finished(tmp_path), texts.LINUX_IPV4) == 0
    found = read((tmp_path / path).read_text())
    assert found.get("ipv4", "address1") == "10.1.0.4/24"
    assert (tmp_path / path).stat().st_mode & 0o777 == 0o600


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("settings", [{"dhcp4": True}, STATIC])
@pytest.mark.parametrize("text", [texts.LINUX, texts.LINUX_IPV4])
def test_networkmanager_reads_what_was_injected(
    suite: str, settings: dict[str, Any], text: str, tmp_path: Path
) -> None:
    root = machine(tmp_path, **settings)
    assert inject(root, text) == 0
    written = (root / path_of("bond0")).read_text()
    assert lost(written, normalised(suite, written)) == {}
