"""What shows who makes the initramfs of a root: paths below it."""

from __future__ import annotations

INITRAMFS_TOOLS = ("usr/share/initramfs-tools",)
#: Debian's initramfs-tools has a folder of dracut's too.
DRACUT = ("usr/bin/dracut", "usr/sbin/dracut")

#: Where its settings are → the command that makes it anew (update-initramfs(8), dracut(8)).
MAKES_ANEW = {
    "etc/initramfs-tools/": "update-initramfs -u",
    "etc/dracut.conf.d/": "dracut --force",
}
