"""Starts inside.py beside the real cloud-init of a suite, and gives back what it found."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from typing import Any

from tests.debian.packages import CACHE
from tests.firstboot.root import SUITES, packages
from tests.paths import CHECKOUT
from tests.strangers import CALLS, NO_PROGRAMS

__all__ = ["SUITES", "run"]


def run(suite: str, do: str, **job: Any) -> Any:
    """Do a job of inside.py with the suite's own Python, libraries and cloud-init."""
    done = subprocess.run(
        [*_python(suite), "-m", "tests.sources.inside"],
        input=json.dumps({"plugin": True, **job, "do": do}),
        capture_output=True,
        text=True,
        timeout=60,
        cwd="/",
        env={**_environment(suite), CALLS: os.environ.get(CALLS, "")},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def _python(suite: str) -> list[str]:
    tree = packages(suite)
    (program,) = tree.root.glob("usr/bin/python3.[0-9]*[0-9]")
    return tree.command(f"/usr/bin/{program.name}")


@cache
def _environment(suite: str) -> dict[str, str]:
    root = packages(suite).root
    return {
        # cloud-init asks netplan and systemd-detect-virt of this machine, where it finds them.
        "PATH": NO_PROGRAMS,
        "LC_ALL": "C.UTF-8",
        "PYTHONHOME": f"{root}/usr",
        "PYTHONPATH": f"{CHECKOUT}:{root}/usr/lib/python3/dist-packages",
        # The packages come without compiled modules, and compiling takes most of a second.
        "PYTHONPYCACHEPREFIX": str(CACHE / suite / "compiled"),
    }
