"""An error of the system as the user reads it."""

from __future__ import annotations

import errno
from contextlib import contextmanager

from hyperv_net.errors import HypervNetError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HINTS = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room and run it again"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), "run it as root"),
    errno.EROFS: "mount it writable",
}


@contextmanager
def blaming(path: Path, what: str) -> Iterator[None]:
    """Turn an OSError into HypervNetError: which file, what could not be done, what to do."""
    try:
        yield
    except OSError as error:
        raise HypervNetError(
            f"cannot be {what}: {error.strerror}",
            where=Place(str(path)),
            hint=_HINTS.get(error.errno or 0, ""),
        ) from None
