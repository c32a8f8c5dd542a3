"""What NetworkManager's files say of the devices that it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.lint import lint
from tests.at_line import at_line
from tests.files import put
from tests.lint.roots import LINUX, findings

CONF = "etc/NetworkManager/conf.d/90-vf.conf"
DRIVERS = "driver:mlx4_core;driver:mlx5_core;driver:mana"


def said(root: Path, text: str) -> list[tuple[str, str]]:
    put(root, "usr/sbin/NetworkManager", "")
    put(root, CONF, text)
    found = [one for one in lint(root) if one.rule == "fits-the-vf"]
    return [(at_line(one.where), one.message.partition(" as well")[0]) for one in found]


@pytest.mark.parametrize("section", ["device-vf-unmanaged", "device"])
@pytest.mark.parametrize("no", ["0", "false", "no"])
def test_a_section_of_devices_that_are_not_managed_is_a_list_of_them(
    section: str, no: str, tmp_path: Path
) -> None:
    """As Red Hat's manual says it: match-device beside managed=0."""
    text = f"[{section}]\nmatch-device={DRIVERS}\nmanaged={no}\n"
    assert said(tmp_path, text) == []
    lacking = text.replace(";driver:mana", "")
    assert said(tmp_path, lacking) == [(f"{CONF}:2", "it fits a VF of mana")]


def test_several_sections_and_the_list_add_up(tmp_path: Path) -> None:
    first, second, third = DRIVERS.split(";")
    text = (
        f"[device-a]\nmatch-device={first}\nmanaged=0\n"
        f"[device-b]\nmanaged=0\nmatch-device={second}\n"
        f"[keyfile]\nunmanaged-devices={third}\n"
    )
    assert said(tmp_path, text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"[device-vf]\nmatch-device={DRIVERS}\n",
        f"[device-vf]\nmatch-device={DRIVERS}\nmanaged=1\n",
        f"[connection-vf]\nmatch-device={DRIVERS}\nmanaged=0\n",
    ],
)
def test_a_section_that_does_not_say_so_is_none(text: str, tmp_path: Path) -> None:
    assert said(tmp_path, text) == [("usr/sbin/NetworkManager", "it fits any VF")]


def test_a_section_that_has_a_driver_managed_counts_against_others_and_not_against_the_list(
    tmp_path: Path,
) -> None:
    managed = "[device-one]\nmatch-device=driver:mana\nmanaged=1\n"
    section = f"[device-vf]\nmatch-device={DRIVERS}\nmanaged=0\n"
    assert said(tmp_path, section + managed) == [(f"{CONF}:2", "it fits a VF of mana")]
    assert said(tmp_path, f"[keyfile]\nunmanaged-devices={DRIVERS}\n{managed}") == []


def test_a_section_without_a_match_is_for_all_devices(tmp_path: Path) -> None:
    assert said(tmp_path, "[device]\nmanaged=0\n") == []


KEYFILE = "etc/NetworkManager/system-connections/nic"
IFCFG = "etc/sysconfig/network-scripts/ifcfg-eth0"
PROFILE = "[connection]\nid=nic\ntype=ethernet\ninterface-name=eth0\n"
BY_ADDRESS = "[connection]\nid=n\ntype=ethernet\n[ethernet]\nmac-address=00:0D:3A:11:22:33\n"


@pytest.mark.parametrize(
    ("keyfile", "ifcfg", "line"),
    [
        (PROFILE, "DEVICE=eth0\nBOOTPROTO=dhcp\n", 1),
        (PROFILE, 'DEVICE="eth0"\nNM_CONTROLLED="no"\n', 0),
        (PROFILE, "DEVICE=eth1\n", 0),
        (BY_ADDRESS, "NAME=x\nHWADDR=00:0D:3A:11:22:33\n", 2),
    ],
)
def test_an_ifcfg_file_beside_a_keyfile_for_one_nic_is_found(
    keyfile: str, ifcfg: str, line: int, tmp_path: Path
) -> None:
    """RHEL 8 and 9 read both."""
    tree = {**LINUX, "usr/sbin/NetworkManager": "", KEYFILE: keyfile, IFCFG: ifcfg}
    found = [one for one in findings(tmp_path, tree) if one[0] == "two-profiles"]
    assert found == ([("two-profiles", f"{IFCFG}:{line}")] if line else [])


def test_cloud_netconfig_is_told_of(tmp_path: Path) -> None:
    path = "usr/libexec/cloud-netconfig/cloud-netconfig"
    assert ("cloud-netconfig", path) in findings(tmp_path, {**LINUX, path: "#!/bin/bash\n"})
