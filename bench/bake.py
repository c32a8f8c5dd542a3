"""What it costs to bake a root, beside `cp -a` of the files that it puts there.

cp neither makes a file durable nor records what was there before.  bake does,
so that a power cut leaves each file old or new, and looks the image over.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.measure import REPOSITORY, medians

_EXAMPLE = REPOSITORY / "examples/image-freebsd/root"
_RECORD = "var/db/hyperv-net"


def baking(
    folder: Path, program: tuple[str, ...], variables: Mapping[str, str], runs: int
) -> Iterator[dict[str, str]]:
    """A row for each step; a round leaves the root as it found it, and no copy."""
    root, files, copy = folder / "image", folder / "files", folder / "copy"
    _only_what_is_baked(folder / "baked", files, program, variables)
    shutil.copytree(_EXAMPLE, root)
    at = ("--root", str(root))
    commands = {
        "cp -a of the same files": ["cp", "-a", str(files), str(copy)],
        "hyperv-net bake": [*program, "bake", *at],
        "hyperv-net bake, nothing to do": [*program, "bake", *at],
        "hyperv-net bake --verify": [*program, "bake", *at, "--verify"],
        "hyperv-net unbake": [*program, "unbake", *at],
        "rm -r of the copy": ["rm", "-r", str(copy)],
    }
    costs = medians(list(commands.values()), variables, runs)
    count = sum(1 for path in files.rglob("*") if not path.is_dir())
    for name, cost in zip(commands, costs):
        yield {
            "process": name,
            "files": str(count),
            "ms": f"{cost.seconds * 1000:.0f}",
            "CPU ms": f"{cost.cpu * 1000:.0f}",
            "times cp": f"{cost.seconds / costs[0].seconds:.1f}",
        }


def _only_what_is_baked(
    root: Path, files: Path, program: tuple[str, ...], variables: Mapping[str, str]
) -> None:
    """Leave in `files` what a bake adds to the example, without its record."""
    shutil.copytree(_EXAMPLE, root)
    bake = [*program, "bake", "--root", str(root)]
    subprocess.run(bake, env=variables, stdout=subprocess.DEVNULL, check=True)
    shutil.rmtree(root / _RECORD)
    for path in _EXAMPLE.rglob("*"):
        if not path.is_dir():
            (root / path.relative_to(_EXAMPLE)).unlink()
    root.rename(files)
