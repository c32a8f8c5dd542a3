"""Trees that belong to somebody else than whoever runs the tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

NOBODY = 65534


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch, user: int = NOBODY) -> int:
    """Give a file or a whole tree to a user, whose number is returned.

    Where that is not allowed, the tests' own process takes itself for another user.
    """
    if os.geteuid():
        owner = path.lstat().st_uid
        monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
        return owner
    for one in (path, *path.rglob("*")) if path.is_dir() else (path,):
        os.chown(one, user, user, follow_symlinks=False)
    return user
