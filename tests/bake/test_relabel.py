"""What bake says of labels in an image that uses SELinux."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

import pytest

from hyperv_net.applying.relabel import relabelling
from hyperv_net.cli import main
from tests.bake.images import DEBIAN, make
from tests.commands.calling import Capture

CONFIG = "# comment\nSELINUX={}\nSELINUXTYPE={}\n"


def image(root: Path, state: str = "enforcing", policy: str = "targeted") -> Path:
    return make(root, {**DEBIAN, "etc/selinux/config": CONFIG.format(state, policy)})


def said(root: Path, capsys: Capture, *more: str) -> list[str]:
    capsys.readouterr()
    assert main(["bake", "--root", str(root), *more]) == 0
    lines = capsys.readouterr().out.splitlines()
    return [line for line in lines if line.startswith("it uses SELinux")]


@pytest.mark.parametrize("state", ["enforcing", "permissive"])
def test_the_command_labels_all_that_was_written_by_the_images_own_list(
    state: str, tmp_path: Path, capsys: Capture
) -> None:
    root = image(tmp_path / "an image", state, "mls")
    (line,) = said(root, capsys)
    beginning, _, command = line.partition(": ")
    assert beginning == "it uses SELinux; label what was written"
    program, *options, contexts = shlex.split(command)[:5]
    assert [program, *options] == ["setfiles", "-F", "-r", str(root)]
    assert contexts == f"{root}/etc/selinux/mls/contexts/files/file_contexts"
    places = shlex.split(command)[5:]
    record = "var/lib/hyperv-net/baked/manifest.json"
    manifest = json.loads((root / record).read_text())
    written = [one["path"] for one in manifest["files"] if one["written"]]
    for path in (record, *written):
        assert any(f"{root}/{path}/".startswith(f"{place}/") for place in places), path
    # A folder of the system's own is never gone through.
    assert all("hyperv" in os.path.relpath(place, root) for place in places)
    assert all(os.path.lexists(place) for place in places)
    assert len(places) < len(written) / 4
    # The second time nothing is written, and nothing is to be labelled.
    assert said(root, capsys) == []


def test_it_is_in_the_json_too(tmp_path: Path, capsys: Capture) -> None:
    root = image(tmp_path / "image")
    assert main(["bake", "--root", str(root), "--format", "json", "--dry-run"]) == 0
    assert json.loads(capsys.readouterr().out)["relabel"].startswith("setfiles -F -r ")


@pytest.mark.parametrize("state", ["disabled", ""])
def test_an_image_that_does_not_use_it_is_told_nothing(
    state: str, tmp_path: Path, capsys: Capture
) -> None:
    root = image(tmp_path / "image", state)
    assert said(root, capsys, "--dry-run") == []
    (root / "etc/selinux/config").unlink()
    assert said(root, capsys) == []


def test_the_running_machine_has_a_command_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = image(tmp_path / "image")
    monkeypatch.setattr(os.path, "realpath", lambda path: "/")
    paths = ["etc/udev/rules.d/70-x.rules", "usr/libexec/hyperv-net/guard", "a/hyperv_net/b/c.py"]
    assert relabelling(root, paths) == (
        "restorecon -RF /a/hyperv_net /etc/udev/rules.d/70-x.rules /usr/libexec/hyperv-net"
    )
