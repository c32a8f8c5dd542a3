"""Files of other programs that name the synthetic NIC, whose addresses move to an aggregate."""

from __future__ import annotations

import re

from hyperv_net.drivers import FREEBSD_SYNTHETIC_DRIVER
from hyperv_net.model import Finding, Severity, System
from hyperv_net.places import Place, within
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root import naming_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

READS = (*naming_files.FREEBSD, *naming_files.LINUX, naming_files.START_IF)
LOOKS_FOR = ()

_EXCLAIMS = ("keepalived", "/frr/", "/quagga/")
_SYNTHETIC = {
    System.FREEBSD: re.compile(rf"(?<![\w.-])({FREEBSD_SYNTHETIC_DRIVER}[0-9]{{1,3}})(?![\w-])"),
    # In a rule file such a word stands alone or in quotes; sysctl writes net.ipv4.conf.eth0.x.
    System.LINUX: re.compile(r"(?<![\w-])(eth[0-9]{1,3})(?![\w-])"),
}


def check(image: Image) -> Iterator[Finding]:
    """A warning for each line that names a NIC which an aggregate would stand in for."""
    files = naming_files.FREEBSD if image.system is System.FREEBSD else naming_files.LINUX
    synthetic = _synthetic(image)
    for path, text in image.matching(*files).items():
        for number, line in enumerate(text.splitlines(), start=1):
            found = synthetic.search(_without_comment(line, path))
            if found:
                yield _named(found[1], within(path, line, found.start(1), found.end(1), number))
    for path in image.matching(naming_files.START_IF):
        name = path.partition("start_if.")[2]
        if synthetic.fullmatch(name):
            yield _named(name, Place(path))


def _synthetic(image: Image) -> re.Pattern[str]:
    """What names a NIC that an aggregate stands in for."""
    if image.machine is None:
        return _SYNTHETIC[image.system]
    names = "|".join(map(re.escape, sorted(image.machine.synthetic))) or r"(?!)"
    before = r"[\w.-]" if image.system is System.FREEBSD else r"[\w-]"
    return re.compile(rf"(?<!{before})({names})(?![\w-])")


def _without_comment(line: str, path: str) -> str:
    """In the files of keepalived and of FRR's kin `!` begins a comment as well."""
    line = line.partition("#")[0]
    return line.partition("!")[0] if any(one in path for one in _EXCLAIMS) else line


def _named(name: str, where: Place) -> Finding:
    return Finding(
        "names-the-synthetic-nic",
        Severity.WARNING,
        f"it names {name}, whose addresses are the aggregate's where one is made",
        where,
        "name the aggregate there, or match both",
    )
