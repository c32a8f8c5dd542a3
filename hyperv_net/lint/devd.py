"""FreeBSD's devd rules for VFs: only the matching rule of highest priority runs (devd.conf(5))."""

from __future__ import annotations

import re

from hyperv_net.model import Finding, Severity
from hyperv_net.places import within
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.lint.image import Image

_FILES = ("etc/devd/*.conf", "usr/local/etc/devd/*.conf", "etc/devd.conf")
#: hyperv-net's rules have this priority; upstream's hyperv.conf has 10 (sbin/devd/hyperv.conf).
OUR_PRIORITY = 20
_OURS = "hyperv-net"

READS = _FILES
LOOKS_FOR = ()

_RULE = re.compile(r"^\s*(?:notify|attach|detach|nomatch)\s+(\d+)\s*\{", re.M)
_SPEAKS_OF_VFS = re.compile(r"HYPERV_NIC_VF|hyperv_vf|IFATTACH|IFNET")


def check(image: Image) -> Iterator[Finding]:
    """A warning for each rule about VFs that would run in place of hyperv-net's."""
    for path, text in image.matching(*_FILES).items():
        if _OURS in path:
            continue
        for rule in _RULE.finditer(text):
            body = text[rule.end() : text.find("}", rule.end())]
            if int(rule[1]) >= OUR_PRIORITY and _SPEAKS_OF_VFS.search(body):
                yield Finding(
                    "devd-rule-outranks",
                    Severity.WARNING,
                    f"a rule about VFs with priority {rule[1]} runs in place of hyperv-net's "
                    f"({OUR_PRIORITY})",
                    within(path, text, rule.start(1), rule.end(1)),
                    f"give it a priority below {OUR_PRIORITY}, or remove it",
                )
