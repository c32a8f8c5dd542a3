"""A root as what a machine boots from: disk, kernel, and a small initrd that finds the disk."""

from __future__ import annotations

import lzma
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from tests.debian.packages import Tree, unpacked
from tests.firstboot.sandbox import Step, run
from tests.lab import cpio

EARLY_MODULES = ("virtio_pci", "virtio_blk", "virtio_console", "virtio-rng", "ext4")
"""What the initrd loads; the others are udev's to load, NICs' drivers above all."""

_INIT = Path(__file__).with_name("inside") / "init.sh"

# Without the mounts of a running root: what is mounted on it does not show in the other mount.
_MAKE = """#!/bin/sh
set -eu
mkdir "$1/../plain"
mount --bind "$1" "$1/../plain"
cp -L "$1"/boot/vmlinuz-* OUT/vmlinuz
mkdir OUT/modules
cd "$1"/lib/modules/*/
release=${PWD##*/}
for module in EARLY; do
    chroot "$1" modprobe --set-version "$release" --show-depends "$module" |
        sed -n 's/^insmod \\([^ ]*\\).*/\\1/p'
done | awk '!seen[$0]++' >OUT/order
while read -r module; do cp "$1$module" OUT/modules; done <OUT/order
MKE2FS -q -t ext4 -O ^has_journal -m 0 -d "$1/../plain" OUT/disk 2G
umount "$1/../plain"
"""

RECIPE = repr((_MAKE, EARLY_MODULES, _INIT.read_text()))
"""Changes with what is made of a root."""


@dataclass(frozen=True)
class Image:
    """A machine's disk, never written to, its kernel, and the initrd that finds the disk."""

    disk: Path
    kernel: Path
    initrd: Path


def image_in(folder: Path) -> Image:
    """The image that `make_image` made here."""
    return Image(folder / "disk", folder / "vmlinuz", folder / "initrd")


def host_tools() -> Tree:
    """QEMU, a DHCP server, ip(8) and mke2fs(8) for this machine, and the shell of an initrd."""
    wanted = ("busybox-static", "dnsmasq-base", "e2fsprogs", "iproute2", "qemu-system-x86")
    return unpacked("trixie", wanted)


def make_image(root: Path, before: Sequence[Step], out: Path, own: Path) -> Image:
    """Make an image in the folder `out` of what the root is after the steps `before`.

    The root itself stays as it is: `own`, an empty folder, receives what the
    steps have written.  Raises RuntimeError where one of them fails.
    """
    tools = host_tools()
    script = (
        _MAKE.replace("OUT", quote(str(out)))
        .replace("MKE2FS", " ".join(map(quote, tools.command("/sbin/mke2fs"))))
        .replace("EARLY", " ".join(EARLY_MODULES))
    )
    steps = [*before, Step("disk", script, outside=True)]
    for step, outcome in zip(steps, run([root], own, steps)):
        if outcome.status:
            raise RuntimeError(f"{root.name}: {step.name}: {outcome.err}")
    modules = [Path(line).name for line in (out / "order").read_text().splitlines()]
    entries = [
        *(cpio.directory(name) for name in ("dev", "proc", "sys", "root", "modules", "bin")),
        cpio.file("bin/busybox", (tools.root / "usr/bin/busybox").read_bytes(), 0o755),
        cpio.file("init", _INIT.read_bytes(), 0o755),
        cpio.file("modules/order", "".join(f"{_plain(one)}\n" for one in modules).encode()),
        *(cpio.file(f"modules/{_plain(one)}", _unpacked(out / "modules" / one)) for one in modules),
    ]
    (out / "initrd").write_bytes(cpio.archive(entries))
    shutil.rmtree(out / "modules")
    (out / "order").unlink()
    return image_in(out)


def _plain(module: str) -> str:
    return module.removesuffix(".xz")


def _unpacked(module: Path) -> bytes:
    content = module.read_bytes()
    return lzma.decompress(content) if module.suffix == ".xz" else content
