"""ansible-core from the Python package index, as a layer of a root of Debian bookworm."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from zlib import crc32

from tests.debian.packages import CACHE
from tests.paths import CHECKOUT

PINS = CHECKOUT / "tests" / "requirements-ansible.txt"
PYTHON = "3.11"
"""Bookworm's, for which the packages are chosen."""

#: The layer's folder, to be in PYTHONPATH.
FOLDER = "/opt/ansible"


def layer() -> Path:
    """The layer; made on first use.  Raises CalledProcessError where pip cannot have the pins."""
    home = CACHE.parent / "ansible"
    made = home / f"{crc32(PINS.read_bytes()):08x}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            scratch = Path(mkdtemp(dir=home))
            scratch.chmod(0o755)
            pip = (sys.executable, "-m", "pip", "-qq", "--disable-pip-version-check", "install")
            chosen = ("--no-deps", "--only-binary=:all:", f"--python-version={PYTHON}")
            hashed = ("--require-hashes", f"--requirement={PINS}")
            target = ("--no-compile", f"--target={scratch}{FOLDER}")
            subprocess.run(
                [*pip, *chosen, *hashed, *target], check=True, capture_output=True, text=True
            )
            scratch.rename(made)
    return made
