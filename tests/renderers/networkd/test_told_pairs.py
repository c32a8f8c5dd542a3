"""A pair that is told by hand: the VF's file says how it was told, by its place too."""

from __future__ import annotations

import pytest

from hyperv_net.model import Nic, Settings
from hyperv_net.places import Place
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from hyperv_net.renderers.networkd.render import render
from hyperv_net.root.settings import with_values
from tests.building import linux, mac, nic, rewritten
from tests.renderers.adoption import rendered

PLACE = "0000:00:05.0"
SYNTHETIC = nic(
    "ens2", 1, driver="virtio_net", bus="virtio", device="/sys/devices/pci0/0000:00:03.0/virtio0"
)
VF = nic("ens3", 2, driver="iavf", device=f"/sys/devices/pci0/{PLACE}")
DHCP = "version: 2\nethernets:\n  ens2: {dhcp4: true}\n"
E = "etc/systemd/network/"
VF_FILE = f"{E}06-hyperv-net-ens2-vf.network"
on_each_way = pytest.mark.parametrize(
    ("how", "match"),
    [
        ("ens3", "Name=ens3"),
        (mac(2), f"PermanentMACAddress={mac(2)}"),
        (PLACE, f"Path=pci-{PLACE} *-pci-{PLACE}"),
        ("pci-10000:E1:00.0", "Path=pci-10000:e1:00.0 *-pci-10000:e1:00.0"),
    ],
)
with_and_without = pytest.mark.parametrize("nics", [(SYNTHETIC, VF), (SYNTHETIC,)])


@on_each_way
@with_and_without
def test_its_file_says_how_it_was_told(how: str, match: str, nics: tuple[Nic, ...]) -> None:
    made = render(rewritten(DHCP, linux(*nics), pairs=[f"ens2={how}"]), {})
    (text,) = [one.text for one in made.files if one.path == VF_FILE]
    assert text.partition("[Match]\n")[2].startswith(f"{match}\n\n[Link]\n")
    assert made.places["ethernets", "ens2-vf", "match", match_key(how)].startswith(VF_FILE)


def match_key(how: str) -> str:
    return "macaddress" if how == mac(2) else "name"


@on_each_way
@with_and_without
def test_its_file_is_adopted_so_and_is_no_file_of_the_synthetic_nics(
    how: str, match: str, nics: tuple[Nic, ...]
) -> None:
    texts = {f"{E}90-all.network": "[Match]\nName=ens2\n[Network]\nDHCP=yes\n"}
    settings = with_values(Settings(), {"pairs": [f"ens2={how}"]}, Place("here"))
    target, inventory = load("networkd"), linux(*nics)
    for _ in range(2):
        adopted = target.adopt(texts, inventory, settings)
        assert adopted is not None
        plan = make_plan(inventory, adopted.config, settings, target, texts, adopted.render)
        before = texts
        texts = {**texts, **{path: file.text for path, file in rendered(plan).items()}}
        assert match in texts[VF_FILE]
    assert texts == before
    # What a first boot wrote is all that the machine has.
    alone = {path: text for path, text in texts.items() if "hyperv-net" in path}
    adopted = target.adopt(alone, inventory, settings)
    assert adopted is not None
    plan = make_plan(inventory, adopted.config, settings, target, alone, adopted.render)
    assert not [one for one in plan.changes if one.differs and not one.is_companion]
