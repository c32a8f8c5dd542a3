"""Keeps the machine's own programs out of the tests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

#: A PATH without any program.
NO_PROGRAMS = "/nowhere"

_FOLDERS = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")

#: Covers the files in front of `--`, which nobody else sees, and goes on as the command behind it.
_HIDE = """\
while [ "$1" != -- ]; do mount --bind /dev/null "$1"; shift; done
shift
exec "$@"
"""


def hiding(names: Sequence[str], command: Sequence[str]) -> list[str]:
    """The command, where it finds none of these programs of the machine, whatever path it takes.

    That is in a mount namespace, or here where the machine has none of them.
    """
    files = [Path(folder, name) for folder in _FOLDERS for name in names]
    found = sorted({os.path.realpath(file) for file in files if file.exists()})
    if not found:
        return list(command)
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *as_root, "--mount", "sh", "-euc", _HIDE, "hide", *found, "--", *command]
