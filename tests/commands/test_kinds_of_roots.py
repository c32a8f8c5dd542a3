"""`--kind` with a root: its cards are those that the root's own files name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.kinds import KINDS, inventory_of
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import System
from hyperv_net.review import review
from tests.commands.calling import Capture
from tests.files import put

MAC, OTHER = "7c:1e:52:00:00:01", "7c:1e:52:00:00:02"
PROFILES = "etc/NetworkManager/system-connections"
NETWORKD = "etc/systemd/network"
PROFILE = "[connection]\nid={0}\ntype=ethernet\n{1}\n[ethernet]\n{2}\n[ipv4]\nmethod=auto\n"


class Case(NamedTuple):
    """Files of a root, their target, and what the synthetic NICs are then: name → address."""

    target: str
    files: Mapping[str, str]
    nics: Mapping[str, str]


#: What is said of files that name both NICs of a card, and of those of another machine's card.
TOLD = {"fits-the-vf", "pinned-mac"}
NAMED_BY_LINK = f"[Match]\nMACAddress={OTHER}\n[Link]\nName=lan\n"
RULE = 'SUBSYSTEM=="net", ACTION=="add", ATTR{{address}}=="{0}", NAME="{1}"\n'
CASES = {
    "a profile by address": Case(
        "network-manager",
        {f"{PROFILES}/a.nmconnection": PROFILE.format("a", "", f"mac-address={MAC.upper()}")},
        {"eth0": MAC},
    ),
    "a profile by both": Case(
        "network-manager",
        {f"{PROFILES}/a": PROFILE.format("a", "interface-name=ens3", f"mac-address={MAC}")},
        {"ens3": MAC},
    ),
    "a profile by name, and one by address": Case(
        "network-manager",
        {
            f"{PROFILES}/a": PROFILE.format("a", "", f"mac-address={MAC}"),
            f"{PROFILES}/b": PROFILE.format("b", "interface-name=eth0", ""),
        },
        {"eth0": "00:0d:3a:00:00:01", "eth1": MAC},
    ),
    "networkd by address, in its other notation": Case(
        "networkd",
        {f"{NETWORKD}/10.network": "[Match]\nMACAddress=7C1E.5200.0001\n[Network]\nDHCP=yes\n"},
        {"eth0": MAC},
    ),
    "networkd by a name that a .link gives": Case(
        "networkd",
        {
            f"{NETWORKD}/10.link": NAMED_BY_LINK,
            f"{NETWORKD}/20.network": "[Match]\nName=lan\n[Network]\nDHCP=yes\n",
        },
        {"lan": OTHER},
    ),
    "netplan by address": Case(
        "netplan",
        {
            "etc/netplan/1.yaml": "network: {version: 2, ethernets: {a: {dhcp4: true, "
            f'match: {{macaddress: "{MAC}"}}, set-name: front}}}}}}\n'
        },
        {"front": MAC},
    ),
    "netplan by a name that a rule gives": Case(
        "netplan",
        {
            "etc/netplan/1.yaml": "network: {version: 2, ethernets: {lan: {dhcp4: true}}}\n",
            "etc/udev/rules.d/70-persistent-net.rules": RULE.format(OTHER, "lan"),
        },
        {"lan": OTHER},
    ),
    "interfaces(5) by hwaddress": Case(
        "ifupdown",
        {"etc/network/interfaces": "iface eth0 inet dhcp\n hwaddress 7c:1e:52:0:0:1\n"},
        {"eth0": MAC},
    ),
    "interfaces(5) by rules, which name both NICs": Case(
        "ifupdown",
        {
            "etc/network/interfaces": "iface eth1 inet dhcp\niface eth0 inet dhcp\n",
            "etc/udev/rules.d/70-persistent-net.rules": RULE.format(OTHER, "eth1")
            + RULE.format(MAC, "eth0"),
        },
        {"eth0": MAC, "eth1": OTHER},
    ),
    "interfaces(5) by a name, beside rules of cards that were": Case(
        "ifupdown",
        {
            "etc/network/interfaces": "iface eth0 inet dhcp\n",
            "etc/udev/rules.d/70-persistent-net.rules": RULE.format(MAC, "eth0")
            + RULE.format(OTHER, "eth1"),
        },
        {"eth0": MAC},
    ),
    "a profile by both, beside a rule of a card that was": Case(
        "network-manager",
        {
            f"{PROFILES}/a": PROFILE.format("a", "interface-name=eth0", f"mac-address={MAC}"),
            "etc/udev/rules.d/70-persistent-net.rules": RULE.format(OTHER, "eth0"),
        },
        {"eth0": MAC},
    ),
    "netplan by a name, beside a .link of another NIC": Case(
        "netplan",
        {
            "etc/netplan/1.yaml": "network: {version: 2, ethernets: {eth0: {dhcp4: true}}}\n",
            f"{NETWORKD}/10-usb.link": f"[Match]\nMACAddress={OTHER}\n[Link]\nName=usb0\n",
        },
        {"eth0": "00:0d:3a:00:00:01"},
    ),
    "networkd by a pattern that the name of a .link fits": Case(
        "networkd",
        {
            f"{NETWORKD}/10.link": f"[Match]\nMACAddress={OTHER}\n[Link]\nName=lan7\n",
            f"{NETWORKD}/20.network": "[Match]\nName=lan*\n[Network]\nDHCP=yes\n",
        },
        {"lan7": OTHER},
    ),
    "a profile by a pattern that the name of a .link fits": Case(
        "network-manager",
        {
            f"{NETWORKD}/10.link": f"[Match]\nMACAddress={OTHER}\n[Link]\nName=lan7\n",
            f"{PROFILES}/a": PROFILE.format("a", "", "") + "[match]\ninterface-name=lan*;\n",
        },
        {"lan7": OTHER},
    ),
    "netplan by a pattern that the name of a .link fits": Case(
        "netplan",
        {
            f"{NETWORKD}/10.link": f"[Match]\nMACAddress={OTHER}\n[Link]\nName=lan7\n",
            "etc/netplan/1.yaml": "network: {version: 2, ethernets: {a: {dhcp4: true, "
            'match: {name: "lan*"}}}}\n',
        },
        {"lan7": OTHER},
    ),
    "interfaces(5) by name alone": Case(
        "ifupdown",
        {"etc/network/interfaces": "iface eth0 inet dhcp\n"},
        {"eth0": "00:0d:3a:00:00:01"},
    ),
    "rc.conf by name": Case(
        "freebsd", {"etc/rc.conf": "ifconfig_hn0=DHCP\n"}, {"hn0": "00:0d:3a:00:00:01"}
    ),
}


def kinds_for(case: Case) -> list[str]:
    system = System.FREEBSD if case.target == "freebsd" else System.LINUX
    return [
        name
        for name, (kind, number) in KINDS.items()
        if kind.system is system and number >= len(case.nics)
    ]


@pytest.mark.parametrize(
    ("case", "kind"), [(case, kind) for case in CASES for kind in kinds_for(CASES[case])]
)
def test_the_cards_of_a_kind_are_those_that_the_files_of_a_root_name(
    case: str, kind: str, tmp_path: Path, capsys: Capture
) -> None:
    target, texts, nics = CASES[case]
    for path, text in texts.items():
        put(tmp_path, path, text)
    given = ["review", "--kind", kind, "--target", target, "--root", str(tmp_path)]
    status = main([*given, "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    found = {one["synthetic"]: one["mac"] for one in document["pairs"]}
    assert nics.items() <= found.items(), (document["findings"], found)
    # A name that is given by the address alone is the VF's too, which is as it should be told.
    findings = [one for one in document["findings"] if one["severity"] != "note"]
    assert (status, {one["rule"] for one in findings} - TOLD) == (0, set()), findings
    made = {nic.hardware_mac for nic in inventory_of(kind).nics}
    assert len(found) == KINDS[kind][1] and set(found.values()) - set(nics.values()) <= made
    inside = review(None, kind=kind, target=target, files=texts)
    assert {one.synthetic: one.mac for one in inside.pairs} == found


def test_both_nics_of_a_renamed_card_are_one_still(tmp_path: Path, capsys: Capture) -> None:
    for path, text in CASES["networkd by a name that a .link gives"].files.items():
        put(tmp_path, path, text)
    given = ["review", "--kind", "kvm-virtio", "--target", "networkd", "--root", str(tmp_path)]
    assert main([*given, "--format", "json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)["pairs"]
    assert (pair["synthetic"], pair["mode"]) == ("lan", "aggregate")


def test_more_cards_than_the_kind_has_are_told_at_the_first_that_gets_none(
    tmp_path: Path, capsys: Capture
) -> None:
    texts = {
        f"{NETWORKD}/1.network": f"[Match]\nMACAddress={MAC}\n",
        f"{NETWORKD}/2.network": f"[Match]\nMACAddress={OTHER}\n",
    }
    for path, text in texts.items():
        put(tmp_path, path, text)
    given = ["plan", "--target", "networkd", "--root", str(tmp_path), "--kind"]
    assert main([*given, "kvm-virtio"]) == 1
    told = capsys.readouterr().err
    assert (
        f"{NETWORKD}/2.network:2:12: it names 2 cards by address, and the inventory has 1" in told
    )
    assert main([*given, "kvm-virtio-2"]) == 0


def test_two_roots_are_of_one_machine_of_the_kind(tmp_path: Path, capsys: Capture) -> None:
    base, head = tmp_path / "base", tmp_path / "head"
    put(base, f"{NETWORKD}/1.network", f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n")
    put(head, f"{NETWORKD}/1.network", f"[Match]\nMACAddress={OTHER}\n[Network]\nDHCP=yes\n")
    given = ["review", "--target", "networkd", "--root", str(head), "--against", str(base)]

    assert main([*given, "--kind", "kvm-virtio", "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert "no network config found" in finding["message"] and "for eth0" in finding["message"]
    main([*given, "--kind", "kvm-virtio-2", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    assert [one["mac"] for one in document["pairs"]] == [MAC, OTHER]


def test_an_inventory_is_bound_to_a_root_where_it_is_asked_for(
    tmp_path: Path, capsys: Capture
) -> None:
    put(tmp_path / "root", f"{NETWORKD}/1.network", f"[Match]\nMACAddress={MAC}\n")
    (tmp_path / "nics.json").write_text(to_json(inventory_of("kvm-virtio")))
    given = ["plan", "--inventory", str(tmp_path / "nics.json"), "--synthetic-driver", "virtio_net"]
    given += ["--root", str(tmp_path / "root"), "--target", "networkd"]
    assert main([*given, "--format", "json"]) == 1
    capsys.readouterr()
    assert main([*given, "--bind", "--format", "json"]) == 0
    assert MAC in capsys.readouterr().out
