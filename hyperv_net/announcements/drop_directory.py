"""A folder in which scripts announce something: a host's, an operator's or a libvirt hook's.

Each file ID.json there is a document hyperv-net/announcement/1, and what it announces is over when
the file is gone, or is another one: a script that ends one migration and begins the next between
two looks has put another file in the place of the first.  The same file with the same in it, as
after touch(1), is none, whenever it was written.  It is believed where root alone could
have put it there (root/believing.py).  The folder is on a file system that each boot empties.
"""

from __future__ import annotations

import os

from hyperv_net.announcements.announcement import ID
from hyperv_net.announcements.own_document import announcement_in
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.errors import HypervNetError, first_of, of_file
from hyperv_net.hotplug.wanted import RUN_DIRECTORY
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import believing, files
from hyperv_net.root.system import system_of

if TYPE_CHECKING:
    from hyperv_net.announcements.announcement import Announcement
    from hyperv_net.root.believing import Root

NAME = "directory"

#: Seconds between two looks.
WAIT = 2.0

_SUFFIX = ".json"
_LARGEST = 16 * 1024  # bytes of a file
_MOST = 64  # files


class _Folder:
    """The folder of a root."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._path = f"{RUN_DIRECTORY[system_of(root)][1:]}/announcements"

    def ask(self, _: float) -> Heard:
        try:
            names = self._names()
        except HypervNetError as error:
            return Heard(None, WAIT, str(error))
        found, unread, troubles = [], [], []
        for name in names:
            try:
                announcement = self._read(name)
            except HypervNetError as error:
                troubles.append(str(error))
                # A file that is being written, or damaged, is not a file that is gone.
                unread.append(name[: -len(_SUFFIX)])
            else:
                found += [announcement] if announcement is not None else []
        return Heard(tuple(found), WAIT, first_of(troubles), tuple(filter(ID.match, unread)))

    def _names(self) -> list[str]:
        if not believing.check(self._root, self._path):
            return []
        folder = files.resolve_below(self._root, self._path)
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - paths are texts here
        except FileNotFoundError:
            return []
        except OSError as error:
            raise of_file(folder, f"cannot be read: {error.strerror}") from None
        ours = [one for one in names if one.endswith(_SUFFIX) and not one.startswith(".")]
        if len(ours) > _MOST:
            raise of_file(folder, f"has more than {_MOST} announcements", "remove what is over")
        return ours

    def _read(self, name: str) -> Announcement | None:
        """The announcement of a file; None where that is gone."""
        where = f"/{self._path}/{name}"
        identity = name[: -len(_SUFFIX)]
        if not ID.match(identity):
            raise of_file(where, "its name is no id", "use letters, digits, dots and hyphens")
        descriptor = believing.opened(self._root, f"{self._path}/{name}")
        if descriptor is None:
            return None
        try:
            with believing.reading(descriptor) as file:
                edition = _edition(os.fstat(file.fileno()))
                data = file.read(_LARGEST + 1)
        except OSError as error:
            raise of_file(where, f"cannot be read: {error.strerror}") from None
        if len(data) > _LARGEST:
            raise of_file(where, f"larger than {_LARGEST} bytes")
        return announcement_in(data, where, NAME, identity)._replace(edition=edition)


def _edition(status: os.stat_result) -> str:
    """What tells a file from another one of its name.

    A file system may give the number of one that was removed to the next, so that its time counts
    as well.
    """
    return f"{status.st_ino}-{status.st_mtime_ns}"


def source(root: Root = "/") -> Source:
    """The folder's source: /run/hyperv-net/announcements, on FreeBSD below /var/run."""
    return Source(NAME, _Folder(root).ask)
