"""Reviewing from within another program, as docs/python.md says."""

from __future__ import annotations

import builtins
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import hyperv_net.review
from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.review import compare, draw, review
from hyperv_net.review.document import as_plain
from hyperv_net.secrets import known
from tests import documents
from tests.commands.calling import Capture, example
from tests.paths import CHECKOUT, EXAMPLES

CONFIG = "version: 2\nethernets: {eth0: {match: {macaddress: '00:0d:3a:11:22:33'}, dhcp4: true}}\n"


def test_what_the_documentation_shows_works(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(CHECKOUT)
    blocks = re.findall(r"```python\n(.*?)```", Path("docs/python.md").read_text(), re.DOTALL)
    assert len(blocks) >= 5
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "docs/python.md", "exec"), names)
    assert "~ bonds.bond0.mtu  1400 -> 9000" in capsys.readouterr().out


def test_the_package_brings_nothing_along_until_something_of_it_is_asked_for() -> None:
    code = (
        "import sys; before = set(sys.modules); import hyperv_net.review as it\n"
        "print(*sorted(set(sys.modules) - before)); print(it.review.__module__, *dir(it))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    brought, named = done.stdout.splitlines()
    own = [one for one in brought.split() if one.startswith("hyperv_net")]
    assert own == ["hyperv_net", "hyperv_net.records", "hyperv_net.review"]
    assert named.split() == ["hyperv_net.review.in_process", "Review", "compare", "draw", "review"]
    assert [one for one in hyperv_net.review.__all__ if not hasattr(hyperv_net.review, one)] == []
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = hyperv_net.review.nothing


@pytest.mark.parametrize("folder", sorted(EXAMPLES.glob("*/inventory.json")), ids=str)
def test_it_reviews_as_the_verb_does(folder: Path, capsys: Capture) -> None:
    """But for what only a whole root has: findings of its lint."""
    given = folder.parent
    config = given / "network-config.yaml"
    if not config.exists():
        return
    main(["review", *example(given), "--format", "json"])
    there = json.loads(capsys.readouterr().out)
    root = given / "root"
    files = {
        str(one.relative_to(root)): one.read_text() for one in root.rglob("*") if one.is_file()
    }
    found = review(
        config.read_text(),
        folder.read_text(),
        target=there["target"],
        settings=_settings(root),
        files=files,
        source=str(config),
    )
    here = as_plain(found)
    assert documents.faults(here) == []
    for key in ("pairs", "before", "after", "ledger", "files", "nics", "inputs"):
        assert here[key] == there[key], key
    assert [one for one in here["findings"] if one not in there["findings"]] == []


def _settings(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in sorted(root.glob("etc/cloud/cloud.cfg.d/*.cfg")):
        found.update((yaml.safe_load(one.read_text()) or {}).get("hyperv_net") or {})
    return found


def test_files_that_say_all_are_adopted_without_a_config() -> None:
    files = {
        "etc/netplan/50.yaml": "network:\n" + "".join(f"  {one}\n" for one in CONFIG.splitlines()),
        "etc/passwd": "not looked at",
    }
    inventory = (EXAMPLES / "linux-netplan/inventory.json").read_text()
    found = review(
        None,
        inventory,
        target="netplan",
        settings={"synthetic_drivers": ["virtio_net"]},
        files=files,
    )
    assert [one.mode for one in found.pairs] == ["aggregate"]
    assert "etc/netplan/50.yaml" in {one.path for one in found.files if one.differs}
    assert [one.name for one in found.inputs if one.name == "etc/passwd"] == []


def test_no_file_is_opened_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    review(CONFIG, kind="azure-freebsd-mana")  # whose modules are read from files once

    def refuse(*words: Any, **named: Any) -> Any:
        raise AssertionError(f"opened {words}")

    before = known.changes()
    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr("os.open", refuse)
    for kind in ("azure-freebsd-mana", "kvm-virtio"):
        assert review(CONFIG, kind=kind).pairs
        assert draw(compare(CONFIG, CONFIG, kind=kind), "json")
    assert known.changes() == before


@pytest.mark.parametrize("secret", ["hunter2hunter2", "tree frog"])
def test_a_secret_is_in_no_form_of_it_not_even_of_an_error(secret: str) -> None:
    there = {"ethernets": {"eth0": {"dhcp4": True, "auth": {"password": secret}}}}
    wrong = {"wifis": {"w": {"access-points": {"x": {"password": [secret]}}}}}
    worse = {"ethernets": {"eth0": {"dhcp4": True, "auth": {"password": secret}, "mtu": secret}}}
    for plain in (there, wrong, worse):
        text = json.dumps({"version": 2, **plain})
        for found in (
            review(text, kind="kvm-virtio"),
            compare(CONFIG, text, kind="kvm-virtio"),
            compare(text, CONFIG, kind="kvm-virtio"),
        ):
            assert secret not in json.dumps(as_plain(found))
            assert secret not in draw(found, "text")


@pytest.mark.parametrize(
    ("named", "what"),
    [
        ({"kind": "kvm-virtio", "inventory": "{}"}, "one of the two"),
        ({}, "one of the two"),
        ({"kind": "none"}, "no such kind"),
        ({"kind": "kvm-virtio", "target": "none"}, "no such target"),
        ({"kind": "kvm-virtio", "settings": {"none": 1}}, "no such setting"),
        ({"inventory": "{}"}, "no `schema`"),
    ],
)
def test_what_the_caller_has_wrong_is_an_error(named: dict[str, Any], what: str) -> None:
    with pytest.raises(HypervNetError, match=re.escape(what)):
        review(CONFIG, **named)


def test_a_base_that_is_none_is_a_warning_as_at_the_command_line() -> None:
    alone = review(CONFIG, kind="kvm-virtio")
    for base in ("version: 3\n", "version: 2\nethernets: {x: [\n"):
        found = compare(base, CONFIG, kind="kvm-virtio", base_source="old.yaml")
        *others, told = found.findings
        assert (told.rule, told.severity) == ("base-not-planned", "warning")
        assert "the base cannot be planned, so nothing is compared: old.yaml" in told.message
        assert found.against is None and found.verdict.level != "network"
        assert tuple(others) == alone.findings and found.files == alone.files


def test_a_config_that_is_none_is_told_of_itself_whatever_its_base_is() -> None:
    for base in ("version: 3\n", CONFIG):
        found = compare(base, "version: 3\n", kind="kvm-virtio", source="new.yaml")
        assert found.verdict.level == "network"
        assert found.findings[0].where.startswith("new.yaml")


def test_a_form_that_there_is_not_is_an_error() -> None:
    with pytest.raises(UsageError, match="no such format"):
        draw(review(CONFIG, kind="kvm-virtio"), "papyrus")


def test_an_inventory_of_linux_wants_a_target_as_at_the_command_line() -> None:
    """A kind of machine has one, and FreeBSD one alone."""
    inventory = (EXAMPLES / "linux-netplan/inventory.json").read_text()
    with pytest.raises(UsageError, match="nothing says what configures the network there"):
        review(None, inventory)
    assert review(CONFIG, kind="kvm-virtio").target == "netplan"
