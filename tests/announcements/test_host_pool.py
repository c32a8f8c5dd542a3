"""Hyper-V's pool 0, as the daemons of Linux and FreeBSD keep it."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.announcements import host_pool
from hyperv_net.announcements.host_pool import WAIT
from hyperv_net.announcements.kvp_records import RECORD, value_of
from hyperv_net.announcements.own_document import SCHEMA
from hyperv_net.announcements.source import Heard
from tests.files import put
from tests.owners import give_away

LINUX = "var/lib/hyperv/.kvp_pool_0"
FREEBSD = "var/db/hyperv/pool/.kvp_pool_0"
KEY = "hyperv-net.announcement"


def record(key: bytes, value: bytes, behind: bytes = b"\0") -> bytes:
    """One record; `behind` fills what the texts leave, where older ones have been."""
    fields = ((key, 512), (value, 2048))
    return b"".join(
        (text + b"\0" + behind * size)[:size] if len(text) < size else text[:size]
        for text, size in fields
    )


def announced(**fields: Any) -> bytes:
    return json.dumps({"schema": SCHEMA, "id": "move-7", **fields}).encode()


OTHERS = record(b"HostName", b"h1") + record(b"VirtualMachineName", b"vm")
OURS = record(KEY.encode(), announced(kind="freeze"))


def pool(root: Path, data: bytes, path: str = LINUX) -> Path:
    place = root
    place.mkdir(exist_ok=True, mode=0o755)
    for part in path.split("/")[:-1]:
        place = place / part
        place.mkdir(exist_ok=True, mode=0o755)
    (root / path).write_bytes(data)
    (root / path).chmod(0o644)
    return root / path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


def test_a_key_of_ours_announces_until_it_is_removed(root: Path) -> None:
    pool(root, OTHERS)
    source = host_pool.source(root)
    assert source.name == "host-pool" and source.acknowledge is None
    assert source.ask(0) == Heard((), WAIT)
    pool(root, OTHERS + OURS)
    (found,) = source.ask(0).announcements or ()
    assert (found.owner, found.kind, found.is_mine_alone) == ("host-pool:move-7", "freeze", True)
    pool(root, OTHERS + record(KEY.encode(), announced(kind="reboot")))
    assert [one.kind for one in source.ask(0).announcements or ()] == ["reboot"]
    for data in (OTHERS, b"", OTHERS + record(KEY.encode(), b"")):
        pool(root, data)
        assert source.ask(0) == Heard((), WAIT)


def test_freebsds_daemon_has_it_in_another_place(root: Path) -> None:
    put(root, "bin/freebsd-version", "")
    pool(root, OURS, FREEBSD)
    pool(root, OTHERS)
    assert len(host_pool.source(root).ask(0).announcements or ()) == 1


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"", None),
        (record(b"key", b"value"), b"value"),
        (record(b"key", b"value", behind=b"x"), b"value"),
        (OTHERS + record(b"key", b"1") + record(b"key", b"2"), b"1"),
        (record(b"key", b"value")[:-1], None),
        (record(b"another", b"1") + record(b"key", b"value")[: RECORD // 2], None),
        (record(b"keys", b"1") + record(b"ke", b"2"), None),
        (record(b"other", b"key"), None),
        (record(b"other", b"key") + record(b"another", b"1"), None),
        (record(b"key", b"v" * 2048), b"v" * 2048),
        (record(b"k" * 512, b"value"), None),
    ],
)
def test_a_value_is_that_of_the_first_whole_record_with_its_key(
    data: bytes, value: bytes | None
) -> None:
    assert value_of(data, b"key") == value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (b"drain", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"{}", "not an announcement"),
        (json.dumps({"schema": SCHEMA}).encode(), "has no 'id'"),
        (announced(text="x" * 3000)[:2048], "not JSON"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_and_ends_nothing(
    root: Path, value: bytes, said: str
) -> None:
    pool(root, record(KEY.encode(), value))
    heard = host_pool.source(root).ask(0)
    assert heard.announcements is None and heard.wait == WAIT
    assert heard.trouble.startswith(f"/{LINUX}: {KEY}:") and said in heard.trouble


def test_without_the_daemon_there_is_no_pool(root: Path) -> None:
    root.mkdir()
    heard = host_pool.source(root).ask(0)
    assert heard.announcements is None
    assert heard.trouble == f"/{LINUX}: not there (start Hyper-V's KVP daemon)"


def test_a_pool_that_others_may_write_to_is_not_believed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pool(root, OURS)
    path.chmod(0o666)
    assert "not believed" in host_pool.source(root).ask(0).trouble
    path.chmod(0o644)
    give_away(path.parent, monkeypatch)
    heard = host_pool.source(root).ask(0)
    assert heard.announcements is None and "not believed" in heard.trouble


def test_a_folder_in_its_place_and_a_file_without_end_are_told(root: Path) -> None:
    path = pool(root, OTHERS * 511 + OTHERS[:RECORD] + OURS)
    assert len(host_pool.source(root).ask(0).announcements or ()) == 1
    os.truncate(path, 1 << 40)
    assert host_pool.source(root).ask(0).trouble == f"/{LINUX}: has more than 1024 records"
    (root / LINUX).unlink()
    (root / LINUX).mkdir()
    heard = host_pool.source(root).ask(0)
    assert heard.announcements is None
    assert heard.trouble == f"/{LINUX}: cannot be read: Is a directory"


HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
fcntl.lockf(file, getattr(fcntl, sys.argv[2]))
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["LOCK_EX", "LOCK_SH"])
def test_it_is_not_read_while_the_daemon_writes_it(
    root: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a lock of fcntl(2), as kvp_acquire_lock() takes it; other readers are in nobody's way."""
    monkeypatch.setattr(host_pool, "_LOCK_SECONDS", 0)
    path = pool(root, OURS)
    command = [sys.executable, "-c", HOLDER, str(path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == b"locked\n"
        heard = host_pool.source(root).ask(0)
        if how == "LOCK_EX":
            assert heard.announcements is None
            assert heard.trouble == f"/{LINUX}: locked by another"
        else:
            assert len(heard.announcements or ()) == 1
        holder.communicate()
    assert len(host_pool.source(root).ask(0).announcements or ()) == 1


def test_the_daemon_can_write_as_soon_as_it_has_been_read(root: Path) -> None:
    path = pool(root, OURS)
    host_pool.source(root).ask(0)
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
