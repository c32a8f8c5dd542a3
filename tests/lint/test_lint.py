"""Each rule speaks where its trouble is, names file and line, and is silent elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hyperv_net.lint import lint
from hyperv_net.model import Severity

_ALL_DRIVERS = "".join(
    f"kernel/drivers/net/ethernet/{path}:\n"
    for path in ("mellanox/mlx4/mlx4_en.ko.xz", "mellanox/mlx5/core/mlx5_core.ko", "x/mana.ko.zst")
)
_LINUX = {"lib/modules/6.12.0-amd64/modules.dep": _ALL_DRIVERS}
_FREEBSD = {
    "bin/freebsd-version": "#!/bin/sh\n",
    "boot/kernel/kernel": "",
    "boot/kernel/mlx4en.ko": "",
    "boot/kernel/mlx5en.ko": "",
    "boot/kernel/if_mana.ko": "",
}


def _findings(root: Path, tree: Mapping[str, str]) -> list[tuple[str, str]]:
    for path, text in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return [(one.rule, one.where) for one in lint(root)]


@pytest.mark.parametrize("tree", [_LINUX, _FREEBSD], ids=["linux", "freebsd"])
def test_an_image_without_trouble_has_no_findings(tmp_path: Path, tree: dict[str, str]) -> None:
    """Nothing is said of an image with all drivers and no leftovers."""
    assert _findings(tmp_path, tree) == []


def test_each_kernel_is_asked_for_each_driver(tmp_path: Path) -> None:
    """A kernel without MANA's driver is named, the one beside it is not."""
    lacking = _ALL_DRIVERS.replace("mana.ko", "other.ko")
    tree = {**_LINUX, "lib/modules/5.10.0-cloud/modules.dep": lacking}
    assert _findings(tmp_path, tree) == [("vf-driver-missing", "lib/modules/5.10.0-cloud")]


def test_a_driver_built_into_the_kernel_is_there(tmp_path: Path) -> None:
    """What stands in modules.builtin needs no module."""
    tree = {
        "lib/modules/6.12.0/modules.dep": _ALL_DRIVERS.replace("mana.ko", "other.ko"),
        "lib/modules/6.12.0/modules.builtin": "kernel/drivers/net/mana/mana.ko\n",
    }
    assert _findings(tmp_path, tree) == []


def test_a_kernel_seen_through_a_link_is_named_once(tmp_path: Path) -> None:
    """/lib is a link to /usr/lib on merged systems, which shows each kernel twice."""
    (tmp_path / "usr/lib").mkdir(parents=True)
    (tmp_path / "lib").symlink_to("usr/lib")
    tree = {"usr/lib/modules/6.1.0/modules.dep": _ALL_DRIVERS.replace("mana.ko", "other.ko")}
    assert [rule for rule, _ in _findings(tmp_path, tree)] == ["vf-driver-missing"]


def test_freebsds_modules_are_looked_for_where_ports_put_them_too(tmp_path: Path) -> None:
    """A module of its own in boot/modules serves as well as one of the kernel's."""
    tree = {key: "" for key in _FREEBSD if "if_mana" not in key}
    assert _findings(tmp_path, tree) == [("vf-driver-missing", "boot/kernel")]
    assert _findings(tmp_path, {"boot/modules/if_mana.ko": ""}) == []


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
            ("networkd-forgets-unmanaged", "var/lib/dpkg/status"),
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
    assert _findings(tmp_path, {**_LINUX, **tools, path: text}) == [expected]


def test_a_mended_systemd_and_a_lone_loopback_are_no_findings(tmp_path: Path) -> None:
    """257.7 remembers what is unmanaged, and `lo` is nobody's rival."""
    tree = {
        **_LINUX,
        **dict.fromkeys(
            ("usr/sbin/netplan", "usr/sbin/ifup", "usr/lib/systemd/systemd-networkd"), ""
        ),
        "etc/network/interfaces": "auto lo\niface lo inet loopback\n",
        "var/lib/dpkg/status": "Package: systemd\nVersion: 257.7-1\n",
    }
    assert _findings(tmp_path, tree) == []


def test_the_azure_agent_is_told_to_leave_the_network(tmp_path: Path) -> None:
    """MonitorHostName is a finding where it is on, with its line."""
    text = "# agent\nProvisioning.Enabled=n\nProvisioning.MonitorHostName=y\n"
    found = _findings(tmp_path, {**_LINUX, "etc/waagent.conf": text})
    assert found == [("rival-manager", "etc/waagent.conf:3")]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (
            "etc/udev/rules.d/70-persistent-net.rules",
            'SUBSYSTEM=="net", ATTR{address}=="00:0d:3a:11:22:33", NAME="eth0"',
        ),
        ("etc/sysconfig/network-scripts/ifcfg-eth0", "HWADDR=00:0D:3A:11:22:33"),
        ("etc/netplan/50-cloud-init.yaml", '        macaddress: "00:0d:3a:11:22:33"'),
        ("etc/systemd/network/10-eth0.link", "PermanentMACAddress=00:0d:3a:11:22:33"),
        ("etc/network/interfaces.d/eth0", "    hwaddress ether 00:0d:3a:11:22:33"),
    ],
)
def test_leftovers_of_the_build_machine_are_found_by_line(
    tmp_path: Path, path: str, line: str
) -> None:
    """Every form of a pinned address is found, and a comment is not."""
    assert _findings(tmp_path, {**_LINUX, path: f"\n{line}\n"}) == [("pinned-mac", f"{path}:2")]
    assert _findings(tmp_path, {path: f"\n# {line}\n"}) == []


def test_a_datasource_list_without_an_extended_one_is_an_error(tmp_path: Path) -> None:
    """The list that holds is the last one, and it must name a datasource that is extended."""
    tree = {
        **_LINUX,
        "etc/cloud/cloud.cfg": "datasource_list: [Azure]\n",
        "etc/cloud/cloud.cfg.d/90_dpkg.cfg": "datasource_list: [Ec2, None]\n",
    }
    where = "etc/cloud/cloud.cfg.d/90_dpkg.cfg: datasource_list"
    assert _findings(tmp_path, tree) == [("datasource-not-extended", where)]
    later = {"etc/cloud/cloud.cfg.d/99.cfg": "datasource_list: [NoCloud, None]\n"}
    assert _findings(tmp_path, later) == []


def test_what_stops_cloud_init_from_asking_hyperv_net_is_named(tmp_path: Path) -> None:
    """A kept datasource, cloud-init's hotplug and a disabled network are each a finding."""
    tree = {
        **_LINUX,
        "var/lib/cloud/instances/i-1/obj.pkl": "",
        "etc/cloud/cloud.cfg.d/91.cfg": "updates: {network: {when: [boot, hotplug]}}\n",
        "etc/cloud/cloud.cfg.d/92.cfg": "network: {config: disabled}\n",
    }
    assert [rule for rule, _ in _findings(tmp_path, tree)] == [
        "cloud-init-hotplug",
        "cloud-init-network-disabled",
        "stale-datasource",
    ]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("etc/pf.conf", 'ext_if = "hn0"'),
        ("etc/dhclient.conf", 'interface "hn0" {'),
        ("etc/sysctl.conf", "dev.hn0.x=1"),
    ],
)
def test_files_that_name_the_synthetic_nic_are_found_on_freebsd(
    tmp_path: Path, path: str, line: str
) -> None:
    """Where an aggregate stands in for hn0, a file that names hn0 speaks of the wrong NIC."""
    found = _findings(tmp_path, {**_FREEBSD, path: f"# hn0\n{line}\n"})
    expected = [] if path == "etc/sysctl.conf" else [("names-the-synthetic-nic", f"{path}:2")]
    assert found == expected


def test_start_if_files_and_linux_firewalls_count_as_well(tmp_path: Path) -> None:
    """A start_if.hn0 is found by its name, a firewall by its line."""
    freebsd, linux = tmp_path / "freebsd", tmp_path / "linux"
    assert _findings(freebsd, {**_FREEBSD, "etc/start_if.hn0": "ifconfig hn0 up\n"}) == [
        ("names-the-synthetic-nic", "etc/start_if.hn0")
    ]
    rules = "table inet filter {\n iifname eth0 accept\n}\n"
    sysctl = "net.ipv4.conf.eth0.rp_filter = 1\n"
    tree = {**_LINUX, "etc/nftables.conf": rules, "etc/sysctl.d/10.conf": sysctl}
    assert _findings(linux, tree) == [
        ("names-the-synthetic-nic", "etc/nftables.conf:2"),
        ("names-the-synthetic-nic", "etc/sysctl.d/10.conf:1"),
    ]


def test_a_devd_rule_that_outranks_ours_is_found(tmp_path: Path) -> None:
    """Upstream's priority 10 is below ours; the same rule with 100 would mute it."""
    rule = 'notify %d {\n match "system" "HYPERV_NIC_VF";\n action "x";\n};\n'
    assert _findings(tmp_path, {**_FREEBSD, "etc/devd/hyperv.conf": rule % 10}) == []
    assert _findings(tmp_path, {"etc/devd/site.conf": "\n" + rule % 100}) == [
        ("devd-rule-outranks", "etc/devd/site.conf:2")
    ]


def test_an_rc_conf_that_sh_would_give_up_on_is_an_error(tmp_path: Path) -> None:
    """An open quote ends rc(8)'s reading, and with it the network."""
    (tmp_path / "etc").mkdir()
    found = _findings(tmp_path, {**_FREEBSD, "etc/rc.conf": 'hostname="x\n'})
    assert [rule for rule, _ in found] == ["rc-conf-unreadable"]
    assert [one.severity for one in lint(tmp_path)] == [Severity.ERROR]


def test_a_file_that_cannot_be_read_is_a_finding_and_not_the_end(tmp_path: Path) -> None:
    """Bytes that are no text are told of, and the other rules still speak."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/waagent.conf").write_bytes(b"\xff\xfe")
    found = _findings(tmp_path, {**_LINUX, "etc/nftables.conf": "iifname eth0\n"})
    assert found == [
        ("names-the-synthetic-nic", "etc/nftables.conf:1"),
        ("unreadable-file", "etc/waagent.conf"),
    ]


def test_a_link_out_of_the_root_is_resolved_inside_it(tmp_path: Path) -> None:
    """An absolute link of the image means the image's file, never this machine's."""
    outside = tmp_path / "outside"
    outside.write_text("iifname eth0\n")
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/nftables.conf").symlink_to(outside)
    assert _findings(root, _LINUX) == []
