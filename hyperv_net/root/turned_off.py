"""Whether hyperv-net is turned off, as what runs at an event asks: a file that is there says so.

`enabled: false` stands in cloud-init's configuration, and an event of a VF leaves no time to
read YAML.  Whoever reads the settings keeps the answer (turning.py).  The rules of udev and the
hook of devd look for the same file.
"""

from __future__ import annotations

from hyperv_net.errors import printable
from hyperv_net.facts import System
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The file, below the root; it outlives a boot, since udev and devd come before the guard.
OFF: Mapping[System, str] = {
    System.LINUX: "var/lib/hyperv-net/off",
    System.FREEBSD: "var/db/hyperv-net/off",
}

_LONGEST = 300


def why_turned_off(root: str = "/") -> str:
    """Why it is turned off, in one line, as it was kept; empty where it is not."""
    for path in OFF.values():
        try:
            with open(f"{root.rstrip('/')}/{path}", "rb") as file:  # noqa: PTH123 - pathlib is slow
                said = file.read(_LONGEST).decode("utf-8", "backslashreplace")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            # One that is there and cannot be read says so as well.
            said = f"{path}: {error.strerror}"
        return printable(said.partition("\n")[0]) or path
    return ""
