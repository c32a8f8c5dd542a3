"""This program's own files, as they go into an image."""

from __future__ import annotations

from pathlib import Path

from hyperv_net import files

#: Of the package's folder: what runs, and what is put elsewhere in an image.
_PATTERNS = ("*.py", "py.typed", "*/*.py", "data/*.cfg", "data/*/*")


def own_package() -> dict[str, str]:
    """Path in the package's folder → text, for each file of it.

    Raises HypervNetError where one cannot be read.
    """
    folder = Path(__file__).resolve().parents[1]
    found = {}
    for pattern in _PATTERNS:
        for path in sorted(folder.glob(pattern)):
            # `renderers` is a link in a checkout; what it leads to belongs to the package.
            if path.is_file() and "__pycache__" not in path.parts:
                found[path.relative_to(folder).as_posix()] = files.read_text(path)
    return found
