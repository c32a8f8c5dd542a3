"""The engines from the Python package index and Debian's Java, below the cache; none installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from zlib import crc32

from tests.debian.packages import CACHE, lock, unpacked
from tests.paths import CHECKOUT, EXAMPLES

PINS = CHECKOUT / "tests/requirements-fleet.txt"
SUITE = "bookworm"
JAVA = "openjdk-17-jre-headless"


def python() -> Path:
    """The interpreter of an environment with the engines; made on first use.

    Raises CalledProcessError where pip cannot have the pins.
    """
    home = CACHE.parent / "fleet"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    made = home / f"{version}-{crc32(PINS.read_bytes()):08x}"
    with lock(home):
        if not (made / "whole").exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(made)], check=True)
            pip = (str(made / "bin/python"), "-m", "pip", "-qq", "--disable-pip-version-check")
            chosen = ("install", "--no-deps", "--require-hashes", "--requirement", str(PINS))
            subprocess.run([*pip, *chosen], check=True, capture_output=True, text=True)
            (made / "whole").touch()
    return made / "bin/python"


def java() -> Path:
    """JAVA_HOME of Debian's Java, whose links to /etc lead into the tree's own."""
    tree = unpacked(SUITE, (JAVA,))
    (home,) = tree.root.glob("usr/lib/jvm/java-17-openjdk-*")
    for link in home.rglob("*"):
        if link.is_symlink() and link.readlink().is_absolute():
            inside = tree.root / str(link.readlink()).lstrip("/")
            link.unlink()
            link.symlink_to(os.path.relpath(inside, link.parent))
    return home


def run(name: str, fleet: Path, folder: Path, *more: str) -> str:
    """What the adapter examples/fleet/NAME prints of a fleet, with `folder` for its own files."""
    environment = {
        **{"PATH": f"{python().parent}:{os.environ['PATH']}", "HOME": str(folder)},
        **{"PYTHONPATH": str(CHECKOUT), "LC_ALL": "C.UTF-8", "TMPDIR": str(folder)},
        **{
            "PYSPARK_PYTHON": str(python()),
            "JAVA_HOME": str(java()),
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        # A socket's path has to be short; nothing is to be told to anybody.
        **{"RAY_TMPDIR": mkdtemp(prefix="ray"), "RAY_USAGE_STATS_ENABLED": "0"},
    }
    command = [str(python()), str(EXAMPLES / "fleet" / name), str(fleet), *more]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def parallel() -> list[str]:
    """GNU parallel of Debian, a script for the machine's own perl, which every Debian has."""
    root = unpacked(SUITE, ("parallel",)).root
    return ["perl", *(f"-I{path}" for path in _perl_modules(root)), f"{root}/usr/bin/parallel"]


def _perl_modules(root: Path) -> list[Path]:
    return [*root.glob("usr/lib/*/perl/5.*"), *root.glob("usr/share/perl/5.*")]
