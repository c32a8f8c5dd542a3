"""Trees that belong to somebody else than whoever runs the tests."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hyperv_net.root import believing

NOBODY = 65534


class _Another:
    """Module `os` of a process that another user runs."""

    def __init__(self, user: int) -> None:
        self._user = user

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def geteuid(self) -> int:
        return self._user


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch, looking: ModuleType = believing) -> int:
    """Give a file or a whole tree to another user, whose number is returned.

    Where only root may do that, the module `looking` takes itself for another user's.
    """
    if os.geteuid():
        owner = path.lstat().st_uid
        monkeypatch.setattr(looking, "os", _Another(owner + 1))
        return owner
    for one in (path, *path.rglob("*")) if path.is_dir() else (path,):
        os.chown(one, NOBODY, NOBODY, follow_symlinks=False)
    return NOBODY
