"""cloud-init's settings and ours below a root, and on the kernel's command line."""

from __future__ import annotations

from hyperv_net.root.cloud_config import find_network_config, find_settings, writes_network
from tests.fuzz.inputs import Folder, refused_in_one_line, texts

_FILES = ("etc/cloud/cloud.cfg.d/50-a.cfg", "etc/cloud/cloud.cfg", "proc/cmdline")
_ROOT = Folder()


def once(data: bytes) -> None:
    found = texts(data, len(_FILES))
    if found is None:
        return
    for name, text in zip(_FILES, found):
        _ROOT.put(name, text)
    with refused_in_one_line():
        find_settings(_ROOT.path)
    with refused_in_one_line():
        find_network_config(_ROOT.path)
    with refused_in_one_line():
        writes_network(_ROOT.path)
