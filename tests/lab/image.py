"""What the machines of the lab boot from: Debian's packages on a disk.

Packages are unpacked, not configured; what their installation would have made
and a boot needs is made by a short script in a sandbox: users, compiled Python
modules, the units that are enabled.  The disk is made once for each recipe and
never written to afterwards.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.debian.packages import lock, unpacked
from tests.firstboot.sandbox import Step
from tests.lab.disk import RECIPE, Image, image_in, make_image
from tests.paths import CHECKOUT

CACHE = CHECKOUT / ".cache" / "lab"

_BASE = (
    *("base-files", "base-passwd", "bash", "bsdutils", "cloud-init"),
    *("coreutils", "dash"),
    *("dbus", "findutils", "grep", "hostname", "iputils-ping", "kmod", "linux-image-amd64"),
    *("login", "mawk", "mount", "passwd", "procps", "sed", "systemd-sysv", "udev", "util-linux"),
)
_RENDERER = {
    "netplan": ("netplan.io",),
    "ifupdown": ("ifupdown", "ifenslave", "isc-dhcp-client"),
    "network-manager": ("network-manager", "iproute2"),
    "networkd": ("iproute2",),
}
_NETWORK_UNITS = {
    "netplan": "systemd-networkd.service",
    "ifupdown": "networking.service",
    "network-manager": "NetworkManager.service",
    "networkd": "systemd-networkd.service",
}
_MODULES = (
    *("virtio_pci", "virtio_blk", "virtio_console", "virtio-rng", "virtio_net", "ext4"),
    *("bonding", "e1000e", "8021q", "bridge", "dummy", "autofs4"),
)
_CONFIGURE = """#!/bin/sh
set -eu
cp /usr/share/base-passwd/passwd.master /etc/passwd
cp /usr/share/base-passwd/group.master /etc/group
mkdir -p /root /run /tmp /sys /dev /proc /var/log /var/tmp /var/lib/dhcp /var/lib/dbus
mkdir /var/log/journal
chmod 1777 /tmp /var/tmp
systemd-sysusers
# What udev's rules name; some suites make these groups in a package's script.
for group in input kvm render sgx netdev; do
    grep -q "^$group:" /etc/group || groupadd --system "$group"
done
for user in messagebus systemd-network; do
    grep -q "^$user:" /etc/passwd || useradd --system --user-group --no-create-home "$user"
done
echo guest >/etc/hostname
printf '127.0.0.1 localhost\\n127.0.1.1 guest\\n' >/etc/hosts
echo 00112233445566778899aabbccddeeff >/etc/machine-id
echo '/dev/vda / ext4 defaults 0 0' >/etc/fstab
: >/etc/resolv.conf
ln -sf mawk /usr/bin/awk
[ -e /usr/share/dbus-1/system.conf ] || exit 9
ldconfig
echo 'datasource_list: [NoCloud, None]' >/etc/cloud/cloud.cfg.d/90_dpkg.cfg
# Scripts beside native units would only ask for update-rc.d.
rm -rf /etc/init.d
for unit in /usr/lib/systemd/system/cloud-*.service /lib/systemd/system/cloud-*.service; do
    case ${unit##*/} in
    cloud-init-hotplugd.service) ;;
    cloud-*) [ ! -e "$unit" ] || systemctl enable --quiet "${unit##*/}" ;;
    esac
done
systemctl enable --quiet NETWORK_UNIT
cat /usr/share/ca-certificates/mozilla/*.crt >/etc/ssl/certs/ca-certificates.crt
ln -sf nc.openbsd /usr/bin/nc
# Nobody logs in, and what else nothing here needs only takes time under emulation.
systemctl mask --quiet getty.target getty@tty1.service serial-getty@ttyS0.service \\
    systemd-firstboot.service fstrim.timer e2scrub_all.timer e2scrub_reap.service \\
    systemd-logind.service systemd-binfmt.service proc-sys-fs-binfmt_misc.automount \\
    systemd-hwdb-update.service systemd-update-done.service ldconfig.service \\
    systemd-journal-catalog-update.service systemd-update-utmp.service
if [ -d /etc/network ]; then
    mkdir -p /etc/network/interfaces.d
    echo 'source /etc/network/interfaces.d/*' >/etc/network/interfaces
fi
rm -rf /usr/share/doc /usr/share/locale /usr/share/man /usr/share/i18n
cd /lib/modules/*/
release=${PWD##*/}
depmod "$release"
for module in MODULES; do
    modprobe --set-version "$release" --show-depends "$module" |
        sed -n 's/^insmod \\([^ ]*\\).*/\\1/p'
done | sort -u >/tmp/wanted
find . -name '*.ko*' | sed "s,^\\.,/lib/modules/$release," | sort >/tmp/found
grep -vxFf /tmp/wanted /tmp/found | xargs rm -f
rm /tmp/wanted /tmp/found
depmod "$release"
python3 -m compileall -q -j2 -x '/(test|idlelib|lib2to3|ensurepip|turtledemo|tkinter)/' \\
    /usr/lib/python3* >/dev/null || true
"""


def packages(renderer: str) -> tuple[str, ...]:
    """The packages of a machine whose network `renderer` configures."""
    return (*_BASE, *_RENDERER[renderer])


def image(suite: str, renderer: str) -> Image:
    """The image of a suite whose network `renderer` configures.

    Made on first use; raises DebianError or SandboxError where it cannot be.
    """
    tree = unpacked(suite, packages(renderer))
    script = _CONFIGURE.replace("NETWORK_UNIT", _NETWORK_UNITS[renderer])
    script = script.replace("MODULES", " ".join(_MODULES))
    recipe = repr((script, RECIPE, sorted(tree.versions.items())))
    digest = hashlib.sha256(recipe.encode()).hexdigest()[:12]
    home = CACHE / f"{suite}-{renderer}-{digest}"
    with lock(CACHE):
        if not (home / "disk").exists():
            for old in CACHE.glob(f"{suite}-{renderer}-*/"):
                shutil.rmtree(old)
            with TemporaryDirectory(prefix="making-", dir=CACHE) as scratch:
                own, out = Path(scratch, "own"), Path(scratch, "out")
                own.mkdir()
                out.mkdir()
                make_image(tree.root, [Step("configure", script)], out, own)
                out.rename(home)
    return image_in(home)
