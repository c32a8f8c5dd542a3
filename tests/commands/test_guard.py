"""`hyperv-net guard` as its user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

from hyperv_net.applying import below
from hyperv_net.cli import main
from hyperv_net.companions.keep_off import keep_off_files
from hyperv_net.companions.udev_rules import KEEP_OFF_RULES
from tests.applying.disk import Unsynced, snapshot
from tests.commands.calling import Capture
from tests.companions.keep_off_tree import PLAIN, machine
from tests.debian.packages import unpacked
from tests.files import put
from tests.outcome import Outcome
from tests.paths import EXAMPLES

WRITTEN = {file.path for file in keep_off_files()}
NETWORKD = "etc/systemd/network/99-default.network"


@pytest.fixture(autouse=True)
def without_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(below, "os", Unsynced())


def azure(root: Path) -> Path:
    """A machine on networkd: no cloud-init, no Python, and a file that takes every NIC."""
    machine(root, "azure-transparent-mlx5", is_new=False)
    put(root, "usr/lib/systemd/systemd", "")
    put(root, NETWORKD, "[Match]\nName=e*\n\n[Network]\nDHCP=yes\n")
    return root


def said(arguments: list[str], capsys: Capture, status: int = 0) -> Outcome:
    capsys.readouterr()
    assert main(arguments) == status
    captured = capsys.readouterr()
    return Outcome(status, captured.out, captured.err)


def test_it_writes_its_own_files_and_nothing_else_of_the_machine_changes(
    tmp_path: Path, capsys: Capture
) -> None:
    root = azure(tmp_path)
    before = snapshot(root)
    out = said(["guard", "--root", str(root)], capsys)
    assert out.err == ""
    assert [line.split() for line in out.out.splitlines()[: len(WRITTEN)]] == [
        ["created", path] for path in sorted(WRITTEN)
    ]
    after = snapshot(root)
    assert {path: after[path] for path in before} == before
    new = {path for path in after.keys() - before.keys() if (root / path).is_file()}
    assert {one for one in new if not one.startswith("var/lib/hyperv-net/")} == WRITTEN
    again = said(["guard", "--root", str(root)], capsys)
    assert again.out == "nothing to do: all files are as they should be\n"
    gone = said(["guard", "--root", str(root), "--remove"], capsys)
    assert gone.out.count("removed") == len(WRITTEN)
    assert snapshot(root) == before


def test_bake_writes_the_same_alone_into_an_image_without_cloud_init(
    tmp_path: Path, capsys: Capture
) -> None:
    """One record: what one wrote the other takes out."""
    root = azure(tmp_path)
    before = snapshot(root)
    out = said(["bake", "--only", "guard", "--root", str(root)], capsys).out
    assert out.count("created") == len(WRITTEN)
    assert f"'hyperv-net guard --root {root} --remove' puts back" in out
    assert said(["guard", "--root", str(root)], capsys).out.startswith("nothing to do")
    wrong = ["bake", "--only", "guard", "--verify", "--root", str(root)]
    assert "leave --only out" in said(wrong, capsys, status=1).err
    said(["guard", "--root", str(root), "--remove"], capsys)
    assert snapshot(root) == before


def test_it_puts_back_what_it_replaced_and_overwrites_no_edit(
    tmp_path: Path, capsys: Capture
) -> None:
    root = azure(tmp_path)
    put(root, KEEP_OFF_RULES, "# somebody's own\n")
    assert "replaced" in said(["guard", "--root", str(root)], capsys).out
    (root / KEEP_OFF_RULES).write_text("# edited\n")
    refused = said(["guard", "--root", str(root), "--synthetic-driver", "xen"], capsys, status=1)
    assert KEEP_OFF_RULES in refused.err and "--force" in refused.err
    said(["guard", "--root", str(root), "--remove", "--force"], capsys)
    assert (root / KEEP_OFF_RULES).read_text() == "# somebody's own\n"


def test_a_dry_run_prints_the_diff_and_writes_nothing(tmp_path: Path, capsys: Capture) -> None:
    root = azure(tmp_path)
    before = snapshot(root)
    out = said(["guard", "--root", str(root), "--dry-run"], capsys).out
    assert '+ENV{HYPERV_NET_VF}="transparent"' in out
    assert snapshot(root) == before


def test_turned_off_it_writes_nothing_and_takes_back_what_it_wrote(
    tmp_path: Path, capsys: Capture
) -> None:
    root = azure(tmp_path)
    before = snapshot(root)
    said(["guard", "--root", str(root)], capsys)
    put(root, "etc/cloud/cloud.cfg.d/90.cfg", "hyperv_net: {enabled: false}\n")
    off = said(["guard", "--root", str(root)], capsys)
    assert off.err == "hyperv-net is turned off by its settings: nobody is kept off VFs\n"
    assert off.out.count("removed") == len(WRITTEN)
    assert {path for path in snapshot(root) if path in WRITTEN} == set()
    assert all(snapshot(root)[path] == before[path] for path in before)


def test_a_file_for_every_nic_is_no_trouble_any_more(tmp_path: Path, capsys: Capture) -> None:
    """The rules keep networkd from the VF, so that lint has nothing to say of it."""
    root = azure(tmp_path)
    assert "fits-the-vf" in rules_of_status(root, capsys)
    said(["guard", "--root", str(root)], capsys)
    assert "fits-the-vf" not in rules_of_status(root, capsys)


def test_a_networkmanager_that_takes_every_nic_is_none_either(
    tmp_path: Path, capsys: Capture
) -> None:
    root = azure(tmp_path)
    (root / NETWORKD).unlink()
    put(root, "usr/sbin/NetworkManager", "")
    assert "fits-the-vf" in rules_of_status(root, capsys)
    said(["guard", "--root", str(root)], capsys)
    assert "fits-the-vf" not in rules_of_status(root, capsys)


def rules_of_status(root: Path, capsys: Capture) -> set[str]:
    out = said(["status", "--root", str(root), "--format", "json"], capsys).out
    return {one["rule"] for one in json.loads(out)["findings"]}


def test_a_name_for_both_nics_is_still_told_of(tmp_path: Path, capsys: Capture) -> None:
    """For the second of them udev forgets every mark."""
    root = azure(tmp_path)
    link = "[Match]\nMACAddress=60:45:bd:9d:ea:9c\n\n[Link]\nName=lan\n"
    put(root, "etc/systemd/network/10-lan.link", link)
    assert (
        "10-lan.link:2:1: Match.MACAddress: it fits"
        in said(["guard", "--root", str(root)], capsys).err
    )


def test_a_pair_that_the_kernel_does_not_own_is_told_of(tmp_path: Path, capsys: Capture) -> None:
    root = machine(tmp_path, "virtio-bare", features=PLAIN)
    put(root, "usr/lib/systemd/systemd", "")
    arguments = ["guard", "--root", str(root)]
    assert said(arguments, capsys).err == ""
    told = said([*arguments, "--synthetic-driver", "virtio_net"], capsys)
    assert "needs-an-aggregate" in told.err and "hyperv-net plan" in told.err


def test_without_udev_it_says_that_nothing_will_go_by_the_rules(
    tmp_path: Path, capsys: Capture
) -> None:
    """Alpine's machines have mdev; a tree of few files may be anything."""
    arguments = ["guard", "--root", str(tmp_path)]
    assert said(arguments, capsys).err == ""
    put(tmp_path, "sbin/init", "")
    assert "[no-udev]" in said(arguments, capsys).err


def test_where_selinux_is_in_use_it_says_what_to_label(tmp_path: Path, capsys: Capture) -> None:
    root = azure(tmp_path)
    put(root, "etc/selinux/config", "SELINUX=enforcing\nSELINUXTYPE=targeted\n")
    out = said(["guard", "--root", str(root)], capsys).out
    (line,) = [one for one in out.splitlines() if "label what was written" in one]
    assert all(f"{root}/{path}" in line for path in WRITTEN)


@pytest.mark.parametrize(
    ("sign", "command"),
    [("usr/share/initramfs-tools", "update-initramfs -u"), ("usr/bin/dracut", "dracut --force")],
)
def test_it_says_what_makes_an_initramfs_with_the_rules(
    sign: str, command: str, tmp_path: Path, capsys: Capture
) -> None:
    root = azure(tmp_path)
    assert "initramfs" not in said(["guard", "--root", str(root), "--dry-run"], capsys).out
    put(root, f"{sign}/x" if "share" in sign else sign, "")
    assert f"too: {command}\n" in said(["guard", "--root", str(root)], capsys).out


def test_it_works_without_pyyaml(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """cloud-init has it, and there need be none."""
    monkeypatch.setitem(sys.modules, "yaml", None)
    said(["guard", "--root", str(azure(tmp_path))], capsys)
    said(["guard", "--format", "ignition"], capsys)


def test_freebsd_has_its_own_way(capsys: Capture) -> None:
    root = EXAMPLES / "azure-freebsd-mce" / "root"
    out = said(["guard", "--root", str(root)], capsys, status=1)
    assert "no udev on FreeBSD" in out.err and "hyperv-net bake" in out.err


def test_the_json_has_what_makes_the_machine_follow_and_what_was_noticed(
    tmp_path: Path, capsys: Capture
) -> None:
    root = azure(tmp_path)
    document = json.loads(said(["guard", "--root", str(root), "--format", "json"], capsys).out)
    assert document["verb"] == "guard"
    assert {one["path"] for one in document["files"]} == WRITTEN
    assert document["activate"] is None  # it is not this machine
    assert document["findings"] == []


def test_the_files_are_handed_out_without_a_root(tmp_path: Path, capsys: Capture) -> None:
    out = said(["guard", "--output-dir", str(tmp_path)], capsys).out
    assert out.splitlines() == [str(tmp_path / path) for path in sorted(WRITTEN)]
    for file in keep_off_files():
        assert (tmp_path / file.path).read_text() == file.text
    assert {one for one in tmp_path.rglob("*") if one.is_file()} == {
        tmp_path / path for path in WRITTEN
    }


def test_with_a_root_the_files_are_those_for_it(tmp_path: Path, capsys: Capture) -> None:
    root, to = azure(tmp_path / "root"), tmp_path / "to"
    put(root, "usr/sbin/ifup", "")
    said(["guard", "--root", str(root), "--output-dir", str(to)], capsys)
    script = to / "etc/network/if-pre-up.d/hyperv-net-keep-off"
    assert script.stat().st_mode & 0o111


@pytest.mark.parametrize("variant", ["fcos", "flatcar"])
def test_butane_gets_every_file_whole(variant: str, capsys: Capture) -> None:
    out = said(["guard", "--format", "butane", "--variant", variant], capsys).out
    document = yaml.safe_load(out)
    assert document["variant"] == variant
    assert document["version"] == {"fcos": "1.4.0", "flatcar": "1.0.0"}[variant]
    files = {one["path"]: one for one in document["storage"]["files"]}
    for file in keep_off_files():
        found = files.pop(f"/{file.path}")
        assert found == {
            "path": f"/{file.path}",
            "mode": file.mode,
            "overwrite": True,
            "contents": {"inline": file.text},
        }
    assert files == {}
    assert "mode: 0644" in out and "inline: |" in out  # for people


def test_ignition_gets_every_file_whole(capsys: Capture) -> None:
    document = json.loads(said(["guard", "--format", "ignition"], capsys).out)
    assert document["ignition"] == {"version": "3.3.0"}
    files = {one.pop("path"): one for one in document["storage"]["files"]}
    for file in keep_off_files():
        found = files.pop(f"/{file.path}")
        kind, _, content = found.pop("contents")["source"].partition(",")
        assert (kind, unquote(content)) == ("data:", file.text)
        assert found == {"mode": file.mode, "overwrite": True}
    assert files == {}


@pytest.mark.debian
def test_ignitions_own_check_takes_the_config(tmp_path: Path, capsys: Capture) -> None:
    """And refuses it where a word of it is wrong, so that it has looked."""
    out = said(["guard", "--format", "ignition", "--synthetic-driver", "virtio_net"], capsys).out
    assert validated(tmp_path, out) == (0, "")
    wrong = out.replace('"path": "/etc/udev', '"path": "etc/udev')
    assert "path not absolute" in validated(tmp_path, wrong)[1]


def validated(folder: Path, text: str) -> tuple[int, str]:
    config = folder / "config.ign"
    config.write_text(text)
    program = unpacked("bookworm", ("ignition",)).command("/usr/bin/ignition-validate")
    done = subprocess.run([*program, str(config)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        ["--output-dir", "x", "--dry-run"],
        ["--format", "butane", "--remove"],
        ["--format", "ignition", "--dry-run"],
    ],
)
def test_what_is_handed_out_is_neither_tried_nor_taken_back(
    wrong: list[str], capsys: Capture
) -> None:
    assert "nothing is written below a root" in said(["guard", *wrong], capsys, status=1).err
