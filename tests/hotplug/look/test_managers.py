"""Who manages a device, by the files of real managers and by hostile ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.hotplug.look.managers import Manager, dhcp_clients, managers_of
from hyperv_net.inventory.rooted import open_root
from tests.files import put


def _managers(root: Path) -> tuple[Manager, ...]:
    return managers_of(open_root(root), "ens17", 3)


def test_a_device_that_nobody_left_a_file_for_has_no_manager(tmp_path: Path) -> None:
    assert _managers(tmp_path) == ()


@pytest.mark.parametrize(
    ("state", "manages"),
    [
        ("configured", True),
        ("configuring", True),
        ("failed", True),
        ("unmanaged", False),
        ("pending", False),
        ("initialized", False),
    ],
)
def test_networkd_manages_what_it_configures(state: str, manages: bool, tmp_path: Path) -> None:
    put(tmp_path, "run/systemd/netif/links/3", f"ADMIN_STATE={state}\nOPER_STATE=routable\n")
    put(tmp_path, "run/systemd/netif/links/33", "ADMIN_STATE=configured\n")
    assert [one.name for one in _managers(tmp_path)] == (["networkd"] if manages else [])


def test_networkds_file_tells_the_bond_that_it_joins_a_device_to(tmp_path: Path) -> None:
    """The text is as netplan 1.1 writes it for a member."""
    file = "run/systemd/network/10-netplan-eth0-vf.network"
    put(
        tmp_path,
        "run/systemd/netif/links/3",
        f"# This is private data. Do not parse.\nADMIN_STATE=configured\nNETWORK_FILE=/{file}\n",
    )
    put(
        tmp_path,
        file,
        "[Match]\nPermanentMACAddress=00:0d:3a:11:22:33\nDriver=!hv_netvsc\n\n"
        "[Link]\nRequiredForOnline=no\n\n[Network]\nLinkLocalAddressing=no\nBond=bond0\n",
    )
    assert _managers(tmp_path) == (Manager("networkd", f"/{file}", "bond0"),)


@pytest.mark.parametrize("file", ["../../../etc/shadow", "/run/../../etc/shadow", "relative"])
def test_no_file_outside_the_root_is_followed(file: str, tmp_path: Path) -> None:
    outside = tmp_path / "etc/shadow"
    put(tmp_path, "etc/shadow", "Bond=leaked\n")
    root = tmp_path / "root"
    put(root, "run/systemd/netif/links/3", f"ADMIN_STATE=configured\nNETWORK_FILE={file}\n")
    assert outside.exists()
    assert [one.aggregate for one in _managers(root)] == [""]


@pytest.mark.parametrize(
    ("text", "manages"),
    [
        ("[device]\nmanaged=true\nconnection-uuid=7d\n", "connection 7d"),
        ("[device]\nmanaged=true\n", "connection none yet"),
        ("[device]\nmanaged=false\n", ""),
        ("[device]\nperm-hw-addr-fake=x\n", ""),
    ],
)
def test_networkmanager_says_whether_it_manages_a_device(
    text: str, manages: str, tmp_path: Path
) -> None:
    put(tmp_path, "run/NetworkManager/devices/3", text)
    assert [one.evidence for one in _managers(tmp_path)] == ([manages] if manages else [])


def test_ifupdown_lists_what_it_brought_up_by_its_whole_name(tmp_path: Path) -> None:
    put(tmp_path, "run/network/ifstate", "lo=lo\nens170=ens170\n")
    assert _managers(tmp_path) == ()
    put(tmp_path, "run/network/ifstate", "lo=lo\nens17=work\n")
    assert [str(one) for one in _managers(tmp_path)] == ["ifupdown (interface work)"]


def test_a_dhcp_client_is_a_process_that_was_given_the_name(tmp_path: Path) -> None:
    for pid, program, words in (
        ("7", "dhclient", ["dhclient", "-4", "-v", "ens17"]),
        ("8", "udhcpc", ["udhcpc", "-iens17"]),
        ("9", "dhclient", ["dhclient", "ens170"]),
        ("10", "bash", ["bash", "ens17"]),
    ):
        put(tmp_path, f"proc/{pid}/comm", f"{program}\n")
        put(tmp_path, f"proc/{pid}/cmdline", "\0".join(words) + "\0")
    put(tmp_path, "proc/uptime", "1 1\n")
    assert dhcp_clients(open_root(tmp_path), ["ens17", "eth0"]) == {
        "ens17": (Manager("dhclient", "process 7"), Manager("udhcpc", "process 8"))
    }


def test_control_characters_in_those_files_are_not_printed(tmp_path: Path) -> None:
    put(tmp_path, "run/network/ifstate", "ens17=a\33[2Jb\n")
    put(tmp_path, "run/NetworkManager/devices/3", "managed=true\nconnection-uuid=\33[31m\n")
    assert all("\33" not in str(one) for one in _managers(tmp_path))
