"""A real systemd as process 1 below a sandbox's root, for units that have to be seen at work.

It has a group of control groups of its own, and neither the kernel's settings nor its devices may
be written: systemd leaves both alone then, as in any container (systemd.io, "Container Interface").
"""

from __future__ import annotations

from pathlib import Path

from tests.files import put
from tests.firstboot.sandbox import Step

_BOOT = """\
#!/bin/sh
set -eu
root=$1 groups=/mnt
mount -t cgroup2 none $groups
own=$groups/hyperv-net-test.$(cut -d. -f1 /proc/uptime).$$
mkdir $own
echo $$ >$own/cgroup.procs
mkdir -p $root/sys
status=0
env -i container=test PATH=$PATH timeout SECONDS \\
    unshare --mount --pid --cgroup --fork --kill-child sh -eu -c '
        mount -t proc proc $0/proc
        mount --bind $0/proc/sys $0/proc/sys
        mount -o remount,bind,ro $0/proc/sys
        ln -s pts/ptmx $0/dev/ptmx
        mount -t sysfs -o ro sysfs $0/sys
        mount -t cgroup2 none $0/sys/fs/cgroup
        # Units with sandboxes need a root that is one, and no chroot.
        cd $0
        mkdir -p .outside
        pivot_root . .outside
        umount -l /.outside
        exec /usr/lib/systemd/systemd --unit=tried.target --log-target=journal' $root ||
    status=$?
echo $$ >$groups/cgroup.procs
find $own -depth -type d -exec rmdir {} +
umount $groups
exit $status
"""

#: Instead of what a whole machine starts: units whose links are in the folders of `basic.target`.
_UNITS = {
    "sysinit.target": "[Unit]\nDefaultDependencies=no\n",
    "tried.target": "[Unit]\nRequires=basic.target tried.service\nAfter=basic.target\n",
    "tried.service": """\
[Unit]
After=basic.target
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
ExecStart=/usr/bin/python3 -I /tried.py
StandardOutput=file:/tried.out
StandardError=file:/tried.err
""",
}


def put_trial(own: Path, script: str) -> None:
    """Have Python run `script` as a service, and the machine end with it: `tried.out`, `.err`."""
    for name, text in _UNITS.items():
        put(own, f"etc/systemd/system/{name}", text)
    put(own, "tried.py", script)


def boot_step(seconds: int = 240) -> Step:
    """The boot, which ends by itself, or after so many seconds."""
    return Step("boot", _BOOT.replace("SECONDS", str(seconds)), outside=True)
