"""The rules in the initramfs that Debian's own initramfs-tools makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.companions.keep_off import keep_off_files
from hyperv_net.companions.udev_rules import KEEP_OFF_RULES, RULES_FILE
from hyperv_net.renderers.networkd.paths import TRANSPARENT_FILE
from hyperv_net.root.initramfs import INITRAMFS_TOOLS
from tests.debian.packages import unpacked
from tests.debian.tools import write
from tests.firstboot.sandbox import Step, run
from tests.lab.image import packages
from tests.paths import CHECKOUT

pytestmark = pytest.mark.lab

HOOK = CHECKOUT / "hyperv_net/data/linux/initramfs-tools-hook"

# Of modules as few as can be: they take nearly all of the time, and are not what this is about.
MAKE = """#!/bin/sh
set -eu
mkdir -p /etc/initramfs-tools /tmp /var/tmp
cp -r /usr/share/initramfs-tools/conf.d /etc/initramfs-tools/ 2>/dev/null || :
printf 'MODULES=list\\nBUSYBOX=auto\\nCOMPRESS=gzip\\n' >/etc/initramfs-tools/initramfs.conf
: >/etc/initramfs-tools/modules
for release in /lib/modules/*; do
    depmod "${release##*/}"
    mkinitramfs -o /out "${release##*/}" 2>&1
done
lsinitramfs /out
"""


@pytest.mark.parametrize("suite", ["bookworm", "trixie"])
def test_an_initramfs_has_the_rules_of_the_machine(suite: str, tmp_path: Path) -> None:
    """They are where the initramfs's own udev reads them, beside those of systemd."""
    own = tmp_path / "own"
    hook = own / "etc/initramfs-tools/hooks/hyperv-net"
    for path, text in {
        hook: HOOK.read_text(),
        own / RULES_FILE: "# rules\n",
        own / TRANSPARENT_FILE: "# network\n",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    hook.chmod(0o755)
    made_by_guard = keep_off_files((), {*INITRAMFS_TOOLS}.__contains__)
    write(own, made_by_guard)
    layers = [unpacked(suite, wanted).root for wanted in (packages("netplan"), ("cpio", "gzip"))]
    (made,) = run(layers, own, [Step("make", MAKE)])
    assert made.status == 0, made.out + made.err
    held = made.out.splitlines()
    assert RULES_FILE in held and KEEP_OFF_RULES in held
    assert {"bin/sh", "usr/bin/sh"} & {*held}  # which the rules run
    assert any(one.endswith("/udev/rules.d/80-drivers.rules") for one in held)
