"""`apply --plan FILE`: exactly what was reviewed is written, or nothing, with what has moved."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.applying.manifest import record_text
from hyperv_net.cli import main
from tests.applying.disk import snapshot
from tests.applying.scenes import copy
from tests.commands.calling import NETPLAN, Capture
from tests.files import put

SECRET = "hunter22"
WIFI = f"""\
network:
  version: 2
  wifis: {{wlan0: {{access-points: {{home: {{password: {SECRET}}}}}}}}}
"""


class Reviewed:
    """A machine, its inputs as files, and the plan of it that was reviewed."""

    def __init__(self, folder: Path, capture: Capture) -> None:
        self.folder = folder
        self.root = copy(NETPLAN / "root", folder / "root")
        put(self.root, "etc/netplan/60-wifi.yaml", WIFI, 0o600)
        for name in ("inventory.json", "network-config.yaml"):
            shutil.copy(NETPLAN / name, folder)
        self._capture = capture
        self.file = folder / "plan.json"
        self.file.write_text(self.plan())

    def options(self, *more: str) -> list[str]:
        return [
            *("--inventory", str(self.folder / "inventory.json"), "--target", "netplan"),
            *("--network-config", str(self.folder / "network-config.yaml")),
            *("--root", str(self.root), *more),
        ]

    def plan(self, *more: str) -> str:
        assert main(["plan", *self.options("--format", "json", *more)]) == 0
        return self._capture.readouterr().out

    def apply(self, *more: str) -> tuple[int, str]:
        status = main(["apply", *self.options("--plan", str(self.file), *more)])
        return status, self._capture.readouterr().err

    def refused(self, *more: str) -> str:
        before = snapshot(self.root)
        status, said = self.apply(*more)
        assert (status, snapshot(self.root)) == (1, before)
        (line,) = [one for one in said.splitlines() if one.startswith("hyperv-net: ")]
        return line.replace(str(self.folder), "")

    def edit(self, change: Callable[[dict[str, Any]], object]) -> None:
        document = json.loads(self.file.read_text())
        change(document)
        self.file.write_text(json.dumps(document))


@pytest.fixture
def reviewed(tmp_path: Path, capsys: Capture) -> Reviewed:
    return Reviewed(tmp_path, capsys)


def test_what_was_reviewed_is_written(reviewed: Reviewed) -> None:
    shown = json.loads(reviewed.file.read_text())["files"]
    assert reviewed.apply()[0] == 0
    for one in shown:
        assert (reviewed.root / one["path"]).read_text() == one["text"]


def test_the_same_plan_has_the_same_bytes(reviewed: Reviewed) -> None:
    assert reviewed.plan() == reviewed.file.read_text()


def change_text(path: str, old: str, new: str) -> Callable[[Reviewed], object]:
    def change(one: Reviewed) -> None:
        file = one.folder / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return change


MOVED: dict[str, tuple[Callable[[Reviewed], object], str]] = {
    "network config": (
        change_text("network-config.yaml", "version: 2", "# no setting\nversion: 2"),
        "the network config is another than the plan was made from",
    ),
    "a NIC": (
        change_text("inventory.json", '"e1000e"', '"igbvf"'),
        "of the inventory has changed",
    ),
    "the kernel": (
        change_text("inventory.json", '"kernel": "', '"kernel": "1'),
        "kernel of the inventory has changed",
    ),
    "a secret": (
        change_text("root/etc/netplan/60-wifi.yaml", SECRET, "hunter23"),
        "etc/netplan/60-wifi.yaml has changed",
    ),
    "a file that comes": (
        lambda one: put(one.root, "etc/netplan/99-new.yaml", "network: {version: 2}\n"),
        "etc/netplan/99-new.yaml has come to be",
    ),
    "a file that goes": (
        lambda one: (one.root / "etc/netplan/60-wifi.yaml").unlink(),
        "etc/netplan/60-wifi.yaml has gone",
    ),
    "the settings": (
        lambda one: put(
            one.root,
            "etc/cloud/cloud.cfg.d/92-more.cfg",
            "hyperv_net: {mii_monitor_interval: 200}\n",
        ),
        "the setting mii_monitor_interval has changed",
    ),
}


@pytest.mark.parametrize("case", MOVED)
def test_where_the_ground_has_moved_nothing_is_written_and_the_line_says_what_moved(
    case: str, reviewed: Reviewed
) -> None:
    move, line = MOVED[case]
    move(reviewed)
    assert line in reviewed.refused()


def test_an_option_that_was_not_given_then_is_named(reviewed: Reviewed) -> None:
    assert "the setting mii_monitor_interval has changed" in reviewed.refused(
        "--mii-monitor-interval", "250"
    )


def test_a_file_that_shows_something_else_is_refused_and_nothing_of_it_is_written(
    reviewed: Reviewed,
) -> None:
    """A plan file is input from outside: what it shows is what was read, not what is written."""
    reviewed.edit(lambda plan: plan["files"][0].update(text="network: {}\n", diff=""))
    assert "what is shown of etc/netplan/" in reviewed.refused()


@pytest.mark.parametrize("key", ["pairs", "ledger", "target", "files"])
def test_all_that_a_reviewer_goes_by_is_compared(key: str, reviewed: Reviewed) -> None:
    reviewed.edit(lambda plan: plan.pop(key))
    assert "somebody edited it" in reviewed.refused()


def test_another_version_and_what_is_no_plan_are_refused(reviewed: Reviewed) -> None:
    whole = reviewed.file.read_text()
    reviewed.edit(lambda plan: plan["basis"].update(version="0.0.9"))
    assert "it was made by hyperv-net 0.0.9, and this is" in reviewed.refused()
    for text, line in (
        ("{}", "not hyperv-net/plan/2"),
        ("[]", "not an object"),
        (whole.replace('"basis"', '"basics"'), "has no basis"),
        (whole.replace('"salt": "', '"salt": "x'), "not a SHA-256 in hex"),
        ("x", "not JSON"),
    ):
        reviewed.file.write_text(text)
        assert line in reviewed.refused()


def test_a_file_that_the_plan_does_not_show_is_not_changed_by_the_way(reviewed: Reviewed) -> None:
    """The record has it put back once it is wanted no more."""
    assert reviewed.apply()[0] == 0
    extra = "var/lib/hyperv-net/applied/manifest.json"
    manifest = reviewed.root / extra
    document = json.loads(manifest.read_text())
    del document["sha256_of_the_rest"]
    entry = document["files"][0]
    document["files"].append({**entry, "path": "etc/other", "before": None, "in_place": False})
    put(reviewed.root, "etc/other", (reviewed.root / entry["path"]).read_text())
    manifest.write_text(record_text(document))
    reviewed.file.write_text(reviewed.plan())
    assert "etc/other: it would change too" in reviewed.refused()


def test_no_digest_is_one_of_a_plain_hash_of_what_may_be_secret(reviewed: Reviewed) -> None:
    """With all else of the file known, that would be a way to try short secrets out."""
    import hashlib

    text = reviewed.file.read_text()
    for source in (WIFI, SECRET, (reviewed.folder / "network-config.yaml").read_text()):
        for name in ("sha256", "sha1", "md5", "sha512", "blake2b"):
            assert hashlib.new(name, source.encode()).hexdigest()[:64] not in text
    other = Path(reviewed.folder, "network-config.yaml")
    other.write_text(other.read_text() + "# another plan, another salt\n")
    again = json.loads(reviewed.plan())["basis"]
    first = json.loads(text)["basis"]
    assert again["salt"] == first["salt"]
    assert again["network_config"] != first["network_config"]


def test_a_rollback_has_no_plan(reviewed: Reviewed) -> None:
    arguments = ["apply", "--root", str(reviewed.root), "--rollback", "--plan", str(reviewed.file)]
    assert main(arguments) == 64


def test_what_the_next_first_boot_would_write_is_no_plan_to_apply(reviewed: Reviewed) -> None:
    reviewed.edit(lambda plan: plan.update(basis=None))
    assert "has no basis" in reviewed.refused()
