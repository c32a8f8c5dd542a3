"""The files as the real systemd-networkd takes them, that of 252 and of 257."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.companions.systemd_network import systemd_file
from hyperv_net.renderers.networkd.beside import joined as joined_file
from tests.debian.tools import SUITES
from tests.expected import CASES, tree
from tests.renderers.linux_pairs import MAC, joined, pair
from tests.renderers.networkd.real import SYNTHETIC, VF, run
from tests.renderers.networkd.test_netplan import TREES
from tests.renderers.networkd.written import files, render

pytestmark = [pytest.mark.debian, pytest.mark.parametrize("suite", SUITES)]

MEMBERS = {"eth0", "enp0"}
#: 257 has them from its own `Added in version`; 252 passes them by, as the findings say.
NEWER = {"bookworm": ("UseHostname", "SendHostname", "Hostname", "UseDomains"), "trixie": ()}


def here(texts: dict[str, str]) -> dict[str, str]:
    """The files with the drivers of the test's NICs."""
    return {name: text.replace("hv_netvsc", SYNTHETIC) for name, text in texts.items()}


def test_each_nic_of_a_pair_gets_its_own_file(suite: str, tmp_path: Path) -> None:
    """A catch-all of an image and one of cloud-init come behind, whatever they match."""
    others = {
        "10-cloud-init-eth0.network": f"[Match]\nMACAddress={MAC}\n[Network]\nDHCP=yes\n",
        "90-image.network": "[Match]\nName=e*\n[Network]\nDHCP=yes\n",
    }
    ran = run(suite, tmp_path, {**here(files(render(pair()))), **others}, MAC, MEMBERS)
    assert ran.file_of["eth0"] == "06-hyperv-net-eth0.network"
    assert ran.file_of["enp0"] == "06-hyperv-net-eth0-vf.network"
    assert not ran.complaints
    assert VF != SYNTHETIC


def test_an_earlier_catch_all_is_answered_by_an_earlier_name(suite: str, tmp_path: Path) -> None:
    path = "etc/systemd/network/00-all.network"
    text = "[Match]\nName=e*\n[Network]\nDHCP=yes\n"
    rendered = render(pair(), {path: text})
    ran = run(suite, tmp_path, {**here(files(rendered)), "00-all.network": text}, MAC, MEMBERS)
    assert set(ran.file_of.values()) == {
        "0-hyperv-net-eth0.network",
        "0-hyperv-net-eth0-vf.network",
    }


def test_the_pairs_files_are_not_for_what_stands_on_the_bond(suite: str, tmp_path: Path) -> None:
    """A bridge has the bond's address and a driver that is not the synthetic NIC's."""
    bridge = {"interfaces": ["bond0"], "addresses": ["10.0.0.4/24"], "macaddress": MAC}
    rendered = render(joined(pair(), {"bridges": {"br0": bridge}}))
    ran = run(suite, tmp_path, here(files(rendered)), MAC, {*MEMBERS, "br0"})
    assert ran.file_of["br0"] == "06-hyperv-net-br0.network"


@pytest.mark.parametrize("name", TREES)
def test_it_takes_every_line_that_can_be_said(suite: str, name: str, tmp_path: Path) -> None:
    ran = run(suite, tmp_path, here(files(render(TREES[name]))), MAC, MEMBERS)
    known = [line for line in ran.complaints if not any(one in line for one in NEWER[suite])]
    # This kernel may lack what a device needs, of which it speaks at another place.
    assert not known


@pytest.mark.parametrize("case", [case.name for case in CASES if "linux" in case.name])
def test_it_takes_every_line_of_the_examples(suite: str, case: str, tmp_path: Path) -> None:
    (folder,) = [one / "expected/networkd/etc/systemd/network" for one in CASES if one.name == case]
    found = tree(folder)
    nic = systemd_file("a/99-all.network", ["[Match]", "Type=ether", "", "[Network]", "DHCP=no"])
    ran = run(suite, tmp_path, {**found, "99-all.network": nic.text}, MAC, MEMBERS)
    known = [line for line in ran.complaints if not any(one in line for one in NEWER[suite])]
    assert not known


def test_what_the_rule_has_joined_is_left_alone(suite: str, tmp_path: Path) -> None:
    """The file is taken; its property is udev's, which is not there to set it."""
    text = {"05-hyperv-net-joined.network": joined_file().text}
    ran = run(suite, tmp_path, {**here(files(render(pair()))), **text}, MAC, MEMBERS)
    assert not ran.complaints
    assert ran.file_of["enp0"] == "06-hyperv-net-eth0-vf.network"
