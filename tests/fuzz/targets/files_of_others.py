"""Files of others that lint and a plan look through: keyfiles, .link and .network, udev's rules."""

from __future__ import annotations

from hyperv_net import lint
from hyperv_net.decision.claims import any_card, findings
from hyperv_net.lint import both_nics
from hyperv_net.lint.image import Image, Machine
from hyperv_net.model import System
from hyperv_net.root.ini import settings
from hyperv_net.root.udev import rules_of
from tests.building import mac
from tests.fuzz.inputs import choice, refused_in_one_line, texts

_PATHS = (
    *("etc/systemd/network/10-a.link", "etc/systemd/network/10-a.network"),
    *("etc/NetworkManager/conf.d/a.conf", "etc/NetworkManager/system-connections/a.nmconnection"),
    *("etc/sysconfig/network-scripts/ifcfg-eth0", "etc/udev/rules.d/70-a.rules"),
    *("etc/netplan/50-a.yaml", "etc/network/interfaces", "etc/waagent.conf", "boot/loader.conf"),
    *("etc/cloud/cloud.cfg.d/a.cfg", "etc/rc.conf", "usr/local/etc/devd/a.conf", "etc/devd/a.conf"),
    *("etc/modules", "etc/modprobe.d/a.conf", "etc/default/grub", "etc/sysctl.conf"),
)
_SYSTEMS = tuple(System)


def once(data: bytes) -> None:
    parts = texts(data, 2)
    if parts is None:
        return
    files = {}
    for part in filter(None, parts):
        path, text = choice(part, _PATHS)
        files[path] = text
    for text in files.values():
        assert all(one.line > 0 for one in settings(text))
    for rule in rules_of(files):
        assert rule.tokens and rule.where
    rules = lint._rules()
    for system in _SYSTEMS:
        machine = Machine(system, frozenset([mac(0)]), frozenset(["eth0"]), (any_card(),))
        for about in (None, machine):
            image = Image(system, files, frozenset(files), machine=about)
            for finding in lint.check(image, rules):
                assert "\n" not in finding.message, finding
    with refused_in_one_line():
        image = Image(System.LINUX, files, frozenset())
        list(findings(both_nics._claims(image), [any_card()]))
