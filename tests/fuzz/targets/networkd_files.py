"""Two files of networkd and a drop-in: taken apart each is whole again, and adopted as they say."""

from __future__ import annotations

from hyperv_net.renderers.networkd.adopt.files import lines_of
from tests.fuzz.inputs import texts
from tests.fuzz.machines import adopt

FOLDER = "etc/systemd/network"


def once(data: bytes) -> None:
    found = texts(data, 3)
    if found is None:
        return
    for text in found:
        assert "".join(line.text for line in lines_of(text)) == text
    network, netdev, drop_in = found
    files = {
        f"{FOLDER}/20-lan.network": network,
        f"{FOLDER}/20-lan.netdev": netdev,
        f"{FOLDER}/20-lan.network.d/more.conf": drop_in,
    }
    adopt("networkd", {path: text for path, text in files.items() if text})
