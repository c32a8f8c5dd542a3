"""`--kind`: machines that come with the program, with the addresses that a config names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.kinds import KINDS, inventory_of
from hyperv_net.inventory.snapshot import as_document, from_json
from hyperv_net.review import compare
from tests.commands.calling import Capture

CONFIG = """\
version: 2
ethernets:
  front:
    match: {macaddress: "00:0d:3a:11:22:33"}
    set-name: front
    dhcp4: true
"""


@pytest.mark.parametrize("kind", KINDS)
def test_a_config_that_names_a_card_is_planned_for_each_kind(
    tmp_path: Path, capsys: Capture, kind: str
) -> None:
    config = tmp_path / "net.yaml"
    config.write_text(CONFIG)
    given = ["review", "--kind", kind, "--network-config", str(config), "--format", "json"]
    assert main(given) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["pairs"][0]["mac"] == "00:0d:3a:11:22:33"
    owned = "azure-linux" in kind
    modes = {one["mode"] for one in document["pairs"]}
    assert modes == {"transparent" if owned else "aggregate"}
    assert len(document["pairs"]) == KINDS[kind][1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_an_inventory_as_a_machine_prints_it(kind: str) -> None:
    inventory = inventory_of(kind)
    assert from_json(json.dumps(as_document(inventory)), "kind") == inventory


def test_a_config_with_more_cards_than_the_kind_is_refused(tmp_path: Path, capsys: Capture) -> None:
    config = tmp_path / "net.yaml"
    second = CONFIG.partition("ethernets:\n")[2].replace("front", "back").replace("33", "44")
    config.write_text(CONFIG + second)
    given = ["plan", "--network-config", str(config), "--kind"]
    assert main([*given, "kvm-virtio"]) == 1
    assert "names 2 cards by address, and the inventory has 1" in capsys.readouterr().err
    assert main([*given, "kvm-virtio-2"]) == 0


def test_a_kind_and_an_inventory_do_not_go_together(capsys: Capture) -> None:
    assert main(["plan", "--kind", "kvm-virtio", "--inventory", "x.json"]) == 64
    assert "not allowed with argument" in capsys.readouterr().err


def test_base_and_head_are_of_one_machine_of_the_kind(tmp_path: Path, capsys: Capture) -> None:
    """A head that names another card than the base has is about none of this machine."""
    base, head = tmp_path / "base.yaml", tmp_path / "head.yaml"
    base.write_text(CONFIG)
    given = ["review", "--network-config", str(head), "--against", str(base), "--format", "json"]

    def reviewed(text: str, kind: str) -> tuple[int, dict[str, Any]]:
        head.write_text(text)
        status = main([*given, "--kind", kind])
        return status, json.loads(capsys.readouterr().out)

    other = CONFIG.replace("22:33", "22:44")
    status, document = reviewed(other, "kvm-virtio")
    assert (status, document["verdict"]["level"]) == (1, "network")
    assert "speaks of no NIC" in document["verdict"]["reasons"][0]
    assert [one["mac"] for one in document["pairs"]] == ["00:0d:3a:11:22:33"]
    # Of a machine with two cards it is the other one; and one that comes in is no other machine.
    second = CONFIG.partition("ethernets:\n")[2].replace("front", "back").replace("33", "44")
    status, document = reviewed(CONFIG + second, "kvm-virtio-2")
    assert (status, document["verdict"]["level"]) == (0, "fine")
    assert [one for one in document["against"]["pairs"] if "any more" in one] == []
    assert compare(CONFIG, other, kind="kvm-virtio").verdict.level == "network"
    assert compare(CONFIG, CONFIG + second, kind="kvm-virtio-2").verdict.level == "fine"
