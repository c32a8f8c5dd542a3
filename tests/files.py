"""Files below a folder that stands for /."""

from __future__ import annotations

from pathlib import Path


def put(root: Path, path: str, text: str = "", mode: int | None = None) -> Path:
    """Write a file below `root`, with the folders that it is in; its mode stays unless given."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    if mode is not None:
        file.chmod(mode)
    return file
