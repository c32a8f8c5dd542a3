"""A pair that is told: each port is found as it was told, and the bond has no MAC of its own."""

from __future__ import annotations

import pytest

from hyperv_net.model import Nic, Rendered, Settings
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from hyperv_net.renderers.networkmanager.keyfile import Keyfile, read
from hyperv_net.renderers.networkmanager.render import render
from hyperv_net.root.settings import with_values
from tests.building import linux, mac, nic, rewritten
from tests.debian.tools import SUITES
from tests.renderers.adoption import rendered
from tests.renderers.networkmanager.nmcli import lost, normalised

PLACE = "0000:00:05.0"
SYNTHETIC = nic(
    "ens2", 1, driver="virtio_net", bus="virtio", device="/sys/devices/pci0/0000:00:03.0/virtio0"
)
VF = nic("ens3", 2, driver="iavf", device=f"/sys/devices/pci0/{PLACE}")
DHCP = "version: 2\nethernets:\n  ens2: {dhcp4: true}\n"
FOLDER = "etc/NetworkManager/system-connections"
on_each_way = pytest.mark.parametrize(
    ("how", "section", "key", "value"),
    [
        ("ens3", "connection", "interface-name", "ens3"),
        (mac(2), "ethernet", "mac-address", mac(2)),
        (PLACE, "match", "path", f"pci-{PLACE};*-pci-{PLACE};"),
    ],
)
with_and_without = pytest.mark.parametrize("nics", [(SYNTHETIC, VF), (SYNTHETIC,)])


def profile(made: Rendered, name: str) -> Keyfile:
    return read(next(one.text for one in made.files if one.path.endswith(f"-{name}.nmconnection")))


@on_each_way
@with_and_without
def test_its_profiles_say_how_it_was_told(
    how: str, section: str, key: str, value: str, nics: tuple[Nic, ...]
) -> None:
    made = render(rewritten(DHCP, linux(*nics), pairs=[f"ens2={how}"]), {})
    assert profile(made, "ens2-vf").get(section, key) == value
    assert not profile(made, "ens2-vf").get("match", "driver")
    bond = profile(made, "bond2")
    assert bond.get("bond", "fail_over_mac") == "active"
    assert not bond.get("ethernet", "cloned-mac-address")


@on_each_way
@with_and_without
def test_its_profile_is_adopted_so(
    how: str, section: str, key: str, value: str, nics: tuple[Nic, ...]
) -> None:
    texts = {f"{FOLDER}/nic": "[connection]\nid=n\ntype=ethernet\ninterface-name=ens2\n"}
    settings = with_values(Settings(), {"pairs": [f"ens2={how}"]})
    target, inventory = load("network-manager"), linux(*nics)
    for _ in range(2):
        adopted = target.adopt(texts, inventory, settings)
        assert adopted is not None
        plan = make_plan(inventory, adopted.config, settings, target, texts, adopted.render)
        texts = {**texts, **{path: file.text for path, file in rendered(plan).items()}}
    assert rendered(plan) == {}
    bond, port = read(texts[f"{FOLDER}/nic"]), read(texts[_port("ens2-vf")])
    assert not bond.get("ethernet", "cloned-mac-address")
    assert bond.get("bond", "fail_over_mac") == "active"
    assert port.get(section, key) == value


def _port(name: str) -> str:
    return f"{FOLDER}/hyperv-net-{name}.nmconnection"


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
def test_networkmanager_reads_the_place_as_it_was_told(suite: str) -> None:
    made = render(rewritten(DHCP, linux(SYNTHETIC, VF), pairs=[f"ens2={PLACE}"]), {})
    (text,) = [one.text for one in made.files if one.path.endswith("-ens2-vf.nmconnection")]
    assert lost(text, normalised(suite, text)) == {}
