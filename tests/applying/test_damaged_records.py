"""Records with a byte that is not as it was: each is noticed, and there is a way on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyperv_net.applying import writing
from hyperv_net.applying.manifest import journal_from_json, manifest_from_json
from hyperv_net.cli import main
from hyperv_net.errors import HypervNetError
from hyperv_net.model import RenderedFile
from tests.applying.disk import Disk, all_of_it, snapshot
from tests.applying.scenes import OURS, RC_CONF, STORE, apply, copy, cut, make, roll_back, run_with
from tests.bake import images
from tests.commands.calling import Capture

RULES = RenderedFile("etc/udev/rules.d/70-hyperv-net.rules", "# rules\n")


def applied(root: Path) -> Path:
    """A root with a record of replaced, created and removed files."""
    make(root, {"etc/rc.conf": "a=1\n", "etc/netplan/50-old.yaml": "old\n"}, 0o640)
    apply(root, RC_CONF, OURS, RULES, stale=["etc/netplan/50-old.yaml"])
    return root


def interrupted(root: Path) -> Path:
    """One whose journal is there."""
    make(root, {"etc/rc.conf": "a=1\n", "etc/netplan/50-old.yaml": "old\n"}, 0o640)
    for at in range(1, 200):
        assert cut(root, lambda: apply(root, RC_CONF, OURS), at, all_of_it)
        if (root / STORE / "journal.json").exists():
            return root
    raise AssertionError


def flipped(data: bytes, place: int, bits: int) -> bytes:
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


def is_read(text: bytes, name: str) -> bool:
    read = {"manifest.json": manifest_from_json, "journal.json": journal_from_json}[name]
    try:
        read(text.decode("utf-8", errors="replace"), name)
    except HypervNetError:
        return False
    return True


@pytest.mark.parametrize("bits", [0x01, 0x20, 0x80, 0xFF])
def test_every_byte_of_a_record_is_looked_at(bits: int, tmp_path: Path) -> None:
    for root, name in (
        (applied(tmp_path / "applied"), "manifest.json"),
        (interrupted(tmp_path / "interrupted"), "journal.json"),
    ):
        data = (root / STORE / name).read_bytes()
        assert is_read(data, name)
        unnoticed = [at for at in range(len(data)) if is_read(flipped(data, at, bits), name)]
        assert unnoticed == [], name
        assert not is_read(data[:-1], name) and not is_read(data + b"\n", name)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.integers(1, 255))
def test_a_flipped_byte_anywhere_in_a_store_is_an_error_and_nothing_is_put_back(
    tmp_path: Path, chosen: st.DataObject, bits: int
) -> None:
    """Whatever has the record read; what is put back is what was backed up, or nothing."""
    start = tmp_path / "start"
    if not start.exists():
        applied(start)
    root = copy(start, tmp_path / "root")
    files = sorted(path for path in (root / STORE).rglob("*") if path.is_file())
    file = chosen.draw(st.sampled_from(files))
    data = file.read_bytes()
    file.write_bytes(flipped(data, chosen.draw(st.integers(0, len(data) - 1)), bits))
    before = snapshot(root)
    with pytest.raises(HypervNetError) as raised:
        roll_back(root)
    assert str(file) in str(raised.value)
    assert "--set-record-aside goes on without the record" in str(raised.value)
    assert snapshot(root) == before
    file.write_bytes(data)
    assert roll_back(root).changes


def test_a_record_of_the_version_before_has_no_hash_and_is_read(tmp_path: Path) -> None:
    root = make(tmp_path / "root", {"etc/rc.conf": "a=1\n"}, 0o640)
    before = snapshot(root)
    apply(root, RC_CONF)
    manifest = root / STORE / "manifest.json"
    document = json.loads(manifest.read_text())
    assert document["schema"] == "hyperv-net/applied/2"
    del document["sha256_of_the_rest"]
    manifest.write_text(json.dumps({**document, "schema": "hyperv-net/applied/1"}))
    # A file of the second schema does not pass for one of the first.
    assert not is_read(manifest.read_bytes().replace(b"applied/1", b"applied/2"), "manifest.json")
    again = copy(root, tmp_path / "again")
    apply(again, RC_CONF, OURS)
    document = json.loads((again / STORE / "manifest.json").read_text())
    assert document["schema"] == "hyperv-net/applied/2"
    for either in (root, again):
        roll_back(either)
        assert snapshot(either) == before


def test_a_damaged_record_of_apply_is_set_aside_and_the_verb_goes_on(
    tmp_path: Path, capsys: Capture
) -> None:
    root = applied(tmp_path / "root")
    manifest = root / STORE / "manifest.json"
    manifest.write_bytes(manifest.read_bytes()[:-7])
    kept = {path.name: path.read_bytes() for path in (root / STORE).rglob("*") if path.is_file()}
    arguments = ["apply", "--rollback", "--root", str(root)]
    assert main(arguments) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main([*arguments, "--set-record-aside", "--dry-run"]) == 1
    assert "a dry run changes no name" in capsys.readouterr().err
    assert (root / STORE).exists()
    assert main([*arguments, "--set-record-aside"]) == 0
    aside = root / f"{STORE}.aside-1"
    assert f"the record is {aside} now" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in aside.rglob("*") if path.is_file()} == kept
    assert (root / RC_CONF.path).read_text() == RC_CONF.text
    assert not (root / STORE).exists()
    # From here on it is as on a machine without a record.
    assert apply(root, OURS, RULES).changes == ()
    apply(root, RenderedFile("etc/more", "1\n"))
    assert writing.set_aside(root) == [str(root / f"{STORE}.aside-2")]
    assert writing.set_aside(root) == []


def test_a_damaged_record_of_bake_is_set_aside_and_the_image_is_baked(
    tmp_path: Path, capsys: Capture
) -> None:
    root = images.make(tmp_path / "root", images.DEBIAN)
    arguments = ["--root", str(root)]
    assert main(["bake", *arguments]) == 0
    record = root / "var/lib/hyperv-net/baked"
    (record / "manifest.json").write_text("{}")
    for verb in ("bake", "unbake"):
        assert main([verb, *arguments]) == 1
        assert "--set-record-aside goes on without the record" in capsys.readouterr().err
    assert main(["bake", *arguments, "--set-record-aside"]) == 0
    assert "all is baked into it already" in capsys.readouterr().out
    assert (root / "var/lib/hyperv-net/baked.aside-1/manifest.json").read_text() == "{}"
    assert main(["unbake", *arguments, "--set-record-aside"]) == 0


def test_a_run_does_what_it_has_in_mind_and_not_what_it_reads_meanwhile(tmp_path: Path) -> None:
    """The owner of the tree may put another journal in the place of ours while we are at it."""
    root = make(tmp_path / "root", {"etc/rc.conf": "a=1\n"})
    before = snapshot(root)

    class Forging(Disk):
        """The journal is another's as soon as it is there, and then there is no room."""

        def rename(self, old: str, new: str, **folders: int) -> None:
            super().rename(old, new, **folders)
            journal = root / STORE / "journal.json"
            if journal.exists():
                journal.write_text(journal.read_text().replace("etc/rc.conf", "etc/shadow"))
                raise OSError(28, "No space left on device")

    disk = Forging(root)
    with pytest.raises(HypervNetError, match="No space left"):
        run_with(disk, lambda: apply(root, RC_CONF))
    disk.release()
    assert snapshot(root) == before
