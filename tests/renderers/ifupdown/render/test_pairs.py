"""The stanzas and names of a pair and its aggregate."""

from __future__ import annotations

import pytest

from hyperv_net.companions.udev_rules import RULES_FILE
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Rewritten
from hyperv_net.renderers import load
from hyperv_net.renderers.ifupdown import render as ifupdown
from hyperv_net.renderers.ifupdown.paths import FILE, NAMES_FILE
from hyperv_net.renderers.target import Part
from hyperv_net.tree import leaves
from tests.renderers.ifupdown.render.stanzas import TRIGGER, render, stanzas, text
from tests.renderers.linux_pairs import MAC, joined, mac, pair, reasons, rewritten


def test_a_pair_with_dhcp() -> None:
    """The synthetic NIC is a manual member, the bond has the settings, the VF has no stanza."""
    rendered = render(pair())
    assert text(rendered) == (
        "\n"
        "auto lo\n"
        "iface lo inet loopback\n"
        "\n"
        "iface eth0 inet manual\n"
        "\n"
        "auto bond0\n"
        "iface bond0 inet dhcp\n"
        "    bond-slaves eth0\n"
        "    bond-miimon 100\n"
        "    bond-mode active-backup\n"
        "    bond-primary-reselect always\n"
        f"    hwaddress {MAC}\n"
        "    post-up ip link set dev bond0 type bond all_slaves_active 1 || true\n"
        f"    {TRIGGER}\n"
    )
    assert not rendered.dropped
    assert {path for path, _ in leaves(rewritten(pair()).tree)} == set(rendered.places)
    assert [file.path for file in rendered.files] == [FILE, NAMES_FILE]
    assert {file.mode for file in rendered.files} == {0o644}
    assert rendered.places["bonds", "bond0", "parameters", "primary"].endswith(RULES_FILE)


def test_the_synthetic_is_named_by_mac_and_driver() -> None:
    """The rule takes the place of cloud-init's, which fits the VF too."""
    assert text(render(pair()), NAMES_FILE) == (
        f'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="hv_netvsc", ATTR{{address}}=="{MAC}",'
        ' NAME="eth0"\n'
    )


def test_every_nic_whose_mac_is_known_keeps_its_name() -> None:
    """As cloud-init does it, since the kernel numbers NICs as they come; lo is raised once."""
    ens9 = {"match": {"macaddress": "00:0d:3a:00:00:01"}, "dhcp4": True}
    plain = joined(pair(), {"ethernets": {"ens9": ens9, "lo": {"addresses": ["192.0.2.1/32"]}}})
    rendered = render(plain)
    assert text(rendered, NAMES_FILE).splitlines()[0] == (
        'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:0d:3a:00:00:01",'
        ' NAME="ens9"'
    )
    assert text(rendered).count("auto lo\n") == 1
    assert stanzas(plain, "lo")[1] == ["iface lo inet static", "address 192.0.2.1/32"]
    assert not rendered.dropped


def test_a_name_without_a_mac_cannot_be_given() -> None:
    """A driver alone fits several NICs; the leaf is dropped, what it matched is not."""
    nic = {"match": {"driver": "e1000e"}, "set-name": "lan0", "dhcp4": True}
    assert set(reasons(render(joined(pair(), {"ethernets": {"lan": nic}})))) == {
        "ethernets.lan.set-name"
    }


def test_a_member_with_settings_of_its_own_is_read_when_its_bond_takes_it_in() -> None:
    """ifenslave has ifup read a member's stanza only where an allow- line names the bond."""
    own = {"ethernets": {"eth0": {"large-receive-offload": False}}}
    plain = joined(pair(), pair(1), own)
    lines = text(render(plain)).splitlines()
    assert [line for line in lines if line.startswith("allow-")] == ["allow-bond0 eth0"]
    assert stanzas(plain, "eth0") == [["iface eth0 inet manual", "offload-lro off"]]


def test_the_same_again_over_its_own_output() -> None:
    """Its own files are no rivals."""
    first = render(pair(0))
    assert render(pair(0), {file.path: file.text for file in first.files}) == first


def test_the_registry_loads_it() -> None:
    """By the target's name."""
    part = load("ifupdown").render
    assert isinstance(part, Part) and part.function is ifupdown.render


def one_bond_of_two_pairs() -> Rewritten:
    """Two pairs below an administrator's bond0, whose primary is the second VF."""
    plain = joined(pair(0), pair(1))
    del plain["bonds"]["bond1"]
    plain["bonds"]["bond0"]["interfaces"] = ["eth0", "eth0-vf", "eth1", "eth1-vf"]
    plain["bonds"]["bond0"]["parameters"]["primary"] = "eth1-vf"
    config = rewritten(plain)
    aggregates = (each._replace(name="bond0", administrators=True) for each in config.aggregates)
    return config._replace(aggregates=tuple(aggregates))


def test_two_pairs_in_one_bond_are_both_joined() -> None:
    """Both synthetic NICs are slaves, and each VF is looked for."""
    rendered = ifupdown.render(one_bond_of_two_pairs(), {})
    lines = [line.strip() for line in text(rendered).splitlines()]
    assert "bond-slaves eth0 eth1" in lines
    assert [line for line in lines if "udevadm" in line] == [
        TRIGGER,
        TRIGGER.replace(MAC, mac(1)),
    ]


def test_a_pair_whose_mac_cannot_stand_in_a_command_is_an_error() -> None:
    """Its VF would never be joined, so the user is told where and why."""
    config = rewritten(pair())
    (aggregate,) = config.aggregates
    pair_of_nics = aggregate.pair._replace(mac=":".join(["00"] * 20))
    wrong = aggregate._replace(pair=pair_of_nics)
    with pytest.raises(HypervNetError) as caught:
        ifupdown.render(config._replace(aggregates=(wrong,)), {})
    assert str(caught.value.where) == "bonds.bond0" and caught.value.hint
    assert "VF of eth0: not a" in caught.value.what
