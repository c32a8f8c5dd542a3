"""Roots of Debian's packages in which others are built, installed and removed.

Packages are unpacked, not configured (tests/debian/packages.py); a layer of its
own tells dpkg of them, so that dependencies, diversions and conflicting files
are judged by the real one.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp
from zlib import crc32

from tests.debian.packages import CACHE, Tree, unpacked
from tests.firstboot import root as machine
from tests.firstboot.sandbox import Step, run
from tests.outcome import Outcome

_BASE = (
    *("base-files", "base-passwd", "bash", "coreutils", "dash", "debianutils", "diffutils", "dpkg"),
    *("findutils", "grep", "gzip", "hostname", "init-system-helpers", "libc-bin", "login", "mawk"),
    *("ncurses-bin", "passwd", "perl-base", "sed", "tar", "util-linux"),
)
_BUILDING = (
    *("debhelper", "dh-python", "lintian", "pybuild-plugin-pyproject", "python3-all"),
    *("python3-setuptools", "python3-yaml"),
)
_INSTALLING = ("apt", "hyperv-daemons", "python3-apt")

_CONFIGURED = """#!/bin/sh
set -e
cp /usr/share/base-passwd/passwd.master /etc/passwd
cp /usr/share/base-passwd/group.master /etc/group
mkdir -p /root /run /tmp /var/tmp /var/log /sys /etc/default /etc/ssl/certs
chmod 1777 /tmp /var/tmp
ln -sf mawk /usr/bin/awk
ln -sf debian /etc/dpkg/origins/default
ldconfig
: >>/var/lib/dpkg/available
[ ! -d /usr/share/ca-certificates ] ||
    cat /usr/share/ca-certificates/mozilla/*.crt >/etc/ssl/certs/ca-certificates.crt
"""
"""What the packages' own scripts would have made, and the programs need."""


def building() -> list[Path]:
    """The layers of a root with debhelper and lintian, the topmost first."""
    return _layers("bookworm", [unpacked("bookworm", names) for names in (_BUILDING, _BASE)])


def installing(suite: str) -> list[Path]:
    """The layers of a machine with cloud-init, netplan, apt and Debian's daemons for Hyper-V."""
    own = [unpacked(suite, names) for names in (_INSTALLING, _BASE)]
    return _layers(suite, [own[0], machine.packages(suite), own[1]])


def shell(layers: Sequence[Path], own: Path, *scripts: str) -> list[Outcome]:
    """Run shell scripts in such a root, each with `sh -e`; `own` has and gets its own files."""
    steps = [Step(f"script{n}", f"#!/bin/sh -e\n{text}\n") for n, text in enumerate(scripts)]
    return run(layers, own, steps)


def _layers(suite: str, trees: Sequence[Tree]) -> list[Path]:
    versions: dict[str, str] = {}
    for tree in reversed(trees):
        versions.update(tree.versions)
    key = crc32(repr((_CONFIGURED, sorted(versions.items()))).encode())
    home = CACHE / suite / "installed"
    layer = home / f"{key:08x}"
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not layer.exists():
            made = Path(mkdtemp(dir=home))
            _write_database(suite, versions, made / "var/lib/dpkg")
            (done,) = run([tree.root for tree in trees], made, [Step("configure", _CONFIGURED)])
            if done.status:
                shutil.rmtree(made)
                raise RuntimeError(f"{suite}: {done.err}")
            made.chmod(0o755)
            made.rename(layer)
    return [layer, *(tree.root for tree in trees)]


def _write_database(suite: str, versions: dict[str, str], folder: Path) -> None:
    """dpkg's status and lists of files, as if the packages had been installed by it."""
    (folder / "info").mkdir(parents=True)
    (folder / "updates").mkdir()
    archives = CACHE / suite / "apt" / "cache" / "archives"
    stanzas = []
    for name, version in sorted(versions.items()):
        (deb,) = archives.glob(f"{name}_{version.replace(':', '%3a')}_*.deb")
        package, _, rest = _output("dpkg-deb", "--field", deb).partition("\n")
        stanzas.append(f"{package}\nStatus: install ok installed\n{rest}")
        same = "Multi-Arch: same" in rest
        architecture = f":{deb.stem.rpartition('_')[2]}" if same else ""
        listed = _listed(deb)
        (folder / "info" / f"{name}{architecture}.list").write_text(listed)
    (folder / "status").write_text("\n".join(stanzas))


def _listed(deb: Path) -> str:
    """The paths in a package, as dpkg keeps them."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as packed:
        names = _output("tar", "-t", stdin=packed)
    paths = (name.removeprefix(".").rstrip("/") or "/." for name in names.splitlines())
    return "".join(f"{path}\n" for path in paths)


def _output(*command: str | Path, stdin: subprocess.Popen[bytes] | None = None) -> str:
    done = subprocess.run(
        command,
        stdin=stdin.stdout if stdin else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
