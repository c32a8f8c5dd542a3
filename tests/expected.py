"""What the program says of each example; `python -m tests.expected` writes it down.

Read the difference before committing it: these files are the golden tests.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path

from hyperv_net.cli import main
from tests.paths import EXAMPLES

KEEP_OFF = EXAMPLES / "keep-off"
CASES = sorted(path.parent for path in EXAMPLES.glob("*/inventory.json"))


def targets(case: Path) -> list[str]:
    """The targets that apply to a case: what can configure a machine of its system."""
    freebsd = '"freebsd"' in (case / "inventory.json").read_text()
    return ["freebsd"] if freebsd else ["ifupdown", "netplan", "network-manager", "networkd"]


def produce(case: Path, target: str) -> tuple[int, dict[str, str]]:
    """The exit status, and path → text of what `plan` prints and `render` writes."""
    options = [
        *("--inventory", f"{case.name}/inventory.json"),
        *("--network-config", f"{case.name}/network-config.yaml"),
        *("--target", target),
    ]
    if (case / "root").exists():
        options += ["--root", f"{case.name}/root"]
    printed = io.StringIO()
    before = Path.cwd()
    os.chdir(EXAMPLES)
    try:
        with tempfile.TemporaryDirectory() as folder:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
                status = main(["plan", *options])
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                main(["render", *options, "--output-dir", folder])
            return status, {"plan.txt": printed.getvalue(), **tree(Path(folder))}
    finally:
        os.chdir(before)


def handed_out() -> dict[str, str]:
    """Path below examples/keep-off → text of what `guard` gives a machine without Python."""
    ways = {
        "config.ign": ("--format", "ignition"),
        "fcos.bu": ("--format", "butane", "--variant", "fcos"),
        "flatcar.bu": ("--format", "butane", "--variant", "flatcar"),
    }
    found = {}
    for path, options in ways.items():
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            main(["guard", *options])
        found[path] = printed.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.redirect_stdout(io.StringIO()):
            main(["guard", "--output-dir", folder])
        return {**found, **tree(Path(folder))}


def tree(folder: Path) -> dict[str, str]:
    """Path below the folder → text."""
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write_all() -> int:
    """Write every example's expected/ anew."""
    for case in CASES:
        shutil.rmtree(case / "expected", ignore_errors=True)
        for target in targets(case):
            status, produced = produce(case, target)
            for path, text in produced.items():
                file = case / "expected" / target / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            print(f"{case.name:24} {target:10} status {status}, {len(produced) - 1} files")
    shutil.rmtree(KEEP_OFF, ignore_errors=True)
    for path, text in handed_out().items():
        (KEEP_OFF / path).parent.mkdir(parents=True, exist_ok=True)
        (KEEP_OFF / path).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(write_all())
