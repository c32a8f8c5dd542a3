"""Files of other programs that name the synthetic NIC, whose addresses move to an aggregate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hyperv_net.lint.image import Image
from hyperv_net.model import Finding, Severity, System

#: Files that name interfaces; rc.conf and the network's own files are the plan's concern.
_FREEBSD = (
    *("etc/pf.conf", "etc/ipfw.rules", "etc/ipfw.conf", "etc/ipf.rules", "etc/dhclient.conf"),
    *("etc/sysctl.conf", "usr/local/etc/ipfw.rules", "usr/local/etc/dnsmasq.conf"),
    *("etc/rtadvd.conf", "etc/sysctl.conf.local", "usr/local/etc/dhcpd.conf"),
    *("usr/local/etc/keepalived/keepalived.conf", "usr/local/etc/unbound/unbound.conf"),
)
_LINUX = (
    *("etc/nftables.conf", "etc/nftables.d/*", "etc/nftables/*", "etc/iptables/*"),
    *("etc/iptables.rules", "etc/sysconfig/iptables", "etc/dhcpcd.conf", "etc/ferm/ferm.conf"),
    *("etc/ufw/*.rules", "etc/shorewall/interfaces", "etc/keepalived/keepalived.conf"),
    *("etc/keepalived/conf.d/*.conf", "etc/dhcp/dhclient.conf", "etc/sysctl.conf"),
    *("etc/sysctl.d/*.conf", "etc/dnsmasq.conf", "etc/dnsmasq.d/*", "etc/firewalld/zones/*.xml"),
)
_START_IF = "etc/start_if.*"

READS = (*_FREEBSD, *_LINUX, _START_IF)
LOOKS_FOR = ()

_SYNTHETIC = {
    System.FREEBSD: re.compile(r"(?<![\w.-])(hn[0-9]{1,3})(?![\w-])"),
    # In a rule file such a word stands alone or in quotes; sysctl writes net.ipv4.conf.eth0.x.
    System.LINUX: re.compile(r"(?<![\w-])(eth[0-9]{1,3})(?![\w-])"),
}


def check(image: Image) -> Iterator[Finding]:
    """A warning for each line that names a NIC which an aggregate would stand in for."""
    files = _FREEBSD if image.system is System.FREEBSD else _LINUX
    synthetic = _synthetic(image)
    for path, text in image.matching(*files).items():
        for number, line in enumerate(text.splitlines(), start=1):
            found = synthetic.search(_without_comment(line, path))
            if found:
                yield _named(found[1], f"{path}:{number}")
    for path in image.matching(_START_IF):
        name = path.partition("start_if.")[2]
        if synthetic.fullmatch(name):
            yield _named(name, path)


def _synthetic(image: Image) -> re.Pattern[str]:
    """What names a NIC that an aggregate stands in for."""
    if image.machine is None:
        return _SYNTHETIC[image.system]
    names = "|".join(map(re.escape, sorted(image.machine.synthetic))) or r"(?!)"
    before = r"[\w.-]" if image.system is System.FREEBSD else r"[\w-]"
    return re.compile(rf"(?<!{before})({names})(?![\w-])")


def _without_comment(line: str, path: str) -> str:
    """In keepalived's files `!` begins a comment as well."""
    line = line.partition("#")[0]
    return line.partition("!")[0] if "keepalived" in path else line


def _named(name: str, where: str) -> Finding:
    return Finding(
        "names-the-synthetic-nic",
        Severity.WARNING,
        f"it names {name}, whose addresses are the aggregate's where one is made",
        where,
        "name the aggregate there, or match both",
    )
