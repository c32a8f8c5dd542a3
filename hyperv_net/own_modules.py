"""Modules are taken from nowhere that somebody else may write to.

What `bake` and the packages install is run with `-I`, and Python asks neither its environment
nor the folder it was started in.  The program that pip makes cannot be told so: by the time
anything of ours runs, Python has put the folders of PYTHONPATH, of the user and, for `python -m`,
the working folder before its own (sys.path of its library reference).  Those that others could
have filled are taken out again before another module is imported.  What Python itself loads from
there before that, a sitecustomize.py, nothing can undo.
"""

from __future__ import annotations

import os
import stat
import sys

_WRITABLE_BY_ALL = stat.S_IWOTH


def leave_out_others_folders() -> None:
    """Take out of sys.path what the environment put there and others own or may write to.

    The folder that this package is in stays: whoever owns it, it is running.
    """
    if sys.flags.isolated:
        return
    own = _real(os.path.dirname(os.path.dirname(__file__)))  # noqa: PTH120 - pathlib is slow
    given = {_real(one) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep)}
    site = sys.modules.get("site")
    given |= {_real("."), _real(getattr(site, "USER_SITE", None) or ".")}
    sys.path[:] = [
        one for one in sys.path if _real(one) == own or _real(one) not in given or _is_ours(one)
    ]


def _real(folder: str) -> str:
    return os.path.realpath(folder or ".")


def _is_ours(folder: str) -> bool:
    """Whether it is root's or this user's, and nobody else may write to it."""
    try:
        status = os.stat(folder or ".")  # noqa: PTH116
    except OSError:
        return False
    return status.st_uid in (0, os.geteuid()) and not status.st_mode & _WRITABLE_BY_ALL
