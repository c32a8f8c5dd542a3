"""An archive: refused with nothing written, or unpacked with nothing that leads out of it."""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hyperv_net.capture.unpacking import unpack
from hyperv_net.inventory.gathering import gather
from tests.fuzz.inputs import refused_in_one_line

_AT = TemporaryDirectory(prefix="fuzz-")
_END = bytes(1024)


def once(data: bytes) -> None:
    file, root = Path(_AT.name, "c.tar.gz"), Path(_AT.name, "root")
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    file.write_bytes(gzip.compress(data + _END, 1))
    with refused_in_one_line():
        unpack(str(file), root)
        gather(root)
    assert {one.name for one in Path(_AT.name).iterdir()} == {"c.tar.gz", "root"}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            real = os.path.realpath(Path(folder, name))
            assert Path(real).is_relative_to(os.path.realpath(root)), (folder, name, real)
