"""Patterns of paths below a root, of which each component may be a glob."""

from __future__ import annotations

from fnmatch import fnmatchcase


def fits(path: str, pattern: str) -> bool:
    """Whether a path is one of those that `pattern` means, component by component."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))
