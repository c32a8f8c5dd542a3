"""Files that are meant for the synthetic NIC and fit the VF as well, whatever their format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hyperv_net.decision.claims import cards
from hyperv_net.lint import lint
from hyperv_net.lint.both_nics import of_machine
from hyperv_net.lint.image import Machine
from hyperv_net.model import Finding, Nic, Severity, System
from tests.at_line import at_line
from tests.building import NEW_KERNEL, OLD_KERNEL, decided, linux, mac, synthetic, vf
from tests.files import put

RULE = "fits-the-vf"
LINK = "etc/systemd/network/10-lan.link"
NETWORK = "etc/systemd/network/20-lan.network"
RULES = "etc/udev/rules.d/70-persistent-net.rules"
RENAMES = (
    'ACTION=="add", SUBSYSTEM=="net", DRIVERS=="?*", ATTR{type}=="1", '
    'PROGRAM="/lib/udev/rename_device", RESULT=="?*", NAME="$result"\n'
)
IFCFG = "etc/sysconfig/network-scripts/ifcfg-eth0"
BY_ADDRESS = f"DEVICE=eth0\nHWADDR={mac().upper()}\nONBOOT=yes\n"
NETPLAN = "etc/netplan/50-cloud-init.yaml"


def _netplan(match: str, *more: str) -> str:
    entry = "".join(f"      {one}\n" for one in (f"match: {{{match}}}", *more))
    return f"network:\n  version: 2\n  ethernets:\n    front:\n{entry}"


def said(
    root: Path, tree: Mapping[str, str], *nics: Nic, kernel: str = NEW_KERNEL
) -> list[Finding]:
    """What is said of a machine's files by the rules for images, and by status."""
    for path, text in tree.items():
        put(root, path, text)
    decisions = decided(linux(*(nics or (synthetic(), vf())), kernel=kernel)).decisions
    machine = Machine(System.LINUX, frozenset([mac()]), frozenset(), cards(decisions))
    found = [one for one in lint(root, machine=machine) if one.rule == RULE]
    assert sorted(found) == sorted(of_machine(root, decisions))
    assert all(one.hint and one.severity is Severity.WARNING for one in found)
    return found


#: File, text that fits both NICs, the line it is told of, what it does, and the text mended.
BOTH = {
    "a .link file by MAC": (
        LINK,
        f"[Match]\nMACAddress={mac()}\n[Link]\nName=eth0\n",
        2,
        "both are to be called eth0",
        f"[Match]\nMACAddress={mac()}\nDriver=hv_netvsc\n[Link]\nName=eth0\n",
    ),
    "a .link file by the permanent MAC": (
        LINK,
        f"[Match]\nPermanentMACAddress={mac().upper()}\nType=ether\n[Link]\nName=front\n",
        2,
        "both are to be called front",
        f"[Match]\nPermanentMACAddress={mac()}\nPath=acpi-VMBUS:00\n[Link]\nName=front\n",
    ),
    "a rule for udev by MAC": (
        RULES,
        f'# lan\nSUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{{address}}=="{mac()}", '
        'NAME="eth0"\n',
        2,
        "both are to be called eth0",
        f'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="hv_netvsc", ATTR{{address}}=="{mac()}", '
        'NAME="eth0"\n',
    ),
    "a catch-all of networkd": (
        NETWORK,
        "[Match]\nName=e*\nDriver=!virtio_net\n\n[Network]\nDHCP=yes\n",
        2,
        "networkd gives the VF a configuration of its own",
        "[Match]\nName=e*\nDriver=!mlx4_core mlx4_en mlx5_core mana\n\n[Network]\nDHCP=yes\n",
    ),
    "a catch-all without a match": (
        NETWORK,
        "[Network]\nDHCP=yes\n",
        1,
        "networkd gives the VF a configuration of its own",
        "[Match]\nName=eth0\n\n[Network]\nDHCP=yes\n",
    ),
    "Azure's hotplug of Ubuntu 16.04": (
        "etc/udev/rules.d/10-net-device-added.rules",
        'ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth*", \\\n'
        '  RUN+="/usr/local/sbin/ephemeral_eth.sh"\n',
        1,
        "ephemeral_eth.sh brings the VF up by itself",
        'ACTION=="add", SUBSYSTEM=="net", KERNEL=="eth*", DRIVERS=="hv_netvsc", \\\n'
        '  RUN+="/usr/local/sbin/ephemeral_eth.sh"\n',
    ),
    "netplan's set-name": (
        NETPLAN,
        _netplan(f"macaddress: '{mac().upper()}'", "set-name: eth0"),
        "4:5",
        "both are to be called eth0",
        _netplan(f"macaddress: '{mac()}', driver: hv_netvsc", "set-name: eth0"),
    ),
    "netplan by MAC": (
        NETPLAN,
        _netplan(f"macaddress: '{mac()}'", "dhcp4: true"),
        "4:5",
        "networkd gives the VF a configuration of its own",
        _netplan(f"macaddress: '{mac()}', driver: [hv_net*]", "dhcp4: true"),
    ),
    "netplan's catch-all of Debian": (
        NETPLAN,
        _netplan("name: e*", "dhcp4: true"),
        "4:5",
        "networkd gives the VF a configuration of its own",
        _netplan("name: eth0", "dhcp4: true"),
    ),
}


@pytest.mark.parametrize("case", BOTH)
def test_a_file_that_fits_both_nics_is_told_of_with_what_it_does_to_the_vf(
    case: str, tmp_path: Path
) -> None:
    path, text, line, does, mended = BOTH[case]
    (found,) = said(tmp_path, {path: text})
    assert str(found.where).startswith(f"{path}:{line}")
    assert found.message.startswith(f"it fits enP0s1 as well as eth0: {does}")
    assert said(tmp_path, {path: mended}) == []


@pytest.mark.parametrize("case", BOTH)
@pytest.mark.parametrize("kernel", [NEW_KERNEL, OLD_KERNEL])
def test_the_same_is_said_of_a_vf_that_is_away_and_of_one_in_a_bond(
    kernel: str, case: str, tmp_path: Path
) -> None:
    """A transparent pair's VF comes back under any name, with any of the drivers."""
    path, text, line, does, mended = BOTH[case]
    nics = (synthetic(),) if kernel == NEW_KERNEL else (synthetic(), vf())
    (found,) = said(tmp_path, {path: text}, *nics, kernel=kernel)
    assert str(found.where).startswith(f"{path}:{line}") and does in found.message
    assert ("any VF" in found.message) is (len(nics) == 1)
    assert said(tmp_path, {path: mended}, *nics, kernel=kernel) == []


@pytest.mark.parametrize("case", BOTH)
def test_without_a_pair_nothing_is_said(case: str, tmp_path: Path) -> None:
    path, text, *_ = BOTH[case]
    plain = (synthetic()._replace(driver="igb", bus="pci"), vf(card=1))
    assert said(tmp_path, {path: text}, *plain) == []


def test_of_an_image_only_what_speaks_of_no_address_is_known(tmp_path: Path) -> None:
    """Whose address it is, another rule asks: here a file would fit any card."""
    cards_files = {path: text for path, text, *_ in BOTH.values() if mac() in text.lower()}
    put(tmp_path, NETWORK, "[Match]\nName=en*\n[Network]\nDHCP=yes\n")
    for path, text in cards_files.items():
        put(tmp_path, path, text)
    found = [one for one in lint(tmp_path) if one.rule == RULE]
    assert found == []
    put(tmp_path, NETWORK, "[Match]\nName=e*\n[Network]\nDHCP=yes\n")
    (only,) = [one for one in lint(tmp_path) if one.rule == RULE]
    assert only.message.startswith("it fits any VF as well as a synthetic NIC: ")


def test_an_earlier_file_that_leaves_vfs_alone_ends_the_question(tmp_path: Path) -> None:
    """networkd takes the first that fits, by name whatever the folder; /etc hides its like."""
    catch_all = {"usr/lib/systemd/network/zz-default.network": BOTH["a catch-all of networkd"][1]}
    own = "[Match]\nDriver=mlx5_core\n[Link]\nUnmanaged=yes\n"
    assert len(said(tmp_path, catch_all)) == 1
    later = {"etc/systemd/network/zzz.network": own}
    assert len(said(tmp_path, later)) == 1
    assert said(tmp_path, {"usr/lib/systemd/network/05-vf.network": own}) == []
    hidden = {"etc/systemd/network/05-vf.network": "[Match]\nName=wl*\n[Network]\nDHCP=yes\n"}
    assert len(said(tmp_path, hidden)) == 1


@pytest.mark.parametrize(
    "mark",
    [
        'DRIVERS=="mana|mlx5_core", ATTR{flags}=="0x?[89ABCDEF]??", '
        'ENV{ID_NET_MANAGED_BY}="unmanaged"',
        'ENV{ID_NET_DRIVER}=="mlx5*", ENV{ID_NET_MANAGED_BY}="unmanaged"',
    ],
)
def test_a_mark_of_udev_that_networkd_obeys_ends_it_too(mark: str, tmp_path: Path) -> None:
    """The rules of azure-vm-utils and their like; a rule for other cards is none of them."""
    tree = {NETWORK: BOTH["a catch-all of networkd"][1], RULES: f'SUBSYSTEM=="net", {mark}\n'}
    assert said(tmp_path, tree) == []
    assert len(said(tmp_path, {}, synthetic(), vf(driver="ice"))) == 1


def test_rename_device_gives_the_vf_the_name_of_the_ifcfg_file(tmp_path: Path) -> None:
    """By HWADDR, in initscripts' 60-net.rules; without that rule nobody looks at HWADDR."""
    assert said(tmp_path, {IFCFG: BY_ADDRESS}) == []
    (found,) = said(tmp_path, {"usr/lib/udev/rules.d/60-net.rules": RENAMES})
    assert str(found.where) == f"{IFCFG}:2"
    assert "'File exists'" in found.message and "NM_UNMANAGED" in found.message
    assert "leave HWADDR out, or remove the package initscripts-rename-device" in found.hint
    put(tmp_path, "etc/udev/rules.d/60-net.rules", "")
    assert said(tmp_path, {}) == []


def test_an_image_with_rename_device_will_have_such_files(tmp_path: Path) -> None:
    """cloud-init writes HWADDR into the ifcfg files that it makes at the first boot."""
    put(tmp_path, "usr/lib/udev/rules.d/60-net.rules", RENAMES)
    (found,) = [one for one in lint(tmp_path) if one.rule == RULE]
    assert str(found.where) == "usr/lib/udev/rules.d/60-net.rules:1"
    assert "initscripts-rename-device" in found.hint


CONF = "usr/lib/NetworkManager/conf.d/99-azure-unmanaged-devices.conf"
MELLANOX = "[keyfile]\nunmanaged-devices=driver:mlx4_core;driver:mlx5_core\n"


def test_a_list_for_network_manager_that_lacks_a_driver_leaves_it_those_vfs(tmp_path: Path) -> None:
    """mana is the youngest; a list by the other way round, and a later one, count as well."""
    put(tmp_path, "usr/sbin/NetworkManager", "")

    def found(conf: str, text: str) -> list[tuple[str, str]]:
        put(tmp_path, conf, text)
        all_found = [one for one in lint(tmp_path) if one.rule == RULE]
        return [(at_line(one.where), one.message.partition(" as well")[0]) for one in all_found]

    assert found(CONF, "[main]\n") == [("usr/sbin/NetworkManager", "it fits any VF")]
    assert found(CONF, MELLANOX) == [(f"{CONF}:2", "it fits a VF of mana")]
    later = CONF.replace("usr/lib", "etc").replace("99", "10")
    assert found(later, "[keyfile]\nunmanaged-devices+=driver:mana\n") == []
    assert found(later, "[keyfile]\nunmanaged-devices=*;except:driver:hv_netvsc\n") == []
    assert found(later, "[keyfile]\nunmanaged-devices=*;except:driver:mana\n") == [
        (f"{later}:2", "it fits a VF of mana")
    ]
    assert found(later, "[keyfile]\nunmanaged-devices=interface-name:docker*\n") == [
        ("usr/sbin/NetworkManager", "it fits any VF")
    ]


def test_a_machines_own_marks_keep_network_manager_off_the_vf(tmp_path: Path) -> None:
    """Those of azure-vm-utils for one driver, and the ones that a plan is about to write."""
    assert len(said(tmp_path, {"usr/sbin/NetworkManager": ""})) == 1
    mark = 'SUBSYSTEM=="net", DRIVERS=="mlx5_core", ENV{NM_UNMANAGED}="1"\n'
    assert said(tmp_path, {"usr/lib/udev/rules.d/68-vf.rules": mark}) == []


def test_netplans_files_stand_among_networkds_by_the_names_that_it_gives_them(
    tmp_path: Path,
) -> None:
    """What netplan makes of an entry is 10-netplan-ID; what it has made already is read once."""
    text = BOTH["netplan by MAC"][1]
    own = "[Match]\nDriver=mlx5_core\n[Link]\nUnmanaged=yes\n"
    made = {"run/systemd/network/10-netplan-front.network": BOTH["a catch-all of networkd"][1]}
    assert (
        len(said(tmp_path, {NETPLAN: text, "etc/systemd/network/50-vf.network": own, **made})) == 1
    )
    assert said(tmp_path, {"etc/systemd/network/05-vf.network": own}) == []


def test_a_rule_by_what_one_nic_alone_has_fits_that_one(tmp_path: Path) -> None:
    """Such as its place on the PCI bus, or a property of unknown origin."""
    for condition in ('KERNELS=="0000:00:03.0"', 'ENV{MINE}=="1"', 'SUBSYSTEM!="net"'):
        rule = f'ACTION=="add", {condition}, ATTR{{address}}=="{mac()}", NAME="eth0"\n'
        assert said(tmp_path, {RULES: rule}) == []


def test_a_file_that_its_program_would_not_read_is_passed_over(tmp_path: Path) -> None:
    """Whoever reads it says so; a rule without an end, a file without a section, half of YAML."""
    tree = {
        RULES: 'SUBSYSTEM=="net", NAME="eth0\n',
        LINK: "Name=eth0\n[Match\n",
        NETPLAN: "network: {ethernets: [\n",
        CONF: "unmanaged-devices\n=\n",
        IFCFG: "HWADDR\nDEVICE=\n",
        "usr/lib/udev/rules.d/60-net.rules": RENAMES,
    }
    found = said(tmp_path, tree)
    assert [str(one.where) for one in found] == ["usr/lib/udev/rules.d/60-net.rules:1"]


def test_netplans_files_are_asked_together_as_netplan_merges_them(tmp_path: Path) -> None:
    """By id: what hyperv-net's own file adds to an entry, and a bond that another file has."""
    by_mac = _netplan(f"macaddress: '{mac()}'", "set-name: eth0", "dhcp4: true")
    found = said(tmp_path, {NETPLAN: by_mac})
    assert [str(one.where) for one in found] == [f"{NETPLAN}:4:5", f"{NETPLAN}:4:5"]
    own = _netplan("driver: hv_netvsc")
    assert said(tmp_path, {"etc/netplan/00-hyperv-net.yaml": own}) == []
    put(tmp_path, "etc/netplan/00-hyperv-net.yaml", "network: {version: 2}\n")
    bond = "network:\n  bonds:\n    bond0:\n      interfaces: [front]\n"
    (name,) = said(tmp_path, {"etc/netplan/99-bond.yaml": bond})
    assert "both are to be called eth0" in name.message
    late = _netplan("name: '*'", "dhcp6: true")
    put(tmp_path, "etc/netplan/99-bond.yaml", late)
    assert {str(one.where) for one in said(tmp_path, {})} == {
        f"{NETPLAN}:4:5",
        "etc/netplan/99-bond.yaml:4:5",
    }
