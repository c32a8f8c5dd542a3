"""Images that `hyperv-net bake` has made of whole Debian roots, with a VF that comes late."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.baked_root import baked_root
from tests.lab.health import BOND
from tests.lab.machine import SLOT, VF, Results, is_unbroken, started
from tests.lab.network import GUEST, INJECTED
from tests.lab.scenario import (
    ASK_DHCP,
    BAKE_OPTIONS,
    UNINSTALL,
    as_daemon,
    injected_by_daemon,
)

pytestmark = pytest.mark.lab


@pytest.mark.parametrize(
    ("suite", "renderer"), [("trixie", "netplan"), ("bookworm", "ifupdown")], ids=str
)
def test_a_baked_root_boots_takes_in_a_late_vf_and_is_unbaked(
    suite: str, renderer: str, tmp_path: Path, results: Results
) -> None:
    """Without a VF at its first boot the image must say that there is to be an aggregate."""
    baked = baked_root(suite, tmp_path, *BAKE_OPTIONS, "--aggregate", "always")
    name = f"{suite}-baked-root"
    with started(name, renderer, baked.image, [], results, vf=None) as machine:
        assert machine.guest.run("cloud-init status").out.strip() == "status: done"
        machine.saw("first boot, no VF", f"running after {machine.boot_seconds:.0f} s")
        with machine.probed() as end:
            machine.settled("eth0")
            end.window()
            machine.guest.attach_vf(SLOT)
            machine.settled("eth0", VF)
            seen = end.window()
        assert is_unbroken(seen)
        machine.saw("VF comes late", f"{seen.lost} lost")

        machine.guest.ask(as_daemon(ASK_DHCP))
        assert machine.guest.ask("cat /run/said") == "Enabled"
        for address in (INJECTED, GUEST):
            machine.guest.ask(injected_by_daemon(address))
            machine.guest.until(f"ip -4 -o addr show dev {BOND} | grep -q {address}/")
        machine.settled("eth0", VF)
        machine.saw("the host's daemon", "asked for DHCP, and injected addresses")

        verified = machine.guest.ask("hyperv-net bake --root / --verify")
        assert verified == "all is as it was baked"
        machine.guest.ask(UNINSTALL)
        here = machine.guest.ask(f"cd /; ls -d {' '.join(baked.made)} 2>/dev/null || true")
        # What the first boot wrote is in it.
        assert here == "var/lib/hyperv-net"
        machine.settled("eth0", VF)
        machine.saw("unbaked", f"{len(baked.made)} files and folders are gone")
