"""Power cuts at every step: each file is old or new, a rerun finishes, a rollback is exact."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyperv_net.applying.below import staged_name
from hyperv_net.model import RenderedFile
from tests.applying.disk import Disk, Survives, all_of_it, nothing_else, snapshot
from tests.applying.scenes import apply, besides_store, copy, cut, make, roll_back, run_with
from tests.paths import CHECKOUT

RC_CONF = RenderedFile("etc/rc.conf", "hostname=a\nifconfig_lagg0=DHCP\n", in_place=True)
NETPLAN = RenderedFile("etc/netplan/99-hyperv-net.yaml", "network: {}\n", 0o600)
RULES = RenderedFile("etc/udev/rules.d/70-hyperv-net.rules", "# rules\n")
WANTED = RenderedFile("var/lib/hyperv-net/wanted.json", "{}\n")


SURVIVORS = {
    "process-killed": all_of_it,
    "least": nothing_else,
    "some": lambda inode: inode % 2 == 0,
    "others": lambda inode: inode % 2 == 1,
}


def bare(root: Path) -> None:
    """A root without var/, so that the store's folders are to be made."""
    make(root, {"etc/rc.conf": "hostname=a\nifconfig_hn0=DHCP\n"}, 0o640)
    make(root, {"etc/netplan/50-old.yaml": "old\n"}, 0o600)


def first_apply(root: Path) -> None:
    apply(root, RC_CONF, NETPLAN, RULES, WANTED, stale=["etc/netplan/50-old.yaml"])


def applied(root: Path) -> None:
    bare(root)
    first_apply(root)


def second_apply(root: Path) -> None:
    """Changes one file, makes one in a new folder, and leaves two that are wanted no more."""
    changed = RenderedFile(NETPLAN.path, "network: {version: 2}\n", 0o600)
    apply(root, RC_CONF, changed, WANTED, RenderedFile("usr/lib/x/y", "y\n"))


def applied_twice(root: Path) -> None:
    applied(root)
    second_apply(root)


def with_store_of_others(root: Path) -> None:
    """The folder above the store exists, and somebody else's file is in it."""
    bare(root)
    make(root, {"var/lib/hyperv-net/bake.json": "{}\n"})


def removed_since(root: Path) -> None:
    """What is to be done is as it is recorded already."""
    applied(root)
    (root / NETPLAN.path).unlink()


SCENES: dict[str, tuple[Callable[[Path], None], Callable[[Path], object]]] = {
    "first": (bare, first_apply),
    "second": (applied, second_apply),
    "again": (removed_since, first_apply),
    "beside": (with_store_of_others, first_apply),
    "rollback": (applied, roll_back),
    "rollback-of-two": (applied_twice, roll_back),
    "no-longer-wanted": (applied, lambda root: apply(root)),
}


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder on a disk in memory where there is one: the tests make thousands of files."""
    shared = "/dev/shm"
    folder = Path(tempfile.mkdtemp(dir=shared if os.access(shared, os.W_OK) else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("scene", "survivors"),
    [
        *((scene, survivors) for scene in SCENES for survivors in ("process-killed", "least")),
        *(
            (scene, survivors)
            for scene in ("first", "rollback")
            for survivors in ("some", "others")
        ),
    ],
)
def test_a_cut_at_every_step_leaves_each_file_old_or_new_and_loses_nothing(
    scene: str, survivors: str
) -> None:
    """Then running it again comes to the same end, and rolling back to the very start."""
    with folder_in_memory() as folder:
        cut_at_every_step(scene, SURVIVORS[survivors], folder)


def cut_at_every_step(scene: str, survives: Survives, folder: Path) -> None:
    prepare, action = SCENES[scene]
    start = folder / "start"
    prepare(start)
    old = snapshot(start)
    end = copy(start, folder / "end")
    disk = Disk(end)
    assert run_with(disk, lambda: action(end))
    disk.release()
    new = snapshot(end)
    very_start = folder / "very-start"
    (with_store_of_others if scene == "beside" else bare)(very_start)
    root = folder / "root"
    for at in range(1, disk.steps + 1):
        copy(start, root)
        assert cut(root, lambda: action(root), at, survives)
        left = besides_store(snapshot(root))
        for path, thing in left.items():
            assert thing in (old.get(path), new.get(path)) or is_staged(path), (at, path)
        for path in besides_store(old).keys() & new.keys():
            assert path in left, (at, path)
        again = copy(root, folder / "again")
        action(again)
        assert besides_store(snapshot(again)) == besides_store(new), at
        assert not [path for path in snapshot(again) if is_staged(path)], at
        for either in (root, again):
            roll_back(either)
            assert snapshot(either) == snapshot(very_start), at
    assert disk.steps > 20
    assert disk.writes > 1


def is_staged(path: str) -> bool:
    """Whether it is, or is in, something that is built under another name."""
    return any(one == staged_name(one[1 : -len(".hyperv-net-new")]) for one in path.split("/"))


PATHS = st.sampled_from(
    ["etc/a", "etc/b c", "etc/d/e", "d/f/g", "var/lib/hyperv-net/w.json", "var/lib/x", "h"]
)
FILES = st.dictionaries(PATHS, st.sampled_from(["", "1\n", "2\n", "x" * 5000]), max_size=5)
ACTIONS = st.one_of(st.none(), FILES)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    there=FILES,
    mode=st.sampled_from([0o644, 0o600, 0o1755]),
    actions=st.lists(
        st.tuples(ACTIONS, st.integers(1, 90), st.integers(0, 3), st.booleans()),
        min_size=1,
        max_size=5,
    ),
)
def test_after_any_row_of_applies_and_rollbacks_all_cut_short_a_rollback_is_exact(
    there: dict[str, str],
    mode: int,
    actions: list[tuple[dict[str, str] | None, int, int, bool]],
) -> None:
    """Also where the run that undoes an interrupted one is interrupted itself."""
    with folder_in_memory() as folder:
        root = make(folder / "root", there, mode)
        original = snapshot(root)
        survivors = list(SURVIVORS.values())
        for files, at, which, in_place in actions:
            wanted = [
                RenderedFile(path, text, in_place=in_place)
                for path, text in sorted((files or {}).items())
            ]

            def action(files: object = files, wanted: list[RenderedFile] = wanted) -> object:
                return roll_back(root) if files is None else apply(root, *wanted)

            cut(root, action, at, survivors[which])
        roll_back(root)
        assert snapshot(root) == original


def test_processes_that_are_ended_at_every_step_are_put_right_by_the_next() -> None:
    """The same with real processes, whose memory is gone."""
    with folder_in_memory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.applying.killed", str(folder)],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60


def test_a_leftover_that_is_deeper_than_pythons_stack_is_removed(root: Path) -> None:
    at = os.open(root, os.O_RDONLY)
    for name in (staged_name("var"), *("d" for _ in range(1200))):
        os.mkdir(name, dir_fd=at)
        above, at = at, os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(above)
    os.close(at)
    first_apply(root)
    assert not (root / staged_name("var")).exists()
