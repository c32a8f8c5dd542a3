"""What the exit status says of a change is true: all is done, or nothing is."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.applying import below, writing
from hyperv_net.cli import main
from hyperv_net.facts import System
from tests.applying.disk import Unsynced, snapshot
from tests.bake import images
from tests.commands.calling import NETPLAN, Capture
from tests.files import put
from tests.kvp.linux import with_pair
from tests.kvp.texts import LINUX
from tests.paths import CHECKOUT

VERBS = ("apply", "rollback", "bake", "unbake", "kvp-set")


class Trouble(Unsynced):
    """A disk on which a call fails once the manifest has taken its place, or always."""

    def __init__(self, call: str, *, late: bool) -> None:
        self._call = call
        self._is_on = not late

    def __getattr__(self, name: str) -> Any:
        return self._fails if name == self._call and self._is_on else getattr(os, name)

    def _fails(self, *arguments: Any, **options: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    def rename(self, old: str, new: str, **folders: int) -> None:
        os.rename(old, new, **folders)  # noqa: PTH104 - pathlib has no descriptors
        self._is_on = self._is_on or new == "manifest.json"

    def fsync(self, descriptor: int) -> None:
        if self._call == "fsync" and self._is_on:
            self._fails()


def prepared(verb: str, root: Path) -> list[str]:
    """The arguments of a verb that has something to do below a root, which is made for it."""
    if verb in ("bake", "unbake"):
        images.make(root, images.DEBIAN)
        if verb == "unbake":
            assert main(["bake", "--root", str(root)]) == 0
        return [verb, "--root", str(root)]
    if verb == "kvp-set":
        with_pair(root, "netplan", dhcp4=True)
        return ["kvp", "set", "--root", str(root), str(put(root.parent, "ifcfg-eth0", LINUX))]
    put(root, "etc/netplan/50-cloud-init.yaml", "network: {version: 2}\n")
    given = ["--inventory", str(NETPLAN / "inventory.json"), "--target", "netplan"]
    given += ["--network-config", str(NETPLAN / "network-config.yaml"), "--root", str(root)]
    arguments = ["apply", *given, "--synthetic-driver", "virtio_net"]
    if verb == "apply":
        return arguments
    assert main(arguments) == 0
    return ["apply", "--rollback", "--root", str(root)]


def ended(arguments: list[str], capsys: Capture, disk: Unsynced) -> tuple[int, str]:
    """Exit status and standard error of a run over that disk."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(below, "os", disk)
        return main(arguments), capsys.readouterr().err


@pytest.mark.parametrize("call", ["fsync", "unlink", "rmdir"])
@pytest.mark.parametrize("verb", VERBS)
def test_trouble_after_the_last_file_is_in_its_place_is_a_warning_and_all_is_done(
    verb: str, call: str, tmp_path: Path, capsys: Capture
) -> None:
    arguments = prepared(verb, tmp_path / "control")
    assert ended(arguments, capsys, Unsynced())[0] == 0
    done = snapshot(tmp_path / "control")
    root = tmp_path / "root"
    arguments = prepared(verb, root)
    status, said = ended(arguments, capsys, Trouble(call, late=True))
    assert status == 0
    if call != "rmdir" or verb in ("rollback", "unbake"):
        assert "warning: all is done" in said and "Input/output error" in said
    store = "baked" if "bake" in verb else "applied"
    writing.recover(root, record=store)
    after = snapshot(root)
    assert {path for path in after if "/hyperv-net/" not in path} == {
        path for path in done if "/hyperv-net/" not in path
    }
    kept = {path: thing.data for path, thing in done.items() if f"/{store}/" not in path}
    assert {path: thing.data for path, thing in after.items() if path in kept} == kept


@pytest.mark.parametrize("verb", VERBS)
def test_trouble_before_that_is_an_error_and_nothing_is_done(
    verb: str, tmp_path: Path, capsys: Capture
) -> None:
    root = tmp_path / "root"
    arguments = prepared(verb, root)
    before = snapshot(root)
    status, said = ended(arguments, capsys, Trouble("write", late=False))
    assert status == 1
    assert "Input/output error" in said.splitlines()[-1]
    assert snapshot(root) == before


def test_json_has_the_trouble_among_its_notes(tmp_path: Path, capsys: Capture) -> None:
    arguments = [*prepared("apply", tmp_path / "root"), "--format", "json"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(below, "os", Trouble("unlink", late=True))
        assert main(arguments) == 0
    (note,) = json.loads(capsys.readouterr().out)["notes"]
    assert note.startswith("all is done, and the next run tidies up: ")


def run(arguments: list[str], stdout: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hyperv_net", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"]},
    )


def full() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def without_reader() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("opened", [full, without_reader])
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_done_is_done_though_it_cannot_be_told(
    verb: str, opened: Callable[[], int], form: str, tmp_path: Path
) -> None:
    """A full disk is said on standard error; a reader that has gone wants to hear nothing."""
    root = tmp_path / "root"
    arguments = prepared(verb, root)
    if form == "json" and verb != "kvp-set":
        arguments += ["--format", "json"]
    before = snapshot(root)
    stdout = opened()
    done = run(arguments, stdout)
    os.close(stdout)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    if opened is full:
        assert "warning: all is done, and cannot be told: No space left on device" in done.stderr
    assert snapshot(root) != before
    record = "baked" if "bake" in verb else "applied"
    is_recorded = writing.is_recorded(root, System.LINUX, record=record)
    assert is_recorded == (verb in ("apply", "bake", "kvp-set"))


def test_a_plan_or_a_dry_run_that_cannot_be_told_is_an_error(tmp_path: Path) -> None:
    """What it prints is all it does."""
    arguments = prepared("apply", tmp_path / "root")
    for one in ([*arguments, "--dry-run"], ["plan", *arguments[1:]]):
        stdout = full()
        done = run(one, stdout)
        os.close(stdout)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == "hyperv-net: output: No space left on device"
