"""Machines whose VF is away at their first boot, and comes when all has settled."""

from __future__ import annotations

import pytest

from tests.lab.image import image
from tests.lab.machine import SLOT, VF, Results, started, wait_for_boot
from tests.lab.scenario import plugin

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("renderer", ["netplan", "networkd", "network-manager"])
def test_a_vf_that_is_away_at_the_first_boot_joins_when_it_comes(
    renderer: str, results: Results
) -> None:
    """What the first boot writes without the VF, and what it is worth when one comes."""
    name = f"trixie-{renderer}-absent"
    # A pair of virtio_net cannot be told from a lone NIC while the VF is away.
    files = plugin("trixie", renderer, "--aggregate", "always")
    with started(name, renderer, image("trixie", renderer), files, results, None) as machine:
        machine.settled("eth0")
        machine.saw("VF absent", "bond over the synthetic NIC")
        with machine.probed() as end:
            before = len(machine.guest.notes())
            machine.guest.attach_vf(SLOT)
            machine.settled("eth0", VF)
            seen = end.window()
        assert not seen.stream_broken
        joined = machine.arrival(before, VF).joined
        machine.saw("VF late", f"{seen.lost} lost, joined after {joined:.2f} s")
        machine.guest.detach_vf()
        machine.settled("eth0")
        machine.guest.run("systemctl reboot")
        machine.guest.wait_for_boot()
        wait_for_boot(machine.guest)
        machine.settled("eth0")
        machine.saw("reboot without it", "the same network")
