"""Pairs of virtio on FreeBSD, which `--synthetic-driver vtnet` names: the whole program at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freebsd_machine import host, kernel
from tests.freebsd_machine.machine import Machine
from tests.freebsd_machine.state import Interface
from tests.hotplug.freebsd_guest import Guest, guest

pytestmark = pytest.mark.any_python

MAC = "58:9c:fc:02:00:0e"
NETWORK = f"""
version: 2
ethernets:
  id0:
    match: {{macaddress: "{MAC}"}}
    set-name: NAME
    addresses: [192.0.2.149/24]
"""


def _virtio(machine: Machine) -> None:
    """No hn; the setting stands where cloud-init's are, as plan, reconcile and status find it."""
    with machine.changing() as state:
        state.interfaces = [one for one in state.interfaces if one.kind == "loopback"]
        kernel.attach(state, Interface("vtnet0", 0, mac=MAC))
        host.attach_vf(state, "iavf0", MAC)
    setting = "hyperv_net: {synthetic_drivers: [vtnet]}\n"
    machine.write("etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg", setting)


def _primary(one: Guest) -> tuple[str, str]:
    """The port that lagg0 prefers, and the one that it sends through."""
    shown = one.inside("ifconfig lagg0").out
    ports = [line.split() for line in shown.splitlines() if "laggport:" in line]
    (primary,) = (name for _, name, flags in ports if "MASTER" in flags)
    (active,) = (name for _, name, flags in ports if "ACTIVE" in flags)
    return primary, active


# The name that vtnet0 gets is told by no driver's name, and ifconfig of 13 has no -D.
@pytest.mark.parametrize(
    ("name", "release"), [("vtnet0", "14.3-RELEASE"), ("eth0", "13.2-RELEASE")]
)
def test_the_vf_of_a_pair_of_virtio_carries_the_traffic_and_comes_back(
    name: str, release: str, tmp_path: Path
) -> None:
    """vtnet(4) has a link whatever its VF does: the lagg has to be told whom it prefers."""
    network = NETWORK.replace("NAME", name)
    with guest(tmp_path, network, release=release, transparent=1, prepare=_virtio) as one:
        one.boot()
        assert one.ports() == {name: True, "iavf0": True}
        assert _primary(one) == ("iavf0", "iavf0")
        one.detach("iavf0")
        assert _primary(one) == (name, name)
        one.attach("ixv4", mac=MAC)
        assert one.ports() == {name: True, "ixv4": True}
        assert _primary(one) == ("ixv4", "ixv4")
        assert one.addresses("lagg0") == ["192.0.2.149"]
        done = one.inside("/usr/local/bin/hyperv-net reconcile --dry-run")
        assert (done.status, done.out) == (0, "")


def test_a_pair_of_virtio_is_drained_and_comes_back(tmp_path: Path) -> None:
    """By the same names and the same pair that the plan had."""
    network = NETWORK.replace("NAME", "vtnet0")
    with guest(tmp_path, network, transparent=1, prepare=_virtio) as one:
        one.boot()
        assert one.inside("/usr/local/bin/hyperv-net drain lagg0").status == 0
        one.settle()
        assert one.ports() == {"vtnet0": True, "iavf0": False}
        assert _primary(one)[1] == "vtnet0"
        assert one.inside("/usr/local/bin/hyperv-net undrain lagg0").status == 0
        one.settle()
        assert _primary(one) == ("iavf0", "iavf0")
