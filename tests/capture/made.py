"""Captures, made and read back as the command line does it, and archives as others make them."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

from hyperv_net.capture.archive import packed
from hyperv_net.capture.looking import look
from hyperv_net.capture.unpacking import unpack
from hyperv_net.inventory.answers import ANSWERS
from hyperv_net.inventory.gathering import gather
from hyperv_net.model import Inventory

ANSWERED = '{"schema": "hyperv-net/capture/1", "system": "linux"}'


def captured(root: Path, file: Path, inventory: Inventory | None = None) -> Path:
    """The capture `file` of the machine at `root`."""
    file.write_bytes(packed(look(root, inventory or gather(root))))
    return file


def unpacked(file: Path, folder: Path) -> Path:
    """What is in a capture, in a folder of its own."""
    unpack(str(file), folder)
    return folder


def texts(file: Path) -> dict[str, str]:
    """Path → text of the files in an archive."""
    with tarfile.open(file) as archive:
        return {
            one.name: stream.read().decode()
            for one in archive
            if one.isreg() and (stream := archive.extractfile(one)) is not None
        }


def member(path: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    """A member that any program could have put into an archive."""
    info = tarfile.TarInfo(path)
    info.type, info.linkname = kind, link
    return info


def archive(file: Path, *members: tarfile.TarInfo | tuple[tarfile.TarInfo, bytes]) -> Path:
    """An archive with an answers file and these members, in this order."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as made:
        for one in ((member(ANSWERS), ANSWERED.encode()), *members):
            info, data = one if isinstance(one, tuple) else (one, b"")
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
    file.write_bytes(gzip.compress(plain.getvalue()))
    return file
