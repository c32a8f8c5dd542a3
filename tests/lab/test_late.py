"""Machines whose VF is away at the first boot and comes later."""

from __future__ import annotations

import pytest

from tests.lab.machine import SLOT, VF, Results, booted, is_unbroken

pytestmark = pytest.mark.lab


@pytest.mark.parametrize(
    ("suite", "renderer"), [("trixie", "netplan"), ("bookworm", "ifupdown")], ids=str
)
def test_a_vf_that_is_away_at_boot_joins_when_it_comes(
    suite: str, renderer: str, results: Results
) -> None:
    with booted(suite, renderer, results, vf=None) as machine:
        machine.saw("first boot, no VF", f"running after {machine.boot_seconds:.0f} s")
        with machine.probed() as end:
            machine.settled("eth0")
            end.window()
            machine.guest.attach_vf(SLOT)
            machine.settled("eth0", VF)
            seen = end.window()
        assert is_unbroken(seen)
        machine.saw("VF comes late", f"{seen.lost} lost")
