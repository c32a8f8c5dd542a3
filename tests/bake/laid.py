"""What `hyperv-net bake` writes into a root, to be laid over a disk that was made of the same root.

The root itself is a read-only layer and stays as it is.
"""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from shlex import join, quote
from tempfile import TemporaryDirectory

from tests.firstboot.sandbox import Step, run
from tests.lab import cpio
from tests.paths import CHECKOUT


def baked(tree: Path, *options: str) -> list[cpio.Entry]:
    """The files of a bake of `tree` with these options, its record among them.

    With the record laid on its disk, a machine can run `hyperv-net unbake --root /`.
    """
    with TemporaryDirectory(prefix="baked-") as own:
        (outcome,) = run([tree], Path(own), [bake_step(*options)])
        if outcome.status:
            raise RuntimeError(f"bake: {outcome.err}")
        return list(_entries(Path(own)))


def bake_step(*options: str) -> Step:
    """The program of this checkout, which bakes the root of a sandbox from outside."""
    program = join([sys.executable, "-m", "hyperv_net", "bake", *options])
    script = f'#!/bin/sh\ncd {quote(str(CHECKOUT))} && exec {program} --root "$1"\n'
    return Step("bake", script, outside=True)


def _entries(folder: Path) -> Iterator[cpio.Entry]:
    """Files and links; folders are made by those who lay them."""
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        name = str(path.relative_to(folder))
        if stat.S_ISLNK(status.st_mode):
            yield cpio.link(name, str(path.readlink()))
        elif stat.S_ISREG(status.st_mode):
            yield cpio.file(name, path.read_bytes(), stat.S_IMODE(status.st_mode))
