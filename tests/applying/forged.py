"""Records as another hand could write them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.files import put

PROGRAM = "#!/bin/sh\nid\n"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def state(text: str, mode: str = "0755", uid: int = 0) -> dict[str, object]:
    return {"sha256": sha256(text), "mode": mode, "uid": uid, "gid": uid, "is_link": False}


def journal(
    root: Path, store: str, path: str, *, mode: str = "0755", uid: int = 0, schema: int = 1
) -> Path:
    """A journal that has the next run make the program `path` again, with a backup of it.

    Of the first schema, which has no hash.
    """
    step = {"path": path, "before": state(PROGRAM, mode, uid), "after": None}
    document = {
        "schema": f"hyperv-net/journal/{schema}",
        "steps": [step],
        "directories": [],
        "manifest": sha256(""),
    }
    put(root, f"{store}/backups/{sha256(PROGRAM)}", PROGRAM)
    return put(root, f"{store}/journal.json", json.dumps(document))


def manifest(root: Path, store: str, path: str, *, mode: str = "0755", uid: int = 0) -> Path:
    """A manifest by which a rollback makes the program `path`."""
    entry = {
        "path": path,
        "before": state(PROGRAM, mode, uid),
        "written": None,
        "in_place": False,
        "edited": False,
    }
    document = {
        "schema": "hyperv-net/applied/1",
        "generation": 1,
        "files": [entry],
        "directories": [],
    }
    put(root, f"{store}/backups/{sha256(PROGRAM)}", PROGRAM)
    return put(root, f"{store}/manifest.json", json.dumps(document))
