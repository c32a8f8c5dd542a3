"""Two files of netplan, merged as netplan does, edited where they stand."""

from __future__ import annotations

from tests.fuzz.inputs import texts
from tests.fuzz.machines import adopt


def once(data: bytes) -> None:
    found = texts(data, 2)
    if found is None:
        return
    main, further = found
    files = {"etc/netplan/50-cloud-init.yaml": main}
    if further:
        files["etc/netplan/90-x.yaml"] = further
    adopt("netplan", files)
