"""Small trees that stand for images, and what is seen of them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.files import put
from tests.paths import CHECKOUT

FREEBSD = CHECKOUT / "examples/image-freebsd/root"

DEBIAN = {
    "etc/os-release": "ID=debian\n",
    "usr/lib/python3/dist-packages/cloudinit/__init__.py": "",
    "usr/lib/python3.11/os.py": "",
    "usr/lib/systemd/systemd": "",
    "usr/sbin/ip": "",
    "usr/share/initramfs-tools/hook-functions": "",
    "lib/modules/6.1.0/modules.dep": "k/mlx4_en.ko:\nk/mlx5_core.ko:\nk/mana.ko:\n",
    "etc/cloud/cloud.cfg": "datasource_list: [NoCloud, None]\n",
}


def make(root: Path, tree: Mapping[str, str]) -> Path:
    """Write a tree below `root`; a text `-> TARGET` is a symbolic link."""
    for path, text in tree.items():
        if text.startswith("-> "):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).symlink_to(text[3:])
        else:
            put(root, path, text)
    return root


def freebsd(root: Path) -> Path:
    """A copy of the example."""
    shutil.copytree(FREEBSD, root)
    return root
