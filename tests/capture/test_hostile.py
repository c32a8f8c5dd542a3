"""Archives from strangers: nothing is written outside of the folder, and none takes it all."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.capture import unpacking
from hyperv_net.cli import main
from hyperv_net.commands.captured import VERBS
from hyperv_net.errors import HypervNetError
from tests.capture.made import archive, captured, member, unpacked
from tests.files import put
from tests.imports import modules
from tests.inventory.captured import capture, materialise

DIR, LINK, HARD, FIFO = tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE
OUT = "outside"

BAD: dict[str, list[Any]] = {
    "absolute": [(member("/etc/passwd"), b"x")],
    "dots": [(member(f"../{OUT}"), b"x")],
    "dots inside": [(member(f"etc/../../{OUT}"), b"x")],
    "a dot": [(member("etc/./x"), b"x")],
    "nothing between slashes": [(member("etc//x"), b"x")],
    "a link out": [member("etc/x", LINK, f"../../{OUT}")],
    "a link out that comes back": [member("etc/x", LINK, "../../root/etc")],
    "a link out by way of another": [
        *(member("d", LINK, "."), member("etc/x", LINK, "../d/d/d/../../.."))
    ],
    "a link to no end": [member("etc/x", LINK, "y"), member("etc/y", LINK, "x")],
    "an absolute link": [member("etc", LINK, "/etc")],
    "through a link": [member("etc", LINK, "usr"), (member(f"etc/{OUT}"), b"x")],
    "through a link that comes later": [(member(f"etc/{OUT}"), b"x"), member("etc", LINK, "usr")],
    "through a file": [(member("etc"), b"x"), (member(f"etc/{OUT}"), b"x")],
    "a folder that is a link": [member("etc", DIR), member("etc", LINK, "usr")],
    "a link that is walked for hours": [member("etc/x", LINK, "a/" * 80_000 + "b")],
    "a link with a part that is too long": [member("etc/x", LINK, "a" * 256)],
    "a link to nothing": [member("etc/x", LINK, "")],
    "a path that is too long": [(member("a/" * 2_100 + "b"), b"x")],
    "a name that is too long": [(member("etc/" + "a" * 256), b"x")],
    "twice": [(member("etc/x"), b"x"), (member("etc/x"), b"y")],
    "a hard link": [member("etc/x", HARD, "etc/y")],
    "a fifo": [member("etc/x", FIFO)],
    "a device": [member("dev/sda", tarfile.BLKTYPE)],
}


@pytest.mark.parametrize("name", BAD)
def test_an_archive_that_leads_out_is_refused_whole(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = archive(tmp_path / "c.tar.gz", (member("a/good/one"), b"x"), *BAD[name])
    for_it = tmp_path / "root"
    for_it.mkdir()
    with pytest.raises(HypervNetError) as caught:
        unpacked(file, for_it)
    assert str(caught.value.where).startswith(f"{file}: ")
    assert "not unpacked" in caught.value.what
    assert list(for_it.iterdir()) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["c.tar.gz", "root"]
    assert main(["plan", "--root", str(file)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_no_more_is_unpacked_than_a_capture_can_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What gzip makes of little, what a header claims, and many small ones."""
    monkeypatch.setattr(unpacking, "SIZE_LIMIT", 100_000)
    monkeypatch.setattr(unpacking, "MEMBER_LIMIT", 20)
    bomb = archive(tmp_path / "bomb.tar.gz", (member("x"), bytes(200_000)))
    assert bomb.stat().st_size < 2000
    with pytest.raises(HypervNetError, match="MiB when unpacked"):
        unpacked(bomb, tmp_path / "1")
    many = archive(tmp_path / "many.tar.gz", *(member(f"f{number}") for number in range(20)))
    with pytest.raises(HypervNetError, match="more than 20 files"):
        unpacked(many, tmp_path / "2")
    claims = member("x")
    claims.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": "9999999999"}
    with pytest.raises(HypervNetError, match="neither a file"):
        unpacked(archive(tmp_path / "claims.tar.gz", (claims, b"x")), tmp_path / "4")
    sparse = member("x", tarfile.GNUTYPE_SPARSE)
    with pytest.raises(HypervNetError):
        unpacked(archive(tmp_path / "sparse.tar.gz", (sparse, bytes(512))), tmp_path / "3")


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_one_that_is_cut_off_or_something_else_is_refused_in_one_line(
    cut: float, tmp_path: Path
) -> None:
    root = materialise(capture("azure-mana-two-ports"), tmp_path / "machine")
    whole = captured(root, tmp_path / "c.tar.gz").read_bytes()
    plain = gzip.decompress(whole)
    bad = {
        "gzip": whole[: int(len(whole) * cut)],
        "damaged": whole[:20] + bytes(30) + whole[50:],
        "tar": gzip.compress(plain[: int(len(plain) * cut) // 512 * 512 + 100]),
        "text": gzip.compress(b"hello\n" * 200),
        "nothing": gzip.compress(b""),
    }
    for name, data in bad.items():
        file = tmp_path / name
        file.write_bytes(data)
        with pytest.raises(HypervNetError) as caught:
            unpacked(file, tmp_path / f"{name}.d")
        assert str(caught.value.where).startswith(str(file)) and "\n" not in str(caught.value)


def test_an_archive_of_something_else_is_no_capture(tmp_path: Path) -> None:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as made:
        made.addfile(member("etc/passwd"))
    file = tmp_path / "c.tar.gz"
    file.write_bytes(gzip.compress(plain.getvalue()))
    with pytest.raises(HypervNetError, match="no capture"):
        unpacked(file, tmp_path / "root")


def test_what_tar_makes_of_a_folder_again_is_taken(tmp_path: Path) -> None:
    """Somebody has looked through it, and put it together anew."""
    root = materialise(capture("virtio-bond"), tmp_path / "machine")
    folder = unpacked(captured(root, tmp_path / "c.tar.gz"), tmp_path / "looked-at")
    with tarfile.open(tmp_path / "anew.tar.gz", "w:gz") as anew:
        anew.add(folder, ".")
    again = unpacked(tmp_path / "anew.tar.gz", tmp_path / "again")
    assert (
        captured(again, tmp_path / "2.tar.gz").read_bytes() == (tmp_path / "c.tar.gz").read_bytes()
    )


@pytest.mark.parametrize(
    "answers",
    ["{", "[]", "{}", '{"schema": "hyperv-net/capture/2"}', '{"schema": "hyperv-net/capture/1"}']
    + [
        '{"schema": "hyperv-net/capture/1", "system": "linux", ' + more + "}"
        for more in (
            '"permanent_addresses": {"eth0": "x"}',
            '"driver_statistics": {"eth0": {"vf_": -1}}',
            '"driver_statistics": {"eth0": 1}',
        )
    ],
)
def test_answers_that_are_none_are_named(
    answers: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = materialise(capture("virtio-bond"), tmp_path)
    put(root, "hyperv-net-capture/answers.json", answers)
    assert main(["inventory", "--root", str(root)]) == 1
    assert capsys.readouterr().err.startswith("hyperv-net: hyperv-net-capture/answers.json")


def test_nothing_is_left_of_what_was_unpacked_and_nobody_else_could_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = captured(materialise(capture("virtio-bond"), tmp_path / "m"), tmp_path / "c.tar.gz")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    modes = []
    real = unpacking.unpack

    def unpack(name: str, folder: Path) -> None:
        modes.append(folder.parent.stat().st_mode & 0o777)
        real(name, folder)

    monkeypatch.setattr(unpacking, "unpack", unpack)
    put(tmp_path, "bad", '{"version": 3}')
    plan = ["plan", "--root", str(file), "--network-config", str(tmp_path / "bad")]
    for arguments in (plan, ["inventory", "--inventory", str(file)]):
        main(arguments)
        assert str(tmp_path / "tmp") not in "".join(capsys.readouterr())
    assert modes == [0o700, 0o700]
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("verb", ["apply", "bake", "unbake"])
def test_verbs_that_write_take_none(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = captured(materialise(capture("virtio-bond"), tmp_path / "m"), tmp_path / "c.tar.gz")
    before = file.read_bytes()
    assert main([verb, "--root", str(file)]) == 1
    assert f"captures are for {', '.join(VERBS)}" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_the_verbs_that_take_captures_are_those_that_unpack_them() -> None:
    commands = {
        name.rpartition(".")[2]
        for name, file in modules().items()
        if name.startswith("hyperv_net.commands.") and "captures_unpacked(" in file.read_text()
    }
    assert commands - {"captured", "fleet_work"} == {*VERBS}
