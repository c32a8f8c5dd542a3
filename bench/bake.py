"""What it costs to bake a root, beside `cp -a` of the files that it puts there.

cp neither makes a file durable nor records what was there before.  bake does,
so that a power cut leaves each file old or new, and looks the image over.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.measure import medians
from bench.subject import REPOSITORY, Subject
from bench.table import Row

_EXAMPLE = REPOSITORY / "examples/image-freebsd/root"
_RECORD = "var/db/hyperv-net"


def baking(subject: Subject, runs: int) -> Iterator[Row]:
    """A row for each step; a round leaves the root as it found it, and no copy."""
    root, files, copy = (subject.folder / name for name in ("image", "files", "copy"))
    _only_what_is_baked(subject, subject.folder / "baked", files)
    shutil.copytree(_EXAMPLE, root)
    at = ("--root", str(root))
    commands = {
        "cp -a of the same files": ["cp", "-a", str(files), str(copy)],
        "hyperv-net bake": subject.command("bake", *at),
        "hyperv-net bake, nothing to do": subject.command("bake", *at),
        "hyperv-net bake --verify": subject.command("bake", *at, "--verify"),
        "hyperv-net unbake": subject.command("unbake", *at),
        "rm -r of the copy": ["rm", "-r", str(copy)],
    }
    costs = medians(list(commands.values()), subject.environment, runs)
    count = sum(1 for path in files.rglob("*") if not path.is_dir())
    for name, cost in zip(commands, costs):
        yield {
            "process": name,
            "files": str(count),
            "ms": f"{cost.seconds * 1000:.0f}",
            "CPU ms": f"{cost.cpu * 1000:.0f}",
            "times cp": f"{cost.seconds / costs[0].seconds:.1f}",
        }


def _only_what_is_baked(subject: Subject, root: Path, files: Path) -> None:
    """Leave in `files` what a bake adds to the example, without its record."""
    shutil.copytree(_EXAMPLE, root)
    subject.output("bake", "--root", str(root))
    shutil.rmtree(root / _RECORD)
    for path in _EXAMPLE.rglob("*"):
        if not path.is_dir():
            (root / path.relative_to(_EXAMPLE)).unlink()
    root.rename(files)
