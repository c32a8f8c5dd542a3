"""Records below a root that is somebody else's: no verb does what they say."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.applying import forged
from tests.applying.disk import snapshot
from tests.bake import images
from tests.commands.calling import NETPLAN, Capture
from tests.files import put
from tests.kvp.linux import inject, with_pair
from tests.kvp.texts import LINUX
from tests.owners import give_away

APPLIED, BAKED = "var/lib/hyperv-net/applied", "var/lib/hyperv-net/baked"
#: What the record would have made.
MADE = "usr/bin/own"

Make = Callable[[Path], list[str]]


def bake(root: Path) -> list[str]:
    images.make(root, images.DEBIAN)
    return ["bake", "--root", str(root)]


def unbake(root: Path) -> list[str]:
    images.make(root, images.DEBIAN)
    return ["unbake", "--root", str(root)]


def apply(root: Path) -> list[str]:
    put(root, "etc/netplan/50-cloud-init.yaml", "network: {version: 2}\n")
    options = ["--inventory", str(NETPLAN / "inventory.json"), "--target", "netplan"]
    config = ["--network-config", str(NETPLAN / "network-config.yaml")]
    more = ["--synthetic-driver", "virtio_net", "--root", str(root)]
    return ["apply", *options, *config, *more]


def roll_back(root: Path) -> list[str]:
    root.mkdir()
    return ["apply", "--rollback", "--root", str(root)]


def inject_addresses(root: Path) -> list[str]:
    with_pair(root, "netplan", dhcp4=True)
    file = put(root.parent, "ifcfg-eth0", LINUX)
    return ["kvp", "set", "--root", str(root), str(file)]


VERBS: dict[str, tuple[Make, str]] = {
    "bake": (bake, BAKED),
    "unbake": (unbake, BAKED),
    "apply": (apply, APPLIED),
    "rollback": (roll_back, APPLIED),
    "kvp-set": (inject_addresses, APPLIED),
}


def with_journal(root: Path, verb: str) -> list[str]:
    """The verb, below a root with a journal that has a program made."""
    make, store = VERBS[verb]
    arguments = make(root)
    (root / "usr/bin").mkdir(parents=True, exist_ok=True)
    forged.journal(root, store, MADE)
    for folder in (root, *(one for one in root.rglob("*") if one.is_dir())):
        folder.chmod(0o755)
    return arguments


@pytest.mark.parametrize("verb", VERBS)
def test_a_journal_of_ones_own_is_undone(verb: str, tmp_path: Path, capsys: Capture) -> None:
    """The control: one of the version before, which had no hash of itself."""
    root = tmp_path / "root"
    main(with_journal(root, verb))
    assert (root / MADE).read_text() == forged.PROGRAM


@pytest.mark.parametrize("verb", VERBS)
def test_a_journal_in_somebody_elses_tree_is_refused_and_nothing_is_done(
    verb: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    arguments = with_journal(root, verb)
    user = give_away(root, monkeypatch)
    before = snapshot(root)
    assert main(arguments) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith(f"hyperv-net: {root}: belongs to user {user}, so what stands there is")
    assert "--set-record-aside goes on without the record" in line
    assert snapshot(root) == before


@pytest.mark.parametrize("verb", VERBS)
def test_a_journal_that_others_may_write_is_refused(
    verb: str, tmp_path: Path, capsys: Capture
) -> None:
    root = tmp_path / "root"
    arguments = with_journal(root, verb)
    journal = root / VERBS[verb][1] / "journal.json"
    journal.chmod(0o666)
    before = snapshot(root)
    assert main(arguments) == 1
    assert f"{journal}: can be written by everybody" in capsys.readouterr().err
    assert snapshot(root) == before


@pytest.mark.parametrize("verb", ["unbake", "rollback"])
def test_a_manifest_in_somebody_elses_tree_is_refused(
    verb: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for is_ours in (True, False):
        root = tmp_path / str(is_ours)
        make, store = VERBS[verb]
        arguments = make(root)
        (root / "usr/bin").mkdir(parents=True, exist_ok=True)
        forged.manifest(root, store, MADE)
        if not is_ours:
            give_away(root, monkeypatch)
        assert main(arguments) == (0 if is_ours else 1)
        assert (root / MADE).exists() == is_ours


@pytest.mark.parametrize("kind", [forged.journal, forged.manifest])
@pytest.mark.parametrize("mode", ["4755", "2755", "6711"])
def test_no_record_makes_a_file_set_id(
    mode: str, kind: Callable[..., Path], tmp_path: Path, capsys: Capture
) -> None:
    root = tmp_path / "root"
    arguments = roll_back(root)
    (root / "usr/bin").mkdir(parents=True)
    kind(root, APPLIED, MADE, mode=mode)
    assert main(arguments) == 1
    assert "before.mode: a set-id mode, which none of our records has" in capsys.readouterr().err
    assert not (root / MADE).exists()
    kind(root, APPLIED, MADE, mode="0755")
    assert main(arguments) == 0
    assert stat.S_IMODE((root / MADE).stat().st_mode) == 0o755


@pytest.mark.parametrize("kind", [forged.journal, forged.manifest])
def test_no_record_gives_a_file_to_somebody_else(
    kind: Callable[..., Path], tmp_path: Path, capsys: Capture
) -> None:
    """One that is there has its owner already, and keeps that."""
    root = tmp_path / "root"
    arguments = roll_back(root)
    (root / "usr/bin").mkdir(parents=True)
    kind(root, APPLIED, MADE, uid=1234)
    assert main(arguments) == 0
    assert (root / MADE).stat().st_uid == os.geteuid()


def test_a_set_id_file_is_not_replaced(tmp_path: Path, capsys: Capture) -> None:
    """So none has to be put back, and no record of ours has such a mode."""
    root = tmp_path / "root"
    arguments = apply(root)
    there = put(root, "etc/netplan/50-cloud-init.yaml", "network: {}\n", 0o4755)
    before = snapshot(root)
    assert main(arguments) == 1
    line = capsys.readouterr().err.splitlines()[-1]
    assert f"{there}: has set-id bits" in line and "chmod ug-s" in line
    assert snapshot(root) == before
    there.chmod(0o755)
    assert main(arguments) == 0


def test_a_store_that_is_a_link_is_refused(tmp_path: Path, capsys: Capture) -> None:
    root = tmp_path / "root"
    arguments = with_journal(root, "rollback")
    (root / APPLIED).rename(root / "elsewhere")
    (root / APPLIED).symlink_to("/elsewhere")
    assert main(arguments) == 1
    assert f"{root / APPLIED}: is a link" in capsys.readouterr().err
    assert not (root / MADE).exists()


def test_root_bakes_somebody_elses_tree_and_is_told_that_its_record_is_not_believed(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is believed by it; and what root left there is not believed later either."""
    root = tmp_path / "root"
    arguments = bake(root)
    user = give_away(root, monkeypatch)
    assert main(arguments) == 0
    said = capsys.readouterr().err
    assert "warning: what is recorded will not be believed" in said
    assert f"belongs to user {user}" in said
    assert main(["unbake", "--root", str(root)]) == 1
    assert f"{root}: belongs to user {user}" in capsys.readouterr().err


def test_whose_tree_it_is_bakes_it_and_takes_it_out(tmp_path: Path, capsys: Capture) -> None:
    root = tmp_path / "root"
    arguments = bake(root)
    before = snapshot(root)
    assert main(arguments) == 0
    assert "not believed" not in capsys.readouterr().err
    assert main(["unbake", "--root", str(root)]) == 0
    assert snapshot(root) == before


def test_an_injection_into_ones_own_tree_is_written(tmp_path: Path, capsys: Capture) -> None:
    root = with_pair(tmp_path / "root", "netplan", dhcp4=True)
    assert inject(root, LINUX) == 0
