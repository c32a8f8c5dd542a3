"""The root of a machine with real cloud-init: Debian's packages and the little they do not hold.

Packages are unpacked, not configured.  What their installation would have made
is in a second layer: the users, the machine's name, a folder for temporary
files, and Python's compiled modules, without which every start of cloud-init
would compile them again.
"""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path
from zlib import crc32

from tests.debian.packages import CACHE, Tree, unpacked
from tests.firstboot.sandbox import Step, run

SUITES = ("bookworm", "trixie", "sid")
"""cloud-init 22.4.2, 25.1.4, and whatever sid has: 26.2 when this was written."""

_PACKAGES = (
    *("cloud-init", "netplan.io", "ifupdown", "ifenslave", "iproute2", "dhcpcd-base", "udev"),
    *("bash", "coreutils", "dash", "findutils", "grep", "hostname", "login", "mawk", "mount"),
    *("base-passwd", "passwd", "procps", "sed", "util-linux"),
)
FAKES = Path(__file__).with_name("fakes")
"""The layer on top: programs in place of those that need a running system; see each."""

_CONFIGURE = """#!/bin/sh
set -e
cp /usr/share/base-passwd/passwd.master /etc/passwd
# Of an ordinary user's sandbox, where no other group than 0 can be had, cloud-init's log is adm's.
sed 's/^adm:[*]:4:/adm:*:0:/' /usr/share/base-passwd/group.master >/etc/group
mkdir -p /root /run /tmp /var/log /var/tmp /sys
chmod 1777 /tmp /var/tmp
echo debian >/etc/hostname
echo 127.0.0.1 localhost >/etc/hosts
echo 00112233445566778899aabbccddeeff >/etc/machine-id
ln -sf mawk /usr/bin/awk
ldconfig
cat /usr/share/ca-certificates/mozilla/*.crt >/etc/ssl/certs/ca-certificates.crt
cat >/etc/cloud/cloud.cfg.d/90_dpkg.cfg <<'END'
datasource_list: [NoCloud, ConfigDrive, Azure, None]
END
python3 -m compileall -q -x '/(test|idlelib|lib2to3|ensurepip|turtledemo)/' \\
    /usr/lib/python3* >/dev/null || true
"""


def layers(suite: str) -> list[Path]:
    """The read-only layers of such a machine, the topmost first; made on first use."""
    tree = packages(suite)
    # The name changes with what the layer is made of.
    made_of = f"{tree.root.stat().st_mtime_ns:x}-{crc32(_CONFIGURE.encode()):08x}"
    base = CACHE / suite / "machines" / made_of
    done = base / ".done"
    if not done.exists():
        base.parent.mkdir(parents=True, exist_ok=True)
        with (base.parent / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(base, ignore_errors=True)
                base.mkdir()
                (outcome,) = run([tree.root], base, [Step("configure", _CONFIGURE)])
                if outcome.status:
                    raise RuntimeError(f"{suite}: {outcome.err}")
                done.touch()
    return [FAKES, base, tree.root]


def packages(suite: str) -> Tree:
    """The unpacked packages, and their versions."""
    return unpacked(suite, _PACKAGES)
