"""Adoption of interfaces(5), case by case."""

from __future__ import annotations

import json
from pathlib import Path

from hyperv_net.cli import main
from hyperv_net.hotplug.wanted import from_json
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import Inventory, RenderedFile, System
from hyperv_net.renderers import load
from hyperv_net.renderers.ifupdown.paths import HELPER, NAMES_FILE
from tests.at_line import at_line
from tests.commands.calling import Capture
from tests.debian.tools import write
from tests.renderers.adoption import rendered
from tests.renderers.ifupdown.adopt.adopting import (
    MACS,
    MAIN,
    SETTINGS,
    after,
    machine,
    main_after,
    planned,
)


def test_the_helper_of_cloud_images_is_warned_of() -> None:
    plan = planned({MAIN: "iface eth0 inet dhcp\n", HELPER: "x"})
    assert "interfaces-helper" in [one.rule for one in plan.findings]


def test_files_are_read_wherever_they_are_sourced_from(tmp_path: Path, capsys: Capture) -> None:
    root, inventory = tmp_path / "root", tmp_path / "inventory.json"
    texts = {
        MAIN: "source /srv/net/*.conf\n",
        "srv/net/a.conf": "source ../deeper/all\n",
        "srv/deeper/all": "source-directory /etc/more\n",
        "etc/more/eth0": "iface eth0 inet dhcp\n",
        "etc/more/eth0.old": "iface eth0 inet static\n",
    }
    write(root, [RenderedFile(path, text) for path, text in texts.items()])
    inventory.write_text(to_json(machine(texts)))
    command = ["plan", "--root", str(root), "--inventory", str(inventory), "--format", "json"]
    assert main([*command, "--synthetic-driver", "virtio_net"]) == 0
    shown = json.loads(capsys.readouterr().out)
    changed = [one["path"] for one in shown["files"] if one["path"].startswith("etc/more")]
    assert changed == ["etc/more/eth0"]


def test_an_option_that_is_not_known_is_kept_and_warned_of_where_it_names_the_nic() -> None:
    plan = planned({MAIN: "iface eth0 inet dhcp\n  speed 9\n  follow eth0\n"})
    assert "  speed 9\n  follow eth0\n" in rendered(plan)[MAIN].text
    assert [at_line(one.where) for one in plan.findings if one.rule == "names-a-member"] == [
        f"{MAIN}:3"
    ]


def test_a_stanza_that_cannot_be_told_an_address_gets_one_before_it_that_can() -> None:
    text = main_after("auto eth0\niface eth0 inet6 auto\n")
    assert text.startswith("auto bond0\niface bond0 inet manual\n    bond-slaves eth0\n")
    assert "    hwaddress 00:0d:3a:11:22:33\n\niface bond0 inet6 auto\n    post-up udevadm" in text


def test_the_mtu_of_the_aggregate_is_known_to_the_hook_where_ifupdown_sets_it() -> None:
    for method, wanted in (("static\n  address 10.0.0.4/24", 9000), ("dhcp", None)):
        now = after({MAIN: f"iface eth0 inet {method}\n  mtu 9000\n"})
        found = from_json(now["var/lib/hyperv-net/wanted.json"], "x")
        assert found.pairs[0].mtu == wanted


def test_an_administrators_bond_gets_what_it_lacks_and_no_more() -> None:
    """Both NICs in its list: ifenslave would never take the VF back."""
    text = "iface bond5 inet dhcp\n  bond-slaves ens17 eth0\n  bond-mode 1\n"
    plan = planned({MAIN: text})
    trigger = (
        "  post-up udevadm trigger --action=change --subsystem-match=net --attr-match=address="
    )
    assert rendered(plan)[MAIN].text == (
        "iface bond5 inet dhcp\n  bond-miimon 100\n  bond-slaves eth0\n  bond-mode 1\n"
        f"{trigger}{MACS[0]} || true\n"
    )


def test_settings_of_the_card_go_to_the_member_which_ifenslave_then_raises() -> None:
    """ifupdown-ng raises every member, and has no such line."""
    text = main_after("iface eth0 inet dhcp\n  offload-gro off\n  metric 7\n")
    assert "allow-bond0 eth0\niface eth0 inet manual\n  offload-gro off\n" in text
    assert text.count("offload-gro") == 1
    text = main_after("iface eth0\n  use dhcp\n  ethtool-offload-gro off\n")
    assert text.endswith("iface eth0\n  ethtool-offload-gro off\n")
    assert "allow-" not in text


def test_a_bond_over_other_nics_keeps_its_name_and_the_pair_gets_a_free_one() -> None:
    text = "iface bond0 inet dhcp\n  bond-slaves eth9\niface eth0 inet dhcp\n"
    assert main_after(text).startswith(
        "iface bond0 inet dhcp\n  bond-slaves eth9\niface bond1 inet"
    )


def test_a_nic_that_is_started_by_hand_stays_so_and_one_that_something_needs_does_not() -> None:
    assert "auto" not in main_after("iface eth0 inet dhcp\n")
    text = main_after(
        "auto br0\niface br0 inet dhcp\n  bridge_ports eth0\niface eth0 inet manual\n"
    )
    assert text.startswith("auto bond0\nauto br0\niface br0 inet dhcp\n  bridge_ports bond0\n")


def test_rules_that_name_nics_are_added_to_those_that_are_there() -> None:
    texts = {MAIN: "iface eth0 inet dhcp\n", NAMES_FILE: '# mine\nKERNEL=="x", NAME="y"'}
    now = after(texts)
    assert now[NAMES_FILE].startswith(f"{texts[NAMES_FILE]}\nSUBSYSTEM==")
    assert after(now) == now


def test_pairs_that_the_kernel_owns_and_machines_without_any_are_left_as_they_are() -> None:
    text = "auto eth0\niface eth0 inet dhcp\n"
    nics = tuple(nic for nic in machine({MAIN: text}).nics if nic.name != "ens17")
    plan = planned({MAIN: text}, Inventory(System.LINUX, "6.1.0", nics))
    assert not rendered(plan) and not plan.ledger


def test_where_no_interface_is_configured_there_is_nothing_to_adopt() -> None:
    for texts in ({}, {MAIN: ""}, {MAIN: "auto lo\niface lo inet loopback\n"}):
        assert load("ifupdown").adopt(texts, machine({}), SETTINGS) is None
