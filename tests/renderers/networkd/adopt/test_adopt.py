"""What networkd's files say of a NIC is said of its bond, and no file of theirs is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.model import Action
from hyperv_net.renderers.networkd.adopt import adopt, taken_names
from hyperv_net.renderers.networkd.adopt.files import configuring, lines_of, read
from tests.renderers.adoption import rendered
from tests.renderers.networkd.adopt.adopting import (
    ADOPTION,
    MAC,
    MACHINE,
    ROOTS,
    SETTINGS,
    SOURCES,
    after,
    existing,
    planned,
)

SYNTHETIC = next(nic for nic in MACHINE.nics if nic.name == "enp1s0")
BOND, VF = "06-hyperv-net-bond0.network", "06-hyperv-net-enp1s0-vf.network"
E = "etc/systemd/network/"


def bond(root: str, name: str = BOND) -> str:
    """The text of the bond's file after the adoption, behind the words that say who made it."""
    text = rendered(planned(existing(ROOTS / root)))[E + name].text
    return text.split("\n", 2)[2]


def configured_by(files: dict[str, str]) -> str:
    """The path of the file that configures the synthetic NIC, empty where there is none."""
    found = configuring(read(files, "network"), SYNTHETIC)
    return found.path if found else ""


def test_every_root_names_what_it_is_like() -> None:
    assert {root.name for root in ROOTS.iterdir()} == set(SOURCES)
    assert len(SOURCES) >= 20


@pytest.mark.parametrize("root", sorted(SOURCES))
def test_no_file_of_somebody_elses_is_changed(root: str) -> None:
    texts = existing(ROOTS / root)
    made = after(texts)
    assert {path: made[path] for path in texts} == texts
    assert made.keys() > texts.keys()


def test_the_text_is_the_files_with_another_match() -> None:
    assert bond("early-name", "0-hyperv-net-bond0.network") == (
        "# From etc/systemd/network/00-eth0.network\n"
        "# The only line out.\n[Match]\nName=bond0\n\n# Addresses\n[Network]\n"
        "Address=10.0.0.4/24\nAddress=10.0.0.5/24\n  ; spare\nGateway = 10.0.0.1\n"
        "DNS=10.0.0.2\nNTP=10.0.0.3\n"
    )


def test_what_stands_on_the_nic_stands_on_the_bond() -> None:
    assert "VLAN=enp1s0.100\nVLAN=enp1s0.200\n" in bond("vlans")
    assert "Bridge=bridge0\n" in bond("man-bridge")
    assert "MACVTAP=macvtap-test\n" in bond("man-macvtap")


def test_a_drop_in_is_part_of_the_file_and_the_first_folders_counts() -> None:
    text = bond("drop-ins")
    assert "DNS=9.9.9.9\n" in text and "8.8.8.8" not in text
    assert text.index("DNS=9.9.9.9") < text.index("RouteMetric=50")


def test_an_empty_file_hides_one_of_its_name_and_etc_comes_before_run() -> None:
    assert "# From etc/systemd/network/60-b.network\n" in bond("hidden")


def test_names_of_the_nic_are_the_bonds_and_what_is_the_cards_stays() -> None:
    text = bond("policy-routing")
    assert "IncomingInterface=bond0\n" in text and "Label=bond0:db\n" in text
    assert "Priority=\\\n# goes on\n  100\n" in text and "[Made-Up]\nShape=kept\n" in text
    assert "SR-IOV" not in text
    files = rendered(planned(existing(ROOTS / "policy-routing")))
    assert files[f"{E}06-hyperv-net-enp1s0.network"].text.endswith(
        "[SR-IOV]\nVirtualFunction=0\nVLANId=5\n"
    )
    assert "MTUBytes=9000" in files[f"{E}06-hyperv-net-bond0.netdev"].text


def test_every_line_is_accounted_for() -> None:
    ledger = planned(existing(ROOTS / "policy-routing")).ledger
    said = {(entry.source[1:], entry.action) for entry in ledger}
    assert (("Match", "Name"), Action.KEPT) in said
    assert (("SR-IOV", "VLANId"), Action.KEPT) in said
    assert (("RoutingPolicyRule", "Priority"), Action.MOVED) in said
    assert len(ledger) == 13


def test_a_bond_of_theirs_gets_the_vf_and_what_it_lacks() -> None:
    files = rendered(planned(existing(ROOTS / "their-bond")))
    drop_in = f"{E}30-bond1.netdev.d/50-hyperv-net.conf"
    assert files.keys() == {E + VF, drop_in}
    assert "Bond=bond1\nPrimarySlave=yes\n" in files[E + VF].text
    assert files[drop_in].text.endswith("[Bond]\nMIIMonitorSec=100ms\n")


def test_no_name_is_taken_that_another_file_has() -> None:
    assert E + "06-hyperv-net-bond1.netdev" in rendered(planned(existing(ROOTS / "name-taken")))
    of_cloud_init = {f"{E}10-cloud-init-bond0.netdev": "[NetDev]\nName=bond0\nKind=bond\n"}
    assert taken_names(of_cloud_init, ()) == frozenset()


MINE = f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n"


@pytest.mark.parametrize(
    "files",
    [
        {"run/systemd/network/10-netplan-enp1s0.network": MINE, f"{E}90-all.network": MINE},
        {f"{E}10-x.network": MINE + "[Link]\nUnmanaged=yes\n", f"{E}90-all.network": MINE},
        {f"{E}10-x.network": "[Network]\nDHCP=yes\n"},
        {f"{E}10-x.network": "[Match]\nName=enp1s0\nSSID=home\n[Network]\nDHCP=yes\n"},
        {f"{E}10-x.network": "[Match]\nDriver=!virtio_net\n[Network]\nDHCP=yes\n"},
        {f"{E}10-x.network": "[Match]\nName=!enp1s0 lo\n[Network]\nDHCP=yes\n"},
        {f"{E}10-x.network": "[Match]\nKind=bond\n[Network]\nDHCP=yes\n"},
    ],
)
def test_what_is_netplans_or_not_for_the_nic_is_not_adopted(files: dict[str, str]) -> None:
    assert configured_by(files) == ""
    adopted = adopt(files, MACHINE, SETTINGS)
    assert adopted is None or "enp1s0" not in dict(adopted.config.tree.get("ethernets").items())  # type: ignore[union-attr]


def test_what_cannot_be_told_is_an_error_where_it_decides() -> None:
    asks = "[Match]\nPath=pci-0000:02:00.0\n[Network]\nDHCP=yes\n"
    with pytest.raises(HypervNetError, match="Path="):
        configured_by({f"{E}10-x.network": asks, f"{E}90-all.network": MINE})
    assert configured_by({f"{E}99-x.network": asks, f"{E}90-all.network": MINE})
    other = asks.replace("Path", "Name=eth7\nPath")
    assert configured_by({f"{E}10-x.network": other, f"{E}90-all.network": MINE})


def test_a_file_for_the_vf_alone_is_named() -> None:
    of_vf = "[Match]\nName=ens17\n[Network]\nAddress=10.0.0.9/24\n"
    plan = planned({f"{E}10-vf.network": of_vf, f"{E}90-all.network": MINE})
    assert [str(one.where) for one in plan.findings if one.rule == "adopted-vf"] == [
        f"{E}10-vf.network:2:6"
    ]


NAMING = [
    "[Network]\nBindCarrier=eth7 {0}",
    "[Network]\nDNS=9.9.9.9%{0}#dns.{0}.org 1.1.1.1",
    "[RoutingPolicyRule]\nIncomingInterface={0}",
    "[RoutingPolicyRule]\nOutgoingInterface={0}",
    "[Route]\nMultiPathRoute=10.0.0.9@{0} 20",
    "[BridgeFDB]\nOutgoingInterface={0}",
    "[DHCPServer]\nUplinkInterface={0}",
    "[DHCPPrefixDelegation]\nUplinkInterface={0}",
    "[IPv6SendRA]\nUplinkInterface={0}",
]
OF_NETDEV = ["[L2TP]\nLocal=auto@{0}", "[HSR]\nPorts={0} eth7"]
IN_NO_NAME = [
    "[Network]\nDescription=enp1s0",
    "[Network]\nDNS=9.9.9.9#enp1s0",
    "[DHCPServer]\nUplinkInterface=:auto",
    "[Network]\nBindCarrier=enp1s0b !eth* eth*",
    "[Network]\nVLAN=enp1s0.5",
    "[RoutingPolicyRule]\nIncomingInterface=enp1s0.5",
]


def told(name: str, text: str) -> list[str]:
    plan = planned({f"{E}{name}": text + "\n", f"{E}90-all.network": MINE})
    return [str(one.where) for one in plan.findings if one.rule == "adopted-reference"]


@pytest.mark.parametrize("nic", ["enp1s0", "ens17"])
@pytest.mark.parametrize("lines", [*NAMING, *OF_NETDEV])
def test_another_file_that_means_a_member_is_named(lines: str, nic: str) -> None:
    name, match = "10-wg.network", "[Match]\nName=wg0\n"
    if lines in OF_NETDEV:
        name, match = "10-x.netdev", "[NetDev]\nName=x0\n"
    written = match + lines.format(nic)
    line, column = written.count("\n") + 1, lines.index("=") - lines.rindex("\n") + 1
    assert told(name, written) == [f"{E}{name}:{line}:{column}"]


@pytest.mark.parametrize("lines", IN_NO_NAME)
def test_another_file_that_means_no_member_is_not(lines: str) -> None:
    assert told("10-wg.network", f"[Match]\nName=wg0\n{lines}") == []


def test_a_pattern_that_means_the_nic_and_not_its_bond_is_named() -> None:
    assert told("10-wg.network", "[Match]\nName=wg0\n[Network]\nBindCarrier=enp*")


@pytest.mark.parametrize("lines", NAMING)
def test_what_the_nics_own_file_names_is_the_bond(lines: str) -> None:
    plan = planned({f"{E}90-all.network": f"{MINE}{lines.format('enp1s0')}\n"})
    text = rendered(plan)[E + BOND].text
    key, _, value = lines.partition("]\n")[2].partition("=")
    meant = value.replace("dns.{0}", "dns.enp1s0").format("bond0")
    assert f"\n{key}={meant}\n" in text
    entry = next(one for one in plan.ledger if one.source[2] == key)
    assert entry.result == meant
    assert not [one for one in plan.findings if one.rule == "adopted-reference"]


def test_a_bond_of_theirs_may_name_its_members() -> None:
    texts = existing(ROOTS / "their-bond")
    more = "[Match]\nName=wg0\n[Network]\nBindCarrier=enp1s0\n"
    plan = planned({**texts, f"{E}10-wg.network": more})
    assert not [one for one in plan.findings if one.rule == "adopted-reference"]


def test_continued_lines_are_one_and_a_comment_does_not_end_them(tmp_path: Path) -> None:
    text = "[Network]\nDNS=1.1.1.1 \\\n; no\n  2.2.2.2\nDHCP=yes"
    lines = list(lines_of(text))
    assert "".join(line.text for line in lines) == text
    assert [(one.key, one.value) for one in lines[1:]] == [
        ("DNS", "1.1.1.1  2.2.2.2"),
        ("DHCP", "yes"),
    ]


def test_our_own_files_are_adopted_where_there_are_no_others() -> None:
    """What a first boot or `apply --network-config` wrote is all that the machine has."""
    first = after(existing(ROOTS / "policy-routing"))
    alone = {path: text for path, text in first.items() if not path.endswith("40-multi.network")}
    plan = planned(alone)
    assert not [one.file.path for one in plan.changes if one.differs]
    assert {path for path in alone if "06-hyperv-net" in path} <= {*plan.stays}


def test_a_nul_is_not_copied() -> None:
    """networkd ends a line there, so that what is read is not what is seen."""
    with pytest.raises(HypervNetError, match="NUL"):
        planned({f"{E}90-all.network": MINE + "[N\0twork]\n"})


def test_two_pairs_may_be_in_one_bond_of_theirs() -> None:
    other = {nic.name: nic._replace(name=f"{nic.name}b") for nic in MACHINE.nics}
    mac = "00:0d:3a:11:22:44"
    more = [nic._replace(mac=mac, permanent_mac=mac) for nic in other.values()][:2]
    machine = MACHINE._replace(nics=(*MACHINE.nics, *more))
    files = {
        f"{E}30-bond1.netdev": "[NetDev]\nName=bond1\nKind=bond\n[Bond]\nMode=active-backup\n",
        f"{E}30-dev.network": "[Match]\nDriver=virtio_net\n[Network]\nBond=bond1\n",
    }
    plan = ADOPTION.planned(files, machine)
    vfs = {path for path in rendered(plan) if path.endswith("-vf.network")}
    assert vfs == {E + VF, E + VF.replace("enp1s0", "enp1s0b")}
