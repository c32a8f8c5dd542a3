"""A machine whose network NetworkManager configures, from the keyfiles that cloud-init renders."""

from __future__ import annotations

import pytest

from tests.lab.machine import OTHER_SLOT, OTHER_VF, SLOT, VF, Machine, Results, booted

pytestmark = pytest.mark.lab


def test_network_manager_leaves_the_vf_alone_wherever_it_comes_back(results: Results) -> None:
    """At boot, after a migration, and under a name that no keyfile knows."""
    with booted("trixie", "network-manager", results) as machine:
        machine.settled("eth0", VF)
        assert machine.guest.run("cloud-init status").out.strip() == "status: done"
        assert is_unmanaged(machine, VF)
        with machine.probed() as end:
            for slot, vf in ((SLOT, VF), (OTHER_SLOT, OTHER_VF)):
                machine.detach_and_attach(end, slot, "hook")
                machine.settled("eth0", vf)
                assert is_unmanaged(machine, vf)
        machine.saw("NetworkManager", "VF unmanaged, in the bond, back under another name")


def is_unmanaged(machine: Machine, nic: str) -> bool:
    """Whether NetworkManager says that it leaves a NIC alone."""
    return machine.guest.ask(f"nmcli -g GENERAL.STATE device show {nic}") == "10 (unmanaged)"
