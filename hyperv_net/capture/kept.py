"""What of a file's text a capture keeps: no secret, and nothing that is not read.

Lines stay where they are, so that what is said of one names it as on the machine.
"""

from __future__ import annotations

import re

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.cloud_config import CLOUD_CFG, KEYS_READ
from hyperv_net.root.patterns import fits
from hyperv_net.secrets.masking import hiding, masked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

#: A word that every format takes as a value, unlike what stands for a secret elsewhere.
INSTEAD = "hidden-in-capture"

#: Stands for a line that is not read.
_LINE_INSTEAD = "#"

_TOP_KEY = re.compile(r"[\"']?([A-Za-z_][\w-]*)[\"']?[ \t]*:")
_SYNTHETIC = re.compile(r"(?<![\w-])(?:eth|hn)[0-9]")


class Keeping:
    """What is kept of the texts of one machine.

    `nics` are the names of its interfaces, and `for_names` the patterns of files that are read
    for those alone.
    """

    def __init__(self, nics: Collection[str], for_names: Collection[str]) -> None:
        words = "|".join(map(re.escape, sorted(nics)))
        self._names = re.compile(rf"(?<![\w.-])(?:{words or '(?!)'})(?![\w-])")
        self._for_names = for_names
        self._seen: list[str] = []

    def what_is_read(self, path: str, text: str) -> str:
        """The text of the file that is found at `path`, without the lines that nobody reads."""
        self._seen.append(text)
        lines = text.splitlines(keepends=True)
        if any(fits(path, pattern) for pattern in CLOUD_CFG):
            return "".join(_of_cloud_init(lines))
        if any(fits(path, pattern) for pattern in self._for_names):
            return "".join(line if self._names_a_nic(line) else _blank(line) for line in lines)
        return text

    def _names_a_nic(self, line: str) -> bool:
        return bool(self._names.search(line) or _SYNTHETIC.search(line))

    def without_secrets(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Path → text with a word for each secret of any text that was seen."""
        # A secret of one file may be named in another, under a name that does not tell.
        hide = hiding((*self._seen, *texts.values()), INSTEAD)
        return {path: hide(masked(text, INSTEAD)) for path, text in texts.items()}


def _of_cloud_init(lines: Iterable[str]) -> Iterator[str]:
    """The lines below the keys that are read; comments as well, which may have been lines."""
    is_read = False
    for line in lines:
        key = _TOP_KEY.match(line)
        if key is not None:
            is_read = key[1] in KEYS_READ
        elif line[:1] not in " \t#-\r\n":
            is_read = False  # In a flow style, or not YAML.
        yield line if is_read and not line.startswith("#") else _blank(line)


def _blank(line: str) -> str:
    bare = line.rstrip("\r\n")
    return (_LINE_INSTEAD if bare else "") + line[len(bare) :]
