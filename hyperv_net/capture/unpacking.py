"""A capture unpacked into a folder, whoever made it.

All of it is checked before anything is written: paths and links that lead out of the folder,
what is neither file nor folder nor link, a path through a link or through a file, and sizes,
the one that gzip hides among them.  Links are made last, so that nothing is written through one.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zlib
from pathlib import Path

from hyperv_net.capture.tree import (
    MEMBER_LIMIT,
    NAME_LIMIT,
    PATH_LIMIT,
    SIZE_LIMIT,
    Tree,
    leads_out,
)
from hyperv_net.errors import HypervNetError
from hyperv_net.inventory.answers import ANSWERS
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import IO

    from hyperv_net.places import Where

_GZIP = b"\x1f\x8b"
_END = bytes(2 * tarfile.BLOCKSIZE)
_SHOWN = 60
_REGULAR = (tarfile.REGTYPE, tarfile.AREGTYPE)


def is_archive(file: str) -> bool:
    """Whether a file begins as one of gzip does; no pipe is waited for."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            return stream.read(len(_GZIP)) == _GZIP
    except OSError:
        return False


def unpack(file: str, folder: Path) -> None:
    """Make the tree of the capture `file` in the empty `folder`.

    Raises HypervNetError, and has written nothing, where it is not one or is not safe.
    """
    try:
        tree = _read(file)
    except OSError as error:
        raise HypervNetError(
            f"cannot be read: {error.strerror or error}", where=Place(file)
        ) from None
    if ANSWERS not in tree.texts:
        raise HypervNetError(
            f"an archive without {ANSWERS}, so no capture",
            where=Place(file),
            hint="make one with 'hyperv-net inventory --capture FILE'",
        )
    _check_ways(tree, file)
    for path in tree.folders:
        (folder / path).mkdir(parents=True, exist_ok=True)
    for path, text in tree.texts.items():
        _make_above(folder / path)
        (folder / path).write_bytes(text.encode("utf-8", "surrogateescape"))
    for path, target in tree.links.items():
        _make_above(folder / path)
        (folder / path).symlink_to(target)


def _make_above(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)


def _read(file: str) -> Tree:
    with Path(file).open("rb") as stream:
        plain = _decompressed(stream, file)
    # A tar archive ends with such blocks, and tarfile takes one without them for whole.
    if not plain.endswith(_END):
        raise HypervNetError("not a whole tar archive", where=Place(file))
    tree = Tree({}, {}, set(), {})
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for count, member in enumerate(archive):
                if count >= MEMBER_LIMIT:
                    raise _unsafe(Place(file), f"more than {MEMBER_LIMIT} files")
                _add(tree, archive, member, file)
    except (tarfile.TarError, ValueError, EOFError, OverflowError) as error:
        raise HypervNetError(f"not a whole tar archive: {error}", where=Place(file)) from None
    return tree


def _decompressed(stream: IO[bytes], file: str) -> bytes:
    try:
        with gzip.GzipFile(fileobj=stream) as unzipped:
            plain = unzipped.read(SIZE_LIMIT + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise HypervNetError(f"not a whole .tar.gz: {error}", where=Place(file)) from None
    if len(plain) > SIZE_LIMIT:
        raise _unsafe(Place(file), f"more than {SIZE_LIMIT // 1024**2} MiB when unpacked")
    return plain


def _add(tree: Tree, archive: tarfile.TarFile, member: tarfile.TarInfo, file: str) -> None:
    for text in (member.name, member.linkname):
        if not _fits(text):
            raise _unsafe(_member(file, f"{text[:_SHOWN]}…"), "a path that no file system takes")
    if member.issym() and not member.linkname:
        raise _unsafe(_member(file, member.name), "a link to nothing")
    path = member.name.rstrip("/").removeprefix("./")
    where = _member(file, path)
    parts = path.split("/")
    if ".." in parts or "" in parts or "." in parts or "\0" in path:
        if path in ("", ".") and member.isdir():
            return  # tar(1) has the folder itself as the first.
        raise _unsafe(where, "a path that is none below a root")
    if path in tree.texts or path in tree.links:
        raise _unsafe(where, "there twice")
    if member.isdir():
        tree.folders.add(path)
    elif member.issym():
        tree.links[path] = member.linkname
    elif member.type in _REGULAR and not member.issparse():
        stream = archive.extractfile(member)
        data = stream.read() if stream is not None else b""
        if len(data) != member.size:
            raise _unsafe(where, "cut short")
        tree.texts[path] = data.decode("utf-8", "surrogateescape")
    else:
        raise _unsafe(where, "neither a file nor a folder nor a link")


def _fits(path: str) -> bool:
    raw = os.fsencode(path)
    return len(raw) <= PATH_LIMIT and all(len(part) <= NAME_LIMIT for part in raw.split(b"/"))


def _check_ways(tree: Tree, file: str) -> None:
    """Raise HypervNetError where a path leads through a file or a link, or is two things."""
    for path in tree.links:
        if leads_out(path, tree.links):
            what = f"a link that leads out of the root, to {tree.links[path]!a}"
            raise _unsafe(_member(file, path), what)
    for path in (*tree.texts, *tree.links, *tree.folders):
        if path in tree.folders and (path in tree.texts or path in tree.links):
            raise _unsafe(_member(file, path), "there twice")
        above = path.rpartition("/")[0]
        while above:
            if above in tree.links or above in tree.texts:
                raise _unsafe(_member(file, path), f"below {above!a}, which is no folder")
            above = above.rpartition("/")[0]


def _member(file: str, path: str) -> str:
    """A file in an archive, whose path may be anything."""
    return f"{file}: {path!a}"


def _unsafe(where: Where, what: str) -> HypervNetError:
    return HypervNetError(
        f"{what}, so it is not unpacked",
        where=where,
        hint="use an archive that 'hyperv-net inventory --capture FILE' has made",
    )
