"""Runs steps inside a root made of layers, in namespaces of its own, and leaves nothing behind.

The sandbox has mounts, processes, network, host name and IPC of its own.  Its
root is an overlay: read-only layers below, the machine's own files on top.
These are copied in before and brought back after, so that the result of a run
is a plain folder that holds what was written and nothing else.

Works for root, and for an ordinary user where user namespaces are allowed; then
the sandbox has one user only, and a `chown` to another one fails.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.outcome import Outcome

_SCRIPT = Path(__file__).with_name("sandbox.sh")
_SECONDS = 300


class SandboxError(Exception):
    """The sandbox itself could not be had; the message says why and what to do."""


@dataclass(frozen=True)
class Step:
    """A script to run inside the root, or on this side of it with the root as its argument.

    `name` tells it in messages.  The script begins with `#!`.
    """

    name: str
    script: str
    outside: bool = False


def run(layers: Sequence[Path], own: Path, steps: Sequence[Step]) -> list[Outcome]:
    """Go through the steps, one after another whatever their status, and return how each ended.

    `layers` are the read-only folders of the root, the topmost first; `own`
    has the machine's own files and receives what the steps wrote.
    """
    _namespaces_allowed()
    with TemporaryDirectory(prefix="firstboot-") as scratch:
        work, folder = Path(scratch, "work"), Path(scratch, "steps")
        work.mkdir()
        folder.mkdir()
        scripts = []
        for number, step in enumerate(steps):
            side = "host" if step.outside else "root"
            script = folder / f"{number:02}-{side}-{step.name}.run"
            script.write_text(step.script)
            script.chmod(0o755)
            scripts.append(script)
        lower = ":".join(map(str, layers))
        done = _unshared(["sh", str(_SCRIPT), str(work), lower, str(own), str(folder)])
        if done.returncode:
            last = done.stderr.strip().splitlines()[-3:]
            raise SandboxError(f"sandbox failed ({done.returncode}): {' / '.join(last)}")
        return [_outcome(script) for script in scripts]


def _outcome(script: Path) -> Outcome:
    status, out, err = (
        Path(f"{script}.{part}").read_text(encoding="utf-8", errors="backslashreplace")
        for part in ("status", "out", "err")
    )
    return Outcome(int(status), out, err)


@cache
def _namespaces_allowed() -> None:
    done = _unshared(["mount", "-t", "tmpfs", "none", "/mnt"])
    if done.returncode:
        raise SandboxError(
            f"no namespaces for this user: {done.stderr.strip()}; run as root, or allow "
            "user namespaces (sysctl kernel.unprivileged_userns_clone, in a container "
            "also its seccomp profile and CAP_SYS_ADMIN)"
        )


def _unshared(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    namespaces = ["--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child"]
    try:
        return subprocess.run(
            ["unshare", *as_root, *namespaces, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except FileNotFoundError as missing:
        raise SandboxError("no `unshare` on this machine: it is in util-linux") from missing
