"""Whole roots of Debian: baked, checked by their own programs, used, unbaked, compared."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.bake.roots import copied, debian_root
from tests.debian.packages import CACHE as DEBIAN
from tests.paths import CHECKOUT

SUITES = (pytest.param("trixie", marks=pytest.mark.firstboot_short), "bookworm")

pytestmark = pytest.mark.firstboot

# Its programs run in mounts, processes and a network of their own.
INSIDE = (
    *("unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "sh", "-c"),
    'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"',
)


class Thing(NamedTuple):
    """What is at a path: kind and permissions, owner, group, and bytes, target or device."""

    mode: int
    uid: int
    gid: int
    content: str


def fingerprints(root: Path) -> dict[str, Thing]:
    """Everything below a root by path."""
    return dict(_walk(str(root), ""))


def _walk(folder: str, path: str) -> Iterator[tuple[str, Thing]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            below = f"{path}/{entry.name}"
            yield below, _thing(entry.path, status)
            if stat.S_ISDIR(status.st_mode):
                yield from _walk(entry.path, below)


def _thing(path: str, status: os.stat_result) -> Thing:
    content = ""
    if stat.S_ISLNK(status.st_mode):
        content = str(Path(path).readlink())
    elif stat.S_ISREG(status.st_mode):
        content = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    elif not stat.S_ISDIR(status.st_mode):
        content = str(status.st_rdev)
    return Thing(status.st_mode, status.st_uid, status.st_gid, content)


def hyperv_net(*arguments: str, status: int = 0) -> str:
    """What the program of this checkout prints, run as its user runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "hyperv_net", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == status, done.stderr
    return done.stdout


def inside(root: Path, *command: str) -> str:
    """What a program of the image prints."""
    done = subprocess.run(
        [*INSIDE, str(root), *command],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.mark.parametrize("suite", SUITES)
def test_a_whole_root_is_baked_used_and_left_as_it_was(suite: str, tmp_path: Path) -> None:
    """One life of an image; its own dpkg, systemd, Python and cloud-init look at it."""
    root = copied(debian_root(suite), tmp_path / "image root")
    before = fingerprints(root)
    # The kernel of Debian is built with all three, and says so in its list of modules.
    drivers = [word for name in ("mlx4", "mlx5", "mana") for word in ("--expect-driver", name)]
    bake = ("bake", "--root", str(root), *drivers, "--datasource", "Azure")

    assert "+++ b/usr/bin/hyperv-net" in hyperv_net(*bake, "--diff")
    assert fingerprints(root) == before
    assert f"hyperv-net unbake --root '{root}'" in hyperv_net(*bake)
    baked = fingerprints(root)
    gone_or_changed = {path for path, thing in before.items() if baked.get(path) != thing}
    assert gone_or_changed == set()
    assert {thing.uid for path, thing in baked.items() if path not in before} == {0}
    assert hyperv_net(*bake).startswith("nothing to do")
    assert fingerprints(root) == baked
    assert hyperv_net("bake", "--root", str(root), "--verify") == "all is as it was baked\n"

    _its_own_programs_agree(root, suite)
    assert list(root.glob("usr/lib/python3/dist-packages/hyperv_net/**/__pycache__"))
    if suite == "trixie":
        inside(root, "hyperv-net", "unbake", "--root", "/")
    else:
        hyperv_net("unbake", "--root", str(root))
    after = fingerprints(root)
    assert {path for path in after.keys() | before.keys() if _differ(path, before, after)} == set()


def _differ(path: str, before: dict[str, Thing], after: dict[str, Thing]) -> bool:
    # What running the image's programs leaves: compiled modules of others, and state of systemctl.
    is_others = ("/__pycache__" in path and "/hyperv_net/" not in path) or path.startswith("/run/")
    return before.get(path) != after.get(path) and not is_others


def _its_own_programs_agree(root: Path, suite: str) -> None:
    assert inside(root, "hyperv-net", "--version").startswith("hyperv-net ")
    find = "from cloudinit import sources; print([one.__module__ for one in sources.list_sources("
    find += "['Azure'], [sources.DEP_FILESYSTEM], ['hyperv_net.sources', 'cloudinit.sources'])])"
    assert "hyperv_net.sources.DataSourceAzure" in inside(root, "python3", "-c", find)
    enabled = inside(root, "systemctl", "is-enabled", "hyperv-net-reconcile.path")
    assert enabled.strip() == "enabled"
    ours = (
        *("hyperv-net-reconcile.path", "hyperv-net-reconcile.service", "hyperv-net-guard.service"),
        *("hyperv-net-activate.socket", "hyperv-net-activate@.service"),
    )
    first = "cloud-init-local.service" if suite == "bookworm" else "cloud-init-main.service"
    waiting = ("hv-kvp-daemon.service", first)
    said = inside(root, "systemd-analyze", "verify", "--man=no", *ours, *waiting)
    assert "hyperv-net" not in said and "cycle" not in said
    _its_guard_agrees(root)
    # Nothing of a package was touched, and a later version of it touches nothing of ours.
    assert inside(root, "dpkg", "--verify", "hyperv-daemons", "cloud-init", "systemd") == ""
    (package,) = (DEBIAN / suite / "apt/cache/archives").glob("hyperv-daemons_*.deb")
    archive = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True).stdout
    unpack = ["tar", "-x", "--keep-directory-symlink", "-C", str(root), "./usr"]
    subprocess.run(unpack, input=archive, check=True)
    assert hyperv_net("bake", "--root", str(root), "--verify") == "all is as it was baked\n"


def _its_guard_agrees(root: Path) -> None:
    """As the unit starts it, twice: the second time nothing is asked."""
    unit = root / "usr/lib/systemd/system/hyperv-net-guard.service"
    (start,) = (line for line in unit.read_text().splitlines() if line.startswith("ExecStart="))
    for _ in range(2):
        assert inside(root, *start.removeprefix("ExecStart=").split()) == ""
        assert (root / "run/hyperv-net/guard").read_text() == "granted\n"
        plug = root / "run/hyperv-net/plug.cfg"
        assert str(plug.readlink()).endswith("/dist-packages/hyperv_net/data/90-hyperv-net.cfg")
    assert (root / "var/lib/hyperv-net/guard-sums").is_file()
