"""Who else in an image would configure the NICs of a pair."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint.roots import FREEBSD, LINUX, findings


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "etc/network/interfaces",
            "auto lo\niface lo inet loopback\niface eth0 inet dhcp\n",
            ("rival-manager", "etc/network/interfaces:3"),
        ),
        ("usr/sbin/NetworkManager", "", ("rival-manager", "usr/sbin/NetworkManager")),
        (
            "var/lib/dpkg/status",
            "Package: systemd\nStatus: install ok installed\nVersion: 252.38-1~deb12u1\n",
            ("networkd-forgets-unmanaged", "var/lib/dpkg/status:3"),
        ),
    ],
)
def test_rivals_of_netplan_are_named(
    tmp_path: Path, path: str, text: str, expected: tuple[str, str]
) -> None:
    """ifupdown's stanzas, NetworkManager and an old networkd are findings beside netplan."""
    tools = dict.fromkeys(
        ("usr/sbin/netplan", "usr/sbin/ifup", "usr/lib/systemd/systemd-networkd"), ""
    )
    assert findings(tmp_path, {**LINUX, **tools, path: text}) == [expected]


@pytest.mark.parametrize(
    ("library", "known"),
    [
        ("usr/lib/systemd/libsystemd-shared-256.11-1.fc41.so", True),
        ("usr/lib/systemd/libsystemd-shared-257.7-1.fc42.so", False),
        ("usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-252.so", True),
        ("usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-257.so", False),
        ("usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-258.so", False),
    ],
)
def test_without_dpkg_the_name_of_systemds_library_tells_its_version(
    library: str, known: bool, tmp_path: Path
) -> None:
    """257 without a number behind it may be 257.7, and nothing is said of it."""
    tree = {**LINUX, "usr/lib/systemd/systemd-networkd": "", library: ""}
    assert findings(tmp_path, tree) == []
    found = findings(tmp_path, {"etc/systemd/network/20-lan.network": "[Match]\nName=eth0\n"})
    assert found == ([("networkd-forgets-unmanaged", library)] if known else [])


def test_a_network_manager_that_is_masked_is_no_rival(tmp_path: Path) -> None:
    """systemctl mask leaves a link to /dev/null before the package's unit."""
    tree = {**LINUX, "usr/sbin/netplan": "", "usr/sbin/NetworkManager": ""}
    assert findings(tmp_path, tree) == [("rival-manager", "usr/sbin/NetworkManager")]
    assert findings(tmp_path, {"etc/systemd/system/NetworkManager.service": ""}) == []


def test_a_mended_systemd_and_a_lone_loopback_are_no_findings(tmp_path: Path) -> None:
    """257.7 remembers what is unmanaged, and `lo` is nobody's rival."""
    tree = {
        **LINUX,
        **dict.fromkeys(
            ("usr/sbin/netplan", "usr/sbin/ifup", "usr/lib/systemd/systemd-networkd"), ""
        ),
        "etc/network/interfaces": "auto lo\niface lo inet loopback\n",
        "var/lib/dpkg/status": "Package: systemd\nVersion: 257.7-1\n",
    }
    assert findings(tmp_path, tree) == []


def test_the_azure_agent_is_told_to_leave_the_network(tmp_path: Path) -> None:
    """MonitorHostName is a finding where it is on, with its line."""
    text = "# agent\nProvisioning.Enabled=n\nProvisioning.MonitorHostName=y\n"
    found = findings(tmp_path / "linux", {**LINUX, "etc/waagent.conf": text})
    assert found == [("rival-manager", "etc/waagent.conf:3")]
    port = "usr/local/etc/waagent.conf"
    found = findings(tmp_path / "freebsd", {**FREEBSD, port: text})
    assert found == [("rival-manager", f"{port}:3")]
    assert findings(tmp_path / "off", {port: text.replace("=y", "=n")}) == []


def test_an_image_of_ifupdown_without_ifenslave_makes_no_bond(tmp_path: Path) -> None:
    """Where the init system shows that it is a whole one; a bake with `always` fails then."""
    tree = {**LINUX, "sbin/ip": "", "usr/sbin/ifup": "", "etc/network/interfaces": "auto lo\n"}
    assert findings(tmp_path, tree) == []
    place = "etc/network/if-pre-up.d/ifenslave"
    assert findings(tmp_path, {"sbin/init": ""}) == [("missing-package", place)]
    assert findings(tmp_path, {place: ""}) == []
