"""The journal on the disk: what is added is there, whoever else writes and whatever breaks."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperv_net.errors import HypervNetError
from hyperv_net.journal import kept
from hyperv_net.journal.entry import Entry, Happening
from hyperv_net.journal.kept import FILE, FOLDER, LARGEST, OLDER, add, is_told, read, stamp
from hyperv_net.root import locks
from tests.journal.entries import any_entry, entry
from tests.owners import give_away

STEP = entry(0, Happening.STEP, "join enP1s0 to bond0")


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "kept")


@settings(max_examples=60)
@given(st.lists(any_entry(), max_size=5), st.lists(any_entry(), max_size=40))
def test_what_is_added_is_read_again_in_its_order(first: list[Entry], second: list[Entry]) -> None:
    with TemporaryDirectory() as folder:
        add(folder, first)
        add(folder, second)
        assert read(folder) == ((*first, *second), 0)


def test_a_folder_that_is_not_there_is_made(folder: str) -> None:
    assert read(folder) == ((), 0)
    add(folder, [])
    assert not Path(folder).exists()
    add(folder, [STEP])
    assert read(folder).entries == (STEP,)


@settings(max_examples=60)
@given(st.lists(any_entry(), min_size=1, max_size=4), st.data())
def test_a_line_that_was_cut_off_costs_that_line_alone(
    entries: list[Entry], data: st.DataObject
) -> None:
    """As by a kill in the middle of a write, or a disk that was full."""
    with TemporaryDirectory() as folder:
        add(folder, entries)
        file = Path(folder, FILE)
        whole = file.read_bytes()
        left = data.draw(st.integers(0, len(whole)))
        file.write_bytes(whole[:left])
        add(folder, [STEP])
        lines = whole[:left].count(b"\n")
        tail = whole[:left].rpartition(b"\n")[2]
        # All of the last line but its end is the line.
        cut = whole[left : left + 1] not in (b"", b"\n") and bool(tail)
        expected = entries[: lines + (bool(tail) and not cut)]
        assert read(folder) == ((*expected, STEP), int(cut))


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_whatever_stands_in_the_file_is_passed_over(noise: bytes) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, FOLDER).mkdir()
        Path(folder, FILE).write_bytes(noise)
        add(folder, [STEP])
        found = read(folder)
        assert found.entries[-1] == STEP
        assert found.damaged <= noise.count(b"\n") + 1


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "[" * 100_000,
        '{"time":"2026-01-01T00:00:00.000Z","happening":"nothing-known","text":""}',
        '{"time":"yesterday","happening":"step","text":""}',
        '{"time":"2026-01-01T00:00:00.000Z","happening":"step","text":1}',
        '{"time":"2026-01-01T00:00:00.000Z","happening":"step","mac":"00:0D:3A:00:00:01"}',
        '{"time":"2026-01-01T00:00:00.000Z","happening":"step","owner":"a b"}',
        '{"time":"2026-01-01T00:00:00.000Z","happening":"step","carried":[{"nic":"../x"}]}',
        '{"time":"2026-01-01T00:00:00.000Z","happening":"step","carried":[{"nic":"eth0",'
        '"role":"VF","received":-1,"sent":0}]}',
        '{"time":"2026-01-01T00:00:00.000Z","happening":"step","carried":[{"nic":"eth0",'
        f'"role":"VF","received":{"9" * 300},"sent":0}}]}}',
    ],
)
def test_a_line_that_is_no_entry_is_counted(line: str, folder: str) -> None:
    add(folder, [STEP])
    with Path(folder, FILE).open("a") as file:
        file.write(line + "\n\n")
    add(folder, [STEP])
    assert read(folder) == ((STEP, STEP), 1)


def test_the_journal_is_bounded_and_ends_with_what_came_last(folder: str) -> None:
    """However long a text is: of one that is too long the beginning is kept."""
    texts = [f"{number} " + "\x1b" * 9000 for number in range(400)]
    for text in texts:
        add(folder, [entry(0, Happening.FAILED, text)])
    sizes = {one: Path(folder, one).stat().st_size for one in (FILE, OLDER)}
    assert max(sizes.values()) <= LARGEST < sum(sizes.values())
    assert {one.name for one in Path(folder, FOLDER).iterdir()} == {
        *(Path(one).name for one in (FILE, OLDER)),
        locks.LOCKS,
    }
    found = read(folder)
    kept_texts = [one.text for one in found.entries]
    assert found.damaged == 0
    assert kept_texts == [text[:500] for text in texts[-len(kept_texts) :]]


def test_many_entries_at_once_are_all_there(folder: str) -> None:
    entries = [entry(number, Happening.STEP, f"step {number}") for number in range(500)]
    add(folder, entries)
    assert read(folder) == (tuple(entries), 0)


def test_who_finds_another_making_room_writes_on(folder: str) -> None:
    add(folder, [STEP])
    file = Path(folder, FILE)
    file.write_bytes(file.read_bytes() * (LARGEST // file.stat().st_size))
    locks.own_folder(f"{folder}/{FOLDER}/{locks.LOCKS}", locks.PRIVATE)
    lock = locks.try_lock(f"{folder}/{FOLDER}/{locks.LOCKS}/room")
    assert lock is not None
    for _ in range(3):
        add(folder, [STEP])
    assert not Path(folder, OLDER).exists()
    os.close(lock)
    add(folder, [STEP])
    assert Path(folder, OLDER).exists()
    assert len(Path(folder, FILE).read_bytes().splitlines()) == 1


def test_of_several_writers_each_line_is_whole(
    folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And none is lost where one makes room between another's look and its write."""
    monkeypatch.setattr(kept, "LARGEST", 30_000)
    entries = [entry(number, Happening.STEP, f"step {number}") for number in range(100)]

    def write(own: list[Entry]) -> None:
        for one in own:
            add(folder, [one])

    writers = [Thread(target=write, args=(entries[first::4],)) for first in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = read(folder)
    assert found.damaged == 0
    assert {*found.entries} == {*entries}


def test_what_others_could_have_written_is_neither_read_nor_added_to(
    folder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add(folder, [STEP])
    Path(folder, FILE).chmod(0o666)
    add(folder, [STEP])
    assert re.fullmatch(
        r"hyperv-net: \S+: can be written by everybody, .*\n", capsys.readouterr().err
    )
    with pytest.raises(HypervNetError, match="can be written by everybody"):
        read(folder)
    assert not is_told(folder, STEP)
    Path(folder, FILE).chmod(0o644)
    assert read(folder).entries == (STEP,)
    assert is_told(folder, STEP._replace(time=stamp(5)))
    assert not is_told(folder, STEP._replace(text="another"))
    user = give_away(Path(folder), monkeypatch)
    with pytest.raises(HypervNetError, match=f"belongs to user {user}"):
        read(folder)
    assert read(folder, doubting=False).entries == (STEP,)


@pytest.mark.parametrize("there", ["link", "folder", "fifo", "no folder"])
def test_what_cannot_be_written_is_said_once_and_nobody_fails(
    there: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "kept"
    if there == "no folder":
        folder.write_text("")
    else:
        (folder / FOLDER).mkdir(parents=True)
        file = folder / FILE
        if there == "link":
            (tmp_path / "elsewhere").write_text("")
            file.symlink_to(tmp_path / "elsewhere")
        elif there == "folder":
            file.mkdir()
        else:
            os.mkfifo(file)
    add(str(folder), [STEP, STEP])
    said = capsys.readouterr().err
    assert said.startswith("hyperv-net: ") and said.count("\n") == 1
    if there == "link":
        assert (tmp_path / "elsewhere").read_text() == ""


def test_a_full_disk_is_said_and_costs_no_other_line(
    folder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class _Full:
        def __getattr__(self, name: str) -> Any:
            return getattr(os, name)

        def write(self, descriptor: int, data: bytes) -> int:
            return os.write(descriptor, data[:10])

    add(folder, [STEP])
    with monkeypatch.context() as patched:
        patched.setattr(kept, "os", _Full())
        add(folder, [STEP])
    assert "the last line is not whole" in capsys.readouterr().err
    add(folder, [STEP])
    assert read(folder) == ((STEP, STEP), 1)


def test_a_time_has_milliseconds_and_is_of_now_where_none_is_given() -> None:
    assert stamp(0) == "1970-01-01T00:00:00.000Z"
    assert stamp(1_790_812_800.9996) == "2026-10-01T00:00:01.000Z"
    assert stamp() > "2026-01-01T00:00:00.000Z"
