"""`hyperv-net apply` as its user meets it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from hyperv_net.applying import below, writing
from hyperv_net.cli import main
from tests.applying.disk import Unsynced, all_of_it, snapshot
from tests.applying.scenes import cut
from tests.commands.calling import NETPLAN, TRANSPARENT, Capture
from tests.paths import CHECKOUT, EXAMPLES

FREEBSD = EXAMPLES / "azure-freebsd-mce"


@pytest.fixture(autouse=True)
def without_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(below, "os", Unsynced())


def root_of(example: Path, tmp_path: Path) -> Path:
    """A copy of the example's root."""
    root = tmp_path / "root"
    shutil.copytree(example / "root", root)
    return root


def options(example: Path, root: Path, *more: str) -> list[str]:
    chosen = ["--inventory", str(example / "inventory.json"), "--root", str(root)]
    config = ["--network-config", str(example / "network-config.yaml")]
    target = [] if example is FREEBSD else ["--target", "netplan"]
    return ["apply", *chosen, *config, *target, "--synthetic-driver", "virtio_net", *more]


def output(arguments: Sequence[str], capsys: Capture) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def error(arguments: Sequence[str], capsys: Capture) -> str:
    """The last line on standard error of a run that must fail and print nothing else."""
    capsys.readouterr()
    assert main(list(arguments)) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()[-1]


@pytest.mark.parametrize("example", [FREEBSD, NETPLAN])
def test_what_is_applied_is_what_plan_shows_and_rollback_takes_it_back(
    example: Path, tmp_path: Path, capsys: Capture
) -> None:
    root = root_of(example, tmp_path)
    before = snapshot(root)
    plan = ["plan", *options(example, root)[1:], "--format", "json"]
    planned = json.loads(output(plan, capsys))["files"]
    said = output(options(example, root), capsys)
    for file in planned:
        assert (root / file["path"]).read_text() == file["text"]
        assert file["path"] in said
    assert "'hyperv-net apply --rollback' puts back what was there" in said
    assert f"it takes effect when the system below {root} boots" in said
    assert main([*plan, "--check"]) == 0
    said = output(["apply", "--root", str(root), "--rollback"], capsys)
    assert "etc/" in said
    assert snapshot(root) == before


def test_a_second_apply_says_so_and_does_nothing(tmp_path: Path, capsys: Capture) -> None:
    root = root_of(FREEBSD, tmp_path)
    output(options(FREEBSD, root), capsys)
    before = snapshot(root)
    assert output(options(FREEBSD, root), capsys) == (
        "nothing to do: all files are as they should be\n"
    )
    assert snapshot(root) == before
    back = ["apply", "--root", str(root), "--rollback"]
    output(back, capsys)
    assert output(back, capsys) == (
        f"nothing to do: no apply is recorded below {root}; what a first boot wrote stays\n"
    )


def test_the_lines_are_aligned_and_say_what_happened(tmp_path: Path, capsys: Capture) -> None:
    root = root_of(FREEBSD, tmp_path)
    assert output(options(FREEBSD, root), capsys).splitlines()[:3] == [
        "created   etc/dhclient-enter-hooks",
        "replaced  etc/rc.conf",
        "created   var/db/hyperv-net/wanted.json",
    ]
    assert output(["apply", "--root", str(root), "--rollback"], capsys).splitlines()[:3] == [
        "removed   etc/dhclient-enter-hooks",
        "put back  etc/rc.conf",
        "removed   var/db/hyperv-net/wanted.json",
    ]


def test_a_dry_run_prints_a_diff_that_patch_takes_and_writes_nothing(
    tmp_path: Path, capsys: Capture
) -> None:
    """Also of the rollback, whose diff leads back."""
    root = root_of(FREEBSD, tmp_path)
    before = snapshot(root)
    there = output(options(FREEBSD, root, "--dry-run"), capsys)
    assert snapshot(root) == before
    assert "\nreplace  etc/rc.conf\n" in there
    output(options(FREEBSD, root), capsys)
    text = (root / "etc/rc.conf").read_text()
    back = output(["apply", "--root", str(root), "--rollback", "--dry-run"], capsys)
    assert (root / "etc/rc.conf").read_text() == text
    output(["apply", "--root", str(root), "--rollback"], capsys)
    patch = ["patch", "-p1", "-s", "-d", str(root)]
    subprocess.run(patch, input=there, text=True, check=True)
    assert (root / "etc/rc.conf").read_text() == text
    subprocess.run(patch, input=back, text=True, check=True)
    assert (root / "etc/rc.conf").read_bytes() == before["etc/rc.conf"].data
    assert not (root / "var/db/hyperv-net/wanted.json").exists()


def test_json_has_what_was_done_to_each_file(tmp_path: Path, capsys: Capture) -> None:
    root = root_of(FREEBSD, tmp_path)
    document = json.loads(output(options(FREEBSD, root, "--format", "json"), capsys))
    assert document["schema"] == "hyperv-net/apply/1"
    assert (document["changed"], document["dry_run"], document["verb"]) == (True, False, "apply")
    assert [(one["path"], one["action"], one["mode"]) for one in document["files"]] == [
        ("etc/dhclient-enter-hooks", "create", "0644"),
        ("etc/rc.conf", "replace", "0644"),
        ("var/db/hyperv-net/wanted.json", "create", "0644"),
    ]
    assert document["files"][1]["diff"].startswith("--- a/etc/rc.conf\n+++ b/etc/rc.conf\n")
    assert document["activate"] == (
        "service dhclient forcestop hn0; service routing stop; service netif restart"
        "; service routing start; service dhclient quietstart lagg0"
    )
    again = json.loads(output(options(FREEBSD, root, "--format", "json"), capsys))
    assert (again["changed"], again["files"], again["activate"]) == (False, [], None)


def test_a_plan_with_errors_is_not_applied(tmp_path: Path, capsys: Capture) -> None:
    root = root_of(NETPLAN, tmp_path)
    shadow = root / "run/netplan/50-cloud-init.yaml"
    shadow.parent.mkdir(parents=True)
    shadow.write_text("network: {version: 2}\n")
    before = snapshot(root)
    line = error(options(NETPLAN, root), capsys)
    assert line == (
        "hyperv-net: the plan has errors, so nothing was written (put right what the errors "
        "above say, and look with 'hyperv-net plan')"
    )
    assert snapshot(root) == before


def test_what_is_left_of_an_aggregate_that_nothing_needs_is_taken_back_by_rollback(
    tmp_path: Path, capsys: Capture
) -> None:
    root = root_of(FREEBSD, tmp_path)
    before = snapshot(root)
    output(options(FREEBSD, root), capsys)
    line = error(options(FREEBSD, root, "--aggregate", "never"), capsys)
    assert "'hyperv-net apply --rollback' puts back what was there" in line
    output(["apply", "--root", str(root), "--rollback"], capsys)
    assert snapshot(root) == before


def test_a_file_of_ours_that_the_new_plan_has_not_is_removed(
    tmp_path: Path, capsys: Capture
) -> None:
    """One that is recorded, and one that a first boot left without a record."""
    root = root_of(NETPLAN, tmp_path)
    before = snapshot(root)
    output(options(NETPLAN, root), capsys)
    again = root / "etc/netplan/99-hyperv-net.yaml"
    left = root / "etc/netplan/zz-hyperv-net.yaml"
    left.write_text(again.read_text())
    (root / "etc/netplan/90-local.yaml").unlink()
    said = output(options(NETPLAN, root), capsys)
    assert "removed  etc/netplan/99-hyperv-net.yaml (no longer wanted)" in said
    assert "removed  etc/netplan/zz-hyperv-net.yaml (no longer wanted)" in said
    assert not again.exists() and not left.exists()
    output(["apply", "--root", str(root), "--rollback"], capsys)
    after = snapshot(root)
    assert after.pop("etc/netplan/zz-hyperv-net.yaml").data == left.read_bytes()
    del before["etc/netplan/90-local.yaml"]
    assert after == before


def test_an_edit_of_a_file_of_ours_stops_it_and_force_overwrites_it(
    tmp_path: Path, capsys: Capture
) -> None:
    root = root_of(NETPLAN, tmp_path)
    output(options(NETPLAN, root), capsys)
    file = root / "etc/netplan/50-cloud-init.yaml"
    text = file.read_text()
    file.write_text(f"{text}# mine\n")
    line = error(options(NETPLAN, root), capsys)
    assert line.startswith(f"hyperv-net: {file}: edited since hyperv-net wrote it (")
    assert output(options(NETPLAN, root, "--force"), capsys).startswith(
        "replaced  etc/netplan/50-cloud-init.yaml (edited since hyperv-net wrote it)\n"
    )
    assert file.read_text() == text


def test_an_interrupted_run_is_undone_by_the_next_and_a_dry_run_only_says_so(
    tmp_path: Path, capsys: Capture
) -> None:
    root = root_of(FREEBSD, tmp_path)
    before = snapshot(root)
    for at in range(1, 200):
        assert cut(root, lambda: main(options(FREEBSD, root)), at, all_of_it)
        if writing.is_interrupted(root) and "lagg0" in (root / "etc/rc.conf").read_text():
            break
    left = snapshot(root)
    capsys.readouterr()
    assert main(options(FREEBSD, root, "--dry-run")) == 0
    assert "an earlier run was interrupted" in capsys.readouterr().err
    assert snapshot(root) == left
    assert main(["apply", "--root", str(root), "--rollback"]) == 0
    captured = capsys.readouterr()
    assert captured.err == "an earlier run had been interrupted: it is undone\n"
    assert captured.out == (
        "nothing to do: what an interrupted run did is undone, and there is nothing else\n"
    )
    assert snapshot(root) == before


def test_another_machines_inventory_needs_a_root_to_write_below(capsys: Capture) -> None:
    line = error(["apply", "--inventory", str(FREEBSD / "inventory.json")], capsys)
    assert "name the directory to write below with --root DIR" in line


def test_rollback_takes_no_input(tmp_path: Path, capsys: Capture) -> None:
    line = error(options(FREEBSD, tmp_path, "--rollback"), capsys)
    assert (
        line == "hyperv-net: --network-config: --rollback needs none (leave --network-config out)"
    )


def test_a_target_that_only_cloud_init_renders_is_refused(tmp_path: Path, capsys: Capture) -> None:
    root = root_of(NETPLAN, tmp_path)
    before = snapshot(root)
    line = error([*options(NETPLAN, root), "--target", "sysconfig"], capsys)
    assert line.startswith("hyperv-net: --target sysconfig: hyperv-net has no files of its own")
    assert snapshot(root) == before


def test_a_machine_without_a_pair_to_bond_is_told_so(tmp_path: Path, capsys: Capture) -> None:
    arguments = [*options(TRANSPARENT, tmp_path), "--aggregate", "never", "--disabled"]
    assert "nothing to do: no pair needs an aggregate" in output(arguments, capsys)
    assert list(tmp_path.iterdir()) == []


def test_the_example_of_the_help_works(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    before = snapshot(FREEBSD)
    command = output(["apply", "--help"], capsys).split("example:\n")[1].replace("\\\n", "")
    program, *arguments = command.split()
    assert program == "hyperv-net"
    assert "+++ b/etc/rc.conf" in output(arguments, capsys)
    assert snapshot(FREEBSD) == before


def test_a_root_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: Capture) -> None:
    """Where a folder is missing write permission, or, for root, is a file."""
    root = root_of(NETPLAN, tmp_path)
    if os.geteuid() == 0:
        (root / "var").write_text("")
    else:
        root.chmod(0o555)
    line = error(options(NETPLAN, root), capsys)
    root.chmod(0o755)
    assert line.startswith(f"hyperv-net: {root}/var")
    assert ": cannot be " in line
