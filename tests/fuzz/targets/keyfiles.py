"""Two profiles of NetworkManager, adopted, asked and injected into."""

from __future__ import annotations

from tests.fuzz.inputs import texts
from tests.fuzz.machines import adopt

FOLDERS = ("etc", "run", "usr/lib")


def once(data: bytes) -> None:
    found = texts(data, 3)
    if found is None:
        return
    main, further, where = found
    files = {"etc/NetworkManager/system-connections/a.nmconnection": main}
    if further:
        folder = FOLDERS[len(where) % len(FOLDERS)]
        files[f"{folder}/NetworkManager/system-connections/b.nmconnection"] = further
    adopt("network-manager", files)
