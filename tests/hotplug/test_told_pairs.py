"""The hook and a VF that was told: it joins under any name, and nothing else does."""

from __future__ import annotations

import pytest

from hyperv_net.companions.udev_rules import udev_rules
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import System
from tests.hotplug.machines import arrive, hook, machine, wanted

OWN = "00:0d:3a:77:00:01"
PLACE = "/sys/devices/pci0000:00/0000:00:05.0"


def told(vf: str) -> Wanted:
    state = wanted(System.LINUX)
    (pair,) = state.pairs
    return state._replace(pairs=(pair._replace(vf=vf),))


@pytest.mark.parametrize(
    ("vf", "name"), [(OWN, "ens9"), ("0000:00:05.0", "ens9"), ("enP1s1", "enP1s1")]
)
def test_a_vf_with_an_address_of_its_own_joins_as_it_was_told(vf: str, name: str) -> None:
    kernel = machine(System.LINUX)
    arrive(kernel, name, mac=OWN, place=PLACE)
    assert hook(kernel, told(vf)).failures == ()
    assert kernel.devices[name].master == "bond0"


@pytest.mark.parametrize("vf", ["00:0d:3a:77:00:09", "0000:00:05.1", "ens9"])
def test_another_nic_is_none_of_the_pairs_even_with_its_address(vf: str) -> None:
    kernel = machine(System.LINUX)
    arrive(kernel, place=PLACE)
    hook(kernel, told(vf))
    assert kernel.devices["enP1s1"].master is None


@pytest.mark.parametrize(
    ("vf", "rule"),
    [
        (OWN, f'ATTR{{address}}=="{OWN}", '),
        ("0000:00:05.0", 'KERNELS=="0000:00:05.0", '),
        ("ens9", 'KERNEL=="ens9", '),
    ],
)
def test_udev_knows_it_as_it_was_told(vf: str, rule: str) -> None:
    lines = udev_rules(told(vf)).text.splitlines()
    marking = [line for line in lines if line.endswith('ENV{HYPERV_NET_VF}="aggregate"')]
    joining = [line for line in lines if "slaves &&" in line]
    assert len(marking) == len(joining) == 1
    assert all(line.startswith(rule) for line in marking + joining)


def test_what_cannot_be_told_makes_no_rule() -> None:
    with pytest.raises(HypervNetError, match="not how a NIC is told"):
        udev_rules(told('x", RUN+="/bin/false'))
