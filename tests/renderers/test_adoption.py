"""What is true of the adoption of every root of every target."""

from __future__ import annotations

import json
import shutil
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.snapshot import to_json
from tests.applying.disk import snapshot
from tests.commands.calling import Capture
from tests.renderers.adoption import Adoption
from tests.renderers.freebsd.adopt.adopting import ADOPTION as FREEBSD
from tests.renderers.ifupdown.adopt.adopting import ADOPTION as IFUPDOWN
from tests.renderers.netplan.adopt.adopting import ADOPTION as NETPLAN
from tests.renderers.networkd.adopt.adopting import ADOPTION as NETWORKD
from tests.renderers.networkmanager.adopt.adopting import ADOPTION as NETWORK_MANAGER

CASES = [
    pytest.param(adoption, root, id=f"{adoption.target}-{root.name}")
    for adoption in (FREEBSD, NETPLAN, IFUPDOWN, NETWORK_MANAGER, NETWORKD)
    for root in adoption.roots
]
of_each_root = pytest.mark.parametrize(("adoption", "root"), CASES)


@of_each_root
def test_a_second_adoption_changes_nothing(adoption: Adoption, root: Path) -> None:
    texts = adoption.existing(root)
    once = adoption.after(texts)
    again = adoption.planned(once, adoption.machine(texts))
    assert not [one.file.path for one in again.changes if one.differs]
    assert adoption.after(once) == once


@of_each_root
def test_apply_does_what_plan_shows_and_a_rollback_is_exact(
    adoption: Adoption, root: Path, tmp_path: Path, capsys: Capture
) -> None:
    copy, inventory = tmp_path / "root", tmp_path / "inventory.json"
    shutil.copytree(root, copy)
    inventory.write_text(to_json(adoption.machine(adoption.existing(root))))
    before = snapshot(copy)
    command = ["--root", str(copy), "--inventory", str(inventory), *adoption.options]
    assert main(["plan", *command, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["target"] == adoption.target
    assert fnmatchcase(shown["network_config"], adoption.source)
    assert main(["apply", *command]) == 0
    for file in shown["files"]:
        assert (copy / file["path"]).read_text() == file["text"]
    assert main(["plan", *command, "--check"]) == 0
    capsys.readouterr()
    assert main(["apply", *command]) == 0
    assert capsys.readouterr().out == "nothing to do: all files are as they should be\n"
    assert main(["apply", "--rollback", "--root", str(copy)]) == 0
    assert snapshot(copy) == before
