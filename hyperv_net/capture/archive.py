"""A capture as the bytes of a .tar.gz, the same ones for the same tree, and as a file."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from pathlib import Path

from hyperv_net.capture.tree import MEMBER_LIMIT, SIZE_LIMIT
from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.capture.tree import Tree

_FILE_MODE, _FOLDER_MODE = 0o644, 0o755


def packed(tree: Tree) -> bytes:
    """The archive.  Raises HypervNetError where it would be larger than one that is read."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for count, (member, data) in enumerate(_members(tree)):
            if count >= MEMBER_LIMIT:
                raise HypervNetError(f"the capture would have more than {MEMBER_LIMIT} files")
            archive.addfile(member, io.BytesIO(data))
    if plain.tell() > SIZE_LIMIT:
        raise HypervNetError(f"the capture would be larger than {SIZE_LIMIT // 1024**2} MiB")
    compressed = io.BytesIO()
    # Without a time and a name of its own.
    with gzip.GzipFile("", "wb", fileobj=compressed, mtime=0) as stream:
        stream.write(plain.getvalue())
    return compressed.getvalue()


def _members(tree: Tree) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """In the order of their paths, of nobody and of no time."""
    # A folder on the way to a link or a file comes by itself.
    for path in sorted({*tree.texts, *tree.links, *tree.folders}):
        member = tarfile.TarInfo(path)
        data = b""
        if path in tree.links:
            member.type, member.linkname = tarfile.SYMTYPE, tree.links[path]
            member.mode = 0o777
        elif path in tree.texts:
            data = tree.texts[path].encode("utf-8", "surrogateescape")
            member.size, member.mode = len(data), _FILE_MODE
        else:
            member.type, member.mode = tarfile.DIRTYPE, _FOLDER_MODE
        yield member, data


def write_archive(file: str, data: bytes) -> None:
    """Make `file`, its owner's alone, with these bytes.

    Raises HypervNetError where there is something of that name, or it cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        descriptor = os.open(file, flags, 0o600)
    except FileExistsError:
        raise HypervNetError(
            "it is there already", where=Place(file), hint="remove it, or give another name"
        ) from None
    except OSError as error:
        raise HypervNetError(f"cannot be made: {error.strerror}", where=Place(file)) from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
    except OSError as error:
        Path(file).unlink()
        raise HypervNetError(f"cannot be written: {error.strerror}", where=Place(file)) from None
