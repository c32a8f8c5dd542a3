"""A further pair costs as much as the one before it: nothing asks all pairs about each."""

from __future__ import annotations

import cProfile
import json
import pstats
from collections.abc import Callable, Mapping

import pytest

from hyperv_net.hotplug.look.linux import addresses_of
from hyperv_net.model import Settings
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.plan.flow import make_plan
from hyperv_net.renderers import load
from tests.renderers.freebsd.adopt.adopting import FILE, machine, planned


def rendered(pairs: int) -> None:
    plan_of(pairs, lambda name: {"addresses": [f"10.0.{name[2:]}.4/24"]})


def with_leases(pairs: int) -> None:
    """As Azure's datasource says it: of all leases one brings the default route."""
    plan_of(pairs, lambda name: {"dhcp4": True, "dhcp4-overrides": {"route-metric": 100}})


def plan_of(pairs: int, settings: Callable[[str], Mapping[str, object]]) -> None:
    ethernets = {
        nic.name: {
            "match": {"macaddress": nic.mac},
            "set-name": nic.name,
            **settings(nic.name),
        }
        for nic in machine(pairs).nics
        if nic.name.startswith("hn")
    }
    text = json.dumps({"version": 2, "ethernets": ethernets})
    config = read_network_config(text, "network-config.json")
    make_plan(machine(pairs), config, Settings(), load("freebsd"), {FILE: 'hostname="a"\n'})


def adopted(pairs: int) -> None:
    lines = (
        f'ifconfig_hn{n}="inet 10.0.{n}.4/24"\nifconfig_hn{n}_alias0="inet 10.0.{n}.5/32"\n'
        for n in range(pairs)
    )
    planned("".join(lines), machine(pairs))


def calls(work: Callable[[int], None], pairs: int) -> int:
    """How many functions are called, and generators gone on with: the same in every run."""
    profile = cProfile.Profile()
    profile.runcall(work, pairs)
    count: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    return count


@pytest.mark.parametrize("work", [rendered, with_leases, adopted])
def test_sixteen_times_the_pairs_cost_at_most_sixteen_times_as_much(
    work: Callable[[int], None],
) -> None:
    # Names that were seen are remembered.
    work(160)
    assert calls(work, 160) <= 16 * calls(work, 10)


def test_a_device_with_many_addresses_has_them_all_in_their_order() -> None:
    lines = [f"2: eth0    inet 10.0.{n // 250}.{n % 250}/24 scope global eth0" for n in range(9000)]
    found = addresses_of("\n".join(lines))["eth0"]
    assert len(found) == 9000
    assert found[:2] == ("10.0.0.0/24", "10.0.0.1/24")
