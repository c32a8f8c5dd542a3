"""What the rules want to know of an image, read from its root once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from hyperv_net import files
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Finding, Severity, System

#: One of these is in every FreeBSD and in no Linux.
_FREEBSDS_OWN = ("bin/freebsd-version", "etc/defaults/rc.conf", "boot/defaults/loader.conf")


class Image(NamedTuple):
    """A root, as far as the rules ask for it.

    `texts` maps paths below the root to the text of files, `paths` are those
    of the other things asked for that exist, and `unreadable` are findings
    about files that could not be read.  `expected_drivers` are those that the
    image must have, by the card's short name; empty where nobody said.
    """

    system: System
    texts: Mapping[str, str]
    paths: frozenset[str]
    unreadable: tuple[Finding, ...] = ()
    expected_drivers: tuple[str, ...] = ()

    def matching(self, *patterns: str) -> dict[str, str]:
        """The texts whose path one of the glob `patterns` fits, in order of their paths."""
        return {
            path: self.texts[path]
            for path in sorted(self.texts)
            if any(files.fits(path, pattern) for pattern in patterns)
        }

    def has(self, *patterns: str) -> bool:
        """Whether there is anything at one of the glob `patterns`."""
        known = (*self.paths, *self.texts)
        return any(files.fits(path, pattern) for path in known for pattern in patterns)


def system_of(root: Path) -> System:
    """Whose root that is."""
    is_freebsd = any(files.exists_below(root, path) for path in _FREEBSDS_OWN)
    return System.FREEBSD if is_freebsd else System.LINUX


def read_image(root: Path, reads: Iterable[str], looks_for: Iterable[str]) -> Image:
    """The image at `root`: `reads` are patterns of texts, `looks_for` of what is to exist."""
    texts: dict[str, str] = {}
    unreadable = []
    for pattern in sorted(set(reads)):
        for path in files.find_below(root, pattern):
            try:
                texts.update(files.read_matching(root, [path]))
            except HypervNetError as error:
                unreadable.append(
                    Finding("unreadable-file", Severity.WARNING, error.what, path, error.hint)
                )
    paths = {path for pattern in looks_for for path in files.find_below(root, pattern)}
    return Image(system_of(root), texts, frozenset(paths), tuple(unreadable))
