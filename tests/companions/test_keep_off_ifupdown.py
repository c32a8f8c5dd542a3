"""Debian's own ifupdown with the script that keeps it off VFs."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.companions.keep_off import keep_off_files
from hyperv_net.renderers.ifupdown.paths import INTERFACES
from tests.companions.keep_off_tree import machine
from tests.debian.packages import unpacked
from tests.debian.tools import IFUPDOWNS_TOOLS, SUITES, tools, write
from tests.files import put
from tests.firstboot.sandbox import Step, run

pytestmark = pytest.mark.debian

VF = "enP35237s1"


@pytest.mark.parametrize("suite", SUITES)
def test_ifup_of_a_vf_ends_before_anything_is_configured(suite: str, tmp_path: Path) -> None:
    """And that of its synthetic NIC goes on."""
    own = machine(tmp_path, "azure-transparent-mlx5")
    write(own, keep_off_files((), lambda path: True))
    stanzas = (f"iface {nic} inet manual\n\tup echo configured {nic}\n" for nic in (VF, "eth0"))
    put(own, INTERFACES, "".join(stanzas))
    (own / "run/network").mkdir(parents=True)
    path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
    steps = [
        Step("ifup", f"#!/bin/sh\nchroot $1 /bin/sh -c '{path}; ifup {nic}'\n", outside=True)
        for nic in (VF, "eth0")
    ]
    of_vf, of_synthetic = run(
        [tools(suite).root, unpacked(suite, IFUPDOWNS_TOOLS).root], own, steps
    )
    assert (of_vf.status, of_vf.out) == (1, "")
    assert of_vf.err.startswith(f"{VF} is the VF of a card")
    assert (of_synthetic.status, of_synthetic.out) == (0, "configured eth0\n")
