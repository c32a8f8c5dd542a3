"""Each rule speaks where its trouble is, names file and line, and is silent elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hyperv_net.lint import lint
from hyperv_net.lint.image import Machine
from hyperv_net.model import Severity, System

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
    found = lint(root)
    assert all(one.hint for one in found if one.rule != "unreadable-file"), found
    return [(one.rule, one.where) for one in found]


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


def test_an_image_that_boots_needs_the_command_ip(tmp_path: Path) -> None:
    """Where it is, depends on the age of the distribution; a tree without an init boots nothing."""
    tree = {**_LINUX, "usr/lib/systemd/systemd": ""}
    assert _findings(tmp_path, tree) == [("no-ip-command", "usr/sbin/ip")]
    assert _findings(tmp_path, {"bin/ip": ""}) == []


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
    assert _findings(tmp_path, {**_LINUX, **tools, path: text}) == [expected]


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
    tree = {**_LINUX, "usr/lib/systemd/systemd-networkd": "", library: ""}
    assert _findings(tmp_path, tree) == []
    found = _findings(tmp_path, {"etc/systemd/network/20-lan.network": "[Match]\nName=e*\n"})
    assert found == ([("networkd-forgets-unmanaged", library)] if known else [])


def test_a_network_manager_that_is_masked_is_no_rival(tmp_path: Path) -> None:
    """systemctl mask leaves a link to /dev/null before the package's unit."""
    tree = {**_LINUX, "usr/sbin/netplan": "", "usr/sbin/NetworkManager": ""}
    assert _findings(tmp_path, tree) == [("rival-manager", "usr/sbin/NetworkManager")]
    assert _findings(tmp_path, {"etc/systemd/system/NetworkManager.service": ""}) == []


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
    found = _findings(tmp_path / "linux", {**_LINUX, "etc/waagent.conf": text})
    assert found == [("rival-manager", "etc/waagent.conf:3")]
    port = "usr/local/etc/waagent.conf"
    found = _findings(tmp_path / "freebsd", {**_FREEBSD, port: text})
    assert found == [("rival-manager", f"{port}:3")]
    assert _findings(tmp_path / "off", {port: text.replace("=y", "=n")}) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (
            "etc/udev/rules.d/70-persistent-net.rules",
            'SUBSYSTEM=="net", ATTR{address}=="00:0d:3a:11:22:33", NAME="eth0"',
        ),
        ("etc/sysconfig/network-scripts/ifcfg-eth0", "HWADDR=00:0D:3A:11:22:33"),
        ("etc/udev/rules.d/75-nic.rules", 'ATTRS{address}=="00:0d:3a:11:22:33", NAME:="lan"'),
        ("etc/netplan/50-cloud-init.yaml", '        macaddress: "00:0d:3a:11:22:33"'),
        ("etc/netplan/01.yaml", 'e: {match: {name: e*, "macaddress": "00:0D:3A:11:22:33"}}'),
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


def test_the_addresses_of_the_machine_that_the_root_is_for_are_no_leftovers(
    tmp_path: Path,
) -> None:
    """A plan knows its NICs; another card's address is still one of another machine."""
    path = "etc/netplan/50-cloud-init.yaml"
    _findings(tmp_path, {**_LINUX, path: "a: {macaddress: 00:0D:3A:11:22:33}\n"})
    own, other = (
        Machine(System.LINUX, frozenset([f"00:0d:3a:11:22:{last}"]), frozenset())
        for last in ("33", "44")
    )
    assert lint(tmp_path, machine=own) == ()
    assert [one.where for one in lint(tmp_path, machine=other)] == [f"{path}:1"]


def test_where_the_machine_is_known_only_its_own_synthetic_nics_are_looked_for(
    tmp_path: Path,
) -> None:
    """Whatever they are called; eth5 is no NIC of a pair there."""
    rules = "iifname eth5\niifname lan0\niifname lan01\n"
    _findings(tmp_path, {**_LINUX, "etc/nftables.conf": rules})
    machine = Machine(System.LINUX, frozenset(), frozenset(["lan0"]))
    assert [one.where for one in lint(tmp_path, machine=machine)] == ["etc/nftables.conf:2"]
    assert lint(tmp_path, machine=Machine(System.LINUX, frozenset(), frozenset())) == ()


def test_a_driver_that_is_asked_for_needs_a_kernel_to_be_in(tmp_path: Path) -> None:
    """An image without one, or whose modules nobody has listed, cannot be said to have it."""
    linux, freebsd = tmp_path / "linux", tmp_path / "freebsd"
    builtin = {"lib/modules/6.1.0/modules.builtin": "kernel/fs/ext4.ko\n"}
    assert _findings(linux, builtin) == []
    assert _findings(freebsd, {"bin/freebsd-version": ""}) == []
    for root, where in ((linux, "lib/modules"), (freebsd, "boot/kernel")):
        (found,) = lint(root, expected_drivers=["mlx5"])
        assert (found.rule, found.where, found.severity) == ("no-kernel", where, Severity.ERROR)


def test_a_datasource_list_without_an_extended_one_is_an_error(tmp_path: Path) -> None:
    """The list that holds is the last one, and it must name a datasource that is extended."""
    tree = {
        **_LINUX,
        "etc/cloud/cloud.cfg": "datasource_list: [Azure]\n",
        "etc/cloud/cloud.cfg.d/90_dpkg.cfg": "datasource_list: [Ec2, None]\n",
    }
    where = "etc/cloud/cloud.cfg.d/90_dpkg.cfg:1"
    assert _findings(tmp_path, tree) == [("datasource-not-extended", where)]
    later = {"etc/cloud/cloud.cfg.d/99.cfg": "datasource_list: [NoCloud, None]\n"}
    assert _findings(tmp_path, later) == []


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("var/lib/cloud/instances/i-1/obj.pkl", "", ("stale-datasource", "")),
        (
            "etc/cloud/cloud.cfg.d/91.cfg",
            "updates:\n  network:\n    # when: [hotplug]\n    when: [boot, hotplug]\n",
            ("cloud-init-hotplug", ":4"),
        ),
        (
            "etc/cloud/cloud.cfg.d/91.cfg",
            "a: 1\nupdates: {network: {when: [hotplug]}}\n",
            ("cloud-init-hotplug", ":2"),
        ),
        (
            "etc/cloud/cloud.cfg.d/92.cfg",
            "# network: {config: disabled}\nnetwork:\n  config: disabled\n",
            ("cloud-init-network-disabled", ":3"),
        ),
        (
            "etc/cloud/cloud.cfg.d/95-site.cfg",
            "x: 1\ndatasource_pkg_list: [site.sources]\n",
            ("datasource-packages-replaced", ":2"),
        ),
        ("etc/cloud/cloud-init.disabled", "", ("cloud-init-off", "")),
        ("etc/cloud/cloud.cfg.d/95.cfg", "a: b\nc: [\n", ("cloud-cfg-unreadable", ":3")),
    ],
)
def test_what_stops_cloud_init_from_asking_hyperv_net_is_named(
    path: str, text: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    """Each by its file, and its line where the file has lines."""
    rule, line = expected
    assert _findings(tmp_path, {**_LINUX, path: text}) == [(rule, f"{path}{line}")]


def test_a_list_of_packages_with_ours_in_it_or_read_before_ours_is_none(tmp_path: Path) -> None:
    """The file that is read last holds, and bake's is 90-hyperv-net.cfg."""
    tree = {
        **_LINUX,
        "etc/cloud/cloud.cfg.d/80.cfg": "datasource_pkg_list: [site.sources]\n",
        "etc/cloud/cloud.cfg.d/95.cfg": "datasource_pkg_list: [site, hyperv_net.sources]\n",
    }
    assert _findings(tmp_path, tree) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("etc/pf.conf", 'ext_if = "hn0"'),
        ("etc/ipfw.rules", "add allow ip from any to any via hn0"),
        ("usr/local/etc/keepalived/keepalived.conf", "  interface hn0 ! the wire"),
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


def test_a_comment_of_keepaliveds_own_kind_names_nothing(tmp_path: Path) -> None:
    """`!` begins one there, and negates in pf.conf."""
    tree = {**_LINUX, "etc/keepalived/keepalived.conf": "! interface eth0\n"}
    assert _findings(tmp_path / "linux", tree) == []
    tree = {**_FREEBSD, "etc/pf.conf": "block in on ! hn0\n"}
    assert _findings(tmp_path / "freebsd", tree) == [("names-the-synthetic-nic", "etc/pf.conf:1")]


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
    found = _findings(tmp_path, {**_FREEBSD, "etc/rc.conf": 'a=1\nhostname="x\n'})
    assert found == [("rc-conf-unreadable", "etc/rc.conf:2")]
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
