"""What the hook keeps of a drain and of its last run: a file that holds none is passed over."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hyperv_net.hotplug.kept import drains, last
from hyperv_net.hotplug.look.state import Phase, is_owner
from hyperv_net.names import is_interface_name
from tests.building import mac
from tests.fuzz.inputs import texts

_FOLDER = TemporaryDirectory(prefix="fuzz-")


def once(data: bytes) -> None:
    found = texts(data, 2)
    if found is None:
        return
    drained = Path(_FOLDER.name, "drained", mac(0))
    drained.parent.mkdir(exist_ok=True)
    drained.write_bytes(found[0].encode())
    Path(_FOLDER.name, "last.json").write_bytes(found[1].encode())
    for drain in drains.read_drains(_FOLDER.name):
        assert drain.mac == mac(0) and (is_interface_name(drain.vf_name) or not drain.vf_name)
        assert all(is_owner(one) for one in drain.owners)
        assert bool(drain.owners) or drain.phase is Phase.ENDING
        before = drains.read_drains(_FOLDER.name)
        drains.keep_drains(_FOLDER.name, before)
        assert drains.read_drains(_FOLDER.name) == before
    last.read(_FOLDER.name)
